//! Single things that should be so, and what happens to people over the years.
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use std::collections::BTreeSet;
use std::time::Duration;

use okta_emulator::{Fault, FaultRule};
use okta_provision::{
    Attributes, Error, Guard, Identity, Offboarding, Outcome, Person, Principal, Role, Standing,
    ensure_app, ensure_assignment, ensure_group, ensure_membership, ensure_role, ensure_rule,
    ensure_user, offboard, rehire, rename_login, set_members,
};
use okta_sdk::Method;
use okta_sdk::models::BookmarkApplicationSettingsApplication as Link;
use okta_sdk::models::{BookmarkApplication, BookmarkApplicationSettings, UserStatus};
use okta_sdk::shortcuts::ExpressionRule;
use serde_json::json;
use support::{client, members, org, org_of, roles, set, status};

fn ada() -> Person {
    Person::new("ada@example.com", "Ada", "Lovelace").attribute("badgeNumber", 7)
}

fn bookmark(label: &str) -> BookmarkApplication {
    let link = Link::new("https://x.example.com").request_integration(false);
    BookmarkApplication::new(label, BookmarkApplicationSettings::new().app(link))
}

#[tokio::test]
async fn each_is_made_once_and_kept_then() {
    let org = org().await;
    let okta = client(&org);
    let user = ensure_user(&okta, &ada()).await.unwrap();
    assert_eq!(user.outcome, Outcome::Created);
    let group = ensure_group(&okta, "Analysts", Some("Who analyses"))
        .await
        .unwrap();
    let app = ensure_app(&okta, bookmark("Desk")).await.unwrap();
    // Okta lets no rule assign a group of administrators.
    let ruled = ensure_group(&okta, "Ruled", None).await.unwrap();
    let rule = ExpressionRule {
        name: "All".to_owned(),
        expression: "user.badgeNumber > 5".to_owned(),
        group_ids: vec![ruled.id.as_str().into()],
    };
    let rule = async || ensure_rule(&okta, rule.clone()).await.unwrap().outcome;
    let profile: Attributes = [("nick".to_owned(), json!("a"))].into();
    let assign = async || {
        let assigned = ensure_assignment(&okta, &app.id, &user.id, &profile).await;
        assigned.unwrap()
    };
    let role = async |to: &Principal| {
        let role = Role::standard("APP_ADMIN");
        ensure_role(&okta, to, &role, &Guard::new()).await.unwrap()
    };
    let (by_user, by_group) = (
        Principal::user("ada@example.com"),
        Principal::group("Analysts"),
    );
    for expected in [Outcome::Created, Outcome::Kept] {
        let member = ensure_membership(&okta, &group.id, &user.id).await.unwrap();
        assert_eq!(member, expected);
        assert_eq!(assign().await, expected);
        assert_eq!(role(&by_user).await, expected);
        assert_eq!(role(&by_group).await, expected);
        assert_eq!(rule().await, expected);
    }
    org.clear_requests();
    assert_eq!(
        ensure_user(&okta, &ada()).await.unwrap().outcome,
        Outcome::Kept
    );
    let kept = ensure_group(&okta, "Analysts", Some("Who analyses"))
        .await
        .unwrap();
    assert_eq!((kept.outcome, &kept.id), (Outcome::Kept, &group.id));
    assert_eq!(
        ensure_app(&okta, bookmark("Desk")).await.unwrap().outcome,
        Outcome::Kept
    );
    assert!(org.requests().iter().all(|it| it.method == "GET"));

    let promoted = ada()
        .attribute("badgeNumber", 8)
        .standing(Standing::Deactivated);
    assert_eq!(
        ensure_user(&okta, &promoted).await.unwrap().outcome,
        Outcome::Updated
    );
    assert_eq!(
        status(&okta, "ada@example.com").await.unwrap(),
        "DEPROVISIONED"
    );
    let described = ensure_group(&okta, "Analysts", Some("Others"))
        .await
        .unwrap();
    assert_eq!(described.outcome, Outcome::Updated);
}

