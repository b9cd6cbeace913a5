//! A small OAuth client: it sends forms, follows nothing, and signs what it is told to.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING,
    ECDSA_P521_SHA512_FIXED_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm, KeyPair,
};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use chrono::DateTime;
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use okta_emulator::{Builder, Clock, Emulator, SampleClient};
use reqwest::header::HeaderMap;
use reqwest::redirect::Policy;
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};
use url::Url;

use super::Answer;

pub const VERIFIER: &str = "a-verifier-of-forty-three-characters-or-more";
pub const CALLBACK: &str = "http://localhost:8000/callback";
pub const GRACE: &str = "grace@example.com";

/// One more for every token that must be told apart from others.
static SERIAL: AtomicU64 = AtomicU64::new(0);

pub fn serial() -> String {
    SERIAL.fetch_add(1, Ordering::Relaxed).to_string()
}

/// An emulator whose clock stands still, with one of its servers to talk to.
pub struct Flow {
    pub okta: Emulator,
    pub http: Client,
    pub issuer: String,
    /// Where the endpoints are.
    pub endpoints: String,
}

/// How a client proves who it is.
pub enum Proof<'c> {
    Basic(&'c SampleClient),
    Public(&'c SampleClient),
}

impl Flow {
    /// Talks to the custom server.
    pub async fn custom() -> Self {
        let start = DateTime::parse_from_rfc3339("2026-01-01T00:00:00Z").unwrap();
        Self::with(Emulator::builder().clock(Clock::fixed(start.to_utc()))).await
    }

    /// Talks to the custom server of such an emulator.
    pub async fn with(builder: Builder) -> Self {
        let okta = builder.start().await.unwrap();
        let http = Client::builder().no_proxy().redirect(Policy::none());
        Self {
            http: http.build().unwrap(),
            issuer: okta.issuer(),
            endpoints: format!("{}/v1", okta.issuer()),
            okta,
        }
    }

    /// Talks to the org server.
    pub async fn org() -> Self {
        let mut flow = Self::custom().await;
        flow.issuer = flow.okta.org_url().to_owned();
        flow.endpoints = format!("{}/oauth2/v1", flow.issuer);
        flow
    }

    pub fn now(&self) -> i64 {
        self.okta.clock().now().timestamp()
    }

    pub fn advance(&self, seconds: u64) {
        self.okta.clock().advance(Duration::from_secs(seconds));
    }

    pub fn endpoint(&self, name: &str) -> String {
        format!("{}/{name}", self.endpoints)
    }

    pub fn post(&self, name: &str, form: &[(&str, &str)]) -> RequestBuilder {
        self.http.post(self.endpoint(name)).form(form)
    }

    pub async fn send(&self, request: RequestBuilder) -> Answer {
        answer(request).await
    }

    /// Sends a form as a client.
    pub async fn call(&self, name: &str, proof: Proof<'_>, form: &[(&str, &str)]) -> Answer {
        let request = match proof {
            Proof::Basic(client) => {
                let secret = client.client_secret.as_deref();
                self.post(name, form).basic_auth(&client.client_id, secret)
            }
            Proof::Public(client) => {
                let mut form = form.to_vec();
                form.push(("client_id", &client.client_id));
                self.post(name, &form)
            }
        };
        answer(request).await
    }

    pub async fn token(&self, proof: Proof<'_>, form: &[(&str, &str)]) -> Answer {
        self.call("token", proof, form).await
    }

    /// The parameters of a request for a code, with PKCE.
    pub fn request<'p>(
        &self,
        client: &'p SampleClient,
        more: &[(&'p str, &'p str)],
    ) -> Vec<(String, String)> {
        let mut form = vec![
            ("client_id".to_owned(), client.client_id.clone()),
            ("response_type".to_owned(), "code".to_owned()),
            ("redirect_uri".to_owned(), CALLBACK.to_owned()),
            ("scope".to_owned(), "openid offline_access".to_owned()),
            ("state".to_owned(), "st-1".to_owned()),
            ("code_challenge".to_owned(), challenge(VERIFIER)),
            ("code_challenge_method".to_owned(), "S256".to_owned()),
        ];
        for (name, value) in more {
            form.retain(|(key, _)| key != name);
            if !value.is_empty() {
                form.push(((*name).to_owned(), (*value).to_owned()));
            }
        }
        form
    }

    pub async fn authorize(&self, client: &SampleClient, more: &[(&str, &str)]) -> Answer {
        let url = Url::parse_with_params(&self.endpoint("authorize"), self.request(client, more));
        answer(self.http.get(url.unwrap())).await
    }

    /// A code for Grace, without any page.
    pub async fn code(&self, client: &SampleClient, more: &[(&str, &str)]) -> String {
        self.okta.oauth().log_in_automatically(Some(GRACE)).unwrap();
        let answer = self.authorize(client, more).await;
        answer.redirected("code")
    }

    /// Turns a code into tokens.
    pub async fn redeem(&self, proof: Proof<'_>, code: &str) -> Answer {
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", CALLBACK),
            ("code_verifier", VERIFIER),
        ];
        self.token(proof, &form).await
    }

    /// Tokens of the native app for Grace.
    pub async fn native_tokens(&self, scope: &str) -> Answer {
        let client = self.okta.native_app();
        let code = self.code(client, &[("scope", scope)]).await;
        self.redeem(Proof::Public(client), &code).await
    }

    /// Tokens of the web app for Grace.
    pub async fn web_tokens(&self, scope: &str) -> Answer {
        let client = self.okta.web_app();
        let code = self.code(client, &[("scope", scope)]).await;
        self.redeem(Proof::Basic(client), &code).await
    }

    pub async fn refresh(&self, proof: Proof<'_>, token: &str) -> Answer {
        let form = [("grant_type", "refresh_token"), ("refresh_token", token)];
        self.token(proof, &form).await
    }

    /// What `/introspect` says to the web app.
    pub async fn introspect(&self, token: &str) -> Value {
        let web = Proof::Basic(self.okta.web_app());
        let answer = self.call("introspect", web, &[("token", token)]).await;
        assert_eq!(answer.status, 200, "{:#}", answer.body);
        answer.body
    }

    pub async fn keys(&self) -> Value {
        answer(self.http.get(self.endpoint("keys"))).await.body
    }

    /// The claims of a token whose signature is right. Time does not count: the clock stands.
    pub async fn verified(&self, token: &str) -> (Header, Value) {
        let header = jsonwebtoken::decode_header(token).unwrap();
        let keys: JwkSet = serde_json::from_value(self.keys().await).unwrap();
        let key = keys.find(header.kid.as_deref().unwrap()).unwrap();
        let mut validation = Validation::new(Algorithm::RS256);
        validation.validate_exp = false;
        validation.validate_aud = false;
        let key = DecodingKey::from_jwk(key).unwrap();
        let data = jsonwebtoken::decode::<Value>(token, &key, &validation).unwrap();
        (header, data.claims)
    }

    /// A request to the org's management API with the API token.
    pub async fn manage(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let url = format!("{}{path}", self.okta.org_url());
        let token = format!("SSWS {}", self.okta.token());
        let request = self
            .http
            .request(method, url)
            .header("authorization", token);
        answer(match body {
            Some(body) => request.json(&body),
            None => request,
        })
        .await
    }

    /// Changes the settings or credentials of an application.
    pub async fn reconfigure(&self, client: &SampleClient, pointer: &str, value: Value) {
        let path = format!("/api/v1/apps/{}", client.app_id);
        let mut app = self.manage(Method::GET, &path, None).await.body;
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        app.pointer_mut(parent).unwrap()[name] = value;
        let changed = self.manage(Method::PUT, &path, Some(app)).await;
        assert_eq!(changed.status, 200, "{:#}", changed.body);
    }

    /// What a client assertion of the service app says.
    pub fn assertion_claims(&self) -> Value {
        let id = &self.okta.service_app().client_id;
        json!({
            "iss": id,
            "sub": id,
            "aud": self.endpoint("token"),
            "iat": self.now(),
            "exp": self.now() + 300,
            "jti": serial(),
        })
    }

    /// A client assertion of the service app.
    pub fn assertion(&self, claims: &Value) -> String {
        let service = self.okta.service_app();
        let pem = service.private_key_pem.as_deref().unwrap();
        let mut header = Header::new(Algorithm::RS256);
        header.kid = service.key_id.clone();
        let key = EncodingKey::from_rsa_pem(pem.as_bytes()).unwrap();
        jsonwebtoken::encode(&header, claims, &key).unwrap()
    }

    /// Asks for a token of the service app.
    pub async fn service_token(&self, scope: &str, assertion: &str) -> Answer {
        answer(self.service_request(scope, assertion)).await
    }

    pub fn service_request(&self, scope: &str, assertion: &str) -> RequestBuilder {
        self.post(
            "token",
            &[
                ("grant_type", "client_credentials"),
                ("scope", scope),
                (
                    "client_assertion_type",
                    "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                ),
                ("client_assertion", assertion),
            ],
        )
    }

    /// An access token of the service app.
    pub async fn api_token(&self, scope: &str) -> String {
        let assertion = self.assertion(&self.assertion_claims());
        self.service_token(scope, &assertion)
            .await
            .text("access_token")
    }
}

