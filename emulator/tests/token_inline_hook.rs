//! Token inline hooks: what their services see, and what becomes of tokens.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::time::Duration;

use okta_emulator::{Builder, Clock, Emulator};
use reqwest::Method;
use serde_json::{Value, json};
use support::Answer;
use support::oauth::{Flow, GRACE, Proof};
use support::receiver::{Receiver, Reply};

const POLICIES: &str = "/api/v1/authorizationServers/default/policies";
const HOOKS: &str = "/api/v1/inlineHooks";

fn builder() -> Builder {
    let start = chrono::DateTime::from_timestamp(1_770_000_000, 0).unwrap();
    Emulator::builder().clock(Clock::fixed(start))
}

async fn made(flow: &Flow, method: Method, path: &str, body: Option<Value>) -> Answer {
    let answer = flow.manage(method, path, body).await;
    assert!(answer.status < 300, "{:#}", answer.body);
    answer
}

/// Creates a hook that leads to the receiver.
async fn hook(flow: &Flow, receiver: &Receiver) -> String {
    let hook = json!({
        "name": "Tokens", "type": "com.okta.oauth2.tokens.transform", "version": "1.0.0",
        "channel": { "type": "HTTP", "version": "1.0.0", "config": {
            "uri": receiver.url, "method": "POST",
            "headers": [{ "key": "X-Region", "value": "eu" }],
            "authScheme": { "type": "HEADER", "key": "Authorization", "value": "secret" },
        } },
    });
    made(flow, Method::POST, HOOKS, Some(hook)).await.id()
}

/// Lets the first rule of the default server name the hook, and gives the ids of policy and rule.
async fn wire(flow: &Flow, hook: &str) -> (String, String) {
    let policies = made(flow, Method::GET, POLICIES, None).await;
    let policy = policies.each("/id").remove(0);
    let rules = format!("{POLICIES}/{policy}/rules");
    let mut rule = made(flow, Method::GET, &rules, None).await.body[0].take();
    rule["actions"]["token"]["inlineHook"] = json!({ "id": hook });
    let id = rule["id"].as_str().unwrap().to_owned();
    let path = format!("{rules}/{id}");
    made(flow, Method::PUT, &path, Some(rule)).await;
    (policy, id)
}

fn commands(access: &Value, id: &Value) -> Reply {
    Reply::Json(json!({ "commands": [
        { "type": "com.okta.access.patch", "value": access },
        { "type": "com.okta.identity.patch", "value": id },
    ] }))
}

/// Outcomes and reasons of events of this type, oldest first.
async fn logged(flow: &Flow, kind: &str) -> Vec<Value> {
    let path = format!("/api/v1/logs?filter=eventType+eq+%22{kind}%22");
    let log = made(flow, Method::GET, &path, None).await;
    let events = log.body.as_array().unwrap().iter();
    events.map(|event| event["outcome"].clone()).collect()
}

