//! What is not modelled by hand: kept by the shapes of paths and schemas.
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use okta_emulator::{Emulator, Seed};
use serde_json::{Value, json};
use support::Org;

fn zone(name: &str) -> Value {
    json!({ "type": "IP", "name": name, "gateways": [{ "type": "CIDR", "value": "10.0.0.0/8" }] })
}

#[tokio::test]
async fn an_item_lives_until_it_is_deleted() {
    let org = Org::empty().await;
    let created = org.post("/api/v1/zones", zone("Office")).await;
    assert_eq!(created.status, 200);
    let (id, own) = (created.id(), format!("/api/v1/zones/{}", created.id()));
    assert!(id.starts_with("nzo") && id.len() == 20, "{id}");
    assert_eq!(created.body["name"], "Office");
    assert_eq!(created.body["gateways"], zone("Office")["gateways"]);
    assert_eq!(created.body["status"], "ACTIVE");
    assert!(created.body["created"].is_string());
    let link = created.body["_links"]["self"]["href"].as_str().unwrap();
    assert_eq!(link, format!("{}{own}", org.okta.org_url()));

    assert_eq!(org.get(&own).await.body, created.body);
    let off = org
        .post(&format!("{own}/lifecycle/deactivate"), json!({}))
        .await;
    assert_eq!(off.body["status"], "INACTIVE");
    let replaced = org.put(&own, zone("Home")).await;
    assert_eq!(
        (&replaced.body["name"], &replaced.body["id"]),
        (&json!("Home"), &json!(id))
    );
    assert_eq!(replaced.body["created"], created.body["created"]);

    assert_eq!(org.delete(&own).await.status, 204);
    for answer in [
        org.get(&own).await,
        org.delete(&own).await,
        org.put(&own, zone("Home")).await,
    ] {
        answer.refused(404, "E0000007");
        let summary = format!("Not found: Resource not found: {id} (NetworkZone)");
        assert_eq!(answer.body["errorSummary"], summary);
    }
}

#[tokio::test]
async fn what_a_replacement_does_not_know_stays() {
    let org = Org::empty().await;
    let brand = org
        .post("/api/v1/brands", json!({ "name": "Own" }))
        .await
        .id();
    let domain = json!({ "domain": "login.example.com", "certificateSourceType": "OKTA_MANAGED" });
    let created = org.post("/api/v1/domains", domain).await;
    let own = format!("/api/v1/domains/{}", created.id());
    let replaced = org.put(&own, json!({ "brandId": brand })).await;
    assert_eq!(replaced.body["brandId"], brand);
    for member in ["domain", "certificateSourceType", "validationStatus"] {
        assert_eq!(replaced.body[member], created.body[member], "{member}");
    }
}

#[tokio::test]
async fn what_only_the_server_writes_is_not_taken() {
    let org = Org::empty().await;
    let mut body = zone("Office");
    body["id"] = json!("mine");
    body["created"] = json!("1970-01-01T00:00:00.000Z");
    body["asns"] = Value::Null;
    let created = org.post("/api/v1/zones", body).await;
    assert_ne!(created.id(), "mine");
    assert!(
        !created.body["created"]
            .as_str()
            .unwrap()
            .starts_with("1970")
    );
}

#[tokio::test]
async fn post_on_an_item_merges_and_put_replaces() {
    let org = Org::empty().await;
    let hook = json!({
        "name": "Hook", "type": "com.okta.oauth2.tokens.transform", "version": "1.0.0",
        "channel": { "type": "HTTP", "version": "1.0.0", "config": {
            "uri": "https://example.com/hook", "method": "POST",
            "authScheme": { "type": "HEADER", "key": "authorization", "value": "secret" },
        } },
    });
    let created = org.post("/api/v1/inlineHooks", hook).await;
    assert_eq!(created.status, 200, "{:#}", created.body);
    assert!(!created.body.to_string().contains("secret"));
    let own = format!("/api/v1/inlineHooks/{}", created.id());
    let merged = org
        .post(&own, json!({ "name": "Other", "version": "1.0.0" }))
        .await;
    assert_eq!(merged.body["name"], "Other");
    assert_eq!(
        merged.body["channel"]["config"]["uri"],
        "https://example.com/hook"
    );
}