pub async fn answer(request: RequestBuilder) -> Answer {
    let response = request.send().await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let text = response.text().await.unwrap();
    Answer {
        status,
        headers,
        body: serde_json::from_str(&text).unwrap_or(Value::String(text)),
    }
}

impl Answer {
    /// A member that is text.
    pub fn text(&self, name: &str) -> String {
        let text = self.body[name].as_str();
        text.unwrap_or_else(|| panic!("{name}: {:#}", self.body))
            .to_owned()
    }

    /// Checks an error of an authorization server, and gives its description.
    pub fn failed(&self, status: u16, error: &str) -> &str {
        assert_eq!(self.body["error"], error, "{:#}", self.body);
        assert_eq!(self.status, status, "{:#}", self.body);
        self.body["error_description"].as_str().unwrap()
    }

    /// Where the browser is sent.
    pub fn location(&self) -> Url {
        assert_eq!(self.status, 302, "{:#}", self.body);
        Url::parse(self.header("location")).unwrap()
    }

    /// A parameter of the URL where the browser is sent.
    pub fn redirected(&self, name: &str) -> String {
        let url = self.location();
        let found = url.query_pairs().find(|(key, _)| key == name);
        found
            .unwrap_or_else(|| panic!("{name}: {url}"))
            .1
            .into_owned()
    }

