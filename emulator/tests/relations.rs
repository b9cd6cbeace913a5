//! Who belongs to whom: group rules, owners of groups, linked objects, apps that come by groups.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use serde_json::{Value, json};
use support::{Answer, Org};

const RULES: &str = "/api/v1/groups/rules";
const LINKED: &str = "/api/v1/meta/schemas/user/linkedObjects";

fn rule(name: &str, group: &str, expression: &str) -> Value {
    json!({
        "type": "group_rule",
        "name": name,
        "conditions": { "expression": {
            "value": expression, "type": "urn:okta:expression:1.0",
        } },
        "actions": { "assignUserToGroups": { "groupIds": [group] } },
    })
}

/// Creates an active rule and gives its path.
async fn active_rule(org: &Org, name: &str, group: &str, expression: &str) -> String {
    let created = org.post(RULES, rule(name, group, expression)).await;
    assert_eq!(created.status, 200, "{:#}", created.body);
    let path = format!("{RULES}/{}", created.id());
    switch(org, &path, "activate").await;
    path
}

async fn switch(org: &Org, rule: &str, verb: &str) {
    let path = format!("{rule}/lifecycle/{verb}");
    let switched = org.post(&path, json!({})).await;
    assert_eq!(switched.status, 204, "{:#}", switched.body);
}

async fn members(org: &Org, group: &str) -> Vec<String> {
    let list = org.get(&format!("/api/v1/groups/{group}/users")).await;
    list.each("/id")
}

async fn change(org: &Org, user: &str, name: &str, value: Value) -> Answer {
    let body = json!({ "profile": { name: value } });
    org.post(&format!("/api/v1/users/{user}"), body).await
}

#[tokio::test]
async fn users_move_between_groups_as_their_profiles_change() {
    let org = Org::empty().await;
    let isaac = org.user("isaac@example.com").await;
    let music = org.group("Music").await;
    let coast = org.group("West Coast").await;
    active_rule(&org, "Musicians", &music, "user.department == \"Music\"").await;
    let expression = format!("isMemberOfGroup('{music}') AND String.startsWith(user.state, 'W')");
    active_rule(&org, "Coast", &coast, &expression).await;
    assert!(members(&org, &music).await.is_empty());

    change(&org, &isaac, "department", json!("Music")).await;
    assert_eq!(members(&org, &music).await, [isaac.as_str()]);
    assert!(members(&org, &coast).await.is_empty());
    change(&org, &isaac, "state", json!("Washington")).await;
    assert_eq!(members(&org, &coast).await, [isaac.as_str()]);
    change(&org, &isaac, "department", Value::Null).await;
    assert!(members(&org, &music).await.is_empty() && members(&org, &coast).await.is_empty());

    // Who is created so is in the group at once, and has its apps.
    let app = org.app("Studio").await;
    org.put(&format!("/api/v1/apps/{app}/groups/{music}"), json!({}))
        .await;
    let mut profile = support::person("eric@example.com");
    profile["department"] = json!("Music");
    let body = json!({
        "profile": profile, "credentials": { "password": { "value": "correct horse" } },
    });
    let eric = org.post("/api/v1/users", body).await.id();
    assert_eq!(members(&org, &music).await, [eric.as_str()]);
    let apps = org.get(&format!("/api/v1/users/{eric}/appLinks")).await;
    assert_eq!(apps.each("/label"), ["Studio"]);
}

#[tokio::test]
async fn who_is_taken_out_by_hand_is_left_out_by_the_rule() {
    let org = Org::empty().await;
    let isaac = org.user("isaac@example.com").await;
    let group = org.group("Everybody else").await;
    let rule = active_rule(&org, "All", &group, "user.firstName == 'Isaac'").await;
    assert_eq!(members(&org, &group).await, [isaac.as_str()]);
    let member = format!("/api/v1/groups/{group}/users/{isaac}");
    assert_eq!(org.delete(&member).await.status, 204);
    change(&org, &isaac, "city", json!("Issaquah")).await;
    assert!(members(&org, &group).await.is_empty());
    let shown = org.get(&rule).await.body;
    let excluded = &shown["conditions"]["people"]["users"]["exclude"];
    assert_eq!(*excluded, json!([isaac]));
    let filter = "filter=eventType+sw+%22group.user_membership.rule%22";
    let log = org.get(&format!("/api/v1/logs?{filter}")).await;
    let kinds = log.each("/eventType");
    assert_eq!(kinds, ["group.user_membership.rule.add_exclusion"]);
}