#[tokio::test]
async fn a_rule_of_the_same_name_is_not_taken_for_another() {
    let org = org().await;
    let okta = client(&org);
    let group = ensure_group(&okta, "Analysts", None).await.unwrap();
    let rule = |expression: &str| ExpressionRule {
        name: "All".to_owned(),
        expression: expression.to_owned(),
        group_ids: vec![group.id.as_str().into()],
    };
    ensure_rule(&okta, rule("user.badgeNumber > 5"))
        .await
        .unwrap();
    let refused = ensure_rule(&okta, rule("user.badgeNumber > 6"))
        .await
        .unwrap_err();
    assert!(matches!(refused, Error::Changed(_)), "{refused}");
}

#[tokio::test]
async fn an_app_whose_answer_is_lost_is_not_made_twice() {
    for fault in [Fault::ResponseLost, Fault::ConnectionReset] {
        let org = org().await;
        let okta = client(&org);
        org.faults().inject(FaultRule::new(fault).on_method("POST"));
        let made = ensure_app(&okta, bookmark("Desk")).await.unwrap();
        assert_eq!(made.outcome, Outcome::Created);
        let apps = okta.applications().list().q("Desk").all().await.unwrap();
        assert_eq!(apps.len(), 1);
    }
}

#[tokio::test]
async fn members_become_those_that_are_named() {
    let org = org().await;
    let okta = client(&org);
    let group = ensure_group(&okta, "Analysts", None).await.unwrap().id;
    let mut ids = Vec::new();
    for name in ["a", "b", "c"] {
        let person = Person::new(format!("{name}@example.com"), name, "Tester");
        ids.push(ensure_user(&okta, &person).await.unwrap().id);
    }
    let change = set_members(&okta, &group, [ids[0].as_str(), &ids[1]])
        .await
        .unwrap();
    assert_eq!(
        change.0.iter().collect::<BTreeSet<_>>(),
        ids[..2].iter().collect()
    );
    let change = set_members(&okta, &group, [ids[1].as_str(), &ids[2]])
        .await
        .unwrap();
    assert_eq!(change, (vec![ids[2].clone()], vec![ids[0].clone()]));
    assert_eq!(
        members(&okta, "Analysts").await,
        set(&["b@example.com", "c@example.com"])
    );
}

const TEAM: &str = "
apps:
  - label: Wiki
    signOnMode: BOOKMARK
    settings: { app: { url: 'https://wiki.example.com' } }
    users: [ada@example.com]
  - label: Desk
    signOnMode: BOOKMARK
    settings: { app: { url: 'https://desk.example.com' } }
    groups: [Analysts]
groups: [{ name: Analysts }]
users:
  - profile: { login: ada@example.com, email: ada@example.com, firstName: A, lastName: L }
    groups: [Analysts]
    roles: [APP_ADMIN]
  - profile: { login: bob@example.com, email: bob@example.com, firstName: B, lastName: M,
               managerId: ada@example.com }
  - profile: { login: cy@example.com, email: cy@example.com, firstName: C, lastName: N }
";

