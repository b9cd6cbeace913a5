//! Custom authorization servers: what is set by API is what their endpoints do.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use reqwest::Method;
use serde_json::{Value, json};
use support::oauth::{Flow, GRACE, Proof, answer};

const SERVERS: &str = "/api/v1/authorizationServers";
const DEFAULT: &str = "/api/v1/authorizationServers/default";

/// Creates something, and gives what was answered.
async fn created(flow: &Flow, path: &str, body: Value) -> Value {
    let answer = flow.manage(Method::POST, path, Some(body)).await;
    assert_eq!(answer.status, 201, "{:#}", answer.body);
    answer.body
}

fn text(value: &Value, name: &str) -> String {
    value[name].as_str().expect(name).to_owned()
}

/// A new server, to which the flow talks from now on.
async fn new_server(flow: &mut Flow) -> String {
    let body = json!({ "name": "Orders", "description": "", "audiences": ["api://orders"] });
    let server = created(flow, SERVERS, body).await;
    flow.issuer = text(&server, "issuer");
    flow.endpoints = format!("{}/v1", flow.issuer);
    format!("{SERVERS}/{}", text(&server, "id"))
}

/// Lets all clients in, by rules that say no more than this.
async fn let_in(flow: &Flow, server: &str, rules: &[Value]) -> String {
    let policy = json!({
        "type": "OAUTH_AUTHORIZATION_POLICY", "name": "All", "description": "All clients",
        "conditions": { "clients": { "include": ["ALL_CLIENTS"] } },
    });
    let policy = created(flow, &format!("{server}/policies"), policy).await;
    let rules_path = format!("{server}/policies/{}/rules", text(&policy, "id"));
    for (number, rule) in rules.iter().enumerate() {
        let mut body = json!({
            "type": "RESOURCE_ACCESS", "name": format!("Rule {number}"),
            "conditions": {
                "grantTypes": { "include": ["authorization_code", "client_credentials"] },
                "scopes": { "include": ["*"] },
            },
        });
        for (name, value) in rule.as_object().unwrap() {
            match name.as_str() {
                "token" => body["actions"] = json!({ "token": value }),
                name => body["conditions"][name] = value.clone(),
            }
        }
        created(flow, &rules_path, body).await;
    }
    rules_path
}

async fn scope(flow: &Flow, server: &str, body: Value) -> Value {
    created(flow, &format!("{server}/scopes"), body).await
}

async fn claim(flow: &Flow, server: &str, more: Value) -> Value {
    let mut body = json!({
        "status": "ACTIVE", "claimType": "RESOURCE", "valueType": "EXPRESSION",
        "conditions": { "scopes": [] }, "alwaysIncludeInToken": true,
    });
    body.as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    created(flow, &format!("{server}/claims"), body).await
}

#[tokio::test]
async fn a_new_server_has_endpoints_of_its_own() {
    let mut flow = Flow::custom().await;
    let server = new_server(&mut flow).await;
    scope(&flow, &server, json!({ "name": "orders:read" })).await;
    let published = json!({ "name": "orders:write", "metadataPublish": "ALL_CLIENTS" });
    scope(&flow, &server, published).await;
    let metadata = format!("{}/.well-known/openid-configuration", flow.issuer);
    let metadata = answer(flow.http.get(metadata)).await;
    assert_eq!(metadata.body["issuer"], flow.issuer);
    assert_eq!(metadata.body["token_endpoint"], flow.endpoint("token"));
    let scopes = metadata.body["scopes_supported"].as_array().unwrap();
    assert!(scopes.contains(&json!("orders:write")) && !scopes.contains(&json!("orders:read")));

    let web = flow.okta.web_app();
    let rule = json!({ "token": {
        "accessTokenLifetimeMinutes": 5, "refreshTokenLifetimeMinutes": 60,
        "refreshTokenWindowMinutes": 10,
    } });
    let_in(&flow, &server, &[rule]).await;
    let tokens = flow.web_tokens("openid offline_access orders:read").await;
    assert_eq!(tokens.body["expires_in"], 300);
    let (_, claims) = flow.verified(&tokens.text("access_token")).await;
    assert_eq!(claims["iss"], flow.issuer);
    assert_eq!(claims["aud"], "api://orders");
    assert_eq!(claims["exp"], flow.now() + 300);
    assert_eq!(claims["sub"], GRACE);
    let (_, id) = flow.verified(&tokens.text("id_token")).await;
    assert_eq!(id["iss"], flow.issuer);

    // Only this server knows its tokens.
    let access = tokens.text("access_token");
    assert_eq!(flow.introspect(&access).await["active"], true);
    let own = std::mem::replace(&mut flow.endpoints, format!("{}/v1", flow.okta.issuer()));
    assert_eq!(flow.introspect(&access).await["active"], false);
    flow.endpoints = own;

    // Used every eight minutes, it lasts an hour and no longer.
    let refresh = tokens.text("refresh_token");
    let web = || Proof::Basic(web);
    for _ in 0..7 {
        flow.advance(8 * 60);
        let again = flow.refresh(web(), &refresh).await;
        assert_eq!(again.status, 200, "{:#}", again.body);
    }
    flow.advance(5 * 60);
    flow.refresh(web(), &refresh)
        .await
        .failed(400, "invalid_grant");
    let unused = flow.web_tokens("openid offline_access").await;
    flow.advance(11 * 60);
    let late = flow.refresh(web(), &unused.text("refresh_token")).await;
    late.failed(400, "invalid_grant");
}

