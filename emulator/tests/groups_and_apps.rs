//! Groups, group rules, applications and assignments over HTTP.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use serde_json::json;
use support::Org;

#[tokio::test]
async fn a_group_and_its_members() {
    let org = Org::empty().await;
    let group = org.group("Engineering").await;
    assert!(group.starts_with("00g") && group.len() == 20, "{group}");
    let mut users = Vec::new();
    for number in 0..5 {
        let user = org.user(&format!("user{number}@example.com")).await;
        let added = org
            .put(&format!("/api/v1/groups/{group}/users/{user}"), json!({}))
            .await;
        assert_eq!(added.status, 204);
        users.push(user);
    }
    let path = format!("/api/v1/groups/{group}/users?limit=2");
    assert_eq!(org.pages(&path, "/id").await, (3, users.clone()));
    let removed = org
        .delete(&format!("/api/v1/groups/{group}/users/{}", users[0]))
        .await;
    assert_eq!(removed.status, 204);
    assert_eq!(org.pages(&path, "/id").await.1, users[1..]);

    let own = format!("/api/v1/groups/{group}");
    let profile = json!({ "profile": { "name": "Builders", "description": "They build" } });
    assert_eq!(
        org.put(&own, profile).await.body["profile"]["name"],
        "Builders"
    );
    assert_eq!(org.delete(&own).await.status, 204);
    org.get(&own).await.refused(404, "E0000007");
}

#[tokio::test]
async fn groups_are_found_in_every_way() {
    let org = Org::empty().await;
    for name in ["Alpha", "Alpine", "Beta"] {
        org.group(name).await;
    }
    for (query, expected) in [
        ("q=al", vec!["Alpha", "Alpine"]),
        ("filter=type+eq+%22BUILT_IN%22", vec!["Everyone"]),
        (
            "search=profile.name+sw+%22al%22&sortBy=profile.name&sortOrder=desc",
            vec!["Alpine", "Alpha"],
        ),
        ("limit=1", vec!["Everyone", "Alpha", "Alpine", "Beta"]),
    ] {
        let (_, names) = org
            .pages(&format!("/api/v1/groups?{query}"), "/profile/name")
            .await;
        assert_eq!(names, expected, "{query}");
    }
    let stats = org.get("/api/v1/groups?q=Everyone&expand=stats").await;
    assert_eq!(stats.body[0]["_embedded"]["stats"]["usersCount"], 1);
}

#[tokio::test]
async fn everyone_cannot_be_changed() {
    let org = Org::empty().await;
    let everyone = org
        .get("/api/v1/groups?q=Everyone")
        .await
        .each("/id")
        .remove(0);
    let path = format!("/api/v1/groups/{everyone}");
    org.delete(&path).await.refused(501, "E0000060");
    org.put(&path, json!({ "profile": { "name": "All" } }))
        .await
        .refused(501, "E0000060");
    let user = org.user("isaac@example.com").await;
    org.delete(&format!("{path}/users/{user}"))
        .await
        .refused(501, "E0000060");
}

#[tokio::test]
async fn a_rule_is_kept_and_switched() {
    let org = Org::empty().await;
    let group = org.group("Band").await;
    let rule = json!({
        "type": "group_rule",
        "name": "Musicians",
        "conditions": { "expression": {
            "value": "user.department==\"Music\"", "type": "urn:okta:expression:1.0",
        } },
        "actions": { "assignUserToGroups": { "groupIds": [group] } },
    });
    let created = org.post("/api/v1/groups/rules", rule.clone()).await;
    assert_eq!(created.body["status"], "INACTIVE");
    assert_eq!(created.body["conditions"], rule["conditions"]);
    let path = format!("/api/v1/groups/rules/{}", created.id());
    assert_eq!(
        org.post(&format!("{path}/lifecycle/activate"), json!({}))
            .await
            .status,
        204
    );
    assert_eq!(org.get(&path).await.body["status"], "ACTIVE");
    assert_eq!(
        org.get("/api/v1/groups/rules").await.each("/name"),
        ["Musicians"]
    );
    assert_eq!(
        org.post(&format!("{path}/lifecycle/deactivate"), json!({}))
            .await
            .status,
        204
    );
    let deleted = org.delete(&path).await;
    assert_eq!((deleted.status, deleted.body), (202, json!({})));
    org.get(&path).await.refused(404, "E0000007");
}

