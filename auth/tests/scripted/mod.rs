//! A transport of a test's own.
#![allow(dead_code)] // each test uses a part of it

use std::sync::{Arc, Mutex};

use okta_auth::transport::{Answer, SendError, Transport};
use okta_auth::{ApiToken, Call, Error, OrgUrl, Pipeline, PipelineBuilder};
use reqwest::header::HeaderMap;
use reqwest::{Method, Request, StatusCode};

pub const CALL: Call = Call::new("getUser", "/api/v1/users/{userId}");

pub type Answers = fn(usize, &Request) -> Result<Answer, SendError>;

/// Answers from a function, and keeps who was asked as what.
#[derive(Clone, Debug)]
pub struct Scripted {
    answers: Answers,
    sent: Arc<Mutex<Vec<String>>>,
}

impl Scripted {
    pub fn new(answers: Answers) -> Self {
        Self {
            answers,
            sent: Arc::default(),
        }
    }

    pub fn sent(&self) -> Vec<String> {
        self.sent.lock().unwrap().clone()
    }
}

impl Transport for Scripted {
    async fn send(&self, request: Request, call: &Call) -> Result<Answer, SendError> {
        let number = {
            let mut sent = self.sent.lock().unwrap();
            let host = request.url().host_str().unwrap();
            let who = request.headers()["authorization"].to_str().unwrap();
            sent.push(format!("{host} {who} {}", call.operation));
            sent.len()
        };
        (self.answers)(number, &request)
    }
}

pub fn builder(org: &str) -> PipelineBuilder {
    let org = OrgUrl::parse(org).unwrap();
    Pipeline::builder(org, ApiToken::new("00abc").unwrap())
}

pub async fn get(pipeline: &Pipeline) -> Result<u32, Error> {
    let url = pipeline.org_url().as_url().join("/api/v1/users/me");
    let request = Request::new(Method::GET, url.unwrap());
    Ok(pipeline.send(request, &CALL).await?.attempts)
}

pub fn ok() -> Result<Answer, SendError> {
    Ok(Answer::new(StatusCode::OK, HeaderMap::new(), "{}"))
}
