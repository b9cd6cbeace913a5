//! The life of tokens: refresh, rotation, revocation, introspection, keys, `/userinfo`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::time::Duration;

use okta_emulator::{Error, Fault, FaultRule};
use reqwest::Method;
use serde_json::{Value, json};
use support::oauth::{Flow, GRACE, Proof, answer};

const OFFLINE: &str = "openid offline_access api:read";

#[tokio::test]
async fn a_static_refresh_token_stays() {
    let flow = Flow::custom().await;
    let web = flow.okta.web_app();
    let tokens = flow.web_tokens(OFFLINE).await;
    let refresh = tokens.text("refresh_token");
    flow.advance(3600);
    assert_eq!(
        flow.introspect(&tokens.text("access_token")).await["active"],
        false
    );
    for _ in 0..2 {
        let again = flow.refresh(Proof::Basic(web), &refresh).await;
        assert_eq!(again.status, 200, "{:#}", again.body);
        assert_eq!(again.text("refresh_token"), refresh);
        assert_eq!(again.body["scope"], OFFLINE);
        let (_, claims) = flow.verified(&again.text("id_token")).await;
        assert_eq!(claims["auth_time"], flow.now() - 3600);
    }
    // Each use keeps it good for another week.
    for _ in 0..2 {
        flow.advance(6 * 24 * 3600);
        let again = flow.refresh(Proof::Basic(web), &refresh).await;
        assert_eq!(again.status, 200, "{:#}", again.body);
    }
    let narrow = |scope: &'static str| {
        let form = [
            ("grant_type", "refresh_token"),
            ("refresh_token", refresh.as_str()),
            ("scope", scope),
        ];
        let flow = &flow;
        async move { flow.token(Proof::Basic(web), &form).await }
    };
    let narrowed = narrow("api:read").await;
    assert_eq!(narrowed.body["scope"], "api:read");
    assert_eq!(narrowed.body.get("id_token"), None);
    narrow("api:write").await.failed(400, "invalid_scope");
    let foreign = flow
        .refresh(Proof::Public(flow.okta.native_app()), &refresh)
        .await;
    foreign.failed(400, "invalid_grant");
    flow.advance(7 * 24 * 3600);
    flow.refresh(Proof::Basic(web), &refresh)
        .await
        .failed(400, "invalid_grant");
    flow.refresh(Proof::Basic(web), "junk")
        .await
        .failed(400, "invalid_grant");
}

#[tokio::test]
async fn a_rotated_refresh_token_has_a_time_of_grace() {
    let flow = Flow::custom().await;
    let native = flow.okta.native_app();
    let old = flow.native_tokens(OFFLINE).await.text("refresh_token");
    let first = flow.refresh(Proof::Public(native), &old).await;
    let new = first.text("refresh_token");
    assert_ne!(new, old);
    // A client that lost the answer may try again for thirty seconds.
    flow.advance(30);
    let retried = flow.refresh(Proof::Public(native), &old).await;
    assert_eq!(retried.status, 200);
    assert_eq!(flow.refresh(Proof::Public(native), &new).await.status, 200);
}

#[tokio::test]
async fn a_replaced_token_that_comes_late_takes_all_with_it() {
    let flow = Flow::custom().await;
    let native = flow.okta.native_app();
    let old = flow.native_tokens(OFFLINE).await.text("refresh_token");
    let tokens = flow.refresh(Proof::Public(native), &old).await;
    let (new, access) = (tokens.text("refresh_token"), tokens.text("access_token"));
    flow.okta.clock().advance(Duration::from_millis(30_001));
    assert_eq!(flow.introspect(&old).await["active"], false);
    assert_eq!(flow.introspect(&new).await["active"], true);
    let late = flow.refresh(Proof::Public(native), &old).await;
    assert_eq!(
        late.failed(400, "invalid_grant"),
        "The refresh token is invalid or expired."
    );
    flow.refresh(Proof::Public(native), &new)
        .await
        .failed(400, "invalid_grant");
    assert_eq!(flow.introspect(&access).await["active"], false);
}

#[tokio::test]
async fn the_time_of_grace_is_a_setting() {
    let flow = Flow::custom().await;
    let native = flow.okta.native_app();
    let pointer = "/settings/oauthClient/refresh_token";
    let none = json!({ "rotation_type": "ROTATE", "leeway": 0 });
    flow.reconfigure(native, pointer, none).await;
    let old = flow.native_tokens(OFFLINE).await.text("refresh_token");
    assert_eq!(flow.refresh(Proof::Public(native), &old).await.status, 200);
    flow.advance(1);
    flow.refresh(Proof::Public(native), &old)
        .await
        .failed(400, "invalid_grant");
}

