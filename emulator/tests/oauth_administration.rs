//! What administrators see of OAuth: refresh tokens, consents, and the clients that have them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use okta_emulator::SampleClient;
use reqwest::Method;
use serde_json::{Value, json};
use support::Answer;
use support::oauth::{Flow, GRACE, Proof};

const OFFLINE: &str = "openid offline_access api:read";

async fn get(flow: &Flow, path: &str) -> Answer {
    flow.manage(Method::GET, path, None).await
}

async fn list(flow: &Flow, path: &str) -> Vec<Value> {
    let answer = get(flow, path).await;
    assert_eq!(answer.status, 200, "{:#}", answer.body);
    answer.body.as_array().unwrap().clone()
}

async fn delete(flow: &Flow, path: &str) {
    let answer = flow.manage(Method::DELETE, path, None).await;
    assert_eq!(answer.status, 204, "{:#}", answer.body);
}

async fn missing(flow: &Flow, path: &str) {
    let answer = get(flow, path).await;
    assert_eq!(answer.status, 404, "{:#}", answer.body);
    assert_eq!(answer.body["errorCode"], "E0000007");
}

/// Types of events in the System Log, and the ids of what they are about.
async fn events(flow: &Flow, like: &str) -> Vec<(String, String)> {
    let events = list(flow, "/api/v1/logs?limit=1000").await.into_iter();
    let events = events.map(|event| {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        (text(&event["eventType"]), text(&event["target"][0]["id"]))
    });
    events.filter(|(kind, _)| kind.starts_with(like)).collect()
}

/// The paths at which the tokens of a client for Grace are.
fn collections(client: &SampleClient) -> [String; 3] {
    let (app, id) = (&client.app_id, &client.client_id);
    [
        format!("/api/v1/apps/{app}/tokens"),
        format!("/api/v1/users/{GRACE}/clients/{id}/tokens"),
        format!("/api/v1/authorizationServers/default/clients/{id}/tokens"),
    ]
}

async fn is_active(flow: &Flow, token: &str) -> bool {
    flow.introspect(token).await["active"] == true
}

#[tokio::test]
async fn a_refresh_token_is_seen_from_three_sides() {
    let flow = Flow::custom().await;
    let web = flow.okta.web_app();
    let tokens = flow.web_tokens(OFFLINE).await;
    // A login without a refresh token is not seen.
    flow.web_tokens("openid").await;
    let refresh = tokens.text("refresh_token");
    let mut ids = Vec::new();
    for collection in collections(web) {
        let tokens = list(&flow, &collection).await;
        assert_eq!(tokens.len(), 1, "{collection}");
        let token = &tokens[0];
        let id = token["id"].as_str().unwrap();
        assert!(id.starts_with("oar") && id.len() == 20, "{id}");
        assert_eq!(token["status"], "ACTIVE");
        assert_eq!(token["clientId"], web.client_id);
        assert_eq!(token["issuer"], flow.issuer);
        assert_eq!(
            token["scopes"],
            json!(OFFLINE.split(' ').collect::<Vec<_>>())
        );
        assert_eq!(token["created"], "2026-01-01T00:00:00.000Z");
        assert_eq!(token["expiresAt"], "2026-01-08T00:00:00.000Z");
        assert!(!token.to_string().contains(&refresh));
        let own = token["_links"]["self"]["href"].as_str().unwrap();
        let path = own.strip_prefix(flow.okta.org_url()).unwrap();
        assert_eq!(get(&flow, path).await.body, *token);
        let shown = get(&flow, &format!("{path}?expand=scope")).await.body;
        let scopes = shown["_embedded"]["scopes"].as_array().unwrap();
        let names: Vec<&str> = scopes
            .iter()
            .map(|it| it["name"].as_str().unwrap())
            .collect();
        assert_eq!(names.join(" "), OFFLINE);
        assert!(
            scopes
                .iter()
                .all(|it| it["id"].as_str().unwrap().starts_with("scp"))
        );
        ids.push(id.to_owned());
    }
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    for path in [
        format!("/api/v1/users/{GRACE}/clients"),
        "/api/v1/authorizationServers/default/clients".to_owned(),
    ] {
        let clients = list(&flow, &path).await;
        let names: Vec<&Value> = clients.iter().map(|client| &client["client_id"]).collect();
        assert!(names.contains(&&json!(web.client_id)), "{path}: {names:?}");
        assert!(!names.contains(&&json!(flow.okta.native_app().client_id)));
    }
    // Whoever has none sees none.
    let native = flow.okta.native_app();
    for collection in collections(native) {
        assert!(list(&flow, &collection).await.is_empty());
        missing(&flow, &format!("{collection}/{}", ids[0])).await;
    }
}

