//! A service that hooks lead to: it keeps what it receives, and answers as it is told.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::Notify;

/// A request that was received.
#[derive(Clone, Debug)]
pub struct Received {
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Received {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }
}

/// What the service does with a `POST`.
#[derive(Clone, Debug)]
pub enum Reply {
    Status(u16),
    Json(Value),
    Text(String),
    /// Waits until the test says so, and answers 204 then.
    Held(Arc<Notify>),
    Never,
}

#[derive(Clone, Debug, Default)]
struct Desk {
    received: Arc<Mutex<Vec<Received>>>,
    arrived: Arc<Notify>,
    replies: Arc<Mutex<VecDeque<Reply>>>,
}

/// A service on a free port. A challenge is repeated; each `POST` gets the next reply, or 204.
pub struct Receiver {
    pub url: String,
    desk: Desk,
}

impl Receiver {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let desk = Desk::default();
        let routes = Router::new().fallback(answer).with_state(desk.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        Self { url, desk }
    }

    /// What the next `POST`s are answered with.
    pub fn reply(&self, replies: impl IntoIterator<Item = Reply>) {
        self.desk.replies.lock().unwrap().extend(replies);
    }

    /// What was posted so far.
    pub fn received(&self) -> Vec<Received> {
        self.desk.received.lock().unwrap().clone()
    }

    /// Waits until this many requests were posted.
    pub async fn arrived(&self, count: usize) {
        while self.received().len() < count {
            self.desk.arrived.notified().await;
        }
    }
}

async fn answer(State(desk): State<Desk>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    if parts.method == Method::GET {
        let challenge = parts.headers.get("x-okta-verification-challenge");
        let challenge = challenge.map(|it| it.to_str().unwrap());
        return axum::Json(json!({ "verification": challenge })).into_response();
    }
    let received = Received {
        headers: parts.headers,
        body: to_bytes(body, usize::MAX).await.unwrap(),
    };
    let reply = {
        desk.received.lock().unwrap().push(received);
        desk.replies.lock().unwrap().pop_front()
    };
    desk.arrived.notify_one();
    match reply.unwrap_or(Reply::Status(204)) {
        Reply::Status(status) => StatusCode::from_u16(status).unwrap().into_response(),
        Reply::Json(value) => axum::Json(value).into_response(),
        Reply::Text(text) => text.into_response(),
        Reply::Held(release) => {
            release.notified().await;
            StatusCode::NO_CONTENT.into_response()
        }
        Reply::Never => std::future::pending().await,
    }
}