#[tokio::test]
async fn introspection_describes_active_tokens() {
    let flow = Flow::custom().await;
    let web = flow.okta.web_app();
    let tokens = flow.web_tokens(OFFLINE).await;
    let access = flow.introspect(&tokens.text("access_token")).await;
    assert_eq!(access["token_type"], "Bearer");
    assert_eq!(access["scope"], OFFLINE);
    assert_eq!(access["client_id"], web.client_id);
    assert_eq!(access["username"], GRACE);
    assert_eq!(access["sub"], GRACE);
    assert_eq!(access["exp"], flow.now() + 3600);
    assert_eq!(access["iat"], flow.now());
    assert_eq!(access["aud"], "api://default");
    assert_eq!(access["iss"], flow.issuer);
    assert!(access["uid"].as_str().unwrap().starts_with("00u"));
    let refresh = flow.introspect(&tokens.text("refresh_token")).await;
    assert_eq!(
        (&refresh["active"], &refresh["username"]),
        (&json!(true), &json!(GRACE))
    );
    let id = flow.introspect(&tokens.text("id_token")).await;
    assert_eq!(
        (&id["active"], &id["aud"]),
        (&json!(true), &json!(web.client_id))
    );
    assert_eq!(flow.introspect("junk").await, json!({ "active": false }));

    let form = [("token", tokens.text("access_token"))];
    let form = form.each_ref().map(|(name, value)| (*name, value.as_str()));
    let public = flow
        .call("introspect", Proof::Public(flow.okta.native_app()), &form)
        .await;
    assert_eq!(public.body, access);
    let none = flow.call("introspect", Proof::Basic(web), &[]).await;
    assert!(none.failed(400, "invalid_request").contains("'token'"));
    flow.send(flow.post("introspect", &[("token", "x")]))
        .await
        .failed(401, "invalid_client");
    // The other server does not know it.
    let url = format!("{}/oauth2/v1/introspect", flow.okta.org_url());
    let secret = web.client_secret.as_deref();
    let form = [("token", tokens.text("access_token"))];
    let elsewhere = answer(
        flow.http
            .post(url)
            .form(&form)
            .basic_auth(&web.client_id, secret),
    );
    assert_eq!(elsewhere.await.body, json!({ "active": false }));
    // Nor does anyone when the user may not log in any more.
    let path = format!("/api/v1/users/{GRACE}/lifecycle/suspend");
    flow.manage(Method::POST, &path, None).await;
    for token in ["access_token", "refresh_token"] {
        assert_eq!(flow.introspect(&tokens.text(token)).await["active"], false);
    }
}

#[tokio::test]
async fn revocation_takes_one_access_token_or_all_of_a_refresh_token() {
    let flow = Flow::custom().await;
    let web = flow.okta.web_app();
    let tokens = flow.web_tokens(OFFLINE).await;
    let (access, refresh) = (tokens.text("access_token"), tokens.text("refresh_token"));
    let revoke = async |token: &str| {
        let answer = flow
            .call("revoke", Proof::Basic(web), &[("token", token)])
            .await;
        assert_eq!(
            (answer.status, answer.body),
            (200, Value::String(String::new()))
        );
    };
    revoke("junk").await;
    revoke(&access).await;
    revoke(&access).await;
    assert_eq!(flow.introspect(&access).await["active"], false);
    let renewed = flow
        .refresh(Proof::Basic(web), &refresh)
        .await
        .text("access_token");
    revoke(&refresh).await;
    assert_eq!(flow.introspect(&renewed).await["active"], false);
    flow.refresh(Proof::Basic(web), &refresh)
        .await
        .failed(400, "invalid_grant");

    let foreign = flow.native_tokens(OFFLINE).await.text("access_token");
    let refused = flow
        .call("revoke", Proof::Basic(web), &[("token", &foreign)])
        .await;
    refused.failed(400, "invalid_grant");
    assert_eq!(flow.introspect(&foreign).await["active"], true);
    flow.call("revoke", Proof::Basic(web), &[])
        .await
        .failed(400, "invalid_request");
}

