//! Types of users, and the attributes that profiles may have.
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use okta_emulator::Emulator;
use serde_json::{Value, json};
use support::Org;

const SCHEMA: &str = "/api/v1/meta/schemas/user/default";

fn person(login: &str, extra: (&str, Value)) -> Value {
    let mut profile = json!({ "login": login, "email": login, "firstName": "A", "lastName": "B" });
    profile[extra.0] = extra.1;
    json!({ "profile": profile })
}

fn custom(attributes: Value) -> Value {
    json!({ "definitions": { "custom": { "id": "#custom", "properties": attributes } } })
}

#[tokio::test]
async fn attributes_are_declared_before_they_are_used() {
    let org = Org::empty().await;
    let badge = || person("a@example.com", ("badge", json!(7)));
    let refused = org.post("/api/v1/users", badge()).await;
    let cause = refused.refused(400, "E0000001");
    assert_eq!(cause, "Property name 'badge' is not defined in profile");

    let declared = custom(json!({ "badge": { "type": "integer", "title": "Badge" } }));
    let schema = org.post(SCHEMA, declared).await;
    assert_eq!(schema.status, 200, "{:#}", schema.body);
    let attribute = &schema.body["definitions"]["custom"]["properties"]["badge"];
    assert_eq!(
        (&attribute["title"], &attribute["scope"]),
        (&json!("Badge"), &json!("NONE"))
    );
    assert_eq!(org.get(SCHEMA).await.body, schema.body);

    let user = org.post("/api/v1/users", badge()).await;
    assert_eq!(user.body["profile"]["badge"], 7);
    let own = format!("/api/v1/users/{}", user.id());
    let wrong = json!({ "profile": { "badge": "seven" } });
    org.post(&own, wrong).await.refused(400, "E0000001");

    org.post(SCHEMA, custom(json!({ "badge": null }))).await;
    assert_eq!(org.get(&own).await.body["profile"].get("badge"), None);
}

#[tokio::test]
async fn each_type_has_a_schema_of_its_own() {
    let org = Org::empty().await;
    let guest = json!({ "name": "guest", "displayName": "Guest" });
    let created = org.post("/api/v1/meta/types/user", guest).await;
    let kind = created.id();
    let schema = created.body["_links"]["schema"]["href"].as_str().unwrap();
    let declared = custom(json!({ "host": { "type": "string" } }));
    assert_eq!(org.post(schema, declared).await.status, 200);

    let host = || person("a@example.com", ("host", json!("Grace")));
    org.post("/api/v1/users", host())
        .await
        .refused(400, "E0000001");
    let mut of_type = host();
    of_type["type"] = json!({ "id": kind });
    let user = org.post("/api/v1/users", of_type).await;
    assert_eq!(user.body["type"]["id"], kind.as_str());
    let own = format!("/api/v1/meta/types/user/{kind}");
    org.delete(&own).await.refused(400, "E0000001");
}

#[tokio::test]
async fn groups_and_apps_have_schemas_as_well() {
    let org = Org::empty().await;
    let group = || json!({ "profile": { "name": "Desk", "floor": 3 } });
    org.post("/api/v1/groups", group())
        .await
        .refused(400, "E0000001");
    let declared = custom(json!({ "floor": { "type": "integer" } }));
    org.post("/api/v1/meta/schemas/group/default", declared)
        .await;
    assert_eq!(
        org.post("/api/v1/groups", group()).await.body["profile"]["floor"],
        3
    );

    let app = json!({ "label": "Wiki", "signOnMode": "BOOKMARK" });
    let app = org.post("/api/v1/apps", app).await.id();
    let path = format!("/api/v1/meta/schemas/apps/{app}/default");
    let declared = custom(json!({ "seat": { "type": "integer" } }));
    let schema = org.post(&path, declared).await;
    assert_eq!(
        schema.body["definitions"]["custom"]["properties"]["seat"]["type"],
        "integer"
    );
}

#[tokio::test]
async fn a_lax_org_takes_any_attribute_and_a_seed_declares_its_own() {
    let lax = Org::start(Emulator::builder().lax_profiles()).await;
    let user = person("a@example.com", ("shoe", json!(42)));
    assert_eq!(lax.post("/api/v1/users", user).await.status, 200);

    let org = Org::start(Emulator::builder()).await;
    let user = person("a@example.com", ("badgeNumber", json!(42)));
    assert_eq!(org.post("/api/v1/users", user).await.status, 200);
}
