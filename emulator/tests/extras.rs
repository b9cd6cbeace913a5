//! What requests ask beside what an operation does: entity tags, parts of objects, embedded objects.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use reqwest::Method;
use serde_json::{Value, json};
use support::{Org, person};

#[tokio::test]
async fn an_update_of_what_has_changed_since_is_refused() {
    let org = Org::empty().await;
    let user = format!("/api/v1/users/{}", org.user("isaac@example.com").await);
    let read = org.get(&user).await;
    let tag = read.header("etag").to_owned();
    assert!(tag.starts_with("W/\"") && tag.ends_with('"'), "{tag:?}");
    // What is embedded or left out makes no other state of the user.
    let other = org.get(&format!("{user}?expand=blocks")).await;
    assert_eq!(other.header("etag"), tag);

    let change = |city: &str| Some(json!({ "profile": { "city": city } }));
    let send = async |method: Method, body: Option<Value>, tag: &str| {
        org.send_with(method, &user, body, &[("if-match", tag)])
            .await
    };
    org.okta.clock().advance(std::time::Duration::from_secs(1));
    let first = send(Method::POST, change("Issaquah"), &tag).await;
    assert_eq!(first.status, 200, "{:#}", first.body);
    let second = send(Method::POST, change("Portland"), &tag).await;
    assert!(second.refused(412, "E0000001").starts_with("If-Match"));
    let whole = Some(json!({ "profile": person("isaac@example.com") }));
    send(Method::PUT, whole, &tag)
        .await
        .refused(412, "E0000001");

    let now = org.get(&user).await;
    assert_eq!(now.body["profile"]["city"], "Issaquah");
    assert_ne!(now.header("etag"), tag);
    let forms: [fn(&str) -> String; 2] = [
        |tag| format!("\"other\", {tag}"),
        |tag| tag.replace("W/", ""),
    ];
    for form in forms {
        let tag = form(org.get(&user).await.header("etag"));
        let answer = send(Method::POST, change("Seattle"), &tag).await;
        assert_eq!(answer.status, 200, "{tag}: {:#}", answer.body);
    }
    assert_eq!(send(Method::POST, change("Olympia"), "*").await.status, 200);
    let nobody = "/api/v1/users/00uNOBODY";
    let gone = org
        .send_with(
            Method::POST,
            nobody,
            change("Nowhere"),
            &[("if-match", "*")],
        )
        .await;
    gone.refused(404, "E0000007");
}

