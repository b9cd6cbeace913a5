//! Service apps over real HTTP: what they send to the token endpoint and with each call.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use crate::okta_server::{Answer, Asked, OktaServer, answer, refusal, token};
use http::Method;
use jsonwebtoken::{DecodingKey, Validation, decode, decode_header};
use okta_auth::jose::{Algorithm, SigningKey};
use okta_auth::oauth::ClientAuthentication;
use okta_auth::{
    Call, Clock, Dpop, Error, Pipeline, RawResponse, Secret, ServiceApp, ServiceAppBuilder,
};
use serde_json::{Value, json};
use url::Url;

const TOKEN: &str = "/oauth2/v1/token";
/// With a sign that some encoders change.
const USER: &str = "/api/v1/users/joe@example.com";

fn app(server: &OktaServer, authentication: ClientAuthentication) -> ServiceAppBuilder {
    ServiceApp::builder(&server.org(), "0oa1", authentication)
        .scopes(["okta.users.read", "okta.groups.read"])
}

fn secret() -> ClientAuthentication {
    ClientAuthentication::secret_post("s3cret")
}

fn pipeline(server: &OktaServer, app: ServiceAppBuilder) -> Pipeline {
    let app = app.build().unwrap();
    Pipeline::builder(server.org(), app).build().unwrap()
}

async fn call(pipeline: &Pipeline) -> Result<RawResponse, Error> {
    let url = pipeline.org_url().as_url().join(USER).unwrap();
    let url = Url::parse(&format!("{url}?expand=%40")).unwrap();
    let request = reqwest::Request::new(Method::GET, url);
    let call = Call::new("getUser", "/api/v1/users/{userId}");
    pipeline.send(request, &call).await
}

/// Tokens named by their number at one path, a user at all others.
fn obliging(asked: &Asked) -> Answer {
    match asked.url.ends_with(TOKEN) {
        true => token("Bearer", &format!("token-{}", asked.number)),
        false => answer(200, &json!({"id": "00u1"})),
    }
}

#[tokio::test]
async fn an_assertion_gets_a_token_for_many_calls() {
    for algorithm in [Algorithm::Rs256, Algorithm::Es256, Algorithm::Es384] {
        let key = SigningKey::generate(algorithm)
            .unwrap()
            .with_key_id("kid-1");
        let public = serde_json::to_value(key.public_jwk()).unwrap();
        let server = OktaServer::start(obliging).await;
        let pipeline = pipeline(
            &server,
            app(&server, ClientAuthentication::private_key(key)),
        );
        for _ in 0..3 {
            call(&pipeline).await.unwrap();
        }

        let asked = server.asked(TOKEN);
        assert_eq!(asked.len(), 1);
        let form = &asked[0].form;
        assert_eq!(form["grant_type"], "client_credentials");
        assert_eq!(form["scope"], "okta.users.read okta.groups.read");
        assert_eq!(
            form["client_assertion_type"],
            "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
        );
        let assertion = &form["client_assertion"];
        let header = decode_header(assertion).unwrap();
        assert_eq!(header.kid.as_deref(), Some("kid-1"));
        let mut validation = Validation::new(header.alg);
        validation.set_audience(&[server.url(TOKEN)]);
        validation.set_issuer(&["0oa1"]);
        let key = DecodingKey::from_jwk(&serde_json::from_value(public).unwrap()).unwrap();
        let claims: Value = decode(assertion, &key, &validation).unwrap().claims;
        assert_eq!(claims["sub"], "0oa1");
        let life = claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap();
        assert!((1..=300).contains(&life));

        for asked in server.asked(USER) {
            assert_eq!(asked.header("authorization"), Some("Bearer token-0"));
            assert_eq!(asked.header("dpop"), None);
        }
    }
}

