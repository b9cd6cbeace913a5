//! How clients prove who they are, and what each may ask for.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::Method;
use serde_json::{Value, json};
use support::oauth::{EcKey, Flow, GRACE, Proof, basic};

const CLIENT: (&str, &str) = ("grant_type", "client_credentials");

#[tokio::test]
async fn a_secret_travels_by_the_registered_way_only_if_a_test_says_so() {
    let flow = Flow::custom().await;
    flow.okta.oauth().require_registered_authentication(true);
    let trusted = flow.okta.trusted_app();
    let secret = trusted.client_secret.as_deref().unwrap();
    let form = [
        ("grant_type", "password"),
        ("username", GRACE),
        ("password", flow.okta.password()),
        ("scope", "openid"),
    ];
    let with = |more: &[(&str, &str)]| {
        let mut form = form.to_vec();
        form.extend_from_slice(more);
        flow.post("token", &form)
    };
    let id = ("client_id", trusted.client_id.as_str());
    let authorized = |id: &str, secret: &str| with(&[]).headers(basic(id, secret));
    let good = flow.send(authorized(&trusted.client_id, secret)).await;
    assert_eq!(good.status, 200, "{:#}", good.body);
    for (request, status, error, reason) in [
        (with(&[]), 401, "invalid_client", "No client credentials"),
        (with(&[id]), 401, "invalid_client", "No client credentials"),
        (
            authorized("0oaNOBODY", secret),
            401,
            "invalid_client",
            "client_id",
        ),
        (
            authorized(&trusted.client_id, "guess"),
            401,
            "invalid_client",
            "secret",
        ),
        (
            authorized(&trusted.client_id, ""),
            401,
            "invalid_client",
            "secret",
        ),
        (
            with(&[]).header("authorization", "Basic !"),
            401,
            "invalid_client",
            "base64",
        ),
        (
            with(&[id, ("client_secret", secret)]),
            401,
            "invalid_client",
            "registered for client_secret_basic",
        ),
        (
            with(&[id, ("client_secret", secret)]).headers(basic(&trusted.client_id, secret)),
            400,
            "invalid_request",
            "multiple",
        ),
        (
            with(&[("client_id", "other")]).headers(basic(&trusted.client_id, secret)),
            400,
            "invalid_request",
            "multiple",
        ),
        (
            with(&[("scope", "email")]).headers(basic(&trusted.client_id, secret)),
            400,
            "invalid_request",
            "'scope'",
        ),
    ] {
        let answer = flow.send(request).await;
        let description = answer.failed(status, error);
        assert!(description.contains(reason), "{description}");
        assert!(!description.contains(secret), "{description}");
    }
    flow.reconfigure(
        trusted,
        "/credentials/oauthClient/token_endpoint_auth_method",
        json!("client_secret_post"),
    )
    .await;
    let posted = || flow.send(with(&[id, ("client_secret", secret)]));
    let in_header = || flow.send(authorized(&trusted.client_id, secret));
    assert_eq!(posted().await.status, 200);
    in_header().await.failed(401, "invalid_client");
    flow.okta.oauth().require_registered_authentication(false);
    assert_eq!(posted().await.status, 200);
    assert_eq!(in_header().await.status, 200);
}

#[tokio::test]
async fn a_client_without_secret_may_send_its_id_alone() {
    let flow = Flow::custom().await;
    let native = flow.okta.native_app();
    let tokens = flow.native_tokens("openid offline_access").await;
    let refresh = |credentials: String| {
        let token = tokens.text("refresh_token");
        let form = [("grant_type", "refresh_token"), ("refresh_token", &token)];
        let encoded = STANDARD.encode(credentials);
        let request = flow.post("token", &form);
        flow.send(request.header("authorization", format!("Basic {encoded}")))
    };
    refresh(format!("{}:guess", native.client_id))
        .await
        .failed(401, "invalid_client");
    let trusted = &flow.okta.trusted_app().client_id;
    refresh(trusted.clone()).await.failed(401, "invalid_client");
    let refreshed = refresh(native.client_id.clone()).await;
    assert_eq!(refreshed.status, 200, "{:#}", refreshed.body);
}