#[tokio::test]
async fn a_revoked_token_falls_with_its_access_tokens() {
    for side in 0..3 {
        let flow = Flow::custom().await;
        let web = flow.okta.web_app();
        let tokens = flow.web_tokens(OFFLINE).await;
        let other = flow.web_tokens(OFFLINE).await;
        let alone = flow
            .web_tokens("openid api:read")
            .await
            .text("access_token");
        let collection = &collections(web)[side];
        let listed = list(&flow, collection).await;
        let id = listed[0]["id"].as_str().unwrap();
        delete(&flow, &format!("{collection}/{id}")).await;

        let refresh = tokens.text("refresh_token");
        let refused = flow.refresh(Proof::Basic(web), &refresh).await;
        refused.failed(400, "invalid_grant");
        assert!(!is_active(&flow, &refresh).await);
        assert!(!is_active(&flow, &tokens.text("access_token")).await);
        assert!(is_active(&flow, &other.text("refresh_token")).await);
        missing(&flow, &format!("{collection}/{id}")).await;
        let revoked = events(&flow, "app.oauth2.as.token.revoke").await;
        assert_eq!(revoked.len(), 1);
        assert_eq!(revoked[0].1, id);

        delete(&flow, collection).await;
        assert!(list(&flow, collection).await.is_empty());
        assert!(!is_active(&flow, &other.text("refresh_token")).await);
        assert!(!is_active(&flow, &other.text("access_token")).await);
        assert!(is_active(&flow, &alone).await);
    }
}

#[tokio::test]
async fn a_rotated_token_keeps_its_id() {
    let flow = Flow::custom().await;
    let native = flow.okta.native_app();
    let old = flow.native_tokens(OFFLINE).await.text("refresh_token");
    let collection = &collections(native)[0];
    let before = list(&flow, collection).await;
    flow.advance(60);
    let new = flow.refresh(Proof::Public(native), &old).await;
    let after = list(&flow, collection).await;
    assert_eq!(after.len(), 1);
    assert_eq!(after[0]["id"], before[0]["id"]);
    assert_eq!(after[0]["created"], before[0]["created"]);
    assert_eq!(after[0]["lastUpdated"], "2026-01-01T00:01:00.000Z");
    let id = after[0]["id"].as_str().unwrap();
    delete(&flow, &format!("{collection}/{id}")).await;
    for token in [old, new.text("refresh_token")] {
        let refused = flow.refresh(Proof::Public(native), &token).await;
        refused.failed(400, "invalid_grant");
    }
}

#[tokio::test]
async fn what_a_client_revokes_and_what_expires_is_gone() {
    let flow = Flow::org().await;
    let web = flow.okta.web_app();
    let collection = &collections(web)[0];
    let tokens = flow.web_tokens("openid offline_access").await;
    let listed = list(&flow, collection).await;
    assert_eq!(listed[0]["issuer"], flow.okta.org_url());
    assert_eq!(listed[0]["_links"].get("authorizationServer"), None);
    let of_server = format!(
        "/api/v1/authorizationServers/default/clients/{}/tokens",
        web.client_id
    );
    assert!(list(&flow, &of_server).await.is_empty());
    let refresh = tokens.text("refresh_token");
    let form = [("token", refresh.as_str())];
    flow.call("revoke", Proof::Basic(web), &form).await;
    assert!(list(&flow, collection).await.is_empty());
    let revoked = events(&flow, "app.oauth2.token.revoke").await;
    assert_eq!(revoked[0].1, listed[0]["id"].as_str().unwrap());
    flow.web_tokens("openid offline_access").await;
    assert_eq!(list(&flow, collection).await.len(), 1);
    flow.advance(7 * 24 * 3600);
    assert!(list(&flow, collection).await.is_empty());
}

#[tokio::test]
async fn tokens_come_in_pages() {
    let flow = Flow::custom().await;
    let web = flow.okta.web_app();
    for _ in 0..5 {
        flow.web_tokens(OFFLINE).await;
    }
    let collection = &collections(web)[0];
    let all: Vec<Value> = list(&flow, collection).await;
    let mut paged = Vec::new();
    let mut next = Some(format!("{collection}?limit=2"));
    while let Some(path) = next {
        let page = get(&flow, &path).await;
        paged.extend(page.body.as_array().unwrap().clone());
        let url = page.link("next");
        next = url.map(|url| url.strip_prefix(flow.okta.org_url()).unwrap().to_owned());
    }
    assert_eq!((all.len(), paged), (5, all));
}

/// Grace logs in to the native app, which asks for consent, and says yes.
async fn consented(flow: &Flow, scope: &str) -> Answer {
    let client = flow.okta.native_app();
    let pointer = "/settings/oauthClient/consent_method";
    flow.reconfigure(client, pointer, json!("REQUIRED")).await;
    let login = flow.authorize(client, &[("scope", scope)]).await;
    let submit = |page: &Answer, cookie: &str, form: &[(&str, &str)]| {
        let url = format!("{}{}", flow.okta.org_url(), page.action());
        let request = flow.http.post(url).header("cookie", cookie);
        flow.send(request.form(form))
    };
    let form = [("username", GRACE), ("password", flow.okta.password())];
    let page = submit(&login, "", &form).await;
    let cookie = page.cookie();
    let back = submit(&page, &cookie, &[("decision", "allow")]).await;
    let code = back.redirected("code");
    flow.redeem(Proof::Public(client), &code).await
}

