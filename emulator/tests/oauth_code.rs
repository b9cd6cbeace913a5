//! The authorization code flow: from the request to the tokens, and every way to fail.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use reqwest::Method;
use serde_json::json;
use support::oauth::{CALLBACK, Flow, GRACE, Proof, VERIFIER, answer, hash};

#[tokio::test]
async fn a_code_becomes_tokens_of_the_custom_server() {
    let flow = Flow::custom().await;
    let client = flow.okta.native_app();
    let more = [
        (
            "scope",
            "openid profile email groups offline_access api:read",
        ),
        ("nonce", "n-1"),
        ("acr_values", "urn:okta:loa:1fa:any"),
    ];
    let code = flow.code(client, &more).await;
    let answer = flow.redeem(Proof::Public(client), &code).await;
    assert_eq!(answer.status, 200, "{:#}", answer.body);
    assert_eq!(answer.header("cache-control"), "no-cache, no-store");
    assert_eq!(answer.body["token_type"], "Bearer");
    assert_eq!(answer.body["expires_in"], 3600);
    assert_eq!(answer.body["scope"], more[0].1);
    assert_eq!(answer.text("refresh_token").len(), 43);

    let access = answer.text("access_token");
    let (header, claims) = flow.verified(&access).await;
    assert_eq!(header.typ, None);
    let user = flow
        .manage(Method::GET, &format!("/api/v1/users/{GRACE}"), None)
        .await;
    assert_eq!(claims["ver"], 1);
    assert!(claims["jti"].as_str().unwrap().starts_with("AT."));
    assert_eq!(claims["iss"], flow.issuer);
    assert_eq!(claims["aud"], "api://default");
    assert_eq!(claims["iat"], flow.now());
    assert_eq!(claims["exp"], flow.now() + 3600);
    assert_eq!(claims["auth_time"], flow.now());
    assert_eq!(claims["cid"], client.client_id);
    assert_eq!(claims["uid"], user.body["id"]);
    assert_eq!(claims["sub"], GRACE);
    assert_eq!(claims["groups"], json!(["Everyone", "Engineering"]));
    assert_eq!(claims["scp"].as_array().unwrap().len(), 6);

    let (header, claims) = flow.verified(&answer.text("id_token")).await;
    assert_eq!(header.typ, None);
    assert!(claims["jti"].as_str().unwrap().starts_with("ID."));
    assert_eq!(claims["sub"], user.body["id"]);
    assert_eq!(claims["aud"], client.client_id);
    assert_eq!(claims["name"], "Grace Hopper");
    assert_eq!(claims["preferred_username"], GRACE);
    assert_eq!(claims["email"], GRACE);
    assert_eq!(claims["amr"], json!(["pwd"]));
    assert_eq!(claims["acr"], "urn:okta:loa:1fa:any");
    assert_eq!(claims["nonce"], "n-1");
    assert!(claims["idp"].as_str().unwrap().starts_with("00o"));
    let half = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, access.as_bytes());
    let half = base64::Engine::encode(
        &base64::engine::general_purpose::URL_SAFE_NO_PAD,
        &half.as_ref()[..16],
    );
    assert_eq!(claims["at_hash"], half);
}

#[tokio::test]
async fn the_org_server_signs_for_itself() {
    let flow = Flow::org().await;
    let answer = flow.web_tokens("openid").await;
    assert_eq!(answer.body.get("refresh_token"), None);
    let (header, claims) = flow.verified(&answer.text("access_token")).await;
    assert_eq!(
        header.typ.as_deref(),
        Some("application/okta-internal-at+jwt")
    );
    assert_eq!(claims["iss"], flow.issuer);
    assert_eq!(claims["aud"], flow.issuer);
    let (_, claims) = flow.verified(&answer.text("id_token")).await;
    assert_eq!(claims.get("name"), None);
}

#[tokio::test]
async fn a_code_is_good_once() {
    let flow = Flow::custom().await;
    let client = flow.okta.native_app();
    let code = flow.code(client, &[]).await;
    let first = flow.redeem(Proof::Public(client), &code).await;
    let access = first.text("access_token");
    assert_eq!(flow.introspect(&access).await["active"], true);
    let again = flow.redeem(Proof::Public(client), &code).await;
    let description = again.failed(400, "invalid_grant");
    assert_eq!(
        description,
        "The authorization code is invalid or has expired."
    );
    // Someone else had the code, so all that came of it is gone.
    assert_eq!(flow.introspect(&access).await, json!({ "active": false }));
    let refreshed = flow
        .refresh(Proof::Public(client), &first.text("refresh_token"))
        .await;
    refreshed.failed(400, "invalid_grant");
}

