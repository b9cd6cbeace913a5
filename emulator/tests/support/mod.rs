//! A small client for the tests: it speaks JSON and knows nothing of Okta.
#![allow(dead_code, reason = "each test program uses its own part")]

pub mod oauth;
pub mod receiver;

use okta_emulator::{Builder, Emulator};
use reqwest::header::{AUTHORIZATION, HeaderMap, LINK};
use reqwest::{Client, Method};
use serde_json::{Value, json};

pub struct Org {
    pub okta: Emulator,
    pub http: Client,
}

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Value,
}

impl Answer {
    /// The target of the `Link` header line of this relation.
    pub fn link(&self, relation: &str) -> Option<String> {
        let end = format!(">; rel=\"{relation}\"");
        let lines = self.headers.get_all(LINK).iter();
        lines
            .map(|line| line.to_str().unwrap())
            .find_map(|line| Some(line.strip_prefix('<')?.strip_suffix(&end)?.to_owned()))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    pub fn id(&self) -> String {
        self.body["id"].as_str().unwrap().to_owned()
    }

    /// This member of each item of a list.
    pub fn each(&self, pointer: &str) -> Vec<String> {
        let items = self.body.as_array().unwrap().iter();
        items
            .map(|item| item.pointer(pointer).unwrap().as_str().unwrap().to_owned())
            .collect()
    }

    /// Checks status and Okta's code, and gives the first cause.
    pub fn refused(&self, status: u16, code: &str) -> &str {
        assert_eq!(self.status, status, "{:#}", self.body);
        assert_eq!(self.body["errorCode"], code, "{:#}", self.body);
        assert_eq!(self.body["errorLink"], code);
        assert!(self.body["errorId"].as_str().unwrap().starts_with("oae"));
        self.body["errorCauses"][0]["errorSummary"]
            .as_str()
            .unwrap_or_default()
    }
}

impl Org {
    pub async fn start(builder: Builder) -> Self {
        let okta = builder.start().await.unwrap();
        Self {
            okta,
            http: Client::builder().no_proxy().build().unwrap(),
        }
    }

    pub async fn empty() -> Self {
        Self::start(Emulator::builder().seed(okta_emulator::Seed::empty())).await
    }

    /// An org that takes any attribute in a profile.
    pub async fn lax() -> Self {
        let builder = Emulator::builder().seed(okta_emulator::Seed::empty());
        Self::start(builder.lax_profiles()).await
    }

    /// Sends a request to a path or a whole URL.
    pub async fn try_send(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> reqwest::Result<Answer> {
        let url = match path.starts_with('/') {
            true => format!("{}{path}", self.okta.org_url()),
            false => path.to_owned(),
        };
        let request = self.http.request(method, url);
        let request = request.header(AUTHORIZATION, format!("SSWS {}", self.okta.token()));
        let request = match body {
            Some(body) => request.json(&body),
            None => request,
        };
        let response = request.send().await?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await?;
        let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
        Ok(Answer {
            status,
            headers,
            body,
        })
    }

    /// Sends a request with header fields, and no body.
    pub async fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.send_with(Method::GET, path, None, headers).await
    }

    /// Sends a request with header fields.
    pub async fn send_with(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
        headers: &[(&str, &str)],
    ) -> Answer {
        let url = format!("{}{path}", self.okta.org_url());
        let request = self.http.request(method, url);
        let mut request = request.header(AUTHORIZATION, format!("SSWS {}", self.okta.token()));
        if let Some(body) = body {
            request = request.json(&body);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await.unwrap();
        let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
        Answer {
            status,
            headers,
            body,
        }
    }

    async fn send(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        self.try_send(method, path, body).await.unwrap()
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, Some(body)).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.send(Method::PUT, path, Some(body)).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        self.send(Method::PATCH, path, Some(body)).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, None).await
    }

    /// Creates an active user and gives the id.
    pub async fn user(&self, login: &str) -> String {
        let body = json!({
            "profile": person(login),
            "credentials": { "password": { "value": "correct horse" } },
        });
        let created = self.post("/api/v1/users", body).await;
        assert_eq!(created.status, 200, "{:#}", created.body);
        created.id()
    }

    /// Creates a group and gives the id.
    pub async fn group(&self, name: &str) -> String {
        let created = self
            .post("/api/v1/groups", json!({ "profile": { "name": name } }))
            .await;
        assert_eq!(created.status, 200, "{:#}", created.body);
        created.id()
    }

    /// Creates a bookmark and gives the id.
    pub async fn app(&self, label: &str) -> String {
        let body = json!({ "label": label, "signOnMode": "BOOKMARK", "name": "bookmark" });
        let created = self.post("/api/v1/apps", body).await;
        assert_eq!(created.status, 200, "{:#}", created.body);
        created.id()
    }

    /// Follows `next` to the end: the number of pages, and this member of every item.
    pub async fn pages(&self, path: &str, pointer: &str) -> (usize, Vec<String>) {
        let (mut pages, mut items, mut next) = (0, Vec::new(), Some(path.to_owned()));
        while let Some(url) = next {
            let page = self.get(&url).await;
            assert_eq!(page.status, 200, "{:#}", page.body);
            pages += 1;
            items.extend(page.each(pointer));
            next = page.link("next");
        }
        (pages, items)
    }
}

pub fn person(login: &str) -> Value {
    json!({ "login": login, "email": login, "firstName": "Isaac", "lastName": "Brock" })
}
