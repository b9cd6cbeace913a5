//! A person with a browser: follows redirects, keeps cookies, fills in forms, says yes.

use std::collections::BTreeMap;

use reqwest::header::{CONTENT_TYPE, COOKIE, HeaderMap, HeaderValue, LOCATION, SET_COOKIE};
use reqwest::redirect::Policy;
use reqwest::{Client, Method, Request};
use url::{Origin, Url, form_urlencoded};

/// The most pages that a login may take.
const PAGES: usize = 20;

pub struct Browser {
    http: Client,
    user: String,
    cookies: BTreeMap<String, String>,
    user_code: String,
    /// Whether the person says no, and whether that is said.
    refuses: bool,
    refused: bool,
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
            user_code: String::new(),
            refuses: false,
            refused: false,
        }
    }

    /// The person has this code from a device.
    pub fn with_user_code(mut self, user_code: &str) -> Self {
        self.user_code = user_code.to_owned();
        self
    }

    /// The person says no where a device asks.
    pub fn who_refuses(mut self) -> Self {
        self.refuses = true;
        self
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
        let cookies = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"));
        let cookies = cookies.collect::<Vec<_>>().join("; ");
        request
            .headers_mut()
            .insert(COOKIE, cookies.parse().unwrap());
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
            Some(form) if !self.refused => Step::On(Box::new(self.submit(&form, &here))),
            _ => Step::End(End::Page(html)),
        }
    }

    fn submit(&mut self, form: &Form, page: &Url) -> Request {
        let mut body = form_urlencoded::Serializer::new(String::new());
        for (name, value) in &form.inputs {
            let typed = match name.as_str() {
                "login" => &self.user,
                "password" => "any",
                "user_code" if value.is_empty() => &self.user_code,
                _ => value,
            };
            body.append_pair(name, typed);
        }
        if form.has_button("logout") {
            body.append_pair("logout", "yes");
        }
        if self.refuses && form.has_button("abort") {
            body.append_pair("abort", "yes");
            self.refused = true;
        }
        let mut request = Request::new(Method::POST, page.join(&form.action).unwrap());
        let kind = HeaderValue::from_static("application/x-www-form-urlencoded");
        request.headers_mut().insert(CONTENT_TYPE, kind);
        *request.body_mut() = Some(body.finish().into());
        request
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
    /// Names of buttons on the page; they may lie outside of their form.
    buttons: Vec<String>,
}

impl Form {
    fn first_in(html: &str) -> Option<Self> {
        let html = html.replace('\n', " ");
        let form = &html[html.find("<form ")?..];
        let form = &form[..form.find("</form>")?];
        let tags = |text: &'_ str, start: &'static str| {
            let tags = text.split('<').filter(move |tag| tag.starts_with(start));
            tags.map(str::to_owned).collect::<Vec<_>>()
        };
        let named = |tag: &String| {
            let value = attribute(tag, "value").unwrap_or_default();
            Some((attribute(tag, "name")?, value))
        };
        Some(Self {
            action: attribute(form, "action")?,
            inputs: tags(form, "input ").iter().filter_map(named).collect(),
            buttons: tags(&html, "button ")
                .iter()
                .filter_map(|tag| attribute(tag, "name"))
                .collect(),
        })
    }

    fn has_button(&self, name: &str) -> bool {
        self.buttons.iter().any(|button| button == name)
    }
}

/// The value of the first attribute of this name.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, after) = tag.split_once(&format!(" {name}=\""))?;
    let (value, _) = after.split_once('"')?;
    Some(value.replace("&quot;", "\"").replace("&amp;", "&"))
}