#[tokio::test]
async fn a_consent_is_a_grant_that_can_be_revoked() {
    let flow = Flow::custom().await;
    let client = flow.okta.native_app();
    let tokens = consented(&flow, OFFLINE).await;
    let grants = format!("/api/v1/users/{GRACE}/grants");
    let of_client = format!("/api/v1/users/{GRACE}/clients/{}/grants", client.client_id);
    let listed = list(&flow, &grants).await;
    assert_eq!(listed.len(), 3);
    assert_eq!(list(&flow, &of_client).await, listed);
    let clients = list(&flow, &format!("/api/v1/users/{GRACE}/clients")).await;
    assert_eq!(clients[0]["client_name"], "Sample Native App");
    for grant in &listed {
        assert!(grant["id"].as_str().unwrap().starts_with("oag"));
        assert_eq!(grant["status"], "ACTIVE");
        assert_eq!(grant["source"], "END_USER");
        assert_eq!(grant["issuer"], flow.issuer);
        assert_eq!(grant["clientId"], client.client_id);
    }
    let given = events(&flow, "app.oauth2.as.consent.grant").await;
    assert_eq!(given.len(), 3);

    // The scope is named by its id, and filtered by it.
    let title = |grant: &Value| grant["_links"]["scope"]["title"].clone();
    let read = listed
        .iter()
        .find(|grant| title(grant) == "api:read")
        .unwrap();
    let scope = read["scopeId"].as_str().unwrap();
    assert!(scope.starts_with("scp"), "{scope}");
    let found = list(&flow, &format!("{grants}?scopeId={scope}")).await;
    assert_eq!((found.len(), &found[0]), (1, read));
    let own = format!("{grants}/{}", read["id"].as_str().unwrap());
    assert_eq!(get(&flow, &own).await.body, *read);

    assert!(is_active(&flow, &tokens.text("access_token")).await);
    delete(&flow, &own).await;
    missing(&flow, &own).await;
    assert!(!is_active(&flow, &tokens.text("access_token")).await);
    assert!(!is_active(&flow, &tokens.text("refresh_token")).await);
    let revoked = events(&flow, "app.oauth2.as.consent.revoke").await;
    assert_eq!(revoked[0].1, read["id"].as_str().unwrap());
    assert_eq!(list(&flow, &of_client).await.len(), 2);

    // The user is asked for that scope again.
    consented(&flow, OFFLINE).await;
    assert_eq!(list(&flow, &grants).await.len(), 3);
    delete(&flow, &of_client).await;
    assert!(list(&flow, &grants).await.is_empty());
    consented(&flow, OFFLINE).await;
    delete(&flow, &grants).await;
    assert!(list(&flow, &grants).await.is_empty());
}

#[tokio::test]
async fn consents_end_with_what_they_are_for() {
    let flow = Flow::custom().await;
    let client = flow.okta.native_app();
    let scopes = "/api/v1/authorizationServers/default/scopes";
    let body = json!({ "name": "notes:read" });
    let scope = flow.manage(Method::POST, scopes, Some(body)).await.id();
    let grants = format!("/api/v1/users/{GRACE}/grants");
    consented(&flow, "openid notes:read").await;
    assert_eq!(list(&flow, &grants).await.len(), 2);
    delete(&flow, &format!("{scopes}/{scope}")).await;
    assert_eq!(list(&flow, &grants).await.len(), 1);

    let off = format!("/api/v1/apps/{}/lifecycle/deactivate", client.app_id);
    let switched = flow.manage(Method::POST, &off, None).await;
    assert_eq!(switched.status, 200);
    assert!(list(&flow, &grants).await.is_empty());
    let gone = events(&flow, "app.oauth2.as.consent.revoke.implicit").await;
    let kinds: Vec<&str> = gone.iter().map(|(kind, _)| kind.as_str()).collect();
    assert_eq!(
        kinds,
        [
            "app.oauth2.as.consent.revoke.implicit.scope",
            "app.oauth2.as.consent.revoke.implicit.client",
        ]
    );
}

#[tokio::test]
async fn a_seeded_refresh_token_works() {
    let flow = Flow::custom().await;
    let apps = list(&flow, "/api/v1/apps?q=Ticket").await;
    let app = apps[0]["id"].as_str().unwrap();
    assert_eq!(
        list(&flow, &format!("/api/v1/apps/{app}/tokens"))
            .await
            .len(),
        4
    );
    let secrets = format!("/api/v1/apps/{app}/credentials/secrets");
    let secret = list(&flow, &secrets).await[0]["client_secret"].clone();
    let id = &apps[0]["credentials"]["oauthClient"]["client_id"];
    let form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", "refresh-token-of-alan"),
    ];
    let request = flow.post("token", &form);
    let request = request.basic_auth(id.as_str().unwrap(), secret.as_str());
    let answer = flow.send(request).await;
    assert_eq!(answer.status, 200, "{:#}", answer.body);
    let user = list(&flow, "/api/v1/users/alan@example.com/grants").await;
    assert_eq!(user.len(), 2);
}
