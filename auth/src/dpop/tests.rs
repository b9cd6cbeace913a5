#![allow(clippy::unwrap_used)]
use std::collections::HashSet;
use std::time::UNIX_EPOCH;

use http::HeaderValue;
use http::header::AUTHORIZATION;
use jsonwebtoken::{DecodingKey, Validation, decode, decode_header};
use reqwest::Request;
use serde_json::{Value, json};

use super::*;
use crate::testing::{Reply, Script, Sent, reply};
use crate::{Call, OrgUrl, Pipeline, RawResponse};

const CALL: Call = Call::new("token", "/oauth2/v1/token").idempotent(true);

/// 2001-09-09T01:46:40Z.
const BILLION: u64 = 1_000_000_000;
const AT_BILLION: (&str, &str) = ("date", "Sun, 09 Sep 2001 01:46:40 GMT");

const NONCE_WANTED: &str = r#"{"error": "use_dpop_nonce", "error_description": "…"}"#;

fn at(seconds: u64) -> Clock {
    Clock::fixed(UNIX_EPOCH + Duration::from_secs(seconds))
}

fn dpop() -> Dpop {
    Dpop::new().unwrap().clock(at(BILLION))
}

/// Checks a proof by another implementation and gives its header's `jwk` and its claims.
fn read(proof: &str) -> (jsonwebtoken::jwk::Jwk, Value) {
    let header = decode_header(proof).unwrap();
    assert_eq!(header.typ.unwrap(), "dpop+jwt");
    assert_eq!(header.kid, None);
    let jwk = header.jwk.unwrap();
    let mut validation = Validation::new(header.alg);
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    let key = DecodingKey::from_jwk(&jwk).unwrap();
    (jwk, decode(proof, &key, &validation).unwrap().claims)
}

fn claims(sent: &Sent) -> Value {
    read(sent.headers["dpop"].to_str().unwrap()).1
}

/// Sends a request with `dpop` through a pipeline that gets these replies in turn.
async fn send(
    dpop: Option<Dpop>,
    authorization: Option<&'static str>,
    replies: Vec<Reply>,
) -> (Result<RawResponse, Error>, Script) {
    let replies = Mutex::new(replies.into_iter());
    let script = Script::new(move |_, _| replies.lock().unwrap().next().unwrap());
    let org = OrgUrl::parse("https://acme.okta.com").unwrap();
    let proofs = DpopProofs::new(dpop, ServerClock::new(at(BILLION)));
    let pipeline = Pipeline::builder(org, proofs);
    let pipeline = pipeline.build_over(script.clone()).unwrap();
    let url = Url::parse("https://acme.okta.com/oauth2/v1/token?x=joe@example.com").unwrap();
    let mut request = Request::new(Method::POST, url);
    if let Some(value) = authorization {
        let headers = request.headers_mut();
        headers.insert(AUTHORIZATION, HeaderValue::from_static(value));
    }
    (pipeline.send(request, &CALL).await, script)
}

#[test]
fn another_implementation_reads_the_proofs() {
    let url = Url::parse("https://acme.okta.com/api/v1/users/joe@example.com?q=1").unwrap();
    for algorithm in Algorithm::ALL {
        // jsonwebtoken has no P-521.
        if algorithm == Algorithm::Es512 {
            continue;
        }
        let dpop = Dpop::with_algorithm(algorithm).unwrap().clock(at(BILLION));
        let proof = dpop.proof(&Method::GET, &url, None).unwrap();
        let (jwk, claims) = read(&proof);
        let jwk = serde_json::to_value(jwk).unwrap();
        let private = ["d", "p", "q", "kid", "alg", "use"];
        assert!(private.iter().all(|name| jwk.get(name).is_none()), "{jwk}");
        let thumbprint = crate::jose::Jwk::from_json(&jwk).unwrap().thumbprint();
        assert_eq!(thumbprint, dpop.key().thumbprint());
        assert_eq!(claims["htm"], "GET");
        assert_eq!(
            claims["htu"],
            "https://acme.okta.com/api/v1/users/joe@example.com"
        );
        assert_eq!(claims["iat"], BILLION);
        assert_eq!(claims.as_object().unwrap().len(), 4);
    }
}