#[tokio::test]
async fn without_a_policy_nobody_gets_tokens() {
    let mut flow = Flow::custom().await;
    let server = new_server(&mut flow).await;
    let web = flow.okta.web_app();
    flow.okta.oauth().log_in_automatically(Some(GRACE)).unwrap();
    let refused = flow.authorize(web, &[("scope", "openid")]).await;
    assert_eq!(refused.redirected("error"), "access_denied");
    assert_eq!(
        refused.redirected("error_description"),
        "Policy evaluation failed for this request, please check the policy configurations."
    );
    let rules = let_in(&flow, &server, &[json!({})]).await;
    flow.web_tokens("openid").await.text("access_token");

    // A policy or a rule that is off does not count.
    let policy = rules.trim_end_matches("/rules");
    for (on, off) in [(policy.to_owned(), policy.to_owned()), {
        let listed = flow.manage(Method::GET, &rules, None).await;
        let rule = format!("{rules}/{}", text(&listed.body[0], "id"));
        (rule.clone(), rule)
    }] {
        let off = format!("{off}/lifecycle/deactivate");
        assert_eq!(flow.manage(Method::POST, &off, None).await.status, 204);
        let refused = flow.authorize(web, &[("scope", "openid")]).await;
        assert_eq!(refused.redirected("error"), "access_denied");
        let on = format!("{on}/lifecycle/activate");
        assert_eq!(flow.manage(Method::POST, &on, None).await.status, 204);
        flow.web_tokens("openid").await.text("access_token");
    }
}

#[tokio::test]
async fn the_first_rule_that_is_about_the_request_decides() {
    let mut flow = Flow::custom().await;
    let server = new_server(&mut flow).await;
    scope(&flow, &server, json!({ "name": "orders:read" })).await;
    let engineering = flow
        .manage(Method::GET, "/api/v1/groups?q=Engineering", None)
        .await;
    let engineering = text(&engineering.body[0], "id");
    let grace = flow
        .manage(Method::GET, &format!("/api/v1/users/{GRACE}"), None)
        .await
        .id();
    let lifetime = |minutes: u32| json!({ "accessTokenLifetimeMinutes": minutes });
    let rules = [
        json!({ "grantTypes": { "include": ["client_credentials"] }, "token": lifetime(5) }),
        json!({ "scopes": { "include": ["orders:read"] }, "token": lifetime(6) }),
        json!({ "people": { "groups": { "include": [engineering], "exclude": [] } },
                "scopes": { "include": ["openid"] }, "token": lifetime(7) }),
        json!({ "people": { "users": { "include": [], "exclude": [grace] } },
                "token": lifetime(8) }),
        json!({ "token": lifetime(9) }),
    ];
    let_in(&flow, &server, &rules).await;
    let lasts = async |scope: &str| flow.web_tokens(scope).await.body["expires_in"].clone();
    assert_eq!(lasts("orders:read").await, 6 * 60);
    assert_eq!(lasts("openid").await, 7 * 60);
    // Not those two scopes in one rule, and Grace is kept from the fourth.
    assert_eq!(lasts("openid orders:read").await, 9 * 60);

    // The client that a policy does not name is not let in by it.
    let policies = format!("{server}/policies");
    let listed = flow.manage(Method::GET, &policies, None).await;
    let policy = format!("{policies}/{}", text(&listed.body[0], "id"));
    let mut other = listed.body[0].clone();
    other["conditions"]["clients"]["include"] = json!([flow.okta.native_app().client_id]);
    let changed = flow.manage(Method::PUT, &policy, Some(other)).await;
    assert_eq!(changed.status, 200, "{:#}", changed.body);
    let web = flow.okta.web_app();
    let refused = flow.authorize(web, &[("scope", "openid")]).await;
    assert_eq!(refused.redirected("error"), "access_denied");
    assert_eq!(
        flow.native_tokens("openid").await.body["expires_in"],
        7 * 60
    );
}

