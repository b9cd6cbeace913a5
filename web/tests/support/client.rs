//! A browser's cookies, and nothing else of it, over HTTP.

use std::collections::BTreeMap;

use http::StatusCode;
use http::header::{COOKIE, LOCATION, SET_COOKIE};
use reqwest::redirect::Policy;
use reqwest::{Client as Http, RequestBuilder, Response};

/// Keeps the cookies of one site, whichever process of it sets them.
#[derive(Clone)]
pub struct Client {
    pub http: Http,
    pub cookies: BTreeMap<String, String>,
}

impl Client {
    pub fn new() -> Self {
        let http = Http::builder().redirect(Policy::none()).no_proxy();
        Self {
            http: http.build().unwrap(),
            cookies: BTreeMap::new(),
        }
    }

    /// Opens a page of the site, as a person does.
    pub async fn open(&mut self, url: &str) -> Response {
        self.send(self.http.get(url).header("accept", "text/html"))
            .await
    }

    pub async fn send(&mut self, request: RequestBuilder) -> Response {
        let pairs: Vec<_> = self
            .cookies
            .iter()
            .map(|(n, v)| format!("{n}={v}"))
            .collect();
        let request = request.header(COOKIE, pairs.join("; "));
        let response = request.send().await.unwrap();
        for line in response.headers().get_all(SET_COOKIE) {
            let (pair, attributes) = line.to_str().unwrap().split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            if attributes.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        response
    }

    /// What the site's answer to `request` sends the browser to.
    pub async fn location(&mut self, request: RequestBuilder) -> String {
        let response = self.send(request).await;
        assert_eq!(response.status(), StatusCode::SEE_OTHER, "{response:?}");
        response.headers()[LOCATION].to_str().unwrap().to_owned()
    }
}