#[tokio::test(start_paused = true)]
async fn each_attempt_has_a_proof_of_its_own() {
    let limits = [
        ("x-rate-limit-limit", "0"),
        ("x-rate-limit-remaining", "0"),
        ("x-rate-limit-reset", "1000000060"),
        ("dpop-nonce", "from-429"),
    ];
    let replies = vec![
        reply(429, &limits, ""),
        reply(503, &[("dpop-nonce", "from-503")], ""),
        reply(200, &[], ""),
    ];
    let (result, script) = send(Some(dpop()), None, replies).await;
    assert_eq!(result.unwrap().attempts, 3);
    script.sent(|sent| {
        let ids: HashSet<_> = sent
            .iter()
            .map(|sent| claims(sent)["jti"].clone())
            .collect();
        assert_eq!(ids.len(), 3);
        let nonces: Vec<_> = sent
            .iter()
            .map(|sent| claims(sent)["nonce"].clone())
            .collect();
        assert_eq!(nonces, [json!(null), json!("from-429"), json!("from-503")]);
        assert!(sent[0].headers["dpop"].is_sensitive());
        assert!(!sent[0].headers.contains_key("x-okta-user-agent-extended"));
    });
}

#[tokio::test(start_paused = true)]
async fn a_wanted_nonce_is_no_retry() {
    let challenge = (
        "www-authenticate",
        r#"DPoP error="use_dpop_nonce", error_description="a nonce""#,
    );
    for refusal in [
        reply(400, &[("dpop-nonce", "n-1")], NONCE_WANTED),
        reply(401, &[("dpop-nonce", "n-1"), challenge], ""),
        reply(
            401,
            &[("dpop-nonce", "n-1"), challenge],
            r#"{"errorCode": "E0000011"}"#,
        ),
        reply(
            400,
            &[("dpop-nonce", "n-1")],
            r#"{"error": "invalid_dpop_proof"}"#,
        ),
    ] {
        let replies = vec![refusal, reply(200, &[("dpop-nonce", "n-2")], "")];
        let dpop = dpop();
        let (result, script) = send(Some(dpop.clone()), None, replies).await;
        assert_eq!(result.unwrap().attempts, 2);
        script.sent(|sent| {
            assert_eq!(claims(&sent[1])["nonce"], "n-1");
            assert!(!sent[1].headers.contains_key("x-okta-retry-count"));
        });
        let (_, script) = send(Some(dpop), None, vec![reply(200, &[], "")]).await;
        script.sent(|sent| assert_eq!(claims(&sent[0])["nonce"], "n-2"));
    }
}

#[tokio::test(start_paused = true)]
async fn a_nonce_that_is_wanted_again_or_not_told_is_an_error() {
    let refusals = |nonces: [&str; 2]| {
        let refuse = |nonce| reply(400, &[("dpop-nonce", nonce)], NONCE_WANTED);
        nonces.map(refuse).into()
    };
    for (nonces, sendings) in [(["n-1", "n-2"], 2), (["", ""], 1)] {
        let (result, script) = send(Some(dpop()), None, refusals(nonces)).await;
        assert_eq!(result.unwrap_err().code(), Some("use_dpop_nonce"));
        assert_eq!(script.sent(<[_]>::len), sendings);
    }
    let (result, script) = send(None, None, refusals(["n-1", "n-2"])).await;
    assert_eq!(result.unwrap_err().code(), Some("use_dpop_nonce"));
    assert_eq!(script.sent(<[_]>::len), 1, "there is no proof to put it in");
}

#[tokio::test(start_paused = true)]
async fn a_proof_that_goes_with_a_token_has_its_hash() {
    let token = "DPoP Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU";
    let (_, script) = send(Some(dpop()), Some(token), vec![reply(200, &[], "")]).await;
    script.sent(|sent| {
        assert_eq!(
            claims(&sent[0])["ath"],
            "fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo"
        );
        assert_eq!(sent[0].headers["x-okta-user-agent-extended"], "isDPoP:true");
        assert_eq!(sent[0].headers[AUTHORIZATION], token);
    });
    let (_, script) = send(Some(dpop()), Some("Basic YTpi"), vec![reply(200, &[], "")]).await;
    script.sent(|sent| assert!(claims(&sent[0]).get("ath").is_none()));
}