#[tokio::test]
async fn rules_are_deleted_when_they_are_inactive() {
    let org = Org::empty().await;
    let isaac = org.user("isaac@example.com").await;
    let group = org.group("Band").await;
    let rule = active_rule(&org, "Band", &group, "user.firstName == 'Isaac'").await;
    let refused = org.delete(&rule).await;
    assert!(refused.refused(400, "E0000001").contains("Deactivate"));
    switch(&org, &rule, "deactivate").await;
    assert_eq!(members(&org, &group).await, [isaac]);
    let gone = org.delete(&format!("{rule}?removeUsers=true")).await;
    assert_eq!(gone.status, 202);
    assert!(members(&org, &group).await.is_empty());
}

#[tokio::test]
async fn a_rule_whose_group_is_gone_can_be_read_and_deleted() {
    let org = Org::empty().await;
    let group = org.group("Band").await;
    let rule = active_rule(&org, "Band", &group, "user.firstName == 'Isaac'").await;
    assert_eq!(
        org.delete(&format!("/api/v1/groups/{group}")).await.status,
        204
    );
    let shown = org.get(&rule).await.body;
    assert_eq!(
        (&shown["status"], &shown["allGroupsValid"]),
        (&json!("INVALID"), &json!(false))
    );
    for verb in ["activate", "deactivate"] {
        let path = format!("{rule}/lifecycle/{verb}");
        let refused = org.post(&path, json!({})).await;
        assert!(refused.refused(400, "E0000001").contains("INVALID"));
    }
    assert_eq!(org.delete(&rule).await.status, 202);
}

#[tokio::test]
async fn an_expression_that_cannot_be_read_is_refused() {
    let org = Org::empty().await;
    let group = org.group("Band").await;
    let refused = org.post(RULES, rule("Band", &group, "user.nothing == 'x'"));
    let refused = refused.await;
    assert!(refused.refused(400, "E0000001").contains("nothing"));
}

#[tokio::test]
async fn groups_are_owned_by_users_and_groups() {
    let org = Org::empty().await;
    let isaac = org.user("isaac@example.com").await;
    let group = org.group("Engineering").await;
    let leads = org.group("Leads").await;
    let owners = format!("/api/v1/groups/{group}/owners");
    let assign = async |id: &str, kind: &str| {
        let body = json!({ "id": id, "type": kind });
        org.post(&owners, body).await
    };
    let first = assign(&isaac, "USER").await;
    assert_eq!(first.status, 201, "{:#}", first.body);
    assert_eq!(first.body["displayName"], "Isaac Brock");
    assert_eq!(first.body["originType"], "OKTA_DIRECTORY");
    assert_eq!(assign(&leads, "GROUP").await.status, 201);

    assign(&isaac, "USER").await.refused(400, "E0000001");
    assign("00uNOBODY", "USER").await.refused(404, "E0000007");
    assign(&isaac, "GROUP").await.refused(404, "E0000007");
    assign(&leads, "TEAM").await.refused(400, "E0000003");
    let nobody = json!({ "type": "USER" });
    org.post(&owners, nobody).await.refused(400, "E0000001");

    let (pages, ids) = org.pages(&format!("{owners}?limit=1"), "/id").await;
    assert_eq!((pages, ids), (2, vec![isaac.clone(), leads.clone()]));
    let groups = org
        .get(&format!("{owners}?search=type+eq+%22GROUP%22"))
        .await;
    assert_eq!(groups.each("/displayName"), ["Leads"]);

    let own = format!("{owners}/{isaac}");
    assert_eq!(org.delete(&own).await.status, 204);
    org.delete(&own).await.refused(404, "E0000007");
    org.delete(&format!("/api/v1/groups/{leads}")).await;
    assert_eq!(org.get(&owners).await.body, json!([]));
    org.get("/api/v1/groups/00gNOPE/owners")
        .await
        .refused(404, "E0000007");
}

fn relationship(primary: &str, associated: &str) -> Value {
    let side = |name: &str| json!({ "name": name, "title": name, "type": "USER" });
    json!({ "primary": side(primary), "associated": side(associated) })
}

