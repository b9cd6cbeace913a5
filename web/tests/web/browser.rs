//! A browser without a screen, between the app and the org.

use std::collections::BTreeMap;

use axum::body::{Body, to_bytes};
use http::header::{ACCEPT, CONTENT_TYPE, COOKIE, HeaderMap, LOCATION, SET_COOKIE};
use http::{Method, Request, StatusCode};
use reqwest::Url;
use reqwest::redirect::Policy;

use crate::site::{ORIGIN, Site};

pub const GRACE: &str = "grace@example.com";
pub const SESSION: &str = "__Host-okta-session";

/// Keeps the cookies of the app, with their attributes, and those of the org.
pub struct Browser {
    pub cookies: BTreeMap<String, Cookie>,
    okta: BTreeMap<String, String>,
    /// What a second factor is proven by.
    pub factor: Option<String>,
    http: reqwest::Client,
}

#[derive(Clone, Debug)]
pub struct Cookie {
    pub value: String,
    pub attributes: String,
}

/// What came back.
#[derive(Debug)]
pub struct Page {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Page {
    pub fn location(&self) -> String {
        let location = self.headers.get(LOCATION);
        location
            .unwrap_or_else(|| panic!("{self:?}"))
            .to_str()
            .unwrap()
            .to_owned()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }
}

impl Browser {
    pub fn new() -> Self {
        let http = reqwest::Client::builder()
            .redirect(Policy::none())
            .no_proxy();
        Self {
            cookies: BTreeMap::new(),
            okta: BTreeMap::new(),
            factor: None,
            http: http.build().unwrap(),
        }
    }

    /// Opens a page of the app, as a person does.
    pub async fn open(&mut self, site: &Site, path: &str) -> Page {
        self.send(
            site,
            Method::GET,
            path,
            &[("accept", "text/html,*/*;q=0.8")],
            "",
        )
        .await
    }

    /// Sends a form from a page of the app.
    pub async fn post(&mut self, site: &Site, path: &str, form: &str) -> Page {
        let headers = [("accept", "text/html"), ("sec-fetch-site", "same-origin")];
        self.send(site, Method::POST, path, &headers, form).await
    }

    pub async fn send(
        &mut self,
        site: &Site,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Page {
        let path = path.strip_prefix(ORIGIN).unwrap_or(path);
        let is_cross_site_post =
            method == Method::POST && headers.contains(&("sec-fetch-site", "cross-site"));
        let mut request = Request::builder().method(method).uri(path);
        let sent = self.cookies.iter().filter(|(_, cookie)| {
            !is_cross_site_post || cookie.attributes.contains("SameSite=None")
        });
        let pairs: Vec<_> = sent
            .map(|(name, cookie)| format!("{name}={}", cookie.value))
            .collect();
        if !pairs.is_empty() {
            request = request.header(COOKIE, pairs.join("; "));
        }
        if !body.is_empty() {
            request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = site
            .send(request.body(Body::from(body.to_owned())).unwrap())
            .await;
        let (parts, body) = response.into_parts();
        for line in parts.headers.get_all(SET_COOKIE) {
            self.keep(line.to_str().unwrap());
        }
        let body = to_bytes(body, 1 << 20).await.unwrap();
        Page {
            status: parts.status,
            headers: parts.headers,
            text: String::from_utf8(body.to_vec()).unwrap(),
        }
    }

    /// As browsers do it: a cookie of this host alone has to be `Secure`, and of no other path.
    fn keep(&mut self, line: &str) {
        let (pair, attributes) = line.split_once(';').unwrap_or((line, ""));
        let (name, value) = pair.split_once('=').unwrap();
        if name.starts_with("__Host-")
            && !(attributes.contains("Secure") && attributes.contains("Path=/"))
        {
            return;
        }
        if attributes.contains("Max-Age=0") {
            self.cookies.remove(name);
            return;
        }
        let cookie = Cookie {
            value: value.to_owned(),
            attributes: attributes.to_owned(),
        };
        self.cookies.insert(name.to_owned(), cookie);
    }

    pub fn session(&self) -> Option<&str> {
        self.cookies
            .get(SESSION)
            .map(|cookie| cookie.value.as_str())
    }

    pub fn logins(&self) -> usize {
        let names = self.cookies.keys();
        names
            .filter(|name| name.starts_with("__Host-okta-login-"))
            .count()
    }

    /// Begins a login at the app. What it gives is the URL of Okta.
    pub async fn begin(&mut self, site: &Site, return_to: &str) -> String {
        let page = self
            .open(site, &format!("/login?return_to={return_to}"))
            .await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{page:?}");
        page.location()
    }

    /// Logs in at Okta, or is there already. What it gives is what Okta sends the browser to.
    pub async fn at_okta(&mut self, site: &Site, url: &str, username: &str) -> String {
        let code = self.factor.as_ref().and_then(|id| site.org.passcode(id));
        let mut fields = vec![("username", username), ("password", site.org.password())];
        fields.extend(code.as_deref().map(|code| ("code", code)));
        let mut url: Url = url.parse().unwrap();
        let mut form: Option<Url> = None;
        for _ in 0..10 {
            let request = match form.take() {
                None => self.http.get(url.clone()),
                Some(action) => self.http.post(action).form(&fields),
            };
            let pairs: Vec<_> = self.okta.iter().map(|(n, v)| format!("{n}={v}")).collect();
            let request = request
                .header(COOKIE, pairs.join("; "))
                .header(ACCEPT, "text/html");
            let response = request.send().await.unwrap();
            for line in response.headers().get_all(SET_COOKIE) {
                let (pair, attributes) = line.to_str().unwrap().split_once(';').unwrap();
                let (name, value) = pair.split_once('=').unwrap();
                if attributes.contains("Max-Age=0") {
                    self.okta.remove(name);
                } else {
                    self.okta.insert(name.to_owned(), value.to_owned());
                }
            }
            if let Some(next) = response.headers().get(LOCATION) {
                url = url.join(next.to_str().unwrap()).unwrap();
                if url.as_str().starts_with(ORIGIN) {
                    return url.into();
                }
                continue;
            }
            let text = response.text().await.unwrap();
            if text.contains("name=\"code\" value=") {
                return text;
            }
            let (_, rest) = text
                .split_once("action=\"")
                .unwrap_or_else(|| panic!("{text}"));
            let (action, _) = rest.split_once('"').unwrap();
            form = Some(url.join(action).unwrap());
        }
        panic!("Okta does not come to an end: {url}");
    }

    /// Logs in, and comes back to `return_to`.
    pub async fn log_in(&mut self, site: &Site, return_to: &str, username: &str) -> Page {
        let url = self.begin(site, return_to).await;
        let back = self.at_okta(site, &url, username).await;
        self.open(site, &back).await
    }
}