#[tokio::test]
async fn a_service_app_signs_for_itself() {
    for flow in [Flow::org().await, Flow::custom().await] {
        let scope = if flow.endpoints.contains("default") {
            "api:read"
        } else {
            "okta.users.read"
        };
        let answer = flow
            .service_token(scope, &flow.assertion(&flow.assertion_claims()))
            .await;
        assert_eq!(answer.status, 200, "{:#}", answer.body);
        assert_eq!(answer.body["scope"], scope);
        assert_eq!(answer.body.get("id_token"), None);
        assert_eq!(answer.body.get("refresh_token"), None);
        let (_, claims) = flow.verified(&answer.text("access_token")).await;
        let service = flow.okta.service_app();
        assert_eq!(claims["sub"], service.client_id);
        assert_eq!(claims["cid"], service.client_id);
        assert_eq!(claims["scp"], json!([scope]));
        assert_eq!(claims.get("uid"), None);
    }
}

#[tokio::test]
async fn an_assertion_may_name_the_issuer_and_many_audiences() {
    let flow = Flow::org().await;
    for audience in [
        json!(flow.issuer),
        json!(["https://other.example.com", flow.endpoint("token")]),
    ] {
        let mut claims = flow.assertion_claims();
        claims["aud"] = audience;
        let answer = flow
            .service_token("okta.users.read", &flow.assertion(&claims))
            .await;
        assert_eq!(answer.status, 200, "{:#}", answer.body);
    }
}

#[tokio::test]
async fn a_bad_assertion_is_refused_with_its_reason() {
    let flow = Flow::org().await;
    let now = flow.now();
    for (claim, value, reason) in [
        ("iss", json!("other"), "'iss'"),
        ("sub", json!("other"), "'iss'"),
        ("aud", json!("https://other.example.com"), "audience"),
        ("aud", Value::Null, "audience"),
        ("exp", json!(now), "expired"),
        ("exp", Value::Null, "'exp'"),
        ("exp", json!(now + 3601), "one hour"),
    ] {
        let mut claims = flow.assertion_claims();
        claims[claim] = value;
        let answer = flow
            .service_token("okta.users.read", &flow.assertion(&claims))
            .await;
        let description = answer.failed(401, "invalid_client");
        assert!(description.contains(reason), "{claim}: {description}");
    }
    let assertion = flow.assertion(&flow.assertion_claims());
    assert_eq!(
        flow.service_token("okta.users.read", &assertion)
            .await
            .status,
        200
    );
    let again = flow.service_token("okta.users.read", &assertion).await;
    assert!(
        again
            .failed(401, "invalid_client")
            .contains("already been used")
    );
    let forged = format!("{}AAAA", &assertion[..assertion.len() - 4]);
    let forged = flow.service_token("okta.users.read", &forged).await;
    assert!(forged.failed(401, "invalid_client").contains("signature"));
    let garbage = flow.service_token("okta.users.read", "garbage").await;
    garbage.failed(401, "invalid_client");
    let request = flow.post(
        "token",
        &[
            CLIENT,
            ("client_assertion_type", "jwt"),
            ("client_assertion", "x.y.z"),
        ],
    );
    flow.send(request).await.failed(400, "invalid_request");
}