#[tokio::test]
async fn a_claim_set_by_api_is_in_the_next_token() {
    let flow = Flow::custom().await;
    let expression = r#"user.firstName + " of " + String.toUpperCase(user.lastName)"#;
    claim(
        &flow,
        DEFAULT,
        json!({ "name": "who", "value": expression }),
    )
    .await;
    claim(
        &flow,
        DEFAULT,
        json!({ "name": "login", "value": "appuser.userName", "conditions": { "scopes": ["api:write"] } }),
    )
    .await;
    claim(
        &flow,
        DEFAULT,
        json!({ "name": "teams", "valueType": "GROUPS", "group_filter_type": "STARTS_WITH", "value": "Eng" }),
    )
    .await;
    let off = json!({ "name": "off", "value": "\"no\"", "status": "INACTIVE" });
    claim(&flow, DEFAULT, off).await;
    claim(
        &flow,
        DEFAULT,
        json!({ "name": "plan", "value": "\"gold\"", "claimType": "IDENTITY" }),
    )
    .await;
    let later = json!({
        "name": "later", "value": "user.email", "claimType": "IDENTITY", "alwaysIncludeInToken": false,
    });
    claim(&flow, DEFAULT, later).await;

    let tokens = flow.web_tokens("openid api:read").await;
    let (_, access) = flow.verified(&tokens.text("access_token")).await;
    assert_eq!(access["who"], "Grace of HOPPER");
    assert_eq!(access["teams"], json!(["Engineering"]));
    for absent in ["login", "off", "plan", "later", "groups"] {
        assert_eq!(access.get(absent), None, "{absent}");
    }
    let (_, id) = flow.verified(&tokens.text("id_token")).await;
    assert_eq!(id["plan"], "gold");
    assert_eq!(id.get("later"), None);
    let userinfo = flow.http.get(flow.endpoint("userinfo"));
    let userinfo = answer(userinfo.bearer_auth(tokens.text("access_token"))).await;
    assert_eq!(userinfo.body["later"], GRACE);
    assert_eq!(userinfo.body["plan"], "gold");

    let with_scope = flow.web_tokens("openid api:write groups").await;
    let (_, access) = flow.verified(&with_scope.text("access_token")).await;
    assert_eq!(access["login"], GRACE);
    assert_eq!(access["groups"], json!(["Everyone", "Engineering"]));
}

#[tokio::test]
async fn who_is_not_assigned_to_an_app_is_no_user_of_it() {
    let flow = Flow::custom().await;
    let value = "(appuser != null) ? appuser.userName : app.clientId";
    claim(&flow, DEFAULT, json!({ "name": "who", "value": value })).await;
    let day = json!({ "name": "day", "value": "Time.now('UTC', 'yyyy-MM-dd')" });
    claim(&flow, DEFAULT, day).await;
    let user = json!({ "name": "mail", "value": "user.email" });
    claim(&flow, DEFAULT, user).await;

    let tokens = flow.web_tokens("openid api:read").await;
    let (_, access) = flow.verified(&tokens.text("access_token")).await;
    assert_eq!(access["who"], GRACE);
    let now = flow.okta.clock().now();
    assert_eq!(access["day"], now.format("%Y-%m-%d").to_string());

    let assertion = flow.assertion(&flow.assertion_claims());
    let tokens = flow.service_token("api:read", &assertion).await;
    let (_, access) = flow.verified(&tokens.text("access_token")).await;
    assert_eq!(access["who"], flow.okta.service_app().client_id);
    assert_eq!(access.get("mail"), None);
}