#[tokio::test]
async fn what_has_no_tags_in_the_document_has_none() {
    let org = Org::empty().await;
    let group = format!("/api/v1/groups/{}", org.group("Engineering").await);
    assert_eq!(org.get(&group).await.header("etag"), "");
    let body = Some(json!({ "profile": { "name": "Development" } }));
    let stale = [("if-match", "W/\"stale\"")];
    let answer = org.send_with(Method::PUT, &group, body, &stale).await;
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn credentials_and_their_links_can_be_left_out() {
    let org = Org::empty().await;
    let id = org.user("isaac@example.com").await;
    let user = format!("/api/v1/users/{id}");
    let links = |body: &Value| {
        let links = body["_links"].as_object().unwrap().keys();
        links.cloned().collect::<Vec<_>>()
    };
    let whole = org.get(&user).await.body;
    assert!(whole["credentials"].is_object());
    for header in ["content-type", "accept"] {
        let wanted = "application/json; okta-response=\"omitCredentials, omitCredentialsLinks\"";
        let short = org.get_with(&user, &[(header, wanted)]).await.body;
        assert!(short.get("credentials").is_none());
        assert!(links(&short).contains(&"suspend".to_owned()));
        for gone in ["resetPassword", "resetFactors", "changePassword"] {
            assert!(links(&whole).contains(&gone.to_owned()), "{gone}");
            assert!(!links(&short).contains(&gone.to_owned()), "{gone}");
        }
    }
    let wanted = [("accept", "application/json; okta-response=omitCredentials")];
    let list = org.get_with("/api/v1/users", &wanted).await;
    let mut users = list.body.as_array().unwrap().iter();
    assert!(users.all(|user| user.get("credentials").is_none() && user["id"].is_string()));
}

#[tokio::test]
async fn a_list_of_users_has_the_fields_that_were_asked_for() {
    let org = Org::empty().await;
    let id = org.user("isaac@example.com").await;
    let fields = "status,profile:(firstName,city)";
    let search = "search=profile.login+eq+%22isaac%40example.com%22";
    let list = org
        .get(&format!("/api/v1/users?{search}&fields={fields}"))
        .await;
    let expected = json!([{
        "id": id, "status": "ACTIVE", "profile": { "firstName": "Isaac" },
    }]);
    assert_eq!(list.body, expected);
    let refused = org.get("/api/v1/users?fields=profile:(firstName").await;
    assert!(refused.refused(400, "E0000001").starts_with("fields"));
    // A single user has no fields to choose from.
    let alone = org.get(&format!("/api/v1/users/{id}?fields=status")).await;
    assert_eq!(alone.body["profile"]["lastName"], "Brock");
}

/// Reads with `expand` and gives what is embedded.
async fn embedded(org: &Org, path: &str, expand: &str) -> Value {
    let plain = org.get(path).await;
    assert_eq!(plain.status, 200, "{path}: {:#}", plain.body);
    let mark = if path.contains('?') { '&' } else { '?' };
    let answer = org.get(&format!("{path}{mark}expand={expand}")).await;
    assert_eq!(answer.status, 200, "{path}: {:#}", answer.body);
    let first = |body: &Value| match body.as_array() {
        Some(items) => items[0]["_embedded"].clone(),
        None => body["_embedded"].clone(),
    };
    assert_ne!(first(&plain.body), first(&answer.body), "{path}");
    first(&answer.body)
}

#[tokio::test]
async fn what_stands_around_an_app_is_embedded() {
    let org = Org::empty().await;
    let (user, group) = (
        org.user("isaac@example.com").await,
        org.group("Engineering").await,
    );
    let app = org.app("Intranet").await;
    let path = format!("/api/v1/apps/{app}");
    let assigned = json!({ "id": user, "scope": "USER" });
    org.post(&format!("{path}/users"), assigned).await;
    org.put(&format!("{path}/groups/{group}"), json!({})).await;

    let expand = format!("user/{user}");
    let alone = embedded(&org, &path, &expand).await;
    assert_eq!(
        alone["user"]["credentials"]["userName"],
        "isaac@example.com"
    );
    let filter = format!("/api/v1/apps?filter=user.id+eq+%22{user}%22");
    assert_eq!(embedded(&org, &filter, &expand).await, alone);
    for path in [format!("{path}/groups"), format!("{path}/groups/{group}")] {
        let found = embedded(&org, &path, "group").await;
        assert_eq!(found["group"]["profile"]["name"], "Engineering");
    }
    for path in [format!("{path}/users"), format!("{path}/users/{user}")] {
        let found = embedded(&org, &path, "user").await;
        assert_eq!(found["user"]["id"], user);
    }
    let other = org.user("eric@example.com").await;
    let nobody = org.get(&format!("{path}?expand=user/{other}")).await;
    assert_eq!(nobody.status, 200);
    assert!(nobody.body.get("_embedded").is_none());
}

#[tokio::test]
async fn the_assignment_of_a_group_says_who_wrote_its_profile() {
    let org = Org::empty().await;
    let (app, group) = (org.app("Intranet").await, org.group("Engineering").await);
    let groups = format!("/api/v1/apps/{app}/groups");
    let one = format!("{groups}/{group}");
    let body = json!({ "profile": { "division": "top" } });
    assert_eq!(org.put(&one, body).await.status, 200);
    let me = org.get("/api/v1/users/me").await.id();
    let url = org.okta.org_url();
    let writer = json!({ "id": me, "self": { "href": format!("{url}/api/v1/users/{me}") } });
    let expected = json!({ "metadata": { "credentials": {}, "profile": { "division": {
        "source": { "type": "USER", "value": [writer] }, "lastUpdated": null,
    } } } });
    for path in [&groups, &one] {
        assert_eq!(embedded(&org, path, "metadata").await, expected, "{path}");
    }
    // Assigned again without a profile, the one before stays, and so does who wrote it.
    org.put(&one, json!({ "priority": 3 })).await;
    assert_eq!(embedded(&org, &one, "metadata").await, expected);
}

#[tokio::test]
async fn what_belongs_to_an_object_is_embedded() {
    let org = Org::empty().await;
    let user = format!("/api/v1/users/{}", org.user("isaac@example.com").await);
    let blocks = embedded(&org, &user, "blocks").await;
    assert_eq!(blocks, json!({ "blocks": [] }));

    let group = org.group("Engineering").await;
    let staff = org.group("Staff").await;
    let expression = format!("user.title==\"Engineer\" AND isMemberOfGroup(\"{staff}\")");
    let rule = json!({
        "type": "group_rule", "name": "Engineers",
        "conditions": { "expression": {
            "value": expression, "type": "urn:okta:expression:1.0",
        } },
        "actions": { "assignUserToGroups": { "groupIds": [group] } },
    });
    let rule = org.post("/api/v1/groups/rules", rule).await.id();
    let names = json!({ "groupIdToGroupNameMap": { (&group): "Engineering", (&staff): "Staff" } });
    for path in [
        "/api/v1/groups/rules",
        &format!("/api/v1/groups/rules/{rule}"),
    ] {
        assert_eq!(embedded(&org, path, "groupIdToGroupNameMap").await, names);
    }

    let policies = org.get("/api/v1/policies?type=PASSWORD").await;
    let policy = format!("/api/v1/policies/{}", policies.each("/id")[0]);
    for path in ["/api/v1/policies?type=PASSWORD", &policy] {
        let rules = &embedded(&org, path, "rules").await["rules"];
        assert!(rules[0]["name"].is_string(), "{rules:#}");
    }

    let role = json!({ "type": "USER_ADMIN" });
    let role = org.post(&format!("{user}/roles"), role).await.id();
    let target = format!("{user}/roles/{role}/targets/groups/{group}");
    assert_eq!(org.put(&target, json!({})).await.status, 204);
    let found = embedded(&org, &format!("{user}/roles"), "targets/groups").await;
    assert_eq!(found["targets"]["groups"][0]["id"], group);

    let brand = org.get("/api/v1/brands").await.each("/id")[0].clone();
    let brand = format!("/api/v1/brands/{brand}");
    let both = embedded(&org, &brand, "themes,domains").await;
    assert!(
        both["themes"][0]["id"].is_string() && both["domains"] == json!([]),
        "{both:#}"
    );
    let templates = format!("{brand}/templates/email");
    let found = embedded(&org, &templates, "settings&expand=customizationCount").await;
    assert!(
        found["settings"].is_object() && found["customizationCount"] == 0,
        "{found:#}"
    );
    let found = embedded(&org, &format!("{brand}/pages/error"), "default").await;
    assert!(found["default"].is_object(), "{found:#}");
}