#[tokio::test]
async fn tokens_bound_to_a_key_go_with_proofs() {
    let server = OktaServer::start(|asked| match asked.url.ends_with(TOKEN) {
        true => match asked.proof().0["nonce"].as_str() {
            Some("of-tokens") => token("DPoP", "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU"),
            _ => refusal(400, "use_dpop_nonce").with("dpop-nonce", "of-tokens"),
        },
        false => match asked.proof().0["nonce"].as_str() {
            Some("of-users") => answer(200, &json!({})),
            _ => answer(401, &json!({"errorCode": "E0000011"}))
                .with("dpop-nonce", "of-users")
                .with("www-authenticate", r#"DPoP error="use_dpop_nonce""#),
        },
    })
    .await;
    let pipeline = pipeline(&server, app(&server, secret()).dpop(true));
    for _ in 0..2 {
        call(&pipeline).await.unwrap();
    }
    let (tokens, users) = (server.asked(TOKEN), server.asked(USER));
    assert_eq!(
        (tokens.len(), users.len()),
        (2, 3),
        "a nonce is asked for once"
    );
    let mut ids = HashSet::new();
    let mut keys = HashSet::new();
    for asked in tokens.iter().chain(&users) {
        let (claims, thumbprint) = asked.proof();
        ids.insert(claims["jti"].as_str().unwrap().to_owned());
        keys.insert(thumbprint);
    }
    assert_eq!((ids.len(), keys.len()), (5, 1));
    for asked in &users {
        assert_eq!(
            asked.proof().0["ath"],
            "fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo"
        );
        assert!(
            asked
                .header("authorization")
                .unwrap()
                .starts_with("DPoP Kz~")
        );
        assert_eq!(
            asked.header("x-okta-user-agent-extended"),
            Some("isDPoP:true")
        );
    }
    assert!(
        tokens
            .iter()
            .all(|asked| asked.proof().0.get("ath").is_none())
    );
}

/// Gives tokens to those who prove a key.
fn wants_dpop(asked: &Asked) -> Answer {
    match (asked.url.ends_with(TOKEN), asked.header("dpop")) {
        (true, None) => refusal(400, "invalid_dpop_proof"),
        (true, Some(_)) => token("DPoP", "bound"),
        (false, _) => answer(200, &json!({})),
    }
}

#[tokio::test]
async fn proofs_begin_when_the_server_asks_for_them() {
    let server = OktaServer::start(wants_dpop).await;
    let willing = pipeline(&server, app(&server, secret()));
    call(&willing).await.unwrap();
    assert_eq!(server.asked(TOKEN).len(), 2);
    let user = &server.asked(USER)[0];
    assert_eq!(user.header("authorization"), Some("DPoP bound"));
    assert_eq!(user.proof().1, server.asked(TOKEN)[1].proof().1);

    let server = OktaServer::start(wants_dpop).await;
    let unwilling = pipeline(&server, app(&server, secret()).dpop(false));
    let error = call(&unwilling).await.unwrap_err();
    assert_eq!(error.code(), Some("invalid_dpop_proof"));
    assert_eq!(server.asked(TOKEN).len(), 1);
}

/// A clock that the test moves on, and how far it is.
fn clock() -> (Clock, Arc<AtomicU64>) {
    let passed = Arc::new(AtomicU64::new(0));
    let start = SystemTime::now();
    let seconds = Arc::clone(&passed);
    let clock = move || start + Duration::from_secs(seconds.load(Ordering::Relaxed));
    (Clock::new(clock), passed)
}

#[tokio::test]
async fn an_ended_token_is_replaced_and_keys_change_with_it() {
    let server = OktaServer::start(wants_dpop).await;
    let (clock, passed) = clock();
    let dpop = Dpop::new().unwrap();
    let dpop = dpop.rotate_key_every(Duration::from_secs(7200));
    let app = app(&server, secret()).dpop(true).dpop_keys(dpop);
    let pipeline = pipeline(&server, app.clock(clock));
    for seconds in [0, 3600, 7200] {
        passed.store(seconds, Ordering::Relaxed);
        call(&pipeline).await.unwrap();
    }
    let keys = |path| -> Vec<String> {
        let asked = server.asked(path);
        asked.iter().map(|asked| asked.proof().1).collect()
    };
    let of_tokens = keys(TOKEN);
    assert_eq!(of_tokens[0], of_tokens[1]);
    assert_ne!(of_tokens[1], of_tokens[2]);
    assert_eq!(keys(USER), of_tokens);
}

#[tokio::test]
async fn many_calls_at_once_ask_for_one_token() {
    let server = OktaServer::start(obliging).await;
    let pipeline = pipeline(&server, app(&server, secret()));
    let calls = (0..200).map(|_| call(&pipeline));
    for result in futures::future::join_all(calls).await {
        result.unwrap();
    }
    assert_eq!(server.asked(TOKEN).len(), 1);
    assert_eq!(server.asked(USER).len(), 200);
}

#[tokio::test]
async fn a_revoked_token_is_replaced_once() {
    let server = OktaServer::start(|asked| {
        let revoked = asked.header("authorization") == Some("Bearer token-0");
        match revoked {
            true => answer(401, &json!({"errorCode": "E0000011"})),
            false => obliging(asked),
        }
    })
    .await;
    let pipeline = pipeline(&server, app(&server, secret()));
    assert_eq!(call(&pipeline).await.unwrap().attempts, 2);
    assert_eq!(server.asked(TOKEN).len(), 2);
}

#[tokio::test]
async fn each_attempt_at_the_token_endpoint_has_an_assertion_of_its_own() {
    let server = OktaServer::start(|asked| match (asked.url.ends_with(TOKEN), asked.number) {
        (true, 0) => refusal(503, "temporarily_unavailable").with("retry-after", "0"),
        (true, 1) => refusal(429, "slow").with("retry-after", "0"),
        _ => obliging(asked),
    })
    .await;
    let key = SigningKey::generate(Algorithm::Es256).unwrap();
    let pipeline = pipeline(
        &server,
        app(&server, ClientAuthentication::private_key(key)),
    );
    call(&pipeline).await.unwrap();
    let asked = server.asked(TOKEN);
    let assertions: HashSet<_> = asked.iter().map(|a| &a.form["client_assertion"]).collect();
    assert_eq!(assertions.len(), 3);
}

#[tokio::test]
async fn a_server_with_another_clock_is_believed() {
    let late = httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(3600));
    let server = OktaServer::start(move |asked| {
        let is_dated_right = |token: &str| {
            let claims = token.split('.').nth(1).unwrap();
            let claims: Value = jsonwebtoken_claims(claims);
            let ahead = claims["iat"].as_u64().unwrap() - now();
            (3595..3605).contains(&ahead)
        };
        let refuse = |error| refusal(400, error).with("date", &late);
        match asked.url.ends_with(TOKEN) {
            true if !is_dated_right(&asked.form["client_assertion"]) => refuse("invalid_client"),
            _ if !is_dated_right(asked.header("dpop").unwrap()) => refuse("invalid_dpop_proof"),
            true => token("DPoP", "bound"),
            false => answer(200, &json!({})),
        }
    })
    .await;
    let key = SigningKey::generate(Algorithm::Es256).unwrap();
    let app = app(&server, ClientAuthentication::private_key(key)).dpop(true);
    let pipeline = pipeline(&server, app);
    call(&pipeline).await.unwrap();
    let sendings = (server.asked(TOKEN).len(), server.asked(USER).len());
    assert_eq!(sendings, (2, 1), "what is learned once serves everywhere");
}

