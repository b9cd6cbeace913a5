//! APIs that take access tokens.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::routing::get;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use http::header::{AUTHORIZATION, HeaderMap, WWW_AUTHENTICATE};
use http::{Method, Request, StatusCode};
use okta_auth::jose::{Algorithm, SigningKey};
use okta_auth::oauth::{ClientAuthentication, IntrospectionCache, OAuthClient};
use okta_auth::verifier::DpopNonces;
use okta_auth::{Dpop, DpopChecks, Issuer, Secret, VerifierBuilder};
use okta_emulator::Emulator;
use okta_web::api::{
    ApiError, Caller, Claims, ClientCertificate, Groups, RequireToken, Scope, Scoped, Scopes,
};
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::provider::Provider;

const ORIGIN: &str = "https://api.example.com";
const AUDIENCE: &str = "api://orders";
const CERTIFICATE: &[u8] = b"a certificate";

struct OrdersRead;

impl Scope for OrdersRead {
    const NAME: &'static str = "orders:read";
}

#[derive(serde::Deserialize)]
struct Tenant {
    tenant: String,
}

/// What the handlers see.
struct Api {
    router: Router,
    provider: Provider,
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: String,
}

impl Answer {
    fn challenges(&self) -> Vec<&str> {
        let values = self.headers.get_all(WWW_AUTHENTICATE).into_iter();
        values.map(|value| value.to_str().unwrap()).collect()
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("{}", self.body))
    }
}

impl Api {
    async fn start() -> Self {
        Self::changed(|verifier| verifier, |layer| layer.origin(ORIGIN).unwrap()).await
    }

    async fn changed(
        change: impl FnOnce(VerifierBuilder) -> VerifierBuilder,
        set_up: impl FnOnce(RequireToken) -> RequireToken,
    ) -> Self {
        let provider = Provider::start(&Arc::new(AtomicU64::new(0))).await;
        let verifier = change(provider.verifying().audience(AUDIENCE));
        let layer = set_up(RequireToken::verifier(verifier.build().unwrap()));
        let router = routes(layer);
        Self { router, provider }
    }

    fn token(&self, others: &Value) -> String {
        let now = self.provider.seconds();
        let mut claims = json!({
            "iss": self.provider.issuer, "aud": AUDIENCE, "sub": "joe@example.com",
            "cid": "0oaClient", "uid": "00uJoe", "scp": ["orders:read"], "iat": now,
            "exp": now + 3600, "groups": ["Sales"], "tenant": "acme",
        });
        let members = others.as_object().unwrap().clone();
        claims.as_object_mut().unwrap().extend(members);
        self.provider.sign(&claims)
    }

    async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        send(&self.router, path, headers, None).await
    }

    async fn with_token(&self, path: &str, token: &str) -> Answer {
        let value = format!("Bearer {token}");
        self.get(path, &[("authorization", &value)]).await
    }
}

fn routes(layer: RequireToken) -> Router {
    let inner = Router::new()
        .route(
            "/orders",
            get(|scoped: Scoped<OrdersRead>| async move { scoped.caller().subject().to_owned() }),
        )
        .route(
            "/sales",
            get(|groups: Groups, scopes: Scopes| async move {
                groups.require("Sales")?;
                scopes.require("orders:read")?;
                Ok::<_, ApiError>("sales")
            }),
        )
        .route(
            "/tenant",
            get(|claims: Claims<Tenant>| async move { claims.0.tenant }),
        )
        .route(
            "/bound",
            get(|caller: Caller| async move { caller.is_bound().to_string() }),
        )
        .route_layer(layer);
    let open = Router::new().route("/open", get(|_: Caller| async {}));
    Router::new().nest("/v1", inner).merge(open)
}

