//! DPoP at the token endpoint and at the API.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use reqwest::Method;
use serde_json::{Value, json};
use support::Answer;
use support::oauth::{EcKey, Flow, Proof, answer, hash};

/// Asks for a token of the service app with this proof.
async fn ask(flow: &Flow, proof: &str) -> Answer {
    let assertion = flow.assertion(&flow.assertion_claims());
    let request = flow.service_request("okta.users.read", &assertion);
    answer(request.header("dpop", proof)).await
}

fn claims(flow: &Flow) -> Value {
    EcKey::proof_claims(flow, "POST", &flow.endpoint("token"))
}

/// A token that is bound to the key.
async fn bound(flow: &Flow, key: &EcKey) -> String {
    flow.okta.oauth().require_dpop_nonce(false);
    let tokens = ask(flow, &key.prove(&claims(flow))).await;
    assert_eq!(tokens.status, 200, "{:#}", tokens.body);
    tokens.text("access_token")
}

#[tokio::test]
async fn a_proof_needs_the_nonce_of_the_day() {
    let flow = Flow::org().await;
    let key = EcKey::new("ES256");
    let first = ask(&flow, &key.prove(&claims(&flow))).await;
    first.failed(400, "use_dpop_nonce");
    let nonce = first.header("dpop-nonce").to_owned();
    let with = |nonce: &str| {
        let mut claims = claims(&flow);
        claims["nonce"] = json!(nonce);
        key.prove(&claims)
    };
    ask(&flow, &with("other"))
        .await
        .failed(400, "use_dpop_nonce");
    let tokens = ask(&flow, &with(&nonce)).await;
    assert_eq!(
        (tokens.status, &tokens.body["token_type"]),
        (200, &json!("DPoP"))
    );
    assert_eq!(tokens.header("dpop-nonce"), nonce);
    let (_, claims) = flow.verified(&tokens.text("access_token")).await;
    let thumbprint = hash(&format!(
        "{{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":{},\"y\":{}}}",
        key.public["x"], key.public["y"]
    ));
    assert_eq!(claims["cnf"]["jkt"], thumbprint);
    flow.okta.oauth().expire_dpop_nonce();
    let expired = ask(&flow, &with(&nonce)).await;
    expired.failed(400, "use_dpop_nonce");
    assert_ne!(expired.header("dpop-nonce"), nonce);
    let next = expired.header("dpop-nonce").to_owned();
    flow.advance(24 * 3600);
    ask(&flow, &with(&next)).await.failed(400, "use_dpop_nonce");
}

#[tokio::test]
async fn every_algorithm_proves() {
    let flow = Flow::org().await;
    for algorithm in ["ES256", "ES384", "ES512"] {
        bound(&flow, &EcKey::new(algorithm)).await;
    }
}

#[tokio::test]
async fn a_bad_proof_is_refused_with_its_reason() {
    let flow = Flow::org().await;
    flow.okta.oauth().require_dpop_nonce(false);
    let key = EcKey::new("ES256");
    let now = flow.now();
    for (claim, value, reason) in [
        ("htm", json!("GET"), "'htm'"),
        ("htm", json!("post"), "'htm'"),
        ("htu", json!(flow.endpoint("revoke")), "'htu'"),
        (
            "htu",
            json!("https://other.example.com/oauth2/v1/token"),
            "'htu'",
        ),
        ("htu", Value::Null, "'htu'"),
        ("iat", json!(now - 301), "'iat'"),
        ("iat", json!(now + 301), "'iat'"),
        ("iat", Value::Null, "'iat'"),
        ("jti", Value::Null, "'jti'"),
    ] {
        let mut claims = claims(&flow);
        claims[claim] = value;
        let refused = ask(&flow, &key.prove(&claims)).await;
        let description = refused.failed(400, "invalid_dpop_proof");
        assert!(description.contains(reason), "{claim}: {description}");
    }
    let mut private = key.public.clone();
    private["d"] = json!("AAAA");
    let other = EcKey::new("ES256");
    for (header, reason) in [
        (json!({ "typ": "JWT", "jwk": key.public }), "'typ'"),
        (json!({ "typ": "dpop+jwt" }), "signature"),
        (
            json!({ "typ": "dpop+jwt", "jwk": other.public }),
            "signature",
        ),
        (json!({ "typ": "dpop+jwt", "jwk": private }), "private"),
    ] {
        let refused = ask(&flow, &key.sign(header, &claims(&flow))).await;
        let description = refused.failed(400, "invalid_dpop_proof");
        assert!(description.contains(reason), "{description}");
    }
    ask(&flow, "junk").await.failed(400, "invalid_dpop_proof");
    let assertion = flow.assertion(&flow.assertion_claims());
    let twice = flow
        .service_request("okta.users.read", &assertion)
        .header("dpop", key.prove(&claims(&flow)))
        .header("dpop", key.prove(&claims(&flow)));
    answer(twice).await.failed(400, "invalid_dpop_proof");
}