#[tokio::test]
async fn assertions_are_checked_with_the_registered_keys() {
    let flow = Flow::org().await;
    let service = flow.okta.service_app();
    let pointer = "/settings/oauthClient/jwks";
    for algorithm in ["ES256", "ES384", "ES512"] {
        let (key, other) = (EcKey::new(algorithm), EcKey::new(algorithm));
        let mut public = key.public.clone();
        public["kid"] = json!("mine");
        flow.reconfigure(service, pointer, json!({ "keys": [public] }))
            .await;
        let ask = |key: &EcKey, header: Value| {
            let assertion = key.sign(header, &flow.assertion_claims());
            flow.send(flow.service_request("okta.users.read", &assertion))
        };
        assert_eq!(
            ask(&key, json!({ "kid": "mine" })).await.status,
            200,
            "{algorithm}"
        );
        assert_eq!(ask(&key, json!({})).await.status, 200, "{algorithm}");
        let answer = ask(&key, json!({ "kid": "theirs" })).await;
        assert!(answer.failed(401, "invalid_client").contains("'kid'"));
        let answer = ask(&other, json!({ "kid": "mine" })).await;
        assert!(
            answer.failed(401, "invalid_client").contains("signature"),
            "{algorithm}"
        );
    }
    // A key that is for another algorithm, and one of another kind.
    let key = EcKey::new("ES256");
    let mut public = key.public.clone();
    public["alg"] = json!("ES384");
    let keys = json!({ "keys": [public] });
    flow.reconfigure(service, pointer, keys).await;
    let assertion = key.sign(json!({}), &flow.assertion_claims());
    let refused = flow.service_token("okta.users.read", &assertion).await;
    refused.failed(401, "invalid_client");
    let assertion = flow.assertion(&flow.assertion_claims());
    let rsa = flow.service_token("okta.users.read", &assertion).await;
    rsa.failed(401, "invalid_client");
}

#[tokio::test]
async fn scopes_of_the_api_need_a_grant() {
    let flow = Flow::org().await;
    let assert = || flow.assertion(&flow.assertion_claims());
    let trimmed = flow
        .service_token("okta.users.read okta.brands.read", &assert())
        .await;
    assert_eq!(trimmed.body["scope"], "okta.users.read");
    let none = flow.service_token("okta.brands.read", &assert()).await;
    none.failed(400, "consent_required");
    flow.service_token("openid", &assert())
        .await
        .failed(400, "invalid_scope");
    flow.service_token("", &assert())
        .await
        .failed(400, "invalid_scope");

    let path = format!("/api/v1/apps/{}/grants", flow.okta.service_app().app_id);
    let body = json!({ "scopeId": "okta.brands.read", "issuer": flow.issuer });
    let grant = flow.manage(Method::POST, &path, Some(body)).await;
    assert_eq!(
        (grant.status, &grant.body["scopeId"]),
        (201, &json!("okta.brands.read"))
    );
    assert_eq!(
        flow.service_token("okta.brands.read", &assert())
            .await
            .status,
        200
    );
    let one = format!("{path}/{}", grant.id());
    assert_eq!(flow.manage(Method::GET, &one, None).await.body, grant.body);
    assert_eq!(flow.manage(Method::DELETE, &one, None).await.status, 204);
    flow.manage(Method::GET, &one, None)
        .await
        .refused(404, "E0000007");
    let left = flow.manage(Method::GET, &path, None).await;
    assert!(
        !left
            .each("/scopeId")
            .contains(&"okta.brands.read".to_owned())
    );
    let nonsense = flow
        .manage(Method::POST, &path, Some(json!({ "scopeId": "openid" })))
        .await;
    nonsense.refused(400, "E0000001");
}

#[tokio::test]
async fn the_custom_server_knows_no_scopes_of_the_api() {
    let flow = Flow::custom().await;
    let assertion = flow.assertion(&flow.assertion_claims());
    flow.service_token("okta.users.read", &assertion)
        .await
        .failed(400, "invalid_scope");
}

#[tokio::test]
async fn the_org_server_takes_no_secret_for_client_credentials() {
    let flow = Flow::org().await;
    let trusted = flow.okta.trusted_app();
    let refused = flow.token(Proof::Basic(trusted), &[CLIENT]).await;
    refused.failed(400, "unauthorized_client");
    let pointer = "/settings/oauthClient/grant_types";
    flow.reconfigure(trusted, pointer, json!(["client_credentials"]))
        .await;
    let refused = flow
        .token(
            Proof::Basic(trusted),
            &[CLIENT, ("scope", "okta.users.read")],
        )
        .await;
    assert!(
        refused
            .failed(401, "invalid_client")
            .contains("private_key_jwt")
    );
    let custom = Flow::custom().await;
    let trusted = custom.okta.trusted_app();
    custom
        .reconfigure(trusted, pointer, json!(["client_credentials"]))
        .await;
    let form = [CLIENT, ("scope", "api:read api:write")];
    assert_eq!(custom.token(Proof::Basic(trusted), &form).await.status, 200);
}

