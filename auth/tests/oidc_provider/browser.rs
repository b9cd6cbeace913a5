//! A person with a browser: follows redirects, keeps cookies, fills in forms, says yes.

use std::collections::BTreeMap;

use reqwest::header::{CONTENT_TYPE, COOKIE, HeaderMap, LOCATION, SET_COOKIE};
use reqwest::redirect::Policy;
use reqwest::{Client, Method, Request};
use url::{Origin, Url, form_urlencoded};

/// The most pages that a login may take.
const PAGES: usize = 20;

pub struct Browser {
    http: Client,
    user: String,
    cookies: BTreeMap<String, String>,
}

/// Where a walk through forms and redirects ended.
#[derive(Debug)]
pub enum End {
    /// At a redirect to another origin, such as the application's callback.
    Left(Url),
    /// At a page without a form.
    Page(String),
}

impl End {
    /// The URL at which the application would be called.
    pub fn left(self) -> Url {
        match self {
            Self::Left(url) => url,
            Self::Page(html) => panic!("the browser stayed at the provider: {html}"),
        }
    }

    /// The page that was shown last.
    pub fn page(self) -> String {
        match self {
            Self::Page(html) => html,
            Self::Left(url) => panic!("the browser was sent to {url}"),
        }
    }
}

impl Browser {
    /// The browser of a person with this login, with no cookie yet.
    pub fn of(user: &str) -> Self {
        let http = Client::builder().redirect(Policy::none()).no_proxy();
        Self {
            http: http.build().unwrap(),
            user: user.to_owned(),
            cookies: BTreeMap::new(),
        }
    }

    /// Opens `url` and agrees to whatever is asked.
    pub async fn agree(&mut self, url: &Url) -> End {
        let home = url.origin();
        let mut request = Request::new(Method::GET, url.clone());
        for _ in 0..PAGES {
            match self.send(request, &home).await {
                Step::On(next) => request = *next,
                Step::End(end) => return end,
            }
        }
        panic!("{PAGES} pages and no end");
    }

    async fn send(&mut self, mut request: Request, home: &Origin) -> Step {
        let cookies = self.cookies.iter().map(|(name, value)| format!("{name}={value}"));
        let cookies = cookies.collect::<Vec<_>>().join("; ");
        request.headers_mut().insert(COOKIE, cookies.parse().unwrap());
        let response = self.http.execute(request).await.unwrap();
        self.keep_cookies(response.headers());

        let here = response.url().clone();
        if let Some(location) = response.headers().get(LOCATION) {
            let next = here.join(location.to_str().unwrap()).unwrap();
            return if next.origin() == *home {
                Step::On(Box::new(Request::new(Method::GET, next)))
            } else {
                Step::End(End::Left(next))
            };
        }
        let html = response.text().await.unwrap();
        match Form::first_in(&html) {
            Some(form) => Step::On(Box::new(form.filled_in(&here, &self.user))),
            None => Step::End(End::Page(html)),
        }
    }

    // By name alone: one person does one thing at a time here.
    fn keep_cookies(&mut self, headers: &HeaderMap) {
        for cookie in headers.get_all(SET_COOKIE) {
            let cookie = cookie.to_str().unwrap();
            let (pair, _attributes) = cookie.split_once(';').unwrap_or((cookie, ""));
            let (name, value) = pair.split_once('=').unwrap();
            if value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

enum Step {
    On(Box<Request>),
    End(End),
}

/// A form of oidc-provider's own pages; nothing like a parser for HTML at large.
struct Form {
    action: String,
    inputs: Vec<(String, String)>,
    buttons: bool,
}

impl Form {
    fn first_in(html: &str) -> Option<Self> {
        let start = html.find("<form ")?;
        let form = &html[start..];
        let form = &form[..form.find("</form>")?];
        let mut tags = form.split('<').skip(1);
        let inputs = tags
            .clone()
            .filter(|tag| tag.starts_with("input "))
            .filter_map(|tag| {
                let value = attribute(tag, "value").unwrap_or_default();
                Some((attribute(tag, "name")?, value))
            });
        Some(Self {
            action: attribute(tags.next()?, "action")?,
            inputs: inputs.collect(),
            buttons: html.contains(r#"name="logout""#),
        })
    }

    fn filled_in(&self, page: &Url, user: &str) -> Request {
        let mut body = form_urlencoded::Serializer::new(String::new());
        for (name, value) in &self.inputs {
            let typed = match name.as_str() {
                "login" => user,
                "password" => "any",
                _ => value,
            };
            body.append_pair(name, typed);
        }
        if self.buttons {
            body.append_pair("logout", "yes");
        }
        let mut request = Request::new(Method::POST, page.join(&self.action).unwrap());
        let kind = "application/x-www-form-urlencoded".parse().unwrap();
        request.headers_mut().insert(CONTENT_TYPE, kind);
        *request.body_mut() = Some(body.finish().into());
        request
    }
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, after) = tag.split_once(&format!(" {name}=\""))?;
    let (value, _) = after.split_once('"')?;
    Some(value.replace("&quot;", "\"").replace("&amp;", "&"))
}