#[tokio::test(start_paused = true)]
async fn a_wrong_clock_is_set_by_the_servers() {
    let late = ("date", "Sun, 09 Sep 2001 01:56:40 GMT");
    let replies = || {
        let refusal = r#"{"error": "invalid_dpop_proof"}"#;
        vec![reply(400, &[late], refusal), reply(200, &[], "")]
    };
    let (result, script) = send(Some(dpop()), None, replies()).await;
    assert_eq!(result.unwrap().attempts, 2);
    script.sent(|sent| {
        assert_eq!(claims(&sent[0])["iat"], BILLION);
        assert_eq!(claims(&sent[1])["iat"], BILLION + 600);
    });

    // For client assertions, which the request makes anew.
    let refusal = reply(401, &[late], r#"{"error": "invalid_client"}"#);
    let (result, _) = send(None, None, vec![refusal, reply(200, &[], "")]).await;
    assert_eq!(result.unwrap().attempts, 2);
}

#[tokio::test(start_paused = true)]
async fn a_proof_refused_with_the_right_time_stays_refused() {
    for error in ["invalid_dpop_proof", "invalid_client", "invalid_grant"] {
        let body = format!(r#"{{"error": "{error}"}}"#);
        let date = match error {
            "invalid_grant" => ("date", "Sun, 09 Sep 2001 01:56:40 GMT"),
            _ => AT_BILLION,
        };
        let replies = vec![reply(400, &[date], &body)];
        let (result, script) = send(Some(dpop()), None, replies).await;
        assert_eq!(result.unwrap_err().code(), Some(error));
        assert_eq!(script.sent(<[_]>::len), 1);
    }
}

#[test]
fn new_tokens_get_new_keys_and_old_ones_keep_theirs() {
    let now = Arc::new(Mutex::new(BILLION));
    let clock = {
        let now = Arc::clone(&now);
        Clock::new(move || UNIX_EPOCH + Duration::from_secs(*now.lock().unwrap()))
    };
    let hour = Duration::from_secs(3600);
    let dpop = Dpop::new().unwrap().rotate_key_every(hour).clock(clock);
    let key = |at: u64| {
        *now.lock().unwrap() = at;
        dpop.for_new_token().unwrap().key()
    };
    let first = key(BILLION);
    assert_eq!(key(BILLION + 3599), first);
    let bound = dpop.for_new_token().unwrap();
    let second = key(BILLION + 3600);
    assert_ne!(second, first);
    assert_eq!(dpop.key(), second, "clones and copies see the same key");
    assert_eq!(key(BILLION + 7199), second);
    assert_eq!(bound.key(), first);
    assert_eq!(bound.for_new_token().unwrap().key(), first);
    assert_eq!(dpop.bound_to(first.clone()).key(), first);
}

#[test]
fn a_key_of_ones_own_is_kept() {
    let key = SigningKey::generate(Algorithm::Es256).unwrap();
    let thumbprint = key.public_jwk().thumbprint();
    let dpop = Dpop::with_key(key.with_key_id("k")).rotate_key_every(Duration::ZERO);
    for _ in 0..2 {
        assert_eq!(dpop.for_new_token().unwrap().key().thumbprint(), thumbprint);
    }
    let url = Url::parse("https://acme.okta.com/").unwrap();
    read(&dpop.proof(&Method::GET, &url, None).unwrap());
}

#[test]
fn debug_shows_no_nonce_and_no_key() {
    let dpop = dpop();
    let url = Url::parse("https://acme.okta.com/").unwrap();
    let headers = crate::testing::headers(&[("dpop-nonce", "leak")]);
    assert!(dpop.remember_nonce(&url, &headers, true));
    let text = format!("{dpop:?}");
    assert!(!text.contains("leak") && text.contains(dpop.key().thumbprint()));
}