#[tokio::test]
async fn who_leaves_loses_access_first_and_the_account_in_time() {
    let org = org_of(TEAM).await;
    let okta = client(&org);
    let how = Offboarding::new()
        .successor("cy@example.com")
        .delete_after(Duration::from_secs(60));
    let refused = Offboarding::new().successor("nobody@example.com");
    let refused = offboard(&okta, "ada@example.com", &refused, 0)
        .await
        .unwrap_err();
    assert!(refused.to_string().contains("nobody@example.com"));
    assert_eq!(status(&okta, "ada@example.com").await.unwrap(), "ACTIVE");

    let ada = okta.users().get("ada@example.com").await.unwrap().id;
    let question = json!({
        "factorType": "question", "provider": "OKTA",
        "profile": { "question": "disliked_food", "answer": "mayonnaise" },
    });
    let factors = format!("/api/v1/users/{ada}/factors");
    let enroll = okta.request(Method::POST, &factors).json(&question);
    enroll.send().await.unwrap();
    assert_eq!(okta.user_factors().list(&ada).all().await.unwrap().len(), 1);
    let done = offboard(&okta, "ada@example.com", &how, 0).await.unwrap();
    assert_eq!(done.status_before, Some(UserStatus::Active));
    assert_eq!(done.roles, ["Application Administrator"]);
    assert_eq!(done.groups, ["Analysts"]);
    assert!(roles(&okta, "ada@example.com").await.is_empty());
    assert!(members(&okta, "Analysts").await.is_empty());
    // The emulator shows no factors of deactivated users, so that the requests tell.
    let sent: Vec<_> = org.requests().into_iter().map(|it| it.path).collect();
    let at = |what: &str| sent.iter().position(|path| path.ends_with(what));
    let (factors, deactivated) = (at("/reset_factors"), at("/deactivate"));
    assert!(factors.is_some() && factors < deactivated, "{sent:?}");
    assert_eq!(done.applications, ["Wiki"]);
    assert_eq!(done.reports, ["bob@example.com"]);
    assert!(done.is_deactivated && !done.is_deleted);
    assert_eq!(
        status(&okta, "ada@example.com").await.unwrap(),
        "DEPROVISIONED"
    );
    let bob = okta.users().get("bob@example.com").await.unwrap().profile;
    assert_eq!(bob.unwrap().manager_id.as_deref(), Some("cy@example.com"));

    let again = offboard(&okta, "ada@example.com", &how, 0).await.unwrap();
    assert!(!again.is_deactivated && !again.is_deleted && again.reports.is_empty());
    let later = offboard(&okta, "ada@example.com", &how, i64::MAX)
        .await
        .unwrap();
    assert!(later.is_deleted);
    assert_eq!(status(&okta, "ada@example.com").await, None);
    let gone = offboard(&okta, "ada@example.com", &how, i64::MAX)
        .await
        .unwrap();
    assert!(!gone.is_deleted && gone.status_before.is_none());
}

/// That the account is deactivated is what matters.
#[tokio::test]
async fn who_leaves_is_deactivated_whatever_else_is_refused() {
    let org = org_of(TEAM).await;
    let okta = client(&org);
    for (method, path) in [
        ("DELETE", "/api/v1/users/*/sessions"),
        ("DELETE", "/api/v1/users/*/grants"),
        ("DELETE", "/api/v1/users/*/roles/*"),
        ("POST", "/api/v1/users/*/lifecycle/reset_factors"),
        ("DELETE", "/api/v1/groups/*/users/*"),
        ("GET", "/api/v1/apps$"),
    ] {
        let refused = FaultRule::new(Fault::OktaError("E0000006".parse().unwrap()));
        org.faults()
            .inject(refused.on_method(method).on_path(path).always());
    }
    let how = Offboarding::new().successor("cy@example.com");
    let refused = offboard(&okta, "ada@example.com", &how, 0).await;
    let Err(Error::Offboarding { done, failures }) = refused else {
        panic!("{refused:?}");
    };
    let now = status(&okta, "ada@example.com").await;
    assert_eq!(now.as_deref(), Some("DEPROVISIONED"));
    assert!(done.is_deactivated && done.roles.is_empty() && done.groups.is_empty());
    assert_eq!(done.reports, ["bob@example.com"]);
    let what: Vec<_> = failures.iter().map(|it| it.what.as_str()).collect();
    assert_eq!(
        what,
        [
            "end sessions",
            "revoke grants",
            "take the role Application Administrator",
            "remove second factors",
            "leave the group Analysts",
            "read the applications",
        ]
    );
    assert!(
        failures
            .iter()
            .all(|it| it.code.as_deref() == Some("E0000006"))
    );
    let said = Error::Offboarding { done, failures }.to_string();
    assert!(
        said.starts_with("the account is deactivated, and something"),
        "{said}"
    );

    // Who is deactivated has no roles and still is in groups.
    org.faults().clear();
    let done = offboard(&okta, "ada@example.com", &how, 0).await.unwrap();
    assert_eq!(done.groups, ["Analysts"]);
    assert!(!done.is_deactivated);
}

#[tokio::test]
async fn nothing_else_is_tried_with_credentials_that_are_no_good() {
    let org = org_of(TEAM).await;
    let okta = client(&org);
    let refused = FaultRule::new(Fault::OktaError("E0000011".parse().unwrap()));
    org.faults().inject(refused.on_method("POST").always());
    let refused = offboard(&okta, "ada@example.com", &Offboarding::new(), 0).await;
    assert!(matches!(refused, Err(Error::Okta(_))), "{refused:?}");
    let sent = org.requests();
    let writes = sent.iter().filter(|it| it.method != "GET");
    assert_eq!(writes.count(), 1, "{sent:?}");
}