#[tokio::test]
async fn a_code_expires_after_five_minutes() {
    let flow = Flow::custom().await;
    let client = flow.okta.native_app();
    let code = flow.code(client, &[]).await;
    flow.advance(299);
    let other = flow.code(client, &[]).await;
    flow.advance(1);
    flow.redeem(Proof::Public(client), &code)
        .await
        .failed(400, "invalid_grant");
    assert_eq!(flow.redeem(Proof::Public(client), &other).await.status, 200);
}

#[tokio::test]
async fn a_code_is_bound_to_client_redirect_uri_verifier_and_server() {
    let flow = Flow::custom().await;
    let (client, web) = (flow.okta.native_app(), flow.okta.web_app());
    let code = flow.code(client, &[]).await;
    let refused = flow.redeem(Proof::Basic(web), &code).await;
    assert!(
        refused
            .failed(400, "invalid_grant")
            .contains("another client")
    );
    let elsewhere = format!("{}x", &VERIFIER[1..]);
    for (redirect_uri, verifier, reason) in [
        ("http://localhost:8001/callback", VERIFIER, "redirect_uri"),
        ("", VERIFIER, "redirect_uri"),
        (CALLBACK, elsewhere.as_str(), "PKCE"),
        (CALLBACK, "", "PKCE"),
    ] {
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code.as_str()),
            ("redirect_uri", redirect_uri),
            ("code_verifier", verifier),
        ];
        let refused = flow.token(Proof::Public(client), &form).await;
        let description = refused.failed(400, "invalid_grant");
        assert!(description.contains(reason), "{description}");
    }
    let org = format!("{}/oauth2/v1/token", flow.okta.org_url());
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", CALLBACK),
        ("code_verifier", VERIFIER),
        ("client_id", client.client_id.as_str()),
    ];
    answer(flow.http.post(org).form(&form))
        .await
        .failed(400, "invalid_grant");
    assert_eq!(flow.redeem(Proof::Public(client), &code).await.status, 200);
}

#[tokio::test]
async fn a_confidential_client_may_do_without_pkce_but_not_half() {
    let flow = Flow::custom().await;
    let web = flow.okta.web_app();
    let plain = [("code_challenge", ""), ("code_challenge_method", "")];
    let code = flow.code(web, &plain).await;
    // A verifier without a challenge would hide that someone took the challenge away.
    flow.redeem(Proof::Basic(web), &code)
        .await
        .failed(400, "invalid_grant");
    let form = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", CALLBACK),
    ];
    assert_eq!(flow.token(Proof::Basic(web), &form).await.status, 200);
}

#[tokio::test]
async fn loopback_redirects_may_use_any_port() {
    let flow = Flow::custom().await;
    let uri = "http://127.0.0.1:49152/callback";
    flow.okta.oauth().log_in_automatically(Some(GRACE)).unwrap();
    let client = flow.okta.native_app();
    let sent = flow.authorize(client, &[("redirect_uri", uri)]).await;
    assert!(
        sent.location()
            .as_str()
            .starts_with(&format!("{uri}?code="))
    );
    assert_eq!(sent.redirected("state"), "st-1");
    assert_eq!(sent.header("referrer-policy"), "no-referrer");
    assert!(!sent.location().query_pairs().any(|(name, _)| name == "iss"));
}

#[tokio::test]
async fn a_wrong_client_or_redirect_uri_stays_with_the_browser() {
    let flow = Flow::custom().await;
    let client = flow.okta.native_app();
    for (name, value) in [
        ("client_id", "0oaNOBODY"),
        ("client_id", ""),
        ("redirect_uri", "https://evil.example.com/callback"),
        ("redirect_uri", "http://localhost:8000/callback/.."),
        ("redirect_uri", ""),
    ] {
        let refused = flow.authorize(client, &[(name, value)]).await;
        assert_eq!(refused.status, 400, "{name} {value}");
        assert_eq!(refused.header("location"), "");
        assert!(refused.header("content-type").starts_with("text/html"));
    }
}