    /// The value of the session cookie.
    pub fn cookie(&self) -> String {
        let line = self.header("set-cookie");
        line.split(';').next().unwrap().to_owned()
    }

    /// Where the form of a page goes.
    pub fn action(&self) -> String {
        let page = self.body.as_str().unwrap();
        let (_, rest) = page.split_once("action=\"").unwrap();
        rest.split_once('"').unwrap().0.to_owned()
    }
}

pub fn challenge(verifier: &str) -> String {
    hash(verifier)
}

pub fn hash(text: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, text.as_bytes()))
}

/// An elliptic-curve key that signs JWTs.
pub struct EcKey {
    pair: EcdsaKeyPair,
    algorithm: &'static str,
    pub public: Value,
}

impl EcKey {
    /// `algorithm` is `ES256`, `ES384` or `ES512`.
    pub fn new(algorithm: &'static str) -> Self {
        let (curve, signing): (_, &'static EcdsaSigningAlgorithm) = match algorithm {
            "ES256" => ("P-256", &ECDSA_P256_SHA256_FIXED_SIGNING),
            "ES384" => ("P-384", &ECDSA_P384_SHA384_FIXED_SIGNING),
            _ => ("P-521", &ECDSA_P521_SHA512_FIXED_SIGNING),
        };
        let pair = EcdsaKeyPair::generate(signing).unwrap();
        let point = &pair.public_key().as_ref()[1..];
        let (x, y) = point.split_at(point.len() / 2);
        let public = json!({
            "kty": "EC", "crv": curve, "x": URL_SAFE_NO_PAD.encode(x), "y": URL_SAFE_NO_PAD.encode(y),
        });
        Self {
            pair,
            algorithm,
            public,
        }
    }

    pub fn sign(&self, mut header: Value, claims: &Value) -> String {
        header["alg"] = json!(self.algorithm);
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(&header), part(claims));
        let random = aws_lc_rs::rand::SystemRandom::new();
        let signature = self.pair.sign(&random, signed.as_bytes()).unwrap();
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    /// The claims of a DPoP proof.
    pub fn proof_claims(flow: &Flow, method: &str, url: &str) -> Value {
        json!({ "htm": method, "htu": url, "iat": flow.now(), "jti": serial() })
    }

    /// A DPoP proof.
    pub fn prove(&self, claims: &Value) -> String {
        self.sign(json!({ "typ": "dpop+jwt", "jwk": self.public }), claims)
    }
}

pub fn basic(id: &str, secret: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let value = format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")));
    headers.insert("authorization", value.parse().unwrap());
    headers
}