async fn send(
    router: &Router,
    path: &str,
    headers: &[(&str, &str)],
    certificate: Option<&'static [u8]>,
) -> Answer {
    let mut request = Request::get(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let mut request = request.body(Body::empty()).unwrap();
    if let Some(der) = certificate {
        let certificate = ClientCertificate(Bytes::from_static(der));
        request.extensions_mut().insert(certificate);
    }
    let response = router.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, 1 << 20).await.unwrap();
    Answer {
        status: parts.status,
        headers: parts.headers,
        body: String::from_utf8(body.to_vec()).unwrap(),
    }
}

#[tokio::test]
async fn a_good_token_lets_in_and_says_who_it_is() {
    let api = Api::start().await;
    let token = api.token(&json!({}));
    for (path, body) in [
        ("/v1/orders", "joe@example.com"),
        ("/v1/sales", "sales"),
        ("/v1/tenant", "acme"),
        ("/v1/bound", "false"),
    ] {
        let answer = api.with_token(path, &token).await;
        assert_eq!(
            (answer.status, answer.body.as_str()),
            (StatusCode::OK, body),
            "{path}"
        );
    }
}

#[tokio::test]
async fn without_a_token_the_answer_says_what_would_do_and_no_error() {
    let api = Api::start().await;
    for headers in [&[][..], &[("authorization", "Basic YTpi")]] {
        let answer = api.get("/v1/orders", headers).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        assert_eq!(answer.challenges(), ["Bearer", "DPoP"]);
        assert_eq!(answer.json()["error"], "unauthorized");
        assert_eq!(answer.headers["cache-control"], "no-store");
    }
    let plain = Api::changed(|verifier| verifier, |layer| layer).await;
    assert_eq!(plain.get("/v1/orders", &[]).await.challenges(), ["Bearer"]);
    // In the URL it is none.
    let path = format!("/v1/orders?access_token={}", api.token(&json!({})));
    assert_eq!(api.get(&path, &[]).await.status, StatusCode::UNAUTHORIZED);
    let two = [("authorization", "Bearer a"), ("authorization", "Bearer b")];
    let answer = api.get("/v1/orders", &two).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert_eq!(answer.json()["error"], "invalid_request");
}

