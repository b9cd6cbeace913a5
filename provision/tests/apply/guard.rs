//! Guard rails.

use okta_emulator::{Fault, FaultRule};
use okta_provision::{
    AppAccess, Apply, Attributes, Desired, Error, Group, Guard, Kind, Person, Plan, Principal,
    Role, RoleList,
};
use serde_json::json;

use crate::person;
use crate::support::{client, lax, members, org, provision};

#[tokio::test]
async fn guard_rails_hold() {
    let org = org().await;
    let okta = client(&org);
    let mut crowd = Desired::new();
    for number in 0..30 {
        let name = format!("p{number:02}");
        crowd.person(person(&name));
        crowd.member("Crowd", &format!("{name}@example.com"));
    }
    crowd.member("Crowd", "admin@example.com");
    assert!(provision(&okta, &crowd).await.is_complete());

    let mut fewer = Desired::new();
    let mut group = Group::new("Crowd").exclusive();
    for number in 10..30 {
        group = group.member(&format!("p{number:02}@example.com"));
    }
    fewer.group(group).leaver("admin@example.com");
    let guard = Guard::new().protect_user("P00@example.com");
    let plan = Plan::make(&okta, &fewer, &guard).await.unwrap();
    assert_eq!(plan.steps().len(), 9);
    assert_eq!(plan.objections(), [""; 0], "nine are few");
    let warnings = plan.warnings().join("\n");
    assert!(warnings.contains("deactivate admin@example.com, as admin@example.com is"));
    assert!(
        warnings.contains("p00@example.com is protected"),
        "{warnings}"
    );

    let plan = Plan::make(&okta, &fewer, &Guard::new()).await.unwrap();
    let objections = plan.objections().to_vec();
    assert_eq!(objections.len(), 1);
    assert!(objections[0].starts_with("10 of 31 memberships would be removed"));
    org.clear_requests();
    let refused = Apply::new(&okta, plan).run().await.unwrap_err();
    assert!(matches!(refused, Error::Objections(_)), "{refused}");
    assert_eq!(org.requests().len(), 0);

    let allowing = Guard::new().allow(Kind::Memberships, 10);
    let plan = Plan::make(&okta, &fewer, &allowing).await.unwrap();
    assert!(Apply::new(&okta, plan).run().await.unwrap().is_complete());
    assert_eq!(members(&okta, "Crowd").await.len(), 21);
}

#[tokio::test]
async fn who_may_not_see_administrators_is_told_that_they_are_not_protected() {
    let org = org().await;
    let okta = client(&org);
    let mut before = Desired::new();
    before
        .member("Crowd", "ada@example.com")
        .person(person("ada"));
    assert!(provision(&okta, &before).await.is_complete());
    let refused = FaultRule::new(Fault::OktaError("E0000006".parse().unwrap()))
        .on_path("/api/v1/iam/assignees/users");
    org.faults().inject(refused.always());

    let mut emptied = Desired::new();
    emptied.group(Group::new("Crowd").exclusive());
    let plan = Plan::make(&okta, &emptied, &Guard::new()).await.unwrap();
    assert_eq!(plan.steps().len(), 1);
    let warnings = plan.warnings().join("\n");
    assert!(warnings.contains("okta.roles.read"), "{warnings}");

    // Who loses nothing needs no protection.
    let plan = Plan::make(&okta, &before, &Guard::new()).await.unwrap();
    assert_eq!(plan.warnings(), [""; 0]);
}

/// A super administrator, a protected user and the caller, with some of everything.
async fn with_the_powerful() -> (okta_emulator::Emulator, okta_sdk::Client) {
    let org = org().await;
    let okta = client(&org);
    let mut before = Desired::new();
    before
        .person(person("root"))
        .person(person("vip"))
        .role(
            Principal::user("root@example.com"),
            Role::standard("SUPER_ADMIN"),
        )
        .role(
            Principal::user("vip@example.com"),
            Role::standard("APP_ADMIN"),
        )
        .role(Principal::group("Board"), Role::standard("READ_ONLY_ADMIN"));
    let mut wiki = AppAccess::new("Wiki").group("Board", Attributes::new());
    for login in ["root@example.com", "vip@example.com", "admin@example.com"] {
        before.member("Board", login);
        wiki = wiki.user(login, [("nick".to_owned(), json!("a"))].into());
    }
    before.app(wiki);
    let report = provision(&okta, &before).await;
    assert!(report.is_complete(), "{report}");
    (org, okta)
}

