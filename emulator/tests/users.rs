//! Users over HTTP.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use serde_json::{Value, json};
use support::{Org, person};

#[tokio::test]
async fn a_user_from_creation_to_removal() {
    let org = Org::lax().await;
    let body = json!({
        "profile": {
            "login": "isaac@example.com", "email": "isaac@example.com",
            "firstName": "Isaac", "lastName": "Brock", "badgeNumber": 4711, "tags": ["a", "b"],
        },
        "credentials": {
            "password": { "value": "correct horse" },
            "recovery_question": { "question": "Pet?", "answer": "Silver" },
        },
    });
    let created = org.post("/api/v1/users?activate=false", body).await;
    assert_eq!(created.status, 200);
    let id = created.id();
    assert!(id.starts_with("00u") && id.len() == 20, "{id}");
    assert_eq!(created.body["status"], "STAGED");
    assert_eq!(created.body["profile"]["badgeNumber"], 4711);
    assert_eq!(created.body["profile"]["tags"], json!(["a", "b"]));
    assert_eq!(created.body["profile"]["mobilePhone"], Value::Null);
    assert_eq!(created.body["credentials"]["password"], json!({}));
    assert_eq!(
        created.body["credentials"]["recovery_question"],
        json!({ "question": "Pet?" })
    );
    let own = format!("{}/api/v1/users/{id}", org.okta.org_url());
    assert_eq!(created.body["_links"]["self"]["href"], own);
    assert_eq!(
        created.body["_links"]["activate"]["href"],
        format!("{own}/lifecycle/activate")
    );

    let by_login = org.get("/api/v1/users/Isaac%40example.com").await;
    assert_eq!(by_login.body, created.body);

    let path = format!("/api/v1/users/{id}");
    let activated = org
        .post(
            &format!("{path}/lifecycle/activate?sendEmail=false"),
            json!({}),
        )
        .await;
    assert!(
        activated.body["activationUrl"]
            .as_str()
            .unwrap()
            .starts_with(org.okta.org_url())
    );
    assert_eq!(
        activated.body["activationToken"].as_str().unwrap().len(),
        20
    );
    let again = org
        .post(&format!("{path}/lifecycle/activate"), json!({}))
        .await;
    again.refused(403, "E0000016");

    let updated = org
        .post(
            &path,
            json!({ "profile": { "nickName": "Ike", "tags": null } }),
        )
        .await;
    assert_eq!(updated.body["profile"]["nickName"], "Ike");
    assert_eq!(updated.body["profile"]["badgeNumber"], 4711);
    assert_eq!(updated.body["profile"].get("tags"), None);
    let replaced = org
        .put(&path, json!({ "profile": person("isaac@example.com") }))
        .await;
    assert_eq!(replaced.body["profile"].get("badgeNumber"), None);

    assert_eq!(org.delete(&path).await.status, 204);
    assert_eq!(org.get(&path).await.body["status"], "DEPROVISIONED");
    let refused = org
        .post(&path, json!({ "profile": { "nickName": "Ike" } }))
        .await;
    refused.refused(403, "E0000038");
    assert_eq!(org.delete(&path).await.status, 204);
    org.get(&path).await.refused(404, "E0000007");
}

#[tokio::test]
async fn what_a_user_may_not_be() {
    let org = Org::empty().await;
    org.user("isaac@example.com").await;
    let duplicate = org.post(
        "/api/v1/users",
        json!({ "profile": person("isaac@example.com") }),
    );
    assert_eq!(
        duplicate.await.refused(400, "E0000001"),
        "login: An object with this field already exists in the current organization"
    );
    let incomplete = org.post(
        "/api/v1/users",
        json!({ "profile": { "login": "a@example.com" } }),
    );
    let incomplete = incomplete.await;
    incomplete.refused(400, "E0000001");
    assert_eq!(
        incomplete.body["errorSummary"],
        "Api validation failed: email"
    );
    assert_eq!(incomplete.body["errorCauses"].as_array().unwrap().len(), 3);

    let weak = json!({
        "profile": person("b@example.com"), "credentials": { "password": { "value": "short" } },
    });
    let cause = org
        .post("/api/v1/users", weak)
        .await
        .refused(400, "E0000001")
        .to_owned();
    assert!(
        cause.starts_with("password:") && !cause.contains("short"),
        "{cause}"
    );

    let missing = org.get("/api/v1/users/00uNOPE").await;
    missing.refused(404, "E0000007");
    assert_eq!(
        missing.body["errorSummary"],
        "Not found: Resource not found: 00uNOPE (User)"
    );
}