#[tokio::test]
async fn a_token_that_is_not_good_is_refused() {
    let api = Api::start().await;
    let now = api.provider.seconds();
    for others in [
        json!({"aud": "api://other"}),
        json!({"iss": "https://evil.example"}),
        json!({"iat": now - 7200, "exp": now - 3600}),
        json!({"cnf": {"jkt": "x"}}),
        json!({"cnf": {"x5t#S256": "x"}}),
    ] {
        let answer = api.with_token("/v1/orders", &api.token(&others)).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{others}");
        let error = &answer.json()["error"];
        assert_eq!(error, "invalid_token", "{others}");
        let challenge = answer.challenges()[0];
        assert!(challenge.contains("error=\"invalid_token\""), "{challenge}");
        assert!(!answer.body.contains(AUDIENCE), "{}", answer.body);
    }
    let token = api.token(&json!({}));
    let changed = format!("{}{}", &token[..token.len() - 4], "AAAA");
    let answer = api.with_token("/v1/orders", &changed).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_token_that_allows_too_little_is_told_what_it_needs() {
    let api = Api::start().await;
    let token = api.token(&json!({"scp": ["orders:write"], "groups": ["Sales"]}));
    for path in ["/v1/orders", "/v1/sales"] {
        let answer = api.with_token(path, &token).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
        let challenge = r#"Bearer error="insufficient_scope", scope="orders:read""#;
        assert_eq!(answer.challenges(), [challenge], "{path}");
        let body = answer.json();
        assert_eq!(body["error"], "insufficient_scope");
        assert_eq!(body["required_scope"], "orders:read");
    }
    let token = api.token(&json!({"groups": ["Support"], "tenant": 7}));
    for path in ["/v1/sales", "/v1/tenant"] {
        let answer = api.with_token(path, &token).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
        assert_eq!(answer.json()["error"], "access_denied");
        assert!(
            answer.challenges().is_empty(),
            "another token would not help"
        );
    }
}

#[tokio::test]
async fn a_route_without_the_layer_lets_nobody_in() {
    let api = Api::start().await;
    let answer = api.with_token("/open", &api.token(&json!({}))).await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
}

#[tokio::test]
async fn a_dpop_token_needs_its_proof_for_this_request() {
    let api = Api::start().await;
    let key = SigningKey::generate(Algorithm::Es256).unwrap();
    let dpop = Dpop::with_key(key);
    let token = api.token(&json!({"cnf": {"jkt": dpop.key().thumbprint()}}));
    let value = format!("DPoP {token}");
    let prove = |method: &Method, path: &str| {
        let url = format!("{ORIGIN}{path}").parse().unwrap();
        dpop.proof(method, &url, Some(&Secret::from(token.as_str())))
            .unwrap()
    };
    // The path is what the client called, though a router has taken `/v1` away.
    let proof = prove(&Method::GET, "/v1/bound");
    let headers = [("authorization", value.as_str()), ("dpop", &proof)];
    let answer = api.get("/v1/bound", &headers).await;
    assert_eq!(
        (answer.status, answer.body.as_str()),
        (StatusCode::OK, "true")
    );
    // Each proof is good once, for one method and URL, and there has to be one.
    for (headers, code) in [
        (headers.to_vec(), "invalid_dpop_proof"),
        (vec![headers[0]], "invalid_dpop_proof"),
        (
            vec![headers[0], ("dpop", &prove(&Method::POST, "/v1/bound"))],
            "invalid_dpop_proof",
        ),
        (
            vec![headers[0], ("dpop", &prove(&Method::GET, "/bound"))],
            "invalid_dpop_proof",
        ),
    ] {
        let headers: Vec<_> = headers;
        let answer = api.get("/v1/bound", &headers).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{headers:?}");
        assert_eq!(answer.json()["error"], code);
        let challenge = answer.challenges()[0];
        assert!(
            challenge.starts_with("DPoP ") && challenge.contains("algs="),
            "{challenge}"
        );
    }
    // As a bearer token it is worth nothing, and a bearer token needs no proof.
    let answer = api.with_token("/v1/bound", &token).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    let bearer = format!("DPoP {}", api.token(&json!({})));
    let proof = prove(&Method::GET, "/v1/bound");
    let headers = [("authorization", bearer.as_str()), ("dpop", &proof)];
    assert_eq!(
        api.get("/v1/bound", &headers).await.status,
        StatusCode::UNAUTHORIZED
    );
}

#[tokio::test]
async fn a_dpop_nonce_is_asked_for_and_then_taken() {
    let nonces = DpopNonces::new().unwrap();
    let checks = DpopChecks::new().nonces(nonces);
    let api = Api::changed(
        |verifier| verifier.dpop(checks),
        |layer| layer.origin(ORIGIN).unwrap(),
    )
    .await;
    let dpop = Dpop::with_key(SigningKey::generate(Algorithm::Es256).unwrap());
    let claims = json!({"cnf": {"jkt": dpop.key().thumbprint()}, "scp": ["other"]});
    let token = api.token(&claims);
    let value = format!("DPoP {token}");
    let url = format!("{ORIGIN}/v1/bound").parse().unwrap();
    let secret = Secret::from(token.as_str());
    let prove = || dpop.proof(&Method::GET, &url, Some(&secret)).unwrap();
    let first = api
        .get(
            "/v1/bound",
            &[("authorization", &value), ("dpop", &prove())],
        )
        .await;
    assert_eq!(first.status, StatusCode::UNAUTHORIZED);
    assert_eq!(first.json()["error"], "use_dpop_nonce");
    assert!(dpop.remember_nonce(&url, &first.headers, true));
    let second = api
        .get(
            "/v1/bound",
            &[("authorization", &value), ("dpop", &prove())],
        )
        .await;
    assert_eq!(second.status, StatusCode::OK);
    assert!(second.headers.contains_key("dpop-nonce"));
    // A scope that is missing is asked for by the scheme that the client used.
    let url = format!("{ORIGIN}/v1/orders").parse().unwrap();
    let proof = dpop.proof(&Method::GET, &url, Some(&secret)).unwrap();
    let third = api
        .get("/v1/orders", &[("authorization", &value), ("dpop", &proof)])
        .await;
    assert_eq!(third.status, StatusCode::FORBIDDEN, "{}", third.body);
    assert!(
        third.challenges()[0].starts_with("DPoP "),
        "{:?}",
        third.challenges()
    );
}

#[tokio::test]
async fn a_token_of_a_certificate_is_taken_with_that_alone() {
    let api = Api::start().await;
    let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, CERTIFICATE);
    let thumbprint = URL_SAFE_NO_PAD.encode(hash);
    let token = api.token(&json!({"cnf": {"x5t#S256": thumbprint}}));
    let value = format!("Bearer {token}");
    let headers = [("authorization", value.as_str())];
    let given: [(Option<&[u8]>, _); 3] = [
        (Some(CERTIFICATE), StatusCode::OK),
        (Some(b"another"), StatusCode::UNAUTHORIZED),
        (None, StatusCode::UNAUTHORIZED),
    ];
    for (certificate, status) in given {
        let answer = send(&api.router, "/v1/bound", &headers, certificate).await;
        assert_eq!(answer.status, status);
    }
    let bound = Api::changed(|verifier| verifier, RequireToken::bound_only).await;
    let answer = bound
        .with_token("/v1/orders", &bound.token(&json!({})))
        .await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn keys_that_cannot_be_had_are_503() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let issuer = format!("http://{}/oauth2/default", listener.local_addr().unwrap());
    drop(listener);
    let verifier = okta_auth::Verifier::builder(Issuer::parse(&issuer).unwrap())
        .audience(AUDIENCE)
        .algorithms([Algorithm::Es256])
        .requests(|requests| requests.max_retries(0))
        .build()
        .unwrap();
    let router = routes(RequireToken::verifier(verifier));
    let api = Api::start().await;
    let value = format!("Bearer {}", api.token(&json!({"iss": issuer})));
    let answer = send(
        &router,
        "/v1/orders",
        &[(AUTHORIZATION.as_str(), &value)],
        None,
    )
    .await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.json()["error"], "temporarily_unavailable");
    assert!(answer.challenges().is_empty());
}