fn now() -> u64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    since.unwrap().as_secs()
}

fn jsonwebtoken_claims(part: &str) -> Value {
    use base64::Engine;
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(part);
    serde_json::from_slice(&bytes.unwrap()).unwrap()
}

#[tokio::test]
async fn no_answer_of_the_token_endpoint_makes_an_empty_token() {
    let html = Answer {
        status: 200,
        headers: vec![("content-type", "text/html".to_owned())],
        body: "<html>leak</html>".to_owned(),
    };
    for bad in [
        html,
        answer(200, &json!({})),
        answer(200, &json!([])),
        answer(200, &json!({"access_token": "", "token_type": "Bearer"})),
        answer(200, &json!({"access_token": null, "token_type": "Bearer"})),
        answer(
            200,
            &json!({"access_token": "a leak", "token_type": "Bearer"}),
        ),
        answer(200, &json!({"access_token": "leak"})),
        answer(200, &json!({"access_token": "leak", "token_type": "mac"})),
        answer(200, &json!({"access_token": "leak", "token_type": "DPoP"})),
        answer(200, &json!({"error": "invalid_client"})),
        refusal(400, "invalid_scope"),
        answer(404, &json!({"errorCode": "E0000007"})),
        answer(302, &json!({})),
        refusal(500, "server_error"),
    ] {
        let reply = bad.clone();
        let server = OktaServer::start(move |_| reply.clone()).await;
        let app = app(&server, secret()).requests(|requests| requests.max_retries(0));
        let error = call(&pipeline(&server, app)).await.unwrap_err();
        assert!(error.is_credentials(), "{bad:?}: {error:?}");
        let text = format!("{error} {error:?}");
        assert!(
            text.starts_with("GET /api/v1/users/{userId} (getUser): "),
            "{text}"
        );
        assert!(!text.contains("leak") && !text.contains("s3cret"), "{text}");
        assert!(server.asked(USER).is_empty(), "{bad:?}");
    }
}