#[tokio::test]
async fn a_proof_is_good_once() {
    let flow = Flow::org().await;
    flow.okta.oauth().require_dpop_nonce(false);
    let proof = EcKey::new("ES256").prove(&claims(&flow));
    assert_eq!(ask(&flow, &proof).await.status, 200);
    let again = ask(&flow, &proof).await;
    assert!(again.failed(400, "invalid_dpop_proof").contains("already"));
}

#[tokio::test]
async fn some_clients_must_prove() {
    let flow = Flow::org().await;
    let service = flow.okta.service_app();
    let pointer = "/settings/oauthClient/dpop_bound_access_tokens";
    flow.reconfigure(service, pointer, json!(true)).await;
    let assertion = flow.assertion(&flow.assertion_claims());
    let refused = flow.service_token("okta.users.read", &assertion).await;
    refused.failed(400, "invalid_dpop_proof");
}

#[tokio::test]
async fn the_refresh_token_of_a_public_client_is_bound_too() {
    let flow = Flow::custom().await;
    flow.okta.oauth().require_dpop_nonce(false);
    let native = flow.okta.native_app();
    let (key, other) = (EcKey::new("ES256"), EcKey::new("ES256"));
    let code = flow.code(native, &[]).await;
    let send = |key: Option<&EcKey>, mut form: Vec<(&'static str, String)>| {
        form.push(("client_id", native.client_id.clone()));
        let mut request = flow.http.post(flow.endpoint("token")).form(&form);
        if let Some(key) = key {
            request = request.header("dpop", key.prove(&claims(&flow)));
        }
        answer(request)
    };
    let redeem = vec![
        ("grant_type", "authorization_code".to_owned()),
        ("code", code),
        ("redirect_uri", support::oauth::CALLBACK.to_owned()),
        ("code_verifier", support::oauth::VERIFIER.to_owned()),
    ];
    let tokens = send(Some(&key), redeem).await;
    let refresh = |token: String| {
        vec![
            ("grant_type", "refresh_token".to_owned()),
            ("refresh_token", token),
        ]
    };
    let token = tokens.text("refresh_token");
    send(None, refresh(token.clone()))
        .await
        .failed(400, "invalid_dpop_proof");
    send(Some(&other), refresh(token.clone()))
        .await
        .failed(400, "invalid_dpop_proof");
    let renewed = send(Some(&key), refresh(token)).await;
    assert_eq!(
        (renewed.status, &renewed.body["token_type"]),
        (200, &json!("DPoP"))
    );
    let described = flow.introspect(&renewed.text("access_token")).await;
    assert_eq!(described["token_type"], "DPoP");
    // The web app's is bound to the client's secret instead.
    let web = flow.okta.web_app();
    let code = flow.code(web, &[]).await;
    let plain = flow.redeem(Proof::Basic(web), &code).await;
    let refreshed = flow
        .refresh(Proof::Basic(web), &plain.text("refresh_token"))
        .await;
    assert_eq!(refreshed.status, 200);
}