#[tokio::test]
async fn the_server_is_asked_about_a_token() {
    let org = Emulator::start().await.unwrap();
    let app = org.trusted_app();
    let password = Secret::from(org.password());
    let issuer = Issuer::parse(&org.issuer()).unwrap();
    let secret = app.client_secret.clone().unwrap();
    let oauth = OAuthClient::builder(issuer, app.client_id.as_str())
        .authentication(ClientAuthentication::secret_basic(secret))
        .build()
        .unwrap();
    let login = oauth.password("grace@example.com", &password);
    let tokens = login.scopes(["openid", "profile"]).send().await.unwrap();
    let token = tokens.access_token.expose();
    let value = format!("Bearer {token}");
    let headers = [("authorization", value.as_str())];
    let cache = || IntrospectionCache::new(oauth.clone(), Duration::from_secs(30), 100);
    for (audience, status) in [
        ("api://default", StatusCode::OK),
        ("api://other", StatusCode::UNAUTHORIZED),
    ] {
        let router = routes(RequireToken::introspection(cache(), audience));
        let answer = send(&router, "/v1/bound", &headers, None).await;
        assert_eq!(answer.status, status, "{audience}: {}", answer.body);
    }
    let router = routes(RequireToken::introspection(cache(), "api://default"));
    let answer = send(&router, "/v1/orders", &headers, None).await;
    assert_eq!(answer.json()["required_scope"], "orders:read");
    let answer = send(
        &router,
        "/v1/bound",
        &[("authorization", "Bearer made-up")],
        None,
    )
    .await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert_eq!(answer.json()["error"], "invalid_token");
}
