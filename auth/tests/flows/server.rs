//! An authorization server that remembers what it was asked and answers as it is told.

use std::sync::{Arc, LazyLock, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use okta_auth::jose::{Algorithm, SigningKey};
use okta_auth::oauth::{ClientAuthentication, OAuthClient, OAuthClientBuilder};
use okta_auth::{Clock, Issuer};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use url::form_urlencoded;

pub const CLIENT_ID: &str = "0oaClient";
pub const REDIRECT_URI: &str = "http://localhost:8000/callback";
/// The time at client and server, in seconds since 1970.
pub const NOW: u64 = 1_800_000_000;

pub static KEY: LazyLock<SigningKey> = LazyLock::new(|| {
    let key = SigningKey::generate(Algorithm::Rs256).unwrap();
    key.with_key_id("server-key")
});

/// Another key of the server, which no client takes unless it was told to.
pub static EC_KEY: LazyLock<SigningKey> = LazyLock::new(|| {
    let key = SigningKey::generate(Algorithm::Es256).unwrap();
    key.with_key_id("ec-key")
});

pub fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(NOW)
}

/// A request as it arrived.
#[derive(Clone, Debug)]
pub struct Seen {
    pub method: Method,
    pub path: String,
    pub headers: HeaderMap,
    pub body: String,
}

impl Seen {
    /// The fields of the form, in order.
    pub fn form(&self) -> Vec<(String, String)> {
        form_urlencoded::parse(self.body.as_bytes())
            .into_owned()
            .collect()
    }

    pub fn field(&self, name: &str) -> Option<String> {
        let mut fields = self.form().into_iter().filter(|(known, _)| known == name);
        let value = fields.next()?.1;
        assert!(fields.next().is_none(), "{name} was sent twice");
        Some(value)
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// That the form has just these fields, beside the client's id.
    pub fn assert_fields(&self, expected: &[(&str, &str)]) {
        let content_type = self.header("content-type");
        assert_eq!(content_type, Some("application/x-www-form-urlencoded"));
        let mut form = self.form();
        form.retain(|(name, _)| name != "client_id");
        let form: Vec<_> = form.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        assert_eq!(form, expected);
    }
}

/// What the answers are made with.
#[derive(Debug)]
pub struct Site {
    pub issuer: String,
}

impl Site {
    /// An ID token for the client; `changes` replace its claims, `null` removes one.
    pub fn id_token(&self, changes: &Value) -> String {
        signed(&KEY, &self.id_claims(changes))
    }

