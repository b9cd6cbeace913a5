//! Access tokens that are bound to a DPoP key, and what a thief could try.

use http::{HeaderMap, HeaderValue, Method};
use okta_auth::jose::Algorithm;
use okta_auth::verifier::{DpopChecks, DpopNonces, DpopRequest, MemoryReplayCache, ProofError};
use okta_auth::{Clock, Dpop, VerifyError};
use serde_json::{Value, json};

use crate::made::*;
use crate::proofs::*;

#[tokio::test]
async fn a_good_proof_of_each_algorithm_is_taken() {
    for algorithm in Algorithm::ALL {
        let key = key(algorithm, "unsent");
        let token = bound_to(&key);
        let proof = Made::new(&key, &token).text();
        let claims = check(&verifier(), &token, &proof).await.unwrap();
        assert_eq!(claims.client_id, CLIENT);
    }
}

#[tokio::test]
async fn the_proofs_of_our_own_client_are_taken() {
    let dpop = Dpop::with_key(CLIENT_KEY.clone()).clock(Clock::fixed(at(NOW)));
    let token = bound_to(&CLIENT_KEY);
    let (verifier, method) = (verifier(), Method::POST);
    for path in [
        "/a/joe@example.com?x=%40",
        "/a/joe%40example.com",
        "/a%2Fb",
        "/",
    ] {
        let url = format!("https://api.acme.com{path}");
        let parsed = url.parse().unwrap();
        let proof = dpop.proof(&method, &parsed, Some(&token.as_str().into()));
        let proof = proof.unwrap();
        let request = DpopRequest::new(&method, &url).proof(&proof);
        let taken = verifier.verify_dpop_access_token(&token, request).await;
        assert!(taken.is_ok(), "{path}: {taken:?}");
    }
}