#[tokio::test]
async fn an_error_of_the_token_endpoint_is_that_of_the_call() {
    let server = OktaServer::start(|_| refusal(401, "invalid_client")).await;
    let error = call(&pipeline(&server, app(&server, secret())))
        .await
        .unwrap_err();
    assert!(error.is_credentials() && !error.is_auth());
    assert_eq!(error.code(), Some("invalid_client"));
    assert_eq!(error.summary(), Some("this is invalid_client"));
    assert_eq!(error.status().unwrap(), 401);
    assert_eq!(error.operation(), Some("getUser"));
}

#[tokio::test]
async fn a_key_that_is_elsewhere_signs_too() {
    /// Stands for a key management service.
    #[derive(Debug)]
    struct Vault(SigningKey);

    impl okta_auth::jose::JwtSigner for Vault {
        fn algorithm(&self) -> Algorithm {
            self.0.algorithm()
        }
        fn key_id(&self) -> Option<&str> {
            Some("in-vault")
        }
        async fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
            self.0.sign(message)
        }
    }

    let server = OktaServer::start(obliging).await;
    let vault = Vault(SigningKey::generate(Algorithm::Es256).unwrap());
    let pipeline = pipeline(&server, app(&server, ClientAuthentication::signer(vault)));
    call(&pipeline).await.unwrap();
    let header = decode_header(&server.asked(TOKEN)[0].form["client_assertion"]).unwrap();
    assert_eq!(header.kid.as_deref(), Some("in-vault"));
}

#[tokio::test]
async fn secrets_work_both_ways() {
    for (authentication, in_header) in [
        (
            ClientAuthentication::secret_basic(Secret::from("s3cret")),
            true,
        ),
        (secret(), false),
    ] {
        let server = OktaServer::start(obliging).await;
        call(&pipeline(&server, app(&server, authentication)))
            .await
            .unwrap();
        let asked = &server.asked(TOKEN)[0];
        assert_eq!(asked.header("authorization").is_some(), in_header);
        assert_eq!(asked.form.contains_key("client_secret"), !in_header);
    }
}

#[tokio::test]
async fn two_hundred_calls_of_a_refused_client_ask_for_one_token() {
    let is_refused = Arc::new(AtomicBool::new(true));
    let refused = Arc::clone(&is_refused);
    let server = OktaServer::start(move |asked| {
        match asked.url.ends_with(TOKEN) && refused.load(Ordering::Relaxed) {
            true => refusal(401, "invalid_client"),
            false => obliging(asked),
        }
    })
    .await;
    let (clock, passed) = clock();
    let pipeline = pipeline(&server, app(&server, secret()).clock(clock));
    for _ in 0..200 {
        let error = call(&pipeline).await.unwrap_err();
        assert!(error.is_credentials());
        assert_eq!(error.code(), Some("invalid_client"));
    }
    assert_eq!(server.asked(TOKEN).len(), 1);
    assert!(server.asked(USER).is_empty());

    // Once somebody has let the client in, it takes a minute or so.
    is_refused.store(false, Ordering::Relaxed);
    passed.store(59, Ordering::Relaxed);
    call(&pipeline).await.unwrap_err();
    passed.store(72, Ordering::Relaxed);
    call(&pipeline).await.unwrap();
    assert_eq!(server.asked(TOKEN).len(), 2);
}