#[tokio::test]
async fn a_service_changes_claims_and_lifetimes() {
    let (flow, receiver) = (Flow::with(builder()).await, Receiver::start().await);
    let hook = hook(&flow, &receiver).await;
    let (policy, rule) = wire(&flow, &hook).await;
    receiver.reply([commands(
        &json!([
            { "op": "add", "path": "/claims/region", "value": { "name": "eu" } },
            { "op": "replace", "path": "/claims/aud", "value": "api://other" },
            { "op": "replace", "path": "/token/lifetime/expiration", "value": 600 },
        ]),
        &json!([
            { "op": "remove", "path": "/claims/preferred_username" },
            { "op": "replace", "path": "/claims/name", "value": "Rear Admiral" },
        ]),
    )]);
    let tokens = flow.web_tokens("openid profile offline_access").await;
    assert_eq!(tokens.body["expires_in"], 600, "{:#}", tokens.body);
    let access = tokens.text("access_token");
    let (_, claims) = flow.verified(&access).await;
    assert_eq!(claims["region"]["name"], "eu");
    assert_eq!(claims["aud"], "api://other");
    assert_eq!(claims["exp"], flow.now() + 600);
    let (_, id) = flow.verified(&tokens.text("id_token")).await;
    assert_eq!(id["name"], "Rear Admiral");
    assert!(id.get("preferred_username").is_none() && id["at_hash"].is_string());
    let known = flow.introspect(&access).await;
    assert_eq!(
        (&known["active"], &known["exp"]),
        (&json!(true), &claims["exp"])
    );

    let call = receiver.received().remove(0);
    assert_eq!(call.header("authorization"), "secret");
    assert_eq!(call.header("x-region"), "eu");
    assert_eq!(call.header("content-type"), "application/json");
    let body = call.json();
    assert_eq!(body["eventType"], "com.okta.oauth2.tokens.transform");
    assert_eq!(body["eventTypeVersion"], "1.0");
    assert_eq!(body["cloudEventVersion"], "0.1");
    assert_eq!(body["source"], flow.endpoint("token"));
    assert!(!body["eventId"].as_str().unwrap().is_empty());
    let context = &body["data"]["context"];
    assert_eq!(context["user"]["profile"]["login"], GRACE);
    assert_eq!(
        context["policy"],
        json!({ "id": policy, "rule": { "id": rule } })
    );
    let protocol = &context["protocol"];
    assert_eq!(protocol["issuer"]["uri"], flow.issuer);
    assert_eq!(protocol["client"]["id"], flow.okta.web_app().client_id);
    assert_eq!(protocol["client"]["type"], "CONFIDENTIAL");
    assert_eq!(protocol["request"]["grant_type"], "authorization_code");
    let seen = &body["data"]["access"];
    assert_eq!(seen["claims"]["aud"], "api://default");
    assert_eq!(seen["claims"]["jti"], claims["jti"]);
    assert!(seen["claims"].get("exp").is_none());
    assert_eq!(seen["token"]["lifetime"]["expiration"], 3600);
    assert_eq!(seen["scopes"]["openid"]["action"], "GRANT");
    assert_eq!(
        body["data"]["identity"]["claims"]["preferred_username"],
        GRACE
    );
    assert!(
        body["data"]["refresh_token"]["jti"]
            .as_str()
            .unwrap()
            .starts_with("oar")
    );
    for kind in ["inline_hook.executed", "inline_hook.response.processed"] {
        assert_eq!(
            logged(&flow, kind).await,
            [json!({ "result": "SUCCESS", "reason": null })]
        );
    }

    // The hook counts for tokens of a refresh as well.
    let web = Proof::Basic(flow.okta.web_app());
    let refreshed = flow.refresh(web, &tokens.text("refresh_token")).await;
    assert_eq!(refreshed.body["expires_in"], 3600);
    let calls = receiver.received();
    assert_eq!(calls.len(), 2);
    let refresh = calls[1].json()["data"]["refresh_token"].clone();
    assert_eq!(refresh, body["data"]["refresh_token"]);
}

#[tokio::test]
async fn tokens_are_as_they_were_where_the_service_fails() {
    let flow = Flow::with(builder().hook_timeout(Duration::from_millis(100))).await;
    let receiver = Receiver::start().await;
    wire(&flow, &hook(&flow, &receiver).await).await;
    let reserved = json!([{ "op": "replace", "path": "/claims/scp", "value": [] }]);
    let rounds = [
        (vec![Reply::Status(204)], 1, true, true),
        (
            vec![Reply::Status(500), Reply::Json(json!({}))],
            2,
            true,
            true,
        ),
        (vec![Reply::Status(500), Reply::Status(500)], 2, false, true),
        (vec![Reply::Status(400)], 1, false, true),
        (vec![Reply::Never, Reply::Never], 2, false, true),
        (vec![Reply::Text("no JSON".to_owned())], 1, false, true),
        (
            vec![Reply::Text("x".repeat(256 * 1024 + 1))],
            1,
            false,
            true,
        ),
        (vec![commands(&reserved, &json!([]))], 1, true, false),
    ];
    let (mut calls, mut executed, mut processed) = (0, Vec::new(), Vec::new());
    for (round, (replies, made, answers, obeys)) in rounds.into_iter().enumerate() {
        receiver.reply(replies);
        let tokens = flow.native_tokens("openid").await;
        assert_eq!(tokens.status, 200, "round {round}: {:#}", tokens.body);
        let (_, claims) = flow.verified(&tokens.text("access_token")).await;
        assert_eq!(claims["scp"], json!(["openid"]));
        assert_eq!(claims["exp"], flow.now() + 3600);
        calls += made;
        assert_eq!(receiver.received().len(), calls, "round {round}");
        let result = |success| if success { "SUCCESS" } else { "FAILURE" };
        executed.push(result(answers));
        if answers {
            processed.push(result(obeys));
        }
    }
    for (kind, expected) in [
        ("inline_hook.executed", executed),
        ("inline_hook.response.processed", processed),
    ] {
        let outcomes = logged(&flow, kind).await;
        let results: Vec<_> = outcomes.iter().map(|outcome| &outcome["result"]).collect();
        assert_eq!(results, expected, "{outcomes:#?}");
    }
}

