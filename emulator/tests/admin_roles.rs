//! Administrator roles, their targets, custom roles and resource sets over HTTP.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use serde_json::json;
use support::Org;

#[tokio::test]
async fn standard_roles_of_users_and_groups() {
    let org = Org::empty().await;
    let user = org.user("isaac@example.com").await;
    let group = org.group("Support").await;
    for holder in [
        format!("/api/v1/users/{user}"),
        format!("/api/v1/groups/{group}"),
    ] {
        let path = format!("{holder}/roles");
        let assigned = org.post(&path, json!({ "type": "USER_ADMIN" })).await;
        assert_eq!(assigned.status, 201);
        assert_eq!(assigned.id(), "KVJUKUS7IFCE2SKO");
        let assignee = &assigned.body["_links"]["assignee"]["href"];
        assert_eq!(*assignee, format!("{}{holder}", org.okta.org_url()));
        let again = org.post(&path, json!({ "type": "USER_ADMIN" })).await;
        again.refused(409, "E0000090");
        let one = format!("{path}/KVJUKUS7IFCE2SKO");
        assert_eq!(org.get(&one).await.body, assigned.body);
        assert_eq!(org.delete(&one).await.status, 204);
        org.delete(&one).await.refused(404, "E0000007");
    }
}

#[tokio::test]
async fn a_user_has_the_roles_of_the_groups() {
    let org = Org::empty().await;
    let user = org.user("isaac@example.com").await;
    let group = org.group("Support").await;
    org.put(&format!("/api/v1/groups/{group}/users/{user}"), json!({}))
        .await;
    org.post(
        &format!("/api/v1/users/{user}/roles"),
        json!({ "type": "ORG_ADMIN" }),
    )
    .await;
    org.post(
        &format!("/api/v1/groups/{group}/roles"),
        json!({ "type": "APP_ADMIN" }),
    )
    .await;
    let roles = org.get(&format!("/api/v1/users/{user}/roles")).await;
    assert_eq!(roles.each("/type"), ["ORG_ADMIN", "APP_ADMIN"]);
    assert_eq!(roles.each("/assignmentType"), ["USER", "GROUP"]);
}

#[tokio::test]
async fn targets_limit_a_role() {
    let org = Org::empty().await;
    let user = org.user("isaac@example.com").await;
    let roles = format!("/api/v1/users/{user}/roles");
    let groups = {
        let role = org
            .post(&roles, json!({ "type": "HELP_DESK_ADMIN" }))
            .await
            .id();
        format!("{roles}/{role}/targets/groups")
    };
    let (one, two) = (org.group("One").await, org.group("Two").await);
    for group in [&one, &two] {
        assert_eq!(
            org.put(&format!("{groups}/{group}"), json!({}))
                .await
                .status,
            204
        );
    }
    let (pages, ids) = org.pages(&format!("{groups}?limit=1"), "/id").await;
    assert_eq!((pages, ids), (2, vec![one.clone(), two.clone()]));
    assert_eq!(org.delete(&format!("{groups}/{one}")).await.status, 204);
    org.delete(&format!("{groups}/{two}"))
        .await
        .refused(400, "E0000001");

    let apps = {
        let role = org.post(&roles, json!({ "type": "APP_ADMIN" })).await.id();
        format!("{roles}/{role}/targets/catalog/apps")
    };
    let app = org.app("Wiki").await;
    assert_eq!(
        org.put(&format!("{apps}/bookmark/{app}"), json!({}))
            .await
            .status,
        204
    );
    assert_eq!(
        org.put(&format!("{apps}/facebook"), json!({})).await.status,
        204
    );
    let listed = org.get(&apps).await;
    assert_eq!(listed.each("/name"), ["Wiki", "facebook"]);
    assert_eq!(listed.body[0]["id"], app);
    assert_eq!(
        org.delete(&format!("{apps}/bookmark/{app}")).await.status,
        204
    );
    assert_eq!(org.put(&apps, json!({})).await.status, 200);
    assert_eq!(org.get(&apps).await.body, json!([]));
}