#[tokio::test]
async fn lists_have_pages_and_filters() {
    let org = Org::empty().await;
    let before = org.get("/api/v1/zones").await.each("/id").len();
    for number in 0..5 {
        org.post("/api/v1/zones", zone(&format!("Zone {number}")))
            .await;
    }
    let (pages, ids) = org.pages("/api/v1/zones?limit=2", "/id").await;
    assert_eq!((pages, ids.len()), ((before + 5).div_ceil(2), before + 5));
    let found = org.get("/api/v1/zones?filter=name+eq+%22Zone+3%22").await;
    assert_eq!(found.each("/name"), ["Zone 3"]);
    org.get("/api/v1/zones?filter=name")
        .await
        .refused(400, "E0000031");
    let brand = json!({ "name": "Second" });
    assert_eq!(org.post("/api/v1/brands", brand).await.status, 201);
    let found = org.get("/api/v1/brands?q=seco").await;
    assert_eq!(found.each("/name"), ["Second"]);
}

#[tokio::test]
async fn everything_on_the_way_has_to_exist() {
    let org = Org::empty().await;
    for (path, missing) in [
        ("/api/v1/brands/bnd1/themes", "bnd1 (Brand)"),
        ("/api/v1/users/00u1/factors", "00u1 (User)"),
        (
            "/api/v1/apps/0oa1/credentials/secrets",
            "0oa1 (AppInstance)",
        ),
        (
            "/api/v1/authorizationServers/aus1/scopes",
            "aus1 (AuthorizationServer)",
        ),
        ("/oauth2/v1/clients/0oa1/roles", "0oa1 (AppInstance)"),
    ] {
        let answer = org.get(path).await;
        answer.refused(404, "E0000007");
        let summary = format!("Not found: Resource not found: {missing}");
        assert_eq!(answer.body["errorSummary"], summary, "{path}");
    }
    let created = org
        .post("/api/v1/brands", json!({ "name": "Second" }))
        .await;
    let themes = format!("/api/v1/brands/{}/themes", created.id());
    assert_eq!(org.get(&themes).await.each("/id").len(), 1);
    org.delete(&format!("/api/v1/brands/{}", created.id()))
        .await;
    org.get(&themes).await.refused(404, "E0000007");
}

#[tokio::test]
async fn the_variant_is_the_one_that_the_request_names() {
    let org = Org::empty().await;
    let provider = json!({
        "name": "Social", "type": "GOOGLE",
        "protocol": { "type": "OIDC", "credentials": { "client": {
            "client_id": "id", "client_secret": "secret",
        } }, "scopes": ["openid"] },
        "policy": { "accountLink": { "action": "AUTO" } },
    });
    let created = org.post("/api/v1/idps", provider.clone()).await;
    assert_eq!(created.status, 200, "{:#}", created.body);
    assert_eq!(created.body["protocol"], provider["protocol"]);
    assert!(created.id().starts_with("0oa"));
}

#[tokio::test]
async fn settings_are_there_before_anybody_writes_them() {
    let org = Org::empty().await;
    let path = "/api/v1/org/preferences";
    assert_eq!(org.get(path).await.body["showEndUserFooter"], true);
    org.post(&format!("{path}/hideEndUserFooter"), json!({}))
        .await;
    assert_eq!(org.get(path).await.body["showEndUserFooter"], false);
    let captcha = json!({ "captchaId": "cap1", "enabledPages": ["SSR"] });
    assert_eq!(
        org.put("/api/v1/org/captcha", captcha.clone()).await.body["captchaId"],
        "cap1"
    );
    assert_eq!(org.delete("/api/v1/org/captcha").await.status, 204);
    assert_eq!(
        org.get("/api/v1/org/captcha").await.body["captchaId"],
        Value::Null
    );
}