#[tokio::test]
async fn who_comes_back_is_active() {
    let org = org_of(TEAM).await;
    let okta = client(&org);
    assert_eq!(
        rehire(&okta, "ada@example.com").await.unwrap(),
        Outcome::Kept
    );
    offboard(&okta, "ada@example.com", &Offboarding::new(), 0)
        .await
        .unwrap();
    assert_eq!(
        rehire(&okta, "ada@example.com").await.unwrap(),
        Outcome::Updated
    );
    assert_ne!(
        status(&okta, "ada@example.com").await.unwrap(),
        "DEPROVISIONED"
    );
    assert_eq!(
        rehire(&okta, "ada@example.com").await.unwrap(),
        Outcome::Kept
    );
}

#[tokio::test]
async fn who_changes_the_login_stays_the_manager_and_everything_else() {
    let org = org_of(TEAM).await;
    let okta = client(&org);
    let (old, new) = ("ada@example.com", "ada.king@example.com");
    let id = okta.users().get(old).await.unwrap().id;
    let who = Identity::id(id.to_string());
    let rename =
        async |from: &str, to: &str, who: &Identity| rename_login(&okta, from, to, who).await;
    let taken = rename(old, "cy@example.com", &who).await.unwrap_err();
    assert!(matches!(taken, Error::Changed(_)), "{taken}");
    org.faults()
        .inject(FaultRule::new(Fault::ResponseLost).on_method("POST"));
    assert_eq!(rename(old, new, &who).await.unwrap(), Outcome::Updated);
    assert_eq!(rename(old, new, &who).await.unwrap(), Outcome::Kept);
    assert_eq!(okta.users().get(new).await.unwrap().id, id);
    assert_eq!(status(&okta, old).await, None);
    assert!(members(&okta, "Analysts").await.contains(new));
    assert_eq!(roles(&okta, new).await, set(&["APP_ADMIN"]));
    let manager = async || {
        let bob = okta.users().get("bob@example.com").await.unwrap().profile;
        bob.unwrap().manager_id.as_deref().map(str::to_owned)
    };
    assert_eq!(manager().await.as_deref(), Some(new));
    let nobody = rename("x@example.com", "y@example.com", &who).await;
    assert!(matches!(nobody, Err(Error::Missing(_))));
}

/// Someone else may have got the new login, or the old one.
#[tokio::test]
async fn someone_else_is_not_taken_for_the_one_who_changes_the_login() {
    let org = org_of(TEAM).await;
    let okta = client(&org);
    let ada = Person::new("ada@example.com", "A", "L").attribute("employeeNumber", "7");
    ensure_user(&okta, &ada).await.unwrap();
    let who = Identity::attribute("employeeNumber", "7");
    let rename =
        async |from: &str, to: &str, who: &Identity| rename_login(&okta, from, to, who).await;
    // Nobody has the old login, and the new one is Cy's.
    let refused = rename("gone@example.com", "cy@example.com", &who).await;
    assert!(matches!(refused, Err(Error::Changed(_))), "{refused:?}");
    let empty = Identity::attribute("employeeNumber", "");
    let refused = rename("gone@example.com", "cy@example.com", &empty).await;
    assert!(matches!(refused, Err(Error::Changed(_))), "{refused:?}");
    let refused = rename("cy@example.com", "cy.two@example.com", &who).await;
    assert!(matches!(refused, Err(Error::Changed(_))), "{refused:?}");
    assert_eq!(status(&okta, "cy.two@example.com").await, None);

    let (old, new) = ("ada@example.com", "ada.king@example.com");
    assert_eq!(rename(old, new, &who).await.unwrap(), Outcome::Updated);
    // A namesake joins, and manages Cy.
    ensure_user(&okta, &Person::new(old, "A", "Other"))
        .await
        .unwrap();
    let managed = Person::new("cy@example.com", "C", "N").manager(old);
    ensure_user(&okta, &managed).await.unwrap();
    assert_eq!(rename(old, new, &who).await.unwrap(), Outcome::Kept);
    let cy = okta.users().get("cy@example.com").await.unwrap().profile;
    assert_eq!(cy.unwrap().manager_id.as_deref(), Some(old));
}