#[tokio::test]
async fn custom_roles_bind_a_role_to_a_resource_set() {
    let org = Org::empty().await;
    let user = org.user("isaac@example.com").await;
    let role = json!({
        "label": "Clerk", "description": "Reads", "permissions": ["okta.users.read"],
    });
    let role = org.post("/api/v1/iam/roles", role).await;
    assert!(role.id().starts_with("cr0"));
    let set = json!({
        "label": "Desk", "description": "All users", "resources": ["orn:okta:directory:x:users"],
    });
    let set = org.post("/api/v1/iam/resource-sets", set).await;
    assert!(set.id().starts_with("iam"));
    let custom = json!({ "type": "CUSTOM", "role": role.id(), "resource-set": set.id() });
    let assigned = org
        .post(&format!("/api/v1/users/{user}/roles"), custom)
        .await;
    assert_eq!(
        (assigned.status, &assigned.body["label"]),
        (201, &json!("Clerk"))
    );
    assert_eq!(assigned.body["resource-set"], set.id());

    let permissions = "/api/v1/iam/roles/Clerk/permissions";
    let added = org
        .post(&format!("{permissions}/okta.groups.read"), json!({}))
        .await;
    assert_eq!(added.status, 204);
    let listed = org.get(permissions).await;
    assert_eq!(listed.body["permissions"][0]["label"], "okta.groups.read");
    assert_eq!(
        org.delete(&format!("{permissions}/okta.groups.read"))
            .await
            .status,
        204
    );

    let resources = format!("/api/v1/iam/resource-sets/{}/resources", set.id());
    let added = json!({ "additions": ["https://example.com/api/v1/groups"] });
    assert_eq!(org.patch(&resources, added).await.status, 200);
    let listed = org.get(&resources).await;
    assert_eq!(
        listed.body["resources"][0]["orn"],
        "orn:okta:directory:x:users"
    );
    let second = &listed.body["resources"][1];
    assert_eq!(
        second["_links"]["resource"]["href"],
        "https://example.com/api/v1/groups"
    );

    assert_eq!(
        org.delete("/api/v1/iam/resource-sets/Desk").await.status,
        204
    );
    assert_eq!(
        org.get(&format!("/api/v1/users/{user}/roles")).await.body,
        json!([])
    );
}

#[tokio::test]
async fn administrators_are_listed_with_a_cursor_in_the_body() {
    let org = Org::empty().await;
    let user = org.user("isaac@example.com").await;
    org.user("nobody@example.com").await;
    org.post(
        &format!("/api/v1/users/{user}/roles"),
        json!({ "type": "ORG_ADMIN" }),
    )
    .await;
    let first = org.get("/api/v1/iam/assignees/users?limit=1").await;
    assert_eq!(first.body["value"].as_array().unwrap().len(), 1);
    let next = first.body["_links"]["next"]["href"].as_str().unwrap();
    let second = org.get(next).await;
    assert_eq!(second.body["value"][0]["id"], user);
    assert!(second.body["_links"].get("next").is_none());
}

#[tokio::test]
async fn a_binding_gives_a_role_on_a_set_to_users_and_groups() {
    let org = Org::empty().await;
    let (user, group) = (org.user("isaac@example.com").await, org.group("Desk").await);
    let role = json!({ "label": "Clerk", "description": "d", "permissions": ["okta.users.read"] });
    let role = org.post("/api/v1/iam/roles", role).await.id();
    let set = json!({ "label": "Desk", "description": "d", "resources": ["orn:a"] });
    let set = org.post("/api/v1/iam/resource-sets", set).await.id();
    let bindings = format!("/api/v1/iam/resource-sets/{set}/bindings");
    let binding = format!("{bindings}/{role}");
    org.get(&binding).await.refused(404, "E0000007");

    let member = |kind: &str, id: &str| format!("{}/api/v1/{kind}/{id}", org.okta.org_url());
    let request = json!({ "role": "Clerk", "members": [member("users", &user)] });
    let created = org.post(&bindings, request).await;
    assert_eq!(created.status, 200);
    let own = format!("{}{binding}", org.okta.org_url());
    assert_eq!(created.body["_links"]["self"]["href"], own);
    let listed = org.get(&bindings).await;
    assert_eq!(listed.body["roles"][0]["id"], role);
    let roles = org.get(&format!("/api/v1/users/{user}/roles")).await;
    assert_eq!(roles.body[0]["type"], "CUSTOM");
    assert_eq!(roles.body[0]["resource-set"], set);

    let additions = [
        member("users", &user),
        format!("orn:okta:directory:1:groups:{group}"),
    ];
    let more = json!({ "additions": additions });
    assert_eq!(
        org.patch(&format!("{binding}/members"), more).await.status,
        200
    );
    let members = org.get(&format!("{binding}/members")).await;
    let members = members.body["members"].as_array().unwrap().clone();
    assert_eq!(members.len(), 2);
    let first = format!("{binding}/members/{}", members[0]["id"].as_str().unwrap());
    assert_eq!(org.get(&first).await.body, members[0]);
    assert_eq!(org.delete(&first).await.status, 204);
    org.get(&first).await.refused(404, "E0000007");
    assert_eq!(org.delete(&binding).await.status, 204);
    org.get(&binding).await.refused(404, "E0000007");
}