    pub fn id_claims(&self, changes: &Value) -> Value {
        let mut claims = json!({
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "sub": "00uJoe",
            "iat": NOW,
            "exp": NOW + 3600,
            "auth_time": NOW - 10,
        });
        for (name, value) in changes.as_object().unwrap() {
            claims[name] = value.clone();
        }
        claims.as_object_mut().unwrap().retain(|_, v| !v.is_null());
        claims
    }
}

/// `claims` as a JWT.
pub fn signed(key: &SigningKey, claims: &Value) -> String {
    let header = json!({"alg": key.algorithm().as_str(), "kid": key.key_id()});
    let input = format!(
        "{}.{}",
        base64url(header.to_string()),
        base64url(claims.to_string())
    );
    let signature = key.sign(input.as_bytes()).unwrap();
    format!("{input}.{}", base64url(signature))
}

pub fn base64url(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The part of a JWT that is JSON: 0 is its header, 1 its claims.
pub fn part(jwt: &str, number: usize) -> Value {
    let part = jwt.split('.').nth(number).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

/// A JSON answer.
pub fn json_reply(status: u16, body: &Value) -> Response {
    let status = StatusCode::from_u16(status).unwrap();
    let content_type = [("content-type", "application/json")];
    (status, content_type, body.to_string()).into_response()
}

/// The usual answer of the token endpoint, with more members.
pub fn tokens_reply(more: Value) -> Response {
    let mut body = json!({"access_token": "s3cret-at", "token_type": "Bearer", "expires_in": 3600});
    body.as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    json_reply(200, &body)
}

pub fn error_reply(status: u16, code: &str, description: &str) -> Response {
    let body = json!({"error": code, "error_description": description});
    json_reply(status, &body)
}

type Respond = dyn Fn(&Site, &Seen) -> Response + Send + Sync;

struct Shared {
    site: Site,
    metadata: Value,
    seen: Mutex<Vec<Seen>>,
    respond: Box<Respond>,
}

pub struct Server {
    shared: Arc<Shared>,
}

impl Server {
    /// A server whose endpoints answer by `respond`.
    pub async fn start(respond: impl Fn(&Site, &Seen) -> Response + Send + Sync + 'static) -> Self {
        Self::with_metadata(json!({}), respond).await
    }

    /// As [`Server::start`], with changes to its metadata; `null` removes a member.
    pub async fn with_metadata(
        changes: Value,
        respond: impl Fn(&Site, &Seen) -> Response + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let shared = Arc::new(Shared {
            metadata: metadata(&issuer, &changes),
            site: Site { issuer },
            seen: Mutex::default(),
            respond: Box::new(respond),
        });
        let router = Router::new()
            .fallback(answer)
            .with_state(Arc::clone(&shared));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { shared }
    }

    pub fn issuer(&self) -> Issuer {
        Issuer::parse(&self.shared.site.issuer).unwrap()
    }

    pub fn site(&self) -> &Site {
        &self.shared.site
    }

    /// A public client that does not try again.
    pub fn builder(&self) -> OAuthClientBuilder {
        OAuthClient::builder(self.issuer(), CLIENT_ID)
            .clock(Clock::fixed(now()))
            .requests(|requests| requests.max_retries(0))
            .redirect_uri(REDIRECT_URI)
            .unwrap()
    }

    pub fn public_client(&self) -> OAuthClient {
        self.builder().build().unwrap()
    }

    pub fn client(&self) -> OAuthClient {
        let secret = ClientAuthentication::secret_post("s3cret-cs");
        self.builder().authentication(secret).build().unwrap()
    }

    /// What was asked of `path`.
    pub fn seen(&self, path: &str) -> Vec<Seen> {
        let seen = self.shared.seen.lock().unwrap();
        seen.iter()
            .filter(|seen| seen.path == path)
            .cloned()
            .collect()
    }

    /// The one request to `path`.
    pub fn only(&self, path: &str) -> Seen {
        let mut seen = self.seen(path);
        assert_eq!(seen.len(), 1, "requests to {path}");
        seen.remove(0)
    }
}

fn metadata(issuer: &str, changes: &Value) -> Value {
    let mut metadata = json!({"issuer": issuer});
    for (member, path) in [
        ("authorization_endpoint", "authorize"),
        ("token_endpoint", "token"),
        ("jwks_uri", "keys"),
        ("introspection_endpoint", "introspect"),
        ("revocation_endpoint", "revoke"),
        ("userinfo_endpoint", "userinfo"),
        ("end_session_endpoint", "logout"),
        ("device_authorization_endpoint", "device"),
        ("pushed_authorization_request_endpoint", "par"),
        ("backchannel_authentication_endpoint", "bc"),
    ] {
        metadata[member] = format!("{issuer}/{path}").into();
    }
    for (name, value) in changes.as_object().unwrap() {
        metadata[name] = value.clone();
    }
    metadata
        .as_object_mut()
        .unwrap()
        .retain(|_, v| !v.is_null());
    metadata
}

async fn answer(
    State(shared): State<Arc<Shared>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let seen = Seen {
        method,
        path: uri.path().to_owned(),
        headers,
        body: String::from_utf8(body.to_vec()).unwrap(),
    };
    let response = match uri.path() {
        "/.well-known/openid-configuration" => json_reply(200, &shared.metadata),
        "/keys" => {
            let keys = [&KEY, &EC_KEY].map(|key| key.public_jwk().to_json());
            json_reply(200, &json!({"keys": keys}))
        }
        _ => (shared.respond)(&shared.site, &seen),
    };
    shared.seen.lock().unwrap().push(seen);
    response
}

/// The parameters of a URL's query.
pub fn query(url: &str) -> Vec<(String, String)> {
    let url = url::Url::parse(url).unwrap();
    url.query_pairs().into_owned().collect()
}

/// One parameter of a URL's query.
pub fn parameter(url: &str, name: &str) -> Option<String> {
    let mut found = query(url).into_iter().filter(|(known, _)| known == name);
    let value = found.next()?.1;
    assert!(found.next().is_none(), "{name} is there twice");
    Some(value)
}
