//! A browser in front of the app of a sample.

use std::collections::BTreeMap;
use std::error::Error;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::header::{ACCEPT, COOKIE, LOCATION, SET_COOKIE};
use axum::http::{Method, Request};
use tower::ServiceExt as _;
use url::{Position, Url};

use crate::redirect_of;

/// Someone who visits an app with a browser, which keeps the app's cookies.
#[derive(Debug)]
pub struct Visitor {
    app: Router,
    cookies: BTreeMap<String, String>,
}

/// What the app answers.
#[derive(Debug)]
pub struct Page {
    /// The status code.
    pub status: u16,
    /// Where the browser is sent to; empty if it is sent nowhere.
    pub location: String,
    /// What is shown.
    pub text: String,
}

impl Visitor {
    /// Someone who has never been there.
    #[must_use]
    pub fn of(app: &Router) -> Self {
        Self {
            app: app.clone(),
            cookies: BTreeMap::new(),
        }
    }

    /// Opens a page.
    ///
    /// # Errors
    /// If the path is not one, or what comes back is not text.
    pub async fn open(&mut self, path: &str) -> Result<Page, Box<dyn Error>> {
        self.send(Method::GET, path).await
    }

    /// Sends a form without fields, from a page of the app.
    ///
    /// # Errors
    /// If the path is not one, or what comes back is not text.
    pub async fn submit(&mut self, path: &str) -> Result<Page, Box<dyn Error>> {
        self.send(Method::POST, path).await
    }

    /// Opens a page that is for users, logs in on the way at an org that asks nothing, and gives the
    /// page.
    ///
    /// # Errors
    /// If the way does not lead to the page.
    pub async fn log_in_at(&mut self, path: &str) -> Result<Page, Box<dyn Error>> {
        let login = self.open(path).await?;
        let okta = self.open(&login.location).await?;
        let callback: Url = redirect_of(&okta.location).await?.parse()?;
        let back = self.open(&callback[Position::BeforePath..]).await?;
        if back.location != path {
            return Err(format!("the login ended with {back:?}").into());
        }
        self.open(path).await
    }

    async fn send(&mut self, method: Method, path: &str) -> Result<Page, Box<dyn Error>> {
        let pairs: Vec<_> = self
            .cookies
            .iter()
            .map(|(n, v)| format!("{n}={v}"))
            .collect();
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(ACCEPT, "text/html")
            .header("sec-fetch-site", "same-origin")
            .header(COOKIE, pairs.join("; "));
        let response = self
            .app
            .clone()
            .oneshot(request.body(Body::empty())?)
            .await?;
        let (parts, body) = response.into_parts();
        for line in parts.headers.get_all(SET_COOKIE) {
            self.keep(line.to_str()?);
        }
        let location = parts.headers.get(LOCATION).map(|value| value.to_str());
        let text = to_bytes(body, 1 << 20).await?;
        Ok(Page {
            status: parts.status.as_u16(),
            location: location.transpose()?.unwrap_or_default().to_owned(),
            text: String::from_utf8(text.to_vec())?,
        })
    }

    fn keep(&mut self, line: &str) {
        let (pair, attributes) = line.split_once(';').unwrap_or((line, ""));
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        if attributes.contains("Max-Age=0") {
            self.cookies.remove(name);
        } else {
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
    }
}