#[tokio::test]
async fn claims_are_checked() {
    let flow = Flow::custom().await;
    let claims = format!("{DEFAULT}/claims");
    let refused = async |body: Value| {
        let answer = flow.manage(Method::POST, &claims, Some(body)).await;
        answer.refused(400, "E0000001").to_owned()
    };
    let base =
        json!({ "name": "a", "claimType": "RESOURCE", "valueType": "EXPRESSION", "value": "1" });
    let with = |name: &str, value: Value| {
        let mut body = base.clone();
        body[name] = value;
        body
    };
    assert!(
        refused(with("value", json!("user.")))
            .await
            .starts_with("value: ")
    );
    assert_eq!(
        refused(with("value", json!(""))).await,
        "value: The field cannot be left blank"
    );
    assert_eq!(
        refused(with("conditions", json!({ "scopes": ["nobody"] }))).await,
        "conditions.scopes: There is no scope nobody"
    );
    assert_eq!(
        refused(with("valueType", json!("GROUPS"))).await,
        "group_filter_type: The field cannot be left blank"
    );
    assert!(
        refused(with("name", json!("sub")))
            .await
            .starts_with("name: An object")
    );
    assert_eq!(
        refused(with("name", json!("iss"))).await,
        "name: iss is a reserved claim: choose another name"
    );
    let listed = flow.manage(Method::GET, &claims, None).await;
    let sub = format!("{claims}/{}", text(&listed.body[0], "id"));
    let kept = flow.manage(Method::DELETE, &sub, None).await;
    assert_eq!(
        kept.refused(400, "E0000001"),
        "A claim of the system cannot be deleted"
    );
}

#[tokio::test]
async fn scopes_are_what_the_server_has() {
    let flow = Flow::custom().await;
    let web = flow.okta.web_app();
    flow.okta.oauth().log_in_automatically(Some(GRACE)).unwrap();
    let unknown = flow.authorize(web, &[("scope", "openid orders")]).await;
    assert_eq!(unknown.redirected("error"), "invalid_scope");
    let orders = scope(&flow, DEFAULT, json!({ "name": "orders" })).await;
    flow.web_tokens("openid orders").await.text("access_token");

    // Who asks for none gets those that are so by default.
    let none = flow.authorize(web, &[("scope", "")]).await;
    assert_eq!(none.redirected("error"), "invalid_scope");
    let path = format!("{DEFAULT}/scopes/{}", text(&orders, "id"));
    let body = json!({ "name": "orders", "default": true });
    let changed = flow.manage(Method::PUT, &path, Some(body)).await;
    assert_eq!(changed.status, 200, "{:#}", changed.body);
    let code = flow.code(web, &[("scope", "")]).await;
    let tokens = flow.redeem(Proof::Basic(web), &code).await;
    assert_eq!(tokens.body["scope"], "orders");

    assert_eq!(flow.manage(Method::DELETE, &path, None).await.status, 204);
    let gone = flow.authorize(web, &[("scope", "openid orders")]).await;
    assert_eq!(gone.redirected("error"), "invalid_scope");
    let again = json!({ "name": "openid" });
    let taken = flow
        .manage(Method::POST, &format!("{DEFAULT}/scopes"), Some(again))
        .await;
    assert!(
        taken
            .refused(400, "E0000001")
            .starts_with("name: An object")
    );
    let listed = flow
        .manage(Method::GET, &format!("{DEFAULT}/scopes?q=openid"), None)
        .await;
    assert_eq!(listed.each("/name"), ["openid"]);
    let openid = format!("{DEFAULT}/scopes/{}", text(&listed.body[0], "id"));
    let kept = flow.manage(Method::DELETE, &openid, None).await;
    kept.refused(400, "E0000001");
}