#[tokio::test]
async fn a_new_user_can_start_in_groups() {
    let org = Org::empty().await;
    let group = org.group("Engineering").await;
    let body = json!({ "profile": person("isaac@example.com"), "groupIds": [group] });
    let user = org.post("/api/v1/users", body).await.id();
    let groups = org.get(&format!("/api/v1/users/{user}/groups")).await;
    assert_eq!(groups.each("/profile/name"), ["Everyone", "Engineering"]);
}

#[tokio::test]
async fn the_lifecycle_over_http() {
    let org = Org::empty().await;
    let user = org.user("isaac@example.com").await;
    let path = |operation: &str| format!("/api/v1/users/{user}/lifecycle/{operation}");
    for (operation, expected) in [
        ("suspend", "SUSPENDED"),
        ("unsuspend", "ACTIVE"),
        ("expire_password", "PASSWORD_EXPIRED"),
        ("reset_password?sendEmail=false", "RECOVERY"),
        ("reactivate", "PROVISIONED"),
        ("reset_factors", "PROVISIONED"),
        ("deactivate", "DEPROVISIONED"),
        ("activate", "PROVISIONED"),
    ] {
        let answer = org.post(&path(operation), json!({})).await;
        assert_eq!(answer.status, 200, "{operation}: {:#}", answer.body);
        let status = org.get(&format!("/api/v1/users/{user}")).await.body["status"].clone();
        assert_eq!(status, expected, "{operation}");
    }
    assert_eq!(
        org.post(&path("unlock"), json!({}))
            .await
            .refused(403, "E0000032"),
        "The user is not locked out."
    );
    org.post(&path("suspend"), json!({}))
        .await
        .refused(400, "E0000001");
}

#[tokio::test]
async fn a_temporary_password_is_told_once() {
    let org = Org::empty().await;
    let user = org.user("isaac@example.com").await;
    let path = format!("/api/v1/users/{user}/lifecycle/expire_password_with_temp_password");
    let temporary = org.post(&path, json!({})).await.body["tempPassword"].clone();
    let change = json!({
        "oldPassword": { "value": temporary }, "newPassword": { "value": "battery staple" },
    });
    let path = format!("/api/v1/users/{user}/credentials/change_password");
    let changed = org.post(&path, change.clone()).await;
    assert_eq!(changed.body["provider"]["type"], "OKTA");
    org.post(&path, change).await.refused(403, "E0000014");
}

#[tokio::test]
async fn lists_leave_the_deactivated_out_unless_searched() {
    let org = Org::empty().await;
    let gone = org.user("gone@example.com").await;
    org.user("here@example.com").await;
    org.delete(&format!("/api/v1/users/{gone}")).await;
    let logins = org.get("/api/v1/users").await.each("/profile/login");
    assert_eq!(logins, ["admin@example.com", "here@example.com"]);
    for query in ["search", "filter"] {
        let found = org
            .get(&format!(
                "/api/v1/users?{query}=status+eq+%22DEPROVISIONED%22"
            ))
            .await;
        assert_eq!(found.each("/id"), [&*gone], "{query}");
    }
    assert_eq!(org.get("/api/v1/users?q=gone").await.body, json!([]));
}