#[tokio::test]
async fn bearer_use_of_a_bound_token_is_refused() {
    let thumbprint = CLIENT_KEY.public_jwk().thumbprint();
    for (cnf, advice) in [
        (json!({ "jkt": thumbprint }), "verify_dpop_access_token"),
        (json!({"x5t#S256": "hash"}), "verify_with_certificate"),
        (json!({"jwk": {}}), "jwk"),
        (json!({"kid": "one"}), "kid"),
        (json!({"unheard-of": 1}), "unheard-of"),
        (json!({}), "cannot be checked"),
        (json!("text"), "cannot be checked"),
        (json!([1]), "cannot be checked"),
    ] {
        let token = sign(&RSA, &with(access_claims(), "cnf", cnf.clone()));
        let remembering = builder().remember_tokens(8).build().unwrap();
        for verifier in [verifier(), remembering.clone(), remembering] {
            let error = verifier.verify_access_token(&token).await.unwrap_err();
            assert_eq!(name(&error), "Bound", "{cnf}");
            assert!(error.to_string().contains(advice), "{error}");
            assert_eq!(error.status(), 401);
        }
    }
    let null = access_claims()
        .to_string()
        .replacen('{', r#"{"cnf":null,"#, 1);
    let token = sign_texts(&RSA, r#"{"kid":"rsa","alg":"RS256"}"#, &null);
    assert_refused(&verifier(), &token, "Bound").await;
}

#[tokio::test]
async fn a_token_that_is_not_bound_by_its_key_alone_is_refused() {
    let thumbprint = CLIENT_KEY.public_jwk().thumbprint();
    for cnf in [
        Value::Null,
        json!({}),
        json!({"x5t#S256": thumbprint}),
        json!({"jkt": thumbprint, "x5t#S256": "hash"}),
        json!({"jkt": [thumbprint]}),
        json!(thumbprint),
    ] {
        let token = sign(&RSA, &with(access_claims(), "cnf", cnf.clone()));
        let error = check(&verifier(), &token, &made(&token).text()).await;
        assert_eq!(name(&error.unwrap_err()), "NotBound", "{cnf}");
    }
}

#[tokio::test]
async fn the_token_is_checked_before_the_proof() {
    let token = bound_to(&CLIENT_KEY);
    let late = builder().clock(Clock::fixed(at(NOW + 4000))).build();
    let error = check(&late.unwrap(), &token, "garbage").await.unwrap_err();
    assert_eq!(name(&error), "Expired");
    let (signed, _) = token.rsplit_once('.').unwrap();
    let forged = format!("{signed}.AAAA");
    let error = check(&verifier(), &forged, "garbage").await.unwrap_err();
    assert_eq!(name(&error), "Signature");
}

#[tokio::test]
async fn a_tampered_proof_is_refused() {
    let token = bound_to(&CLIENT_KEY);
    let good = made(&token);
    let other = good.clone().claim("htu", "https://api.acme.com/orders/8");
    let (good, other) = (good.text(), other.text());
    let parts = |text: &str| text.split('.').map(str::to_owned).collect::<Vec<_>>();
    let (g, o) = (parts(&good), parts(&other));
    for mixed in [[&g[0], &o[1], &g[2]], [&g[0], &g[1], &o[2]]] {
        let mixed = mixed.map(String::as_str).join(".");
        assert_eq!(refusal(&token, &mixed).await, ProofError::Signature);
    }
    for broken in [
        String::new(),
        "garbage".to_owned(),
        format!("{good}.x"),
        format!("{good}="),
        format!(" {good}"),
        format!("{good},{good}"),
        format!("{}.{}.", g[0], g[1]),
        good.replace('.', " "),
        format!("{}.{}.{}", base64("[]"), g[1], g[2]),
    ] {
        let error = refusal(&token, &broken).await;
        let is_expected = matches!(error, ProofError::Form | ProofError::Signature);
        assert!(is_expected, "{broken}: {error:?}");
    }
}

#[tokio::test]
async fn a_replayed_proof_is_refused() {
    let verifier = verifier();
    let token = bound_to(&CLIENT_KEY);
    let proof = made(&token);
    check(&verifier, &token, &proof.text()).await.unwrap();
    // Again, also by a clone of the verifier, for another URL, or at another time.
    for again in [
        proof.clone(),
        proof.clone().claim("htu", format!("{URL}?again")),
        proof.clone().claim("iat", NOW + 1),
    ] {
        let error = check(&verifier.clone(), &token, &again.text()).await;
        let error = error.unwrap_err();
        assert!(
            matches!(error, VerifyError::Proof(ProofError::Replayed)),
            "{error}"
        );
    }
    // Another key may have the same `jti`.
    let token = bound_to(&THIEF_KEY);
    let proof = Made::new(&THIEF_KEY, &token).text();
    check(&verifier, &token, &proof).await.unwrap();
}

#[tokio::test]
async fn of_a_thousand_tasks_with_one_proof_one_gets_in() {
    let verifier = verifier();
    let token = bound_to(&CLIENT_KEY);
    let proof = made(&token).text();
    let tasks = (0..1000).map(|_| check(&verifier, &token, &proof));
    let all = futures::future::join_all(tasks).await;
    assert_eq!(all.iter().filter(|result| result.is_ok()).count(), 1);
}

#[tokio::test]
async fn a_flood_of_proofs_makes_no_old_one_good_again() {
    let small = DpopChecks::new().replay_cache(MemoryReplayCache::new(2));
    let verifier = builder().dpop(small).build().unwrap();
    let token = bound_to(&CLIENT_KEY);
    let proof = |id: &str| made(&token).claim("jti", id).text();
    check(&verifier, &token, &proof("1")).await.unwrap();
    check(&verifier, &token, &proof("2")).await.unwrap();
    let error = check(&verifier, &token, &proof("3")).await.unwrap_err();
    assert_eq!(
        (name(&error).as_str(), error.status().as_u16()),
        ("ReplayCache", 503)
    );
    assert!(error.challenge().is_none());
    let error = check(&verifier, &token, &proof("1")).await.unwrap_err();
    assert_eq!(name(&error), "Proof");
}

#[tokio::test]
async fn a_proof_for_another_method_is_refused() {
    let token = bound_to(&CLIENT_KEY);
    for method in ["POST", "get", "GET ", "DELETE"] {
        let proof = made(&token).claim("htm", method).text();
        assert_eq!(refusal(&token, &proof).await, ProofError::Method);
    }
}

#[tokio::test]
async fn a_proof_for_another_host_is_refused() {
    let token = bound_to(&CLIENT_KEY);
    for url in [
        "https://evil.com/orders/7",
        "https://api.acme.com.evil.com/orders/7",
        "https://evil.com/https://api.acme.com/orders/7",
        "https://api.acme.com@evil.com/orders/7",
        "https://evil.com@api.acme.com/orders/7",
        "https://api.acme.com:8443/orders/7",
        "https://api.acme.com:80/orders/7",
        "http://api.acme.com/orders/7",
        "http://api.acme.com:443/orders/7",
        "https://api.acme.com./orders/7",
        "https:\\\\api.acme.com\\orders\\7",
        "//api.acme.com/orders/7",
        "/orders/7",
        "orders/7",
    ] {
        let proof = made(&token).claim("htu", url).text();
        assert_eq!(refusal(&token, &proof).await, ProofError::Url, "{url}");
    }
}

#[tokio::test]
async fn a_proof_for_another_path_is_refused() {
    let token = bound_to(&CLIENT_KEY);
    for url in [
        "https://api.acme.com/orders/8",
        "https://api.acme.com/Orders/7",
        "https://api.acme.com/orders/7/",
        "https://api.acme.com//orders/7",
        "https://api.acme.com/orders%2F7",
        "https://api.acme.com/orders/7%00",
        "https://api.acme.com/orders/%377",
        "https://api.acme.com/orders\\7",
        "https://api.acme.com/orders/7\n",
        "https://api.acme.com/orders/7;v=1",
        "https://api.acme.com",
    ] {
        let proof = made(&token).claim("htu", url).text();
        assert_eq!(refusal(&token, &proof).await, ProofError::Url, "{url}");
    }
}

#[tokio::test]
async fn another_spelling_of_the_same_url_is_taken() {
    let token = bound_to(&CLIENT_KEY);
    for url in [
        "HTTPS://API.ACME.COM:443/orders/7",
        "https://api.acme.com/./orders/x/../7",
        "https://api.acme.com/%6frders/%37",
        "https://api.acme.com/orders/7?page=2#top",
    ] {
        let proof = made(&token).claim("htu", url).text();
        let taken = check(&verifier(), &token, &proof).await;
        assert!(taken.is_ok(), "{url}: {taken:?}");
    }
}

#[tokio::test]
async fn an_encoded_slash_is_not_a_slash_and_a_query_cannot_hide_a_path() {
    let (token, method) = (bound_to(&CLIENT_KEY), Method::GET);
    for (htu, called, good) in [
        ("https://h/a%2Fb", "https://h/a%2Fb", true),
        ("https://h/a%2fb", "https://h/a%2Fb", true),
        ("https://h/a/b", "https://h/a%2Fb", false),
        ("https://h/a%2Fb", "https://h/a/b", false),
        ("https://h/a%252Fb", "https://h/a%2Fb", false),
        ("https://h/a/..%2Fb", "https://h/b", false),
        // Query smuggling.
        ("https://h/a?/b", "https://h/a/b", false),
        ("https://h/a%3Fx", "https://h/a?x", false),
        ("https://h/a?x", "https://h/a%3Fx", false),
        ("https://h/a#/b", "https://h/a/b", false),
        ("https://h/a%23b", "https://h/a#b", false),
        ("https://h?/a", "https://h/a", false),
        ("https://h/?/a", "https://h", true),
        ("https://h/a?x=1", "https://h/a?x=2", true),
    ] {
        let proof = made(&token).claim("htu", htu).text();
        let request = DpopRequest::new(&method, called).proof(&proof);
        let result = verifier().verify_dpop_access_token(&token, request).await;
        assert_eq!(result.is_ok(), good, "{htu} for {called}: {result:?}");
    }
    let proof = made(&token).text();
    let request = DpopRequest::new(&method, "/orders/7").proof(&proof);
    let result = verifier().verify_dpop_access_token(&token, request).await;
    assert!(matches!(
        result,
        Err(VerifyError::Proof(ProofError::RequestUrl))
    ));
}

#[tokio::test]
async fn a_stale_or_future_proof_is_refused() {
    let token = bound_to(&CLIENT_KEY);
    for (offset, good) in [(-120, true), (-121, false), (120, true), (121, false)] {
        let proof = made(&token).claim("iat", NOW + offset).text();
        let result = check(&verifier(), &token, &proof).await;
        assert_eq!(result.is_ok(), good, "{offset}: {result:?}");
    }
    let stale = made(&token).claim("iat", 0).text();
    let error = refusal(&token, &stale).await;
    assert!(matches!(
        error,
        ProofError::TooOld {
            issued_at: 0,
            now: NOW
        }
    ));
    let future = made(&token).claim("iat", 1_i64 << 53).text();
    let error = refusal(&token, &future).await;
    assert!(matches!(error, ProofError::InFuture { .. }));
    // The window has a bound of its own.
    let wide = DpopChecks::new().window(std::time::Duration::MAX);
    let wide = builder().dpop(wide).build().unwrap();
    let proof = made(&token).claim("iat", NOW - 601).text();
    assert!(check(&wide, &token, &proof).await.is_err());
}

#[tokio::test]
async fn a_proof_with_the_hash_of_another_token_is_refused() {
    let token = bound_to(&CLIENT_KEY);
    let other = sign(&RSA, &access_claims());
    let proof = made(&other).text();
    assert_eq!(refusal(&token, &proof).await, ProofError::TokenHash);
    let proof = made(&token).claim("ath", "").text();
    assert_eq!(
        refusal(&token, &proof).await,
        ProofError::Claim { claim: "ath" }
    );
}

#[tokio::test]
async fn a_claim_that_is_missing_or_of_another_type_is_refused() {
    let token = bound_to(&CLIENT_KEY);
    let long = "x".repeat(257);
    for (claim, values) in [
        ("jti", [json!(null), json!(""), json!(1), json!(long)]),
        ("htm", [json!(null), json!(""), json!(["GET"]), json!(1)]),
        ("htu", [json!(null), json!(""), json!([URL]), json!({})]),
        ("iat", [json!(null), json!("1"), json!(1e300), json!(true)]),
        ("ath", [json!(null), json!(""), json!(1), json!({})]),
        ("nonce", [json!(1), json!([]), json!({}), json!(true)]),
    ] {
        for value in values {
            let proof = made(&token).claim(claim, value.clone()).text();
            let error = refusal(&token, &proof).await;
            assert_eq!(error, ProofError::Claim { claim }, "{value}");
        }
    }
}

#[tokio::test]
async fn a_proof_of_an_hmac_or_of_none_is_refused() {
    let token = bound_to(&CLIENT_KEY);
    for alg in ["HS256", "HS512", "none", "None", "", "ES256K", "RS256"] {
        let proof = made(&token).header("alg", alg).text();
        let error = refusal(&token, &proof).await;
        // RS256 is allowed, but the key is none for it.
        let expected = matches!(error, ProofError::Algorithm { .. });
        assert!(
            expected || (alg, &error) == ("RS256", &ProofError::Key),
            "{alg}: {error}"
        );
    }
    let secret = json!({"kty": "oct", "k": "c2VjcmV0"});
    let proof = made(&token).header("alg", "HS256").header("jwk", secret);
    let error = refusal(&token, &proof.text()).await;
    assert!(matches!(error, ProofError::Algorithm { .. }));
    let only = DpopChecks::new().algorithms([Algorithm::EdDsa]);
    let only = builder().dpop(only).build().unwrap();
    let error = check(&only, &token, &made(&token).text())
        .await
        .unwrap_err();
    assert!(error.to_string().contains("EdDSA"), "{error}");
    let challenge = only.challenge(&error).unwrap().to_string();
    assert!(challenge.ends_with(r#", algs="EdDSA""#), "{challenge}");
}

#[tokio::test]
async fn a_proof_with_a_private_or_shared_key_is_refused() {
    let token = bound_to(&CLIENT_KEY);
    for member in ["d", "p", "q", "dp", "dq", "qi", "oth", "k"] {
        let jwk = with(bare_jwk(&CLIENT_KEY), member, "AQAB".into());
        let proof = made(&token).header("jwk", jwk).text();
        assert_eq!(refusal(&token, &proof).await, ProofError::PrivateKey);
    }
}

#[tokio::test]
async fn the_proof_of_another_key_is_refused() {
    let token = bound_to(&CLIENT_KEY);
    let thief = Made::new(&THIEF_KEY, &token);
    assert_eq!(refusal(&token, &thief.text()).await, ProofError::Thumbprint);
    // With the client's key in its header, and signed by the thief's.
    let claimed = thief.clone().header("jwk", bare_jwk(&CLIENT_KEY)).text();
    assert_eq!(refusal(&token, &claimed).await, ProofError::Signature);
    for jwk in [json!(null), json!({}), json!("text"), json!([])] {
        let proof = made(&token).header("jwk", jwk).text();
        assert_eq!(refusal(&token, &proof).await, ProofError::Key);
    }
    // Nor does anything else in the header name a key.
    let proof = made(&token)
        .header("jwk", Value::Null)
        .header("kid", "rsa")
        .header("jku", "https://evil.com/keys")
        .text();
    assert_eq!(refusal(&token, &proof).await, ProofError::Key);
}

#[tokio::test]
async fn another_kind_of_token_is_no_proof() {
    let token = bound_to(&CLIENT_KEY);
    for typ in ["JWT", "at+jwt", "", "DPOP+JWT", "dpop+jwt "] {
        let proof = made(&token).header("typ", typ).text();
        assert_eq!(refusal(&token, &proof).await, ProofError::Type, "{typ}");
    }
    assert_eq!(refusal(&token, &token).await, ProofError::Type);
    let proof = made(&token).header("crit", json!(["exp"])).text();
    assert_eq!(refusal(&token, &proof).await, ProofError::Form);
}

#[tokio::test]
async fn no_header_two_headers_and_long_ones_are_refused() {
    let (token, method) = (bound_to(&CLIENT_KEY), Method::GET);
    let proof = made(&token).text();
    let mut headers = HeaderMap::new();
    for found in [0, 1, 2] {
        let request = DpopRequest::new(&method, URL).headers(&headers);
        let result = verifier().verify_dpop_access_token(&token, request).await;
        match result {
            Ok(_) => assert_eq!(found, 1),
            Err(VerifyError::Proof(error)) => assert_eq!(error, ProofError::Headers { found }),
            Err(error) => panic!("{error}"),
        }
        headers.append("DPoP", HeaderValue::from_str(&proof).unwrap());
    }
    let error = refusal(&token, &"x".repeat(8193)).await;
    assert!(matches!(error, ProofError::TooLong { length: 8193, .. }));
    let request = DpopRequest::new(&method, URL).proof(&[0xff_u8, 0xfe]);
    let error = verifier().verify_dpop_access_token(&token, request).await;
    assert_eq!(
        error.unwrap_err().to_string(),
        "the DPoP proof is not good: it is not a signed JWT"
    );
}

#[tokio::test]
async fn a_proof_without_the_servers_nonce_is_challenged() {
    let checks = || DpopChecks::new().nonces(DpopNonces::new().unwrap());
    let verifier = builder().dpop(checks()).build().unwrap();
    let stranger = builder().dpop(checks()).build().unwrap();
    let token = bound_to(&CLIENT_KEY);
    for nonce in [
        json!(null),
        json!(""),
        json!("made up"),
        json!(stranger.dpop_nonce()),
    ] {
        let proof = made(&token).claim("nonce", nonce).text();
        let error = check(&verifier, &token, &proof).await.unwrap_err();
        let challenge = verifier.challenge(&error).unwrap().to_string();
        assert!(
            challenge.contains(r#"error="use_dpop_nonce""#),
            "{challenge}"
        );
        assert_eq!(error.status(), 401);
        let VerifyError::DpopNonce { nonce } = error else {
            panic!("{error}");
        };
        assert_eq!(Some(&nonce), verifier.dpop_nonce().as_ref());
    }
    // None of these was accepted, so the `jti` is not used up.
    let nonce = verifier.dpop_nonce().unwrap();
    let proof = made(&token).claim("nonce", nonce).text();
    check(&verifier, &token, &proof).await.unwrap();
    assert_eq!(self::verifier().dpop_nonce(), None);
}