#[tokio::test]
async fn a_binding_needs_a_role_and_members_that_exist() {
    let org = Org::empty().await;
    let role = json!({ "label": "Clerk", "description": "d", "permissions": ["okta.users.read"] });
    org.post("/api/v1/iam/roles", role).await;
    let set = json!({ "label": "Desk", "description": "d", "resources": ["orn:a"] });
    org.post("/api/v1/iam/resource-sets", set).await;
    let bindings = "/api/v1/iam/resource-sets/Desk/bindings";
    for (request, status, code) in [
        (json!({ "members": ["x/users/1"] }), 400, "E0000001"),
        (json!({ "role": "Clerk", "members": [] }), 400, "E0000001"),
        (
            json!({ "role": "Clerk", "members": ["isaac"] }),
            400,
            "E0000001",
        ),
        (
            json!({ "role": "Clerk", "members": ["x/users/1"] }),
            404,
            "E0000007",
        ),
        (
            json!({ "role": "Nobody", "members": ["x/users/1"] }),
            404,
            "E0000007",
        ),
    ] {
        org.post(bindings, request).await.refused(status, code);
    }
}

#[tokio::test]
async fn clients_have_roles_with_targets() {
    let org = Org::empty().await;
    let (app, other) = (org.app("Service").await, org.app("Other").await);
    let group = org.group("Support").await;
    let roles = format!("/oauth2/v1/clients/{app}/roles");
    let assign = async |kind: &str| {
        let assigned = org.post(&roles, json!({ "type": kind })).await;
        assert_eq!(assigned.status, 201, "{:#}", assigned.body);
        assigned
    };
    let admin = assign("APP_ADMIN").await;
    assert_eq!(admin.body["assignmentType"], "CLIENT");
    let holder = format!("{}/oauth2/v1/clients/{app}", org.okta.org_url());
    assert_eq!(admin.body["_links"]["assignee"]["href"], holder);
    org.post(&roles, json!({ "type": "APP_ADMIN" }))
        .await
        .refused(409, "E0000090");
    let own = format!("{roles}/{}", admin.id());
    assert_eq!(org.get(&own).await.body, admin.body);

    let apps = format!("{own}/targets/catalog/apps");
    for app in [&app, &other] {
        let target = format!("{apps}/bookmark/{app}");
        assert_eq!(org.put(&target, json!({})).await.status, 204);
    }
    assert_eq!(
        org.get(&apps).await.each("/id"),
        [app.clone(), other.clone()]
    );
    let target = format!("{apps}/bookmark/{other}");
    assert_eq!(org.delete(&target).await.status, 204);
    // The last target stays.
    org.delete(&format!("{apps}/bookmark/{app}"))
        .await
        .refused(400, "E0000001");
    org.put(&format!("{own}/targets/groups/{group}"), json!({}))
        .await
        .refused(400, "E0000001");

    let helper = assign("HELP_DESK_ADMIN").await.id();
    let groups = format!("{roles}/{helper}/targets/groups");
    assert_eq!(
        org.put(&format!("{groups}/{group}"), json!({}))
            .await
            .status,
        204
    );
    assert_eq!(org.get(&groups).await.each("/id"), [group]);
    assert_eq!(org.delete(&own).await.status, 204);
    assert_eq!(org.get(&roles).await.each("/type"), ["HELP_DESK_ADMIN"]);
    org.get("/oauth2/v1/clients/0oaNOBODY/roles")
        .await
        .refused(404, "E0000007");
}