#[tokio::test]
async fn every_org_starts_with_what_every_org_has() {
    let org = Org::empty().await;
    for (path, pointer, expected) in [
        ("/api/v1/brands", "/name", "Emulator"),
        ("/api/v1/authenticators", "/key", "okta_password"),
        ("/api/v1/zones", "/name", "LegacyIpZone"),
        ("/api/v1/meta/types/user", "/name", "user"),
        ("/api/v1/authorizationServers", "/name", "default"),
        (
            "/api/v1/authorizationServers/default/scopes",
            "/name",
            "openid",
        ),
        ("/api/v1/behaviors", "/name", "New City"),
        ("/api/v1/realms", "/profile/name", "Default Realm"),
        ("/api/v1/groups", "/profile/name", "Everyone"),
    ] {
        let list = org.get(path).await;
        assert_eq!(list.status, 200, "{path}");
        assert_eq!(list.each(pointer)[0], expected, "{path}");
    }
}

#[tokio::test]
async fn an_authorization_server_has_its_own_issuer_and_no_policy() {
    let org = Org::empty().await;
    let servers = "/api/v1/authorizationServers";
    let body = json!({ "name": "Library", "description": "Books", "audiences": ["api://books"] });
    let made = org.post(servers, body).await;
    let (id, url) = (made.id(), org.okta.org_url());
    assert_eq!(made.body["issuer"], format!("{url}/oauth2/{id}"));
    let listed = org.get(servers).await.each("/issuer");
    assert_eq!(listed, [org.okta.issuer(), format!("{url}/oauth2/{id}")]);
    let policies = |server: &str| format!("{servers}/{server}/policies");
    assert_eq!(org.get(&policies(&id)).await.body, json!([]));
    let names = org.get(&policies("default")).await.each("/name");
    assert_eq!(names, ["Default Policy"]);
}

#[tokio::test]
async fn a_client_has_the_secret_and_the_keys_that_it_was_made_with() {
    let org = Org::empty().await;
    let (web, service) = (org.okta.web_app(), org.okta.service_app());
    let of = |app: &str, what: &str| format!("/api/v1/apps/{app}/credentials/{what}");
    let secrets = org.get(&of(&web.app_id, "secrets")).await;
    assert_eq!(secrets.each("/status"), ["ACTIVE"]);
    let secret = secrets.body[0]["client_secret"].as_str();
    assert_eq!(secret, web.client_secret.as_deref());
    assert_eq!(
        org.get(&of(&service.app_id, "secrets")).await.body,
        json!([])
    );
    let keys = org.get(&of(&service.app_id, "jwks")).await;
    let list = keys.body.pointer("/jwks/keys").unwrap_or(&keys.body);
    assert_eq!(list[0]["kid"].as_str(), service.key_id.as_deref());
    assert_eq!(list[0]["status"], "ACTIVE");
}

#[tokio::test]
async fn linked_objects_lead_from_one_user_to_the_other() {
    let org = Org::start(Emulator::builder()).await;
    let side =
        |name: &str| json!({ "name": name, "title": name, "description": name, "type": "USER" });
    let definition = json!({ "primary": side("manager"), "associated": side("report") });
    let definitions = "/api/v1/meta/schemas/user/linkedObjects";
    assert_eq!(org.post(definitions, definition).await.status, 201);
    let (grace, alan) = (
        "/api/v1/users/grace@example.com",
        "/api/v1/users/alan@example.com",
    );
    let boss = org.get(grace).await.id();
    let link = format!("{alan}/linkedObjects/manager");
    assert_eq!(
        org.put(&format!("{link}/{boss}"), json!({})).await.status,
        204
    );
    let href = |id: &str| format!("{}/api/v1/users/{id}", org.okta.org_url());
    assert_eq!(
        org.get(&link).await.each("/_links/self/href"),
        [href(&boss)]
    );
    let report = org.get(alan).await.id();
    let reports = org.get(&format!("{grace}/linkedObjects/report")).await;
    assert_eq!(reports.each("/_links/self/href"), [href(&report)]);
    assert_eq!(org.delete(&link).await.status, 204);
    assert!(org.get(&link).await.body.as_array().unwrap().is_empty());
    org.get(&format!("{alan}/linkedObjects/nobody"))
        .await
        .refused(404, "E0000007");
}