#[tokio::test]
async fn an_error_of_the_service_refuses_the_tokens() {
    let (flow, receiver) = (Flow::with(builder()).await, Receiver::start().await);
    wire(&flow, &hook(&flow, &receiver).await).await;
    receiver.reply([Reply::Json(
        json!({ "error": { "errorSummary": "Not from there" } }),
    )]);
    let refused = flow.native_tokens("openid").await;
    assert_eq!(refused.failed(500, "server_error"), "Not from there");
    assert!(refused.body.get("access_token").is_none());
}

#[tokio::test]
async fn the_org_serves_others_while_a_service_is_asked() {
    let flow = Flow::with(builder().hook_timeout(Duration::from_secs(300))).await;
    let receiver = Receiver::start().await;
    wire(&flow, &hook(&flow, &receiver).await).await;
    let release = std::sync::Arc::new(tokio::sync::Notify::new());
    receiver.reply([Reply::Held(release.clone())]);
    let others = async {
        receiver.arrived(1).await;
        let users = flow.manage(Method::GET, "/api/v1/users", None).await;
        assert_eq!(users.status, 200);
        release.notify_one();
    };
    let (tokens, ()) = tokio::join!(flow.native_tokens("openid"), others);
    assert_eq!(tokens.status, 200, "{:#}", tokens.body);
}

#[tokio::test]
async fn a_user_who_is_switched_off_meanwhile_gets_no_tokens() {
    let flow = Flow::with(builder().hook_timeout(Duration::from_secs(300))).await;
    let receiver = Receiver::start().await;
    wire(&flow, &hook(&flow, &receiver).await).await;
    let release = std::sync::Arc::new(tokio::sync::Notify::new());
    receiver.reply([Reply::Held(release.clone())]);
    let suspended = async {
        receiver.arrived(1).await;
        let path = format!("/api/v1/users/{GRACE}/lifecycle/suspend");
        made(&flow, Method::POST, &path, Some(json!({}))).await;
        release.notify_one();
    };
    let (tokens, ()) = tokio::join!(flow.native_tokens("openid"), suspended);
    tokens.failed(400, "invalid_grant");
}

#[tokio::test]
async fn only_active_hooks_of_custom_servers_are_asked() {
    let (mut flow, receiver) = (Flow::with(builder()).await, Receiver::start().await);
    let hook = hook(&flow, &receiver).await;
    wire(&flow, &hook).await;
    flow.native_tokens("openid").await;
    assert_eq!(receiver.received().len(), 1);
    let off = format!("{HOOKS}/{hook}/lifecycle/deactivate");
    made(&flow, Method::POST, &off, Some(json!({}))).await;
    assert_eq!(flow.native_tokens("openid").await.status, 200);
    let on = format!("{HOOKS}/{hook}/lifecycle/activate");
    made(&flow, Method::POST, &on, Some(json!({}))).await;
    flow.endpoints = format!("{}/oauth2/v1", flow.okta.org_url());
    flow.okta.org_url().clone_into(&mut flow.issuer);
    assert_eq!(flow.native_tokens("openid").await.status, 200);
    assert_eq!(receiver.received().len(), 1);
}

#[tokio::test]
async fn a_preview_sends_what_it_is_given() {
    let (flow, receiver) = (Flow::with(builder()).await, Receiver::start().await);
    let hook = hook(&flow, &receiver).await;
    let path = format!("{HOOKS}/{hook}/execute");
    let asked = json!({
        "eventType": "com.okta.oauth2.tokens.transform",
        "eventId": "3OWo4oo-QQ-rBWfRyTmQYw",
        "source": "https://example.com/oauth2/default/v1/authorize",
        "data": { "access": { "claims": { "sub": "ada" } } },
    });
    let answered = json!({ "commands": [{ "type": "com.okta.access.patch", "value": [] }] });
    receiver.reply([Reply::Json(answered.clone()), Reply::Status(404)]);
    let preview = made(&flow, Method::POST, &path, Some(asked.clone())).await;
    assert_eq!(preview.body, answered);
    let call = receiver.received().remove(0);
    assert_eq!(call.json(), asked);
    assert_eq!(call.header("authorization"), "secret");
    let failed = flow.manage(Method::POST, &path, Some(asked.clone())).await;
    let cause = failed.refused(400, "E0000001");
    assert_eq!(cause, "the service answered with status 404");
    let off = format!("{HOOKS}/{hook}/lifecycle/deactivate");
    made(&flow, Method::POST, &off, Some(json!({}))).await;
    let off = flow.manage(Method::POST, &path, Some(asked.clone())).await;
    off.refused(400, "E0000001");
    let none = flow
        .manage(Method::POST, &format!("{HOOKS}/cal1/execute"), Some(asked))
        .await;
    none.refused(404, "E0000007");
}
