//! A browser without a screen.

use std::collections::BTreeMap;

use reqwest::header::{ACCEPT, COOKIE, HeaderMap, LOCATION, SET_COOKIE};
use reqwest::redirect::Policy;
use reqwest::{Client, Method, StatusCode, Url};

/// Goes where it is sent and keeps cookies, each for its host and port.
pub struct Browser {
    http: Client,
    cookies: BTreeMap<(String, String), String>,
}

/// Where the browser is.
#[derive(Debug)]
pub struct Page {
    pub url: Url,
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Page {
    /// The address that the page's form is sent to.
    pub fn form(&self) -> Url {
        let (_, rest) = self.text.split_once("action=\"").unwrap();
        let (action, _) = rest.split_once('"').unwrap();
        self.url.join(action).unwrap()
    }

    /// The token of the page's form.
    pub fn csrf_token(&self) -> &str {
        let (_, rest) = self
            .text
            .split_once("name=\"csrf_token\" value=\"")
            .unwrap();
        rest.split_once('"').unwrap().0
    }
}

impl Browser {
    pub fn new() -> Self {
        Self::called("Browser of a test")
    }

    /// One that says so of itself.
    pub fn called(user_agent: &str) -> Self {
        let http = Client::builder().redirect(Policy::none()).no_proxy();
        let http = http.user_agent(user_agent);
        Self {
            http: http.build().unwrap(),
            cookies: BTreeMap::new(),
        }
    }

    /// Opens a page and follows redirects to the last one.
    pub async fn open(&mut self, address: &str) -> Page {
        self.go(Method::GET, address.parse().unwrap(), &[]).await
    }

    /// Sends the form of a page, and follows redirects.
    pub async fn submit(&mut self, page: &Page, fields: &[(&str, &str)]) -> Page {
        self.go(Method::POST, page.form(), fields).await
    }

    /// Sends a form of a page to `action`, with the token of its forms, and follows redirects.
    pub async fn send(&mut self, page: &Page, action: &str, fields: &[(&str, &str)]) -> Page {
        let mut all = vec![("csrf_token", page.csrf_token())];
        all.extend(fields);
        let url = page.url.join(action).unwrap();
        self.go(Method::POST, url, &all).await
    }

    /// Sends a form to an address, and follows redirects.
    pub async fn post(&mut self, address: &str, fields: &[(&str, &str)]) -> Page {
        self.go(Method::POST, address.parse().unwrap(), fields)
            .await
    }

    /// The value of the cookie that the host of `address` has set under `name`.
    pub fn cookie(&self, address: &str, name: &str) -> Option<&str> {
        let key = (origin(&address.parse().unwrap()), name.to_owned());
        self.cookies.get(&key).map(String::as_str)
    }

    async fn go(&mut self, mut method: Method, mut url: Url, fields: &[(&str, &str)]) -> Page {
        for _ in 0..10 {
            let mut request = self.http.request(method.clone(), url.clone());
            request = request
                .header(ACCEPT, "text/html")
                .header(COOKIE, self.cookies_for(&url));
            if method == Method::POST {
                request = request.form(fields);
            }
            let response = request.send().await.unwrap();
            for line in response.headers().get_all(SET_COOKIE) {
                self.keep(&url, line.to_str().unwrap());
            }
            let Some(next) = response.headers().get(LOCATION) else {
                return Page {
                    url,
                    status: response.status(),
                    headers: response.headers().clone(),
                    text: response.text().await.unwrap(),
                };
            };
            url = url.join(next.to_str().unwrap()).unwrap();
            method = Method::GET;
        }
        panic!("too many redirects, the last one to {url}");
    }

    fn keep(&mut self, url: &Url, line: &str) {
        let (pair, attributes) = line.split_once(';').unwrap();
        let (name, value) = pair.split_once('=').unwrap();
        let key = (origin(url), name.to_owned());
        if attributes.contains("Max-Age=0") {
            self.cookies.remove(&key);
            return;
        }
        for needed in ["HttpOnly", "SameSite=Lax"] {
            assert!(attributes.contains(needed), "{line}");
        }
        self.cookies.insert(key, value.to_owned());
    }

    fn cookies_for(&self, url: &Url) -> String {
        let here = origin(url);
        let pairs = self
            .cookies
            .iter()
            .filter(|((origin, _), _)| *origin == here);
        let pairs: Vec<_> = pairs
            .map(|((_, name), value)| format!("{name}={value}"))
            .collect();
        pairs.join("; ")
    }
}

fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}
