//! An authorization server whose ID tokens name sessions, and which signs logout tokens.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::UNIX_EPOCH;

use axum::routing::{get, post};
use axum::{Form, Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use okta_auth::jose::{Algorithm, JwkSet, SigningKey};
use okta_auth::oauth::OAuthClient;
use okta_auth::{Clock, Issuer, Verifier, VerifierBuilder};
use serde_json::{Value, json};

use crate::site::{ORIGIN, now};

pub const CLIENT: &str = "0oaClient";
pub const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

#[derive(Clone)]
pub struct Provider {
    pub issuer: String,
    key: Arc<SigningKey>,
    clock: Arc<AtomicU64>,
}

#[derive(serde::Deserialize)]
struct TokenRequest {
    code: String,
}

impl Provider {
    pub async fn start(clock: &Arc<AtomicU64>) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}/oauth2/default", listener.local_addr().unwrap());
        let key = SigningKey::generate(Algorithm::Es256).unwrap();
        let provider = Self {
            issuer,
            key: Arc::new(key.with_key_id("k")),
            clock: Arc::clone(clock),
        };
        let (metadata, keys) = (provider.metadata(), provider.keys());
        let issuing = provider.clone();
        let routes = Router::new()
            .route(
                "/.well-known/openid-configuration",
                get(move || async { Json(metadata) }),
            )
            .route("/v1/keys", get(move || async { Json(keys) }))
            .route(
                "/v1/token",
                post(move |Form(form): Form<TokenRequest>| async move {
                    Json(issuing.answer(&form.code))
                }),
            )
            .route("/v1/revoke", post(|| async {}));
        let app = Router::new().nest("/oauth2/default", routes);
        tokio::spawn(async move { axum::serve(listener, app).await });
        provider
    }

    pub fn client(&self) -> OAuthClient {
        let clock = Arc::clone(&self.clock);
        OAuthClient::builder(Issuer::parse(&self.issuer).unwrap(), CLIENT)
            .redirect_uri(&format!("{ORIGIN}/callback"))
            .unwrap()
            .id_token_algorithms([Algorithm::Es256])
            .clock(Clock::new(move || now(&clock)))
            .build()
            .unwrap()
    }

    pub fn verifier(&self) -> Verifier {
        self.verifying().client_id(CLIENT).build().unwrap()
    }

    /// What checks the tokens of this provider.
    pub fn verifying(&self) -> VerifierBuilder {
        let clock = Arc::clone(&self.clock);
        Verifier::builder(Issuer::parse(&self.issuer).unwrap())
            .algorithms([Algorithm::Es256])
            .keys(JwkSet::new(vec![self.key.public_jwk()]))
            .clock(Clock::new(move || now(&clock)))
    }

    /// The code of a user who has logged in: what the tokens are to say.
    pub fn code(url: &str, subject: &str, session: &str) -> String {
        let url = reqwest::Url::parse(url).unwrap();
        let value = |name: &str| {
            let mut pairs = url.query_pairs();
            pairs
                .find(|(known, _)| known == name)
                .unwrap()
                .1
                .into_owned()
        };
        let code = format!("{}~{subject}~{session}", value("nonce"));
        format!("/callback?code={code}&state={}", value("state"))
    }

    fn answer(&self, code: &str) -> Value {
        let mut parts = code.split('~');
        let mut next = || parts.next().unwrap().to_owned();
        let (nonce, subject, session) = (next(), next(), next());
        let now = self.seconds();
        let claims = json!({
            "iss": self.issuer, "aud": CLIENT, "sub": subject, "nonce": nonce, "sid": session,
            "name": subject, "iat": now, "exp": now + 3600, "auth_time": now,
        });
        json!({
            "access_token": "token", "token_type": "Bearer", "expires_in": 3600,
            "scope": "openid", "id_token": self.sign(&claims),
        })
    }

    /// A logout token with these claims besides the usual ones; `null` takes one away.
    pub fn logout_token(&self, id: &str, others: &Value) -> String {
        let now = self.seconds();
        let mut claims = json!({
            "iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 120, "jti": id,
            "events": {EVENT: {}},
        });
        for (name, value) in others.as_object().unwrap() {
            claims[name] = value.clone();
        }
        claims
            .as_object_mut()
            .unwrap()
            .retain(|_, value| !value.is_null());
        self.sign(&claims)
    }

    pub fn sign(&self, claims: &Value) -> String {
        let header = json!({"alg": "ES256", "kid": "k", "typ": "JWT"});
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let input = format!("{}.{}", part(&header), part(claims));
        let signature = self.key.sign(input.as_bytes()).unwrap();
        format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    pub fn seconds(&self) -> u64 {
        now(&self.clock)
            .duration_since(UNIX_EPOCH)
            .unwrap()
            .as_secs()
    }

    fn keys(&self) -> Value {
        json!({"keys": [self.key.public_jwk().to_json()]})
    }

    fn metadata(&self) -> Value {
        let at = |path: &str| format!("{}/v1/{path}", self.issuer);
        json!({
            "issuer": self.issuer,
            "authorization_endpoint": at("authorize"),
            "token_endpoint": at("token"),
            "jwks_uri": at("keys"),
            "revocation_endpoint": at("revoke"),
            "end_session_endpoint": at("logout"),
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["ES256"],
        })
    }
}