#[tokio::test]
async fn grant_types_are_known_and_configured() {
    let flow = Flow::custom().await;
    let web = flow.okta.web_app();
    let unknown = flow
        .token(Proof::Basic(web), &[("grant_type", "telepathy")])
        .await;
    unknown.failed(400, "unsupported_grant_type");
    let other = flow
        .token(Proof::Basic(web), &[("grant_type", "password")])
        .await;
    let description = other.failed(400, "unauthorized_client");
    assert!(
        description.contains("[authorization_code, refresh_token]"),
        "{description}"
    );
    flow.token(Proof::Basic(web), &[])
        .await
        .failed(400, "invalid_request");
}

#[tokio::test]
async fn a_password_is_a_grant() {
    let flow = Flow::custom().await;
    let trusted = flow.okta.trusted_app();
    let ask = |name: &'static str, password: &'static str, scope: &'static str| {
        let form = [
            ("grant_type", "password"),
            ("username", name),
            ("password", password),
            ("scope", scope),
        ];
        let flow = &flow;
        async move { flow.token(Proof::Basic(trusted), &form).await }
    };
    let right = flow.okta.password();
    let answer = ask(GRACE, right, "openid offline_access").await;
    let (_, claims) = flow.verified(&answer.text("id_token")).await;
    assert_eq!(claims["amr"], json!(["pwd"]));
    assert!(!answer.text("refresh_token").is_empty());
    ask(GRACE, "guess", "openid")
        .await
        .failed(400, "invalid_grant");
    ask("nobody@example.com", right, "openid")
        .await
        .failed(400, "invalid_grant");
    // Staged, and so without a password that works.
    ask("katherine@example.com", right, "openid")
        .await
        .failed(400, "invalid_grant");
    ask(GRACE, right, "").await.failed(400, "invalid_scope");
    ask(GRACE, "", "openid")
        .await
        .failed(400, "invalid_request");
    let path = format!("/api/v1/users/{GRACE}/lifecycle/suspend");
    assert_eq!(flow.manage(Method::POST, &path, None).await.status, 200);
    let suspended = ask(GRACE, right, "openid").await;
    suspended.failed(400, "invalid_grant");
}

#[tokio::test]
async fn an_api_exchanges_a_users_token() {
    const EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
    const ACCESS: &str = "urn:ietf:params:oauth:token-type:access_token";
    let flow = Flow::custom().await;
    let trusted = flow.okta.trusted_app();
    let subject = flow
        .native_tokens("openid api:read")
        .await
        .text("access_token");
    let ask = |subject: String, kind: &'static str, scope: &'static str, audience: &'static str| {
        let flow = &flow;
        async move {
            let form = [
                ("grant_type", EXCHANGE),
                ("subject_token", subject.as_str()),
                ("subject_token_type", kind),
                ("scope", scope),
                ("audience", audience),
            ];
            flow.token(Proof::Basic(trusted), &form).await
        }
    };
    let answer = ask(subject.clone(), ACCESS, "api:write", "api://default").await;
    assert_eq!(answer.status, 200, "{:#}", answer.body);
    assert_eq!(answer.body["issued_token_type"], ACCESS);
    let (_, claims) = flow.verified(&answer.text("access_token")).await;
    assert_eq!(claims["sub"], GRACE);
    assert_eq!(claims["cid"], trusted.client_id);
    assert_eq!(claims["scp"], json!(["api:write"]));
    let token = || subject.clone();
    ask("junk".to_owned(), ACCESS, "api:read", "")
        .await
        .failed(400, "invalid_grant");
    ask(token(), ACCESS, "", "")
        .await
        .failed(400, "invalid_scope");
    ask(token(), ACCESS, "api:read", "api://other")
        .await
        .failed(400, "invalid_target");
    let saml = "urn:ietf:params:oauth:token-type:saml2";
    ask(token(), saml, "api:read", "")
        .await
        .failed(400, "invalid_request");
    flow.advance(3600);
    ask(token(), ACCESS, "api:read", "")
        .await
        .failed(400, "invalid_grant");
}