#[tokio::test]
async fn keys_rotate_by_api() {
    let flow = Flow::custom().await;
    let keys = format!("{DEFAULT}/credentials/keys");
    let listed = flow.manage(Method::GET, &keys, None).await;
    assert_eq!(listed.each("/status"), ["ACTIVE", "NEXT"]);
    let [active, next] = listed.each("/kid").try_into().unwrap();
    let before = flow.web_tokens("openid").await.text("access_token");
    assert_eq!(flow.verified(&before).await.0.kid, Some(active.clone()));

    let rotate = format!("{DEFAULT}/credentials/lifecycle/keyRotate");
    let rotated = flow
        .manage(Method::POST, &rotate, Some(json!({ "use": "sig" })))
        .await;
    assert_eq!(rotated.status, 200, "{:#}", rotated.body);
    assert_eq!(rotated.each("/status"), ["ACTIVE", "NEXT", "EXPIRED"]);
    assert_eq!(rotated.body[0]["kid"], next);
    assert_eq!(rotated.body[2]["kid"], active);
    let after = flow.web_tokens("openid").await.text("access_token");
    assert_eq!(flow.verified(&after).await.0.kid, Some(next.clone()));
    // What the old key signed still counts.
    flow.verified(&before).await;
    let server = flow.manage(Method::GET, DEFAULT, None).await;
    assert_eq!(server.body["credentials"]["signing"]["kid"], next);
    let one = flow
        .manage(Method::GET, &format!("{keys}/{next}"), None)
        .await;
    assert_eq!(one.body["status"], "ACTIVE");
    let none = flow
        .manage(Method::GET, &format!("{keys}/none"), None)
        .await;
    none.refused(404, "E0000007");
}

#[tokio::test]
async fn a_server_that_is_off_or_gone_has_no_endpoints() {
    let mut flow = Flow::custom().await;
    let server = new_server(&mut flow).await;
    let_in(&flow, &server, &[json!({})]).await;
    let access = flow.web_tokens("openid").await.text("access_token");
    let metadata = format!("{}/.well-known/openid-configuration", flow.issuer);
    let deactivate = format!("{server}/lifecycle/deactivate");
    assert_eq!(
        flow.manage(Method::POST, &deactivate, None).await.status,
        204
    );
    answer(flow.http.get(&metadata))
        .await
        .refused(404, "E0000007");
    let activate = format!("{server}/lifecycle/activate");
    assert_eq!(flow.manage(Method::POST, &activate, None).await.status, 204);
    assert_eq!(flow.introspect(&access).await["active"], true);
    assert_eq!(flow.manage(Method::DELETE, &server, None).await.status, 204);
    answer(flow.http.get(&metadata))
        .await
        .refused(404, "E0000007");
    flow.manage(Method::GET, &server, None)
        .await
        .refused(404, "E0000007");
    let nowhere = format!("{}/oauth2/nowhere/v1/keys", flow.okta.org_url());
    answer(flow.http.get(nowhere))
        .await
        .refused(404, "E0000007");
    // Every org has this one.
    flow.manage(Method::DELETE, DEFAULT, None)
        .await
        .refused(403, "E0000006");
}

#[tokio::test]
async fn tokens_of_a_trusted_server_are_exchanged() {
    let mut flow = Flow::custom().await;
    let subject = flow
        .web_tokens("openid api:read")
        .await
        .text("access_token");
    let server = new_server(&mut flow).await;
    scope(&flow, &server, json!({ "name": "orders:read" })).await;
    let exchange = "urn:ietf:params:oauth:grant-type:token-exchange";
    let rule = json!({ "grantTypes": { "include": [exchange] } });
    let_in(&flow, &server, &[rule]).await;
    let trusted = flow.okta.trusted_app();
    let form = [
        ("grant_type", exchange),
        (
            "subject_token_type",
            "urn:ietf:params:oauth:token-type:access_token",
        ),
        ("subject_token", subject.as_str()),
        ("scope", "orders:read"),
    ];
    let stranger = flow.token(Proof::Basic(trusted), &form).await;
    stranger.failed(400, "invalid_grant");
    let associated = format!("{server}/associatedServers");
    let body = json!({ "trusted": ["default"] });
    let answered = flow.manage(Method::POST, &associated, Some(body)).await;
    assert_eq!(answered.each("/id"), ["default"]);
    let exchanged = flow.token(Proof::Basic(trusted), &form).await;
    let (_, claims) = flow.verified(&exchanged.text("access_token")).await;
    assert_eq!(claims["iss"], flow.issuer);
    assert_eq!(claims["sub"], GRACE);
    let one = format!("{associated}/default");
    assert_eq!(flow.manage(Method::DELETE, &one, None).await.status, 204);
    let listed = flow
        .manage(Method::GET, &format!("{associated}?trusted=true"), None)
        .await;
    assert_eq!(listed.body, json!([]));
    let stranger = flow.token(Proof::Basic(trusted), &form).await;
    stranger.failed(400, "invalid_grant");
}