#[tokio::test]
async fn a_bound_token_opens_the_api_with_a_proof() {
    let flow = Flow::org().await;
    let key = EcKey::new("ES256");
    let token = bound(&flow, &key).await;
    let url = format!("{}/api/v1/users", flow.okta.org_url());
    let proof = |change: &dyn Fn(&mut Value)| {
        let mut claims = EcKey::proof_claims(&flow, "GET", &url);
        claims["ath"] = json!(hash(&token));
        change(&mut claims);
        key.prove(&claims)
    };
    let get = |scheme: &str, proof: Option<String>| {
        // The query is no part of `htu`.
        let mut request = flow.http.get(format!("{url}?limit=1"));
        request = request.header("authorization", format!("{scheme} {token}"));
        if let Some(proof) = proof {
            request = request.header("dpop", proof);
        }
        answer(request)
    };
    let good = proof(&|_| ());
    let users = get("DPoP", Some(good.clone())).await;
    assert_eq!(users.status, 200, "{:#}", users.body);
    let whole = || proof(&|claims| claims["htu"] = json!(format!("{url}?limit=1#top")));
    get("DPoP", Some(whole()))
        .await
        .failed(400, "invalid_dpop_proof");
    flow.okta.oauth().compare_dpop_url_by_rfc(true);
    assert_eq!(get("DPoP", Some(whole())).await.status, 200);
    for (scheme, proof) in [("Bearer", None), ("Bearer", Some(proof(&|_| ())))] {
        let refused = get(scheme, proof).await;
        refused.refused(401, "E0000011");
        let challenge = refused.header("www-authenticate");
        assert!(challenge.starts_with("DPoP error=\"invalid_token\""));
    }
    for bad in [
        Some(good),
        None,
        Some(proof(&|claims| claims["ath"] = json!(hash("other")))),
        Some(proof(&|claims| claims["ath"] = Value::Null)),
        Some(proof(&|claims| claims["htm"] = json!("POST"))),
        Some(proof(&|claims| claims["htu"] = json!(format!("{url}/me")))),
    ] {
        let refused = get("DPoP", bad).await;
        refused.failed(400, "invalid_dpop_proof");
        let challenge = refused.header("www-authenticate");
        assert!(challenge.starts_with("DPoP error=\"invalid_dpop_proof\""));
    }
    let mut claims = EcKey::proof_claims(&flow, "GET", &url);
    claims["ath"] = json!(hash(&token));
    let stolen = get("DPoP", Some(EcKey::new("ES256").prove(&claims))).await;
    stolen.refused(401, "E0000011");
    assert!(stolen.header("www-authenticate").contains("another key"));
}

#[tokio::test]
async fn the_url_of_a_proof_has_a_decoded_path() {
    let flow = Flow::org().await;
    let key = EcKey::new("ES256");
    let token = bound(&flow, &key).await;
    let users = format!("{}/api/v1/users", flow.okta.org_url());
    let get = |called: &str, htu: &str| {
        let mut claims = EcKey::proof_claims(&flow, "GET", &format!("{users}/{htu}"));
        claims["ath"] = json!(hash(&token));
        let request = flow.http.get(format!("{users}/{called}"));
        let request = request.header("authorization", format!("DPoP {token}"));
        answer(request.header("dpop", key.prove(&claims)))
    };
    let (plain, encoded) = ("grace@example.com", "grace%40example.com");
    for (called, htu, at_okta, by_rfc) in [
        (plain, plain, true, true),
        (encoded, plain, true, false),
        (encoded, encoded, false, true),
        (plain, encoded, false, false),
    ] {
        for (rule, good) in [(false, at_okta), (true, by_rfc)] {
            flow.okta.oauth().compare_dpop_url_by_rfc(rule);
            let status = get(called, htu).await.status;
            assert_eq!(
                status,
                if good { 200 } else { 400 },
                "{called} {htu} {rule}"
            );
        }
    }
}

#[tokio::test]
async fn the_api_can_ask_for_a_nonce() {
    let flow = Flow::org().await;
    let key = EcKey::new("ES256");
    let token = bound(&flow, &key).await;
    flow.okta.oauth().require_dpop_nonce_at_api(true);
    let url = format!("{}/api/v1/users", flow.okta.org_url());
    let get = |nonce: Value| {
        let mut claims = EcKey::proof_claims(&flow, "GET", &url);
        claims["ath"] = json!(hash(&token));
        claims["nonce"] = nonce;
        let request = flow.http.get(&url).header("dpop", key.prove(&claims));
        answer(request.header("authorization", format!("DPoP {token}")))
    };
    let asked = get(Value::Null).await;
    asked.refused(401, "E0000011");
    assert!(
        asked
            .header("www-authenticate")
            .starts_with("DPoP error=\"use_dpop_nonce\"")
    );
    assert_eq!(get(json!(asked.header("dpop-nonce"))).await.status, 200);
}

#[tokio::test]
async fn an_unbound_token_is_no_dpop_token() {
    let flow = Flow::org().await;
    let token = flow.api_token("okta.users.read").await;
    let url = format!("{}/api/v1/users", flow.okta.org_url());
    let request = flow
        .http
        .get(&url)
        .header("authorization", format!("DPoP {token}"));
    answer(request).await.refused(401, "E0000011");
    let plain = answer(flow.http.get(&url).bearer_auth(&token)).await;
    assert_eq!(plain.status, 200);
    let path = "/api/v1/users";
    assert_eq!(flow.manage(Method::GET, path, None).await.status, 200);
}