#[tokio::test]
async fn linked_objects_are_found_by_both_names() {
    let org = Org::empty().await;
    let created = org.post(LINKED, relationship("manager", "report")).await;
    assert_eq!(created.status, 201, "{:#}", created.body);
    let link = created.body["_links"]["self"]["href"].clone();
    assert_eq!(link, format!("{}{LINKED}/manager", org.okta.org_url()));
    for name in ["manager", "report"] {
        let found = org.get(&format!("{LINKED}/{name}")).await;
        assert_eq!(found.body, created.body);
    }
    org.get(&format!("{LINKED}/Manager"))
        .await
        .refused(404, "E0000007");
    assert_eq!(org.get(LINKED).await.each("/primary/name"), ["manager"]);

    let taken = org.post(LINKED, relationship("report", "mate")).await;
    let cause = taken.refused(409, "E0000127");
    assert_eq!(
        cause,
        "Linked object identifier for primary is already in use."
    );
    let same = org.post(LINKED, relationship("mate", "mate")).await;
    same.refused(409, "E0000127");
    for name in ["1st", "with space", ""] {
        let refused = org.post(LINKED, relationship(name, "other")).await;
        refused.refused(400, "E0000001");
    }
    let gone = org.delete(&format!("{LINKED}/report")).await;
    assert_eq!(gone.status, 204);
    assert_eq!(org.get(LINKED).await.body, json!([]));
    org.delete(&format!("{LINKED}/manager"))
        .await
        .refused(404, "E0000007");
}

#[tokio::test]
async fn a_user_has_one_primary_user_and_many_associated_ones() {
    let org = Org::empty().await;
    org.post(LINKED, relationship("manager", "report")).await;
    let mut ids = Vec::new();
    for name in ["jane", "joe", "frank"] {
        ids.push(org.user(&format!("{name}@example.com")).await);
    }
    let [jane, joe, frank] = &ids[..] else {
        panic!("three users")
    };
    let links = async |user: &str, name: &str| {
        let path = format!("/api/v1/users/{user}/linkedObjects/{name}");
        let list = org.get(&path).await;
        assert_eq!(list.status, 200, "{:#}", list.body);
        let ids = list.each("/_links/self/href").into_iter();
        ids.map(|href| href.rsplit('/').next().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let link = async |user: &str, name: &str, primary: &str| {
        let path = format!("/api/v1/users/{user}/linkedObjects/{name}/{primary}");
        org.put(&path, json!({})).await
    };
    for (user, primary) in [("joe@example.com", jane), (frank.as_str(), joe)] {
        assert_eq!(link(user, "manager", primary).await.status, 204);
    }
    assert_eq!(links(frank, "manager").await, [joe.as_str()]);
    assert_eq!(link(frank, "manager", jane).await.status, 204);
    assert_eq!(links(frank, "manager").await, [jane.as_str()]);
    assert_eq!(links(jane, "report").await, [joe.as_str(), frank]);
    assert!(links(joe, "report").await.is_empty());

    link(frank, "report", jane).await.refused(404, "E0000007");
    link(frank, "manager", "00uNOBODY")
        .await
        .refused(404, "E0000007");
    // Rules and claims see who is linked.
    let group = org.group("Reports").await;
    let expression = "user.getLinkedObject('manager').login == 'jane@example.com'";
    active_rule(&org, "Reports", &group, expression).await;
    assert_eq!(members(&org, &group).await, [joe.as_str(), frank]);

    let path = format!("/api/v1/users/{frank}/linkedObjects/manager");
    for _ in 0..2 {
        assert_eq!(org.delete(&path).await.status, 204);
    }
    org.delete(&path.replace("manager", "report"))
        .await
        .refused(404, "E0000007");
    for _ in 0..2 {
        org.delete(&format!("/api/v1/users/{jane}")).await;
    }
    assert!(links(joe, "manager").await.is_empty());
}

#[tokio::test]
async fn an_app_that_comes_by_a_group_is_not_taken_from_one_user() {
    let org = Org::empty().await;
    let user = org.user("isaac@example.com").await;
    let group = org.group("Engineering").await;
    let app = format!("/api/v1/apps/{}", org.app("Intranet").await);
    let member = format!("/api/v1/groups/{group}/users/{user}");
    org.put(&member, json!({})).await;
    org.put(&format!("{app}/groups/{group}"), json!({})).await;
    let account = format!("{app}/users/{user}");
    for scope in ["GROUP", "USER"] {
        if scope == "USER" {
            let body = json!({ "id": user, "scope": scope });
            org.post(&format!("{app}/users"), body).await;
        }
        assert_eq!(org.get(&account).await.body["scope"], scope);
        let refused = org.delete(&account).await;
        assert!(
            refused
                .refused(403, "E0000046")
                .contains("group memberships")
        );
    }
    org.delete(&member).await;
    assert_eq!(org.get(&account).await.status, 200);
    assert_eq!(org.delete(&account).await.status, 204);
}