#[tokio::test]
async fn the_tokens_of_a_dormant_application_are_dead() {
    let flow = Flow::custom().await;
    let access = flow.native_tokens(OFFLINE).await.text("access_token");
    assert_eq!(flow.introspect(&access).await["active"], true);
    let app = &flow.okta.native_app().app_id;
    let path = format!("/api/v1/apps/{app}/lifecycle/deactivate");
    assert_eq!(flow.manage(Method::POST, &path, None).await.status, 200);
    assert_eq!(flow.introspect(&access).await["active"], false);
}

#[tokio::test]
async fn all_that_a_user_has_can_be_revoked() {
    let flow = Flow::custom().await;
    let tokens = flow.web_tokens(OFFLINE).await;
    flow.okta.oauth().revoke_everything(GRACE).unwrap();
    assert_eq!(
        flow.introspect(&tokens.text("access_token")).await["active"],
        false
    );
    assert_eq!(
        flow.introspect(&tokens.text("refresh_token")).await["active"],
        false
    );
    let unknown = flow.okta.oauth().revoke_everything("nobody@example.com");
    assert!(matches!(unknown, Err(Error::UnknownUser { .. })));

    let access = flow.web_tokens(OFFLINE).await.text("access_token");
    let user = flow
        .manage(Method::GET, &format!("/api/v1/users/{GRACE}"), None)
        .await
        .id();
    let path = "/oauth2/v1/global-token-revocation";
    let body = |format: &str, id: &str| json!({ "sub_id": { "format": format, "id": id } });
    let url = format!("{}{path}", flow.okta.org_url());
    let stranger = answer(flow.http.post(url).json(&body("opaque", &user))).await;
    stranger.refused(401, "E0000011");
    for wrong in [body("opaque", "00uNOBODY"), body("email", &user), json!({})] {
        let refused = flow.manage(Method::POST, path, Some(wrong)).await;
        assert_eq!(refused.status, 400);
    }
    assert_eq!(flow.introspect(&access).await["active"], true);
    let done = flow
        .manage(Method::POST, path, Some(body("opaque", &user)))
        .await;
    assert_eq!(done.status, 204);
    assert_eq!(flow.introspect(&access).await["active"], false);
}

#[tokio::test]
async fn the_lifetime_of_access_tokens_is_a_setting() {
    let flow = Flow::custom().await;
    flow.okta
        .oauth()
        .access_token_lifetime(Duration::from_secs(300));
    let tokens = flow.web_tokens("openid").await;
    assert_eq!(tokens.body["expires_in"], 300);
    let access = tokens.text("access_token");
    flow.advance(299);
    assert_eq!(flow.introspect(&access).await["active"], true);
    flow.advance(1);
    assert_eq!(flow.introspect(&access).await["active"], false);
}

#[tokio::test]
async fn keys_rotate_and_retire() {
    let flow = Flow::custom().await;
    let ids = async || -> Vec<String> {
        let keys = flow.keys().await;
        let keys = keys["keys"].as_array().unwrap().iter();
        keys.map(|key| key["kid"].as_str().unwrap().to_owned())
            .collect()
    };
    let before = ids().await;
    assert_eq!(before.len(), 1);
    let old = flow.web_tokens("openid").await.text("access_token");
    flow.okta.oauth().rotate_keys();
    let both = ids().await;
    assert_eq!(both.len(), 2);
    assert!(both.contains(&before[0]));
    let new = flow.web_tokens("openid").await.text("access_token");
    let (header, _) = flow.verified(&new).await;
    assert_ne!(header.kid.as_ref(), Some(&before[0]));
    assert_eq!(flow.verified(&old).await.0.kid.as_ref(), Some(&before[0]));
    flow.okta.oauth().retire_old_keys();
    assert_eq!(ids().await, [header.kid.unwrap()]);
}