#[tokio::test]
async fn who_is_protected_loses_nothing_by_any_kind_of_step() {
    let (org, okta) = with_the_powerful().await;
    let all = ["root@example.com", "vip@example.com", "admin@example.com"];
    let guard = || lax().protect_user("vip@example.com");
    let left_out = async |desired: &Desired, count: usize| {
        let plan = Plan::make(&okta, desired, &guard()).await.unwrap();
        assert_eq!(plan.steps(), [], "{plan}");
        assert_eq!(plan.warnings().len(), count, "{plan}");
        assert!(
            plan.warnings()
                .iter()
                .all(|it| it.starts_with("left out: ")),
            "{plan}"
        );
    };
    // Accounts.
    let mut desired = Desired::new();
    for login in all {
        desired.leaver(login);
    }
    left_out(&desired, 3).await;
    // How they sign in or recover.
    let mut desired = Desired::new();
    for login in all {
        let person = Person::new(login, "Any", "Body");
        let person = person.attribute("email", "thief@example.com");
        desired.person(person);
    }
    left_out(&desired, 3).await;
    // By themselves: memberships, applications, roles.
    let mut desired = Desired::new();
    desired.group(Group::new("Board").exclusive());
    left_out(&desired, 3).await;
    let mut desired = Desired::new();
    desired.app(AppAccess::new("Wiki").exclusive());
    left_out(&desired, 4).await;
    let mut desired = Desired::new();
    for login in all {
        desired.app_user("Wiki", login, [("nick".to_owned(), json!("b"))].into());
        desired.roles(RoleList::new(Principal::user(login)).exclusive());
    }
    let plan = Plan::make(&okta, &desired, &guard()).await.unwrap();
    assert_eq!(plan.steps(), [], "{plan}");
    // By their group: its roles, its applications, and itself.
    let mut desired = Desired::new();
    desired
        .roles(RoleList::new(Principal::group("Board")).exclusive())
        .group(Group::new("Board").removed());
    let plan = Plan::make(&okta, &desired, &guard()).await.unwrap();
    assert_eq!(plan.steps(), [], "{plan}");
    // Only one of them is in it, and only by what was read of them.
    let mut desired = Desired::new();
    desired.member("Other", "root@example.com");
    desired.role(Principal::group("Other"), Role::standard("APP_ADMIN"));
    assert!(provision(&okta, &desired).await.is_complete());
    let mut desired = Desired::new();
    desired.roles(RoleList::new(Principal::group("Other")).exclusive());
    left_out(&desired, 1).await;
    drop(org);
}

#[tokio::test]
async fn a_protected_group_loses_nothing_and_stays_as_it_is() {
    let org = org().await;
    let okta = client(&org);
    let mut before = Desired::new();
    before
        .person(person("ada"))
        .member("Kept", "ada@example.com")
        .app(AppAccess::new("Wiki").group("Kept", Attributes::new()))
        .role(Principal::group("Kept"), Role::standard("APP_ADMIN"));
    assert!(provision(&okta, &before).await.is_complete());
    let guard = lax().protect_group("KEPT");
    for change in 0..5 {
        let mut desired = Desired::new();
        match change {
            0 => desired.group(Group::new("Kept").exclusive()),
            1 => desired.group(Group::new("Kept").removed()),
            2 => desired.group(Group::new("Kept").description("other")),
            3 => desired.app(AppAccess::new("Wiki").exclusive()),
            _ => desired.roles(RoleList::new(Principal::group("Kept")).exclusive()),
        };
        let plan = Plan::make(&okta, &desired, &guard).await.unwrap();
        if change == 3 {
            // It is named by its id, since the job does not say its name.
            continue;
        }
        assert_eq!(plan.steps(), [], "{change} {plan}");
        assert_eq!(plan.warnings().len(), 1, "{change} {plan}");
    }
}

/// Shares are of each kind, and an allowance is for one kind.
#[tokio::test]
async fn an_allowance_for_one_kind_allows_no_other() {
    let org = org().await;
    let okta = client(&org);
    let mut crowd = Desired::new();
    for number in 0..12 {
        let login = format!("p{number:02}@example.com");
        crowd.person(Person::new(&login, "P", "Q"));
        crowd.member("Crowd", &login);
    }
    assert!(provision(&okta, &crowd).await.is_complete());
    let mut none = Desired::new();
    none.group(Group::new("Crowd").exclusive());
    for number in 0..12 {
        none.leaver(&format!("p{number:02}@example.com"));
    }
    let guard = Guard::new().allow(Kind::People, 12);
    let plan = Plan::make(&okta, &none, &guard).await.unwrap();
    assert_eq!(plan.objections().len(), 1, "{plan}");
    assert!(
        plan.objections()[0].starts_with("12 of 12 memberships"),
        "{plan}"
    );
    let plan = Plan::make(&okta, &none, &guard.allow(Kind::Memberships, 12)).await;
    assert_eq!(plan.unwrap().objections(), [""; 0]);
}