#[tokio::test]
async fn what_is_not_emulated_says_so() {
    let org = Org::empty().await;
    for path in [
        "/governance/api/v1/campaigns",
        "/idp/myaccount/profile",
        "/api/v2/users",
    ] {
        let cause = org.get(path).await.refused(501, "E0000060").to_owned();
        assert!(
            cause.starts_with(&format!("The emulator has no {path}")),
            "{cause}"
        );
    }
    assert_eq!(org.okta.stats().not_emulated, 3);
    org.patch("/api/v1/zones", json!({}))
        .await
        .refused(405, "E0000022");
    org.patch("/api/v1/users", json!({}))
        .await
        .refused(405, "E0000022");
    assert_eq!(org.okta.stats().not_emulated, 3);
}

#[tokio::test]
async fn a_slash_at_the_end_does_not_count() {
    let org = Org::empty().await;
    for path in ["/api/v1/users", "/api/v1/zones", "/api/v1/groups/rules"] {
        let answer = org.get(&format!("{path}/")).await;
        assert_eq!(
            (answer.status, answer.body),
            (200, org.get(path).await.body),
            "{path}"
        );
    }
}

#[tokio::test]
async fn what_nobody_may_call_needs_a_token() {
    let org = Org::empty().await;
    let status = async |path: &str| {
        let url = format!("{}{path}", org.okta.org_url());
        org.http.get(url).send().await.unwrap().status().as_u16()
    };
    assert_eq!(status("/api/v1/zones").await, 401);
    assert_eq!(status("/integrations/api/v1/api-services").await, 401);
    assert_eq!(status("/oauth2/v1/clients/0oa1/roles").await, 401);
    assert_eq!(status("/.well-known/okta-organization").await, 200);
}

#[tokio::test]
async fn requests_are_checked_wherever_they_go() {
    let org = Org::empty().await;
    for (path, body, code, cause) in [
        (
            "/api/v1/apps",
            json!({ "label": "A", "signOnMode": "MAGIC" }),
            "E0000003",
            "signOnMode: must be one of ",
        ),
        (
            "/api/v1/users",
            json!({ "profile": [] }),
            "E0000003",
            "profile: The value must be an object",
        ),
        (
            "/api/v1/zones",
            json!({ "type": "IP" }),
            "E0000001",
            "name: The field cannot be left blank",
        ),
        (
            "/api/v1/idps",
            json!({ "type": 7 }),
            "E0000003",
            "type: The value must be a string",
        ),
    ] {
        let answer = org.post(path, body).await;
        let given = answer.refused(400, code);
        assert!(given.starts_with(cause), "{path}: {given}");
    }
}

#[tokio::test]
async fn a_seed_holds_objects_of_any_collection() {
    let seed = "
users: [{ profile: { login: a@x.org, email: a@x.org, firstName: A, lastName: B } }]
objects:
  /api/v1/devices: [{ status: ACTIVE, profile: { displayName: Laptop } }]
  /webauthn-registration/api/v1/users/a@x.org/enrollments: [{ factorType: webauthn }]
";
    let seed = Seed::from_yaml(seed).unwrap();
    let org = Org::start(Emulator::builder().seed(seed)).await;
    let devices = org.get("/api/v1/devices").await;
    assert_eq!(devices.each("/profile/displayName"), ["Laptop"]);
    let keys = "/webauthn-registration/api/v1/users/a@x.org/enrollments";
    assert_eq!(org.get(keys).await.each("/factorType"), ["webauthn"]);

    for (collection, why) in [
        ("/api/v1/moons", "no such collection"),
        ("/api/v1/apps/0oa1/tokens", "Plant a refresh token at"),
    ] {
        let seed = Seed::from_yaml(&format!("objects: {{ {collection}: [{{}}] }}")).unwrap();
        let started = Emulator::builder().seed(seed).start().await;
        let error = started.unwrap_err().to_string();
        assert!(error.contains(why), "{error}");
    }
}