#[tokio::test]
async fn all_other_mistakes_go_back_to_the_client() {
    let flow = Flow::custom().await;
    let client = flow.okta.native_app();
    for (name, value, error) in [
        ("state", "", "invalid_request"),
        ("response_type", "token", "unsupported_response_type"),
        ("response_type", "", "invalid_request"),
        (
            "response_mode",
            "okta_post_message",
            "unsupported_response_mode",
        ),
        ("scope", "", "invalid_scope"),
        ("scope", "openid nonsense", "invalid_scope"),
        ("scope", "openid okta.users.read", "invalid_scope"),
        ("scope", "profile", "access_denied"),
        ("code_challenge_method", "plain", "invalid_request"),
        ("code_challenge_method", "", "invalid_request"),
        ("code_challenge", "short", "invalid_request"),
        ("prompt", "none login", "invalid_request"),
        ("prompt", "sometimes", "invalid_request"),
        ("max_age", "soon", "invalid_request"),
        ("request", "e30.e30.x", "request_not_supported"),
    ] {
        let refused = flow.authorize(client, &[(name, value)]).await;
        assert_eq!(refused.redirected("error"), error, "{name} {value}");
        assert!(!refused.redirected("error_description").is_empty());
        if name != "state" {
            assert_eq!(refused.redirected("state"), "st-1");
        }
    }
    let none = [("code_challenge", ""), ("code_challenge_method", "")];
    let refused = flow.authorize(client, &none).await;
    assert!(refused.redirected("error_description").contains("PKCE"));
    let service = flow.okta.trusted_app();
    let pointer = "/settings/oauthClient/redirect_uris";
    flow.reconfigure(service, pointer, json!([CALLBACK])).await;
    let refused = flow.authorize(service, &[]).await;
    assert_eq!(refused.redirected("error"), "unauthorized_client");
}

#[tokio::test]
async fn only_assigned_active_users_get_in() {
    let flow = Flow::custom().await;
    let client = flow.okta.native_app();
    let group = flow
        .manage(Method::GET, "/api/v1/groups?q=Everyone", None)
        .await;
    let group = group.body[0]["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/apps/{}/groups/{group}", client.app_id);
    let tokens = flow.native_tokens("openid offline_access").await;
    assert_eq!(flow.manage(Method::DELETE, &path, None).await.status, 204);
    let refused = flow.authorize(client, &[]).await;
    assert_eq!(refused.redirected("error"), "access_denied");
    let description = refused.redirected("error_description");
    assert_eq!(
        description,
        "User is not assigned to the client application."
    );
    let refreshed = flow
        .refresh(Proof::Public(client), &tokens.text("refresh_token"))
        .await;
    refreshed.failed(400, "invalid_grant");
    assert_eq!(
        flow.manage(Method::PUT, &path, Some(json!({})))
            .await
            .status,
        200
    );
    let path = format!("/api/v1/users/{GRACE}/lifecycle/suspend");
    assert_eq!(flow.manage(Method::POST, &path, None).await.status, 200);
    let refused = flow.authorize(client, &[]).await;
    assert_eq!(refused.redirected("error"), "access_denied");
}

#[tokio::test]
async fn an_app_made_through_the_api_is_a_client_at_once() {
    let flow = Flow::custom().await;
    let request = json!({
        "name": "oidc_client",
        "label": "Mine",
        "signOnMode": "OPENID_CONNECT",
        "credentials": { "oauthClient": { "token_endpoint_auth_method": "client_secret_post" } },
        "settings": { "oauthClient": { "redirect_uris": [CALLBACK] } },
    });
    let app = flow
        .manage(Method::POST, "/api/v1/apps", Some(request))
        .await;
    let credentials = app.body["credentials"]["oauthClient"].clone();
    let users = format!("/api/v1/apps/{}/users", app.id());
    let grace = flow
        .manage(Method::GET, &format!("/api/v1/users/{GRACE}"), None)
        .await;
    let body = json!({ "id": grace.id(), "scope": "USER" });
    assert_eq!(
        flow.manage(Method::POST, &users, Some(body)).await.status,
        200
    );
    let mut client = flow.okta.web_app().clone();
    client.client_id = credentials["client_id"].as_str().unwrap().to_owned();
    let code = flow.code(&client, &[]).await;
    let answer = flow
        .send(flow.post(
            "token",
            &[
                ("grant_type", "authorization_code"),
                ("code", &code),
                ("redirect_uri", CALLBACK),
                ("code_verifier", VERIFIER),
                ("client_id", &client.client_id),
                (
                    "client_secret",
                    credentials["client_secret"].as_str().unwrap(),
                ),
            ],
        ))
        .await;
    // The app has no refresh_token among its grant types.
    assert_eq!(answer.status, 200, "{:#}", answer.body);
    assert_eq!(answer.body.get("refresh_token"), None);
    assert_eq!(hash(VERIFIER).len(), 43);
    let path = format!("/api/v1/apps/{}/lifecycle/deactivate", app.id());
    flow.manage(Method::POST, &path, None).await;
    assert_eq!(flow.authorize(&client, &[]).await.status, 400);
}