#[tokio::test]
async fn each_server_publishes_its_own_keys_and_metadata() {
    let flow = Flow::custom().await;
    let url = flow.okta.org_url();
    let read = |path: &str| answer(flow.http.get(format!("{url}{path}")));
    let org = read("/oauth2/v1/keys").await;
    assert_eq!(org.header("cache-control"), "max-age=3600, must-revalidate");
    assert_ne!(org.body, flow.keys().await);
    let key = &org.body["keys"][0];
    assert_eq!(
        (&key["kty"], &key["alg"], &key["use"]),
        (&json!("RSA"), &json!("RS256"), &json!("sig"))
    );
    assert!(key.get("d").is_none());
    for (prefix, issuer) in [
        ("", url.to_owned()),
        ("/oauth2/default", flow.issuer.clone()),
    ] {
        let oidc = read(&format!("{prefix}/.well-known/openid-configuration"))
            .await
            .body;
        let oauth = read(&format!("{prefix}/.well-known/oauth-authorization-server"))
            .await
            .body;
        assert_eq!(
            (&oidc["issuer"], &oauth["issuer"]),
            (&json!(issuer), &json!(issuer))
        );
        let prefix = if prefix.is_empty() { "/oauth2" } else { prefix };
        assert_eq!(oidc["token_endpoint"], format!("{url}{prefix}/v1/token"));
        assert_eq!(oidc["jwks_uri"], format!("{url}{prefix}/v1/keys"));
        assert_eq!(
            oidc["userinfo_endpoint"],
            format!("{url}{prefix}/v1/userinfo")
        );
        assert!(oauth.get("userinfo_endpoint").is_none());
    }
    let port = url.rsplit(':').next().unwrap();
    let named = format!("http://localhost:{port}");
    let metadata = flow
        .http
        .get(format!("{named}/.well-known/openid-configuration"));
    assert_eq!(answer(metadata).await.body["issuer"], named);
    let unknown = read("/.well-known/openid-configuration?client_id=nobody").await;
    unknown.failed(400, "invalid_client");
}

#[tokio::test]
async fn userinfo_tells_what_the_scopes_allow() {
    let flow = Flow::custom().await;
    let ask = |token: &str| answer(flow.http.get(flow.endpoint("userinfo")).bearer_auth(token));
    let token = flow
        .web_tokens("openid profile email groups")
        .await
        .text("access_token");
    let all = ask(&token).await;
    assert_eq!(all.body["name"], "Grace Hopper");
    assert_eq!(all.body["given_name"], "Grace");
    assert_eq!(all.body["family_name"], "Hopper");
    assert_eq!(all.body["email"], GRACE);
    assert_eq!(all.body["groups"], json!(["Everyone", "Engineering"]));
    let least = flow.web_tokens("openid").await.text("access_token");
    let least = ask(&least).await.body;
    assert_eq!(least, json!({ "sub": all.body["sub"] }));
    let other = flow.web_tokens("api:read").await.text("access_token");
    let refused = ask(&other).await;
    assert_eq!(refused.status, 403);
    assert!(
        refused
            .header("www-authenticate")
            .contains("insufficient_scope")
    );
    let nothing = answer(flow.http.get(flow.endpoint("userinfo"))).await;
    assert_eq!(
        (nothing.status, nothing.header("www-authenticate")),
        (401, "Bearer")
    );
    flow.advance(3600);
    let expired = ask(&token).await;
    assert_eq!(expired.status, 401);
    assert!(
        expired
            .header("www-authenticate")
            .starts_with("Bearer error=\"invalid_token\"")
    );
}

#[tokio::test]
async fn no_secret_in_debug_output() {
    let flow = Flow::custom().await;
    let access = flow.web_tokens("openid").await.text("access_token");
    let (okta, web) = (&flow.okta, flow.okta.web_app());
    let shown = format!("{okta:?} {:?} {web:?}", okta.oauth());
    assert!(shown.contains(okta.org_url()) && shown.contains(&web.client_id));
    for secret in [
        access.as_str(),
        web.client_secret.as_deref().unwrap(),
        okta.token(),
    ] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

#[tokio::test]
async fn faults_befall_the_authorization_servers_too() {
    let flow = Flow::custom().await;
    let web = flow.okta.web_app();
    let refresh = flow.web_tokens(OFFLINE).await.text("refresh_token");
    let token = "/oauth2/default/v1/token";
    let faults = flow.okta.faults();
    faults.inject(FaultRule::new(Fault::TruncatedBody).on_path(token));
    assert_eq!(flow.keys().await["keys"].as_array().unwrap().len(), 1);
    let form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", refresh.as_str()),
    ];
    let secret = web.client_secret.as_deref();
    let request = flow.post("token", &form).basic_auth(&web.client_id, secret);
    assert!(request.send().await.unwrap().text().await.is_err());
    faults.inject(FaultRule::new(Fault::ConnectionReset).on_path("/.well-known"));
    let url = format!("{}/.well-known/openid-configuration", flow.okta.org_url());
    assert!(flow.http.get(url).send().await.is_err());
    let recorded = flow.okta.requests();
    let shown = format!("{recorded:?}");
    assert!(shown.contains(token) && !shown.contains(&refresh) && !shown.contains(secret.unwrap()));
}