#[tokio::test]
async fn an_app_from_creation_to_removal() {
    let org = Org::empty().await;
    let body = json!({
        "label": "Desk",
        "signOnMode": "OPENID_CONNECT",
        "settings": { "oauthClient": { "redirect_uris": ["https://desk.example.com"] }, "new": 1 },
    });
    let created = org.post("/api/v1/apps", body.clone()).await;
    let id = created.id();
    assert!(id.starts_with("0oa") && id.len() == 20, "{id}");
    assert_eq!(created.body["name"], "oidc_client");
    assert_eq!(created.body["settings"]["new"], 1);
    let client = &created.body["credentials"]["oauthClient"];
    assert_eq!(client["client_id"], id);
    assert_eq!(client["client_secret"].as_str().unwrap().len(), 64);

    let path = format!("/api/v1/apps/{id}");
    let replaced = org
        .put(
            &path,
            json!({ "label": "Help", "signOnMode": "OPENID_CONNECT" }),
        )
        .await;
    assert_eq!(replaced.body["label"], "Help");
    assert_eq!(replaced.body["credentials"]["oauthClient"], *client);
    assert_eq!(org.get(&path).await.body, replaced.body);

    org.delete(&path).await.refused(403, "E0000056");
    assert_eq!(
        org.post(&format!("{path}/lifecycle/deactivate"), json!({}))
            .await
            .status,
        200
    );
    assert_eq!(org.get(&path).await.body["status"], "INACTIVE");
    assert_eq!(org.delete(&path).await.status, 204);
    org.get(&path).await.refused(404, "E0000007");
}

#[tokio::test]
async fn users_and_groups_are_assigned_to_an_app() {
    let org = Org::empty().await;
    let (app, group) = (org.app("Wiki").await, org.group("Engineering").await);
    let (one, two) = (
        org.user("one@example.com").await,
        org.user("two@example.com").await,
    );
    let path = format!("/api/v1/apps/{app}");

    let assigned = json!({
        "id": one, "scope": "USER",
        "credentials": { "userName": "one", "password": { "value": "correct horse" } },
    });
    let assigned = org.post(&format!("{path}/users"), assigned).await;
    assert_eq!(assigned.status, 200);
    assert_eq!(assigned.body["scope"], "USER");
    assert_eq!(
        assigned.body["credentials"],
        json!({ "userName": "one", "password": {} })
    );

    org.put(&format!("/api/v1/groups/{group}/users/{two}"), json!({}))
        .await;
    let by_group = org.put(&format!("{path}/groups/{group}"), json!({})).await;
    assert_eq!(
        (by_group.status, &by_group.body["priority"]),
        (200, &json!(0))
    );
    let accounts = org.get(&format!("{path}/users")).await;
    assert_eq!(accounts.each("/id"), [one.clone(), two.clone()]);
    assert_eq!(accounts.each("/scope"), ["USER", "GROUP"]);
    assert_eq!(
        accounts.each("/credentials/userName"),
        ["one", "two@example.com"]
    );
    assert_eq!(
        org.pages(&format!("{path}/users?limit=1"), "/id").await.0,
        2
    );

    let expanded = org.get(&format!("{path}/users?expand=user")).await;
    assert_eq!(expanded.each("/_embedded/user/id"), expanded.each("/id"));
    let brief = org.get(&format!("{path}/users/{one}")).await;
    assert_eq!(brief.body.get("_embedded"), None);

    let profile = json!({ "profile": { "seat": 4 } });
    let updated = org.post(&format!("{path}/users/{one}"), profile).await;
    assert_eq!(updated.body["profile"]["seat"], 4);

    for (query, expected) in [
        (format!("user.id+eq+%22{two}%22"), 1),
        (format!("group.id+eq+%22{group}%22"), 1),
        ("status+eq+%22INACTIVE%22".to_owned(), 0),
        ("name+eq+%22bookmark%22".to_owned(), 1),
    ] {
        let found = org.get(&format!("/api/v1/apps?filter={query}")).await;
        assert_eq!(found.each("/id").len(), expected, "{query}");
    }
    assert_eq!(
        org.get(&format!("/api/v1/groups/{group}/apps"))
            .await
            .each("/label"),
        ["Wiki"]
    );
    let links = org.get(&format!("/api/v1/users/{two}/appLinks")).await;
    assert_eq!(links.each("/label"), ["Wiki"]);

    let patched = json!([{ "op": "replace", "path": "/priority", "value": 7 }]);
    let patched = org.patch(&format!("{path}/groups/{group}"), patched).await;
    assert_eq!(patched.body["priority"], 7);

    assert_eq!(
        org.delete(&format!("{path}/groups/{group}")).await.status,
        204
    );
    let missing = org.delete(&format!("{path}/groups/{group}")).await;
    missing.refused(404, "E0000007");
    assert_eq!(
        missing.body["errorSummary"],
        format!("Not found: Resource not found: {group}{app} (GroupAppAssignment)")
    );
    assert_eq!(org.get(&format!("{path}/users")).await.each("/id"), [&*one]);
    assert_eq!(org.delete(&format!("{path}/users/{one}")).await.status, 204);
    org.get(&format!("{path}/users/{one}"))
        .await
        .refused(404, "E0000007");
}