#[tokio::test]
async fn search_is_parsed_and_sorted() {
    let org = Org::lax().await;
    for (login, badge) in [
        ("a@example.com", 3),
        ("b@example.com", 1),
        ("c@example.com", 2),
    ] {
        let mut profile = person(login);
        profile["badge"] = json!(badge);
        org.post("/api/v1/users", json!({ "profile": profile }))
            .await;
    }
    let found = |query: &str| {
        let path = format!("/api/v1/users?limit=2&{query}");
        let org = &org;
        async move { org.pages(&path, "/profile/login").await.1 }
    };
    assert_eq!(
        found("search=profile.badge+gt+1+and+not+(profile.login+sw+%22A%22)").await,
        ["c@example.com"]
    );
    assert_eq!(
        found("search=profile.badge+pr&sortBy=profile.badge").await,
        ["b@example.com", "c@example.com", "a@example.com"]
    );
    assert_eq!(
        found("search=profile.badge+pr&sortBy=profile.badge&sortOrder=desc").await,
        ["a@example.com", "c@example.com", "b@example.com"]
    );
    let bad = org.get("/api/v1/users?search=status+is+%22ACTIVE%22").await;
    assert_eq!(bad.body["errorSummary"], "Invalid search criteria.");
    let cause = bad.refused(400, "E0000031");
    assert!(cause.contains("at character 6"), "{cause}");
}

#[tokio::test]
async fn pages_lead_to_the_end_while_users_come_and_go() {
    let org = Org::empty().await;
    let mut users = Vec::new();
    for number in 0..7 {
        users.push(org.user(&format!("user{number}@example.com")).await);
    }
    let first = org.get("/api/v1/users?limit=3").await;
    assert_eq!(first.headers.get_all("link").iter().count(), 2);
    assert_eq!(
        first.link("self").unwrap(),
        format!("{}/api/v1/users?limit=3", org.okta.org_url())
    );
    let next = first.link("next").unwrap();
    // The user at the cursor disappears.
    for _ in 0..2 {
        org.delete(&format!("/api/v1/users/{}", users[1])).await;
    }
    let (pages, rest) = org.pages(&next, "/id").await;
    assert_eq!((pages, rest), (2, users[2..].to_vec()));

    org.get("/api/v1/users?after=made-up")
        .await
        .refused(400, "E0000029");
    org.get("/api/v1/users?limit=none")
        .await
        .refused(400, "E0000029");
}

#[tokio::test]
async fn me_is_the_owner_of_the_token() {
    let org = Org::empty().await;
    let me = org.get("/api/v1/users/me").await;
    assert_eq!(me.body["profile"]["login"], "admin@example.com");
    let roles = org.get("/api/v1/users/me/roles").await;
    assert_eq!(roles.each("/type"), ["SUPER_ADMIN"]);
    assert_eq!(org.delete("/api/v1/users/me/sessions").await.status, 204);
}

#[tokio::test]
async fn pages_of_a_sorted_search_keep_their_order_while_the_org_changes() {
    let org = Org::empty().await;
    let mut ids = Vec::new();
    for name in ["d", "b", "e", "a", "c", "f", "g"] {
        ids.push(org.user(&format!("{name}@example.com")).await);
    }
    let everyone = "/api/v1/users?search=profile.login+pr\
                    &sortBy=profile.login&limit=3";
    let logins = "/profile/login";
    let first = org.get(everyone).await;
    let expected = ["a@example.com", "admin@example.com", "b@example.com"];
    assert_eq!(first.each(logins), expected);

    // `b`, the last of the page, goes; `a` moves behind; `c` is deleted; `aa` comes in front.
    let path = |index: usize| format!("/api/v1/users/{}", ids[index]);
    for _ in 0..2 {
        org.delete(&path(1)).await;
        org.delete(&path(4)).await;
    }
    let renamed = json!({ "profile": { "login": "z@example.com" } });
    org.post(&path(3), renamed).await;
    org.user("aa@example.com").await;

    let second = org.get(&first.link("next").unwrap()).await;
    assert_eq!(
        second.each(logins),
        ["d@example.com", "e@example.com", "f@example.com"]
    );
    // A page can be read again.
    let again = org.get(&first.link("next").unwrap()).await;
    assert_eq!(again.each(logins), second.each(logins));
    let third = org.get(&second.link("next").unwrap()).await;
    assert_eq!(third.each(logins), ["g@example.com"]);
    assert!(third.link("next").is_none());

    // The cursor is one of this list.
    let next = second.link("next").unwrap();
    let other = next.replace("sortBy=profile.login", "sortBy=profile.email");
    org.get(&other).await.refused(400, "E0000031");
}
