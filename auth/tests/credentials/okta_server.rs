//! A server on a loopback port that a test tells what to answer, and what it checks with another
//! implementation of JWTs.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, Method, StatusCode, Uri};
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{DecodingKey, Validation, decode, decode_header};
use okta_auth::OrgUrl;
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// A request as it arrived.
#[derive(Clone, Debug)]
pub struct Asked {
    /// How many came to this path before it.
    pub number: usize,
    pub method: Method,
    /// The whole URL, as it was spelled, without its query.
    pub url: String,
    pub headers: HeaderMap,
    pub form: HashMap<String, String>,
}

impl Asked {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The claims of its proof of possession, checked by the key in it, and that key's
    /// thumbprint.
    pub fn proof(&self) -> (Value, String) {
        let proof = self.header("dpop").expect("a proof");
        let header = decode_header(proof).unwrap();
        assert_eq!(header.typ.as_deref(), Some("dpop+jwt"));
        let jwk: Jwk = header.jwk.unwrap();
        let mut validation = Validation::new(header.alg);
        validation.required_spec_claims.clear();
        validation.validate_exp = false;
        let key = DecodingKey::from_jwk(&jwk).unwrap();
        let claims: Value = decode(proof, &key, &validation).unwrap().claims;
        assert_eq!(claims["htm"], self.method.as_str());
        assert_eq!(claims["htu"], self.url);
        let jwk = okta_auth::jose::Jwk::from_json(&serde_json::to_value(jwk).unwrap()).unwrap();
        (claims, jwk.thumbprint())
    }
}

/// What is answered.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: String,
}

pub fn answer(status: u16, body: &Value) -> Answer {
    Answer {
        status,
        headers: vec![("content-type", "application/json".to_owned())],
        body: body.to_string(),
    }
}

/// An error of OAuth.
pub fn refusal(status: u16, error: &str) -> Answer {
    let description = format!("this is {error}");
    answer(
        status,
        &json!({"error": error, "error_description": description}),
    )
}

/// A token response with a token of this name and an hour's life.
pub fn token(kind: &str, name: &str) -> Answer {
    answer(
        200,
        &json!({"access_token": name, "token_type": kind, "expires_in": 3600}),
    )
}

impl Answer {
    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap();
        let mut response = (status, self.body).into_response();
        for (name, value) in self.headers {
            response.headers_mut().append(name, value.parse().unwrap());
        }
        response
    }
}

type Answers = dyn Fn(&Asked) -> Answer + Send + Sync;

/// The server. It ends with the test's runtime.
#[derive(Clone)]
pub struct OktaServer {
    base: String,
    asked: Arc<Mutex<Vec<Asked>>>,
    answers: Arc<Answers>,
}

impl OktaServer {
    pub async fn start(answers: impl Fn(&Asked) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Self {
            base: format!("http://{}", listener.local_addr().unwrap()),
            asked: Arc::default(),
            answers: Arc::new(answers),
        };
        let router = Router::new().fallback(take).with_state(server.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        server
    }

    pub fn org(&self) -> OrgUrl {
        OrgUrl::parse(&self.base).unwrap()
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// What came to a path, in turn.
    pub fn asked(&self, path: &str) -> Vec<Asked> {
        let url = self.url(path);
        let asked = self.asked.lock().unwrap();
        let at_path = asked.iter().filter(|asked| asked.url == url);
        at_path.cloned().collect()
    }
}

async fn take(
    State(server): State<OktaServer>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    let asked = Asked {
        number: server.asked(uri.path()).len(),
        method,
        url: server.url(uri.path()),
        headers,
        form: url::form_urlencoded::parse(&body).into_owned().collect(),
    };
    server.asked.lock().unwrap().push(asked.clone());
    (server.answers)(&asked)
}
