//! Standard roles for some groups or applications only.

use std::collections::BTreeSet;

use futures::StreamExt;
use okta_emulator::{Emulator, Fault, FaultRule};
use okta_provision::{
    AppAccess, Apply, Attributes, Desired, Error, Event, Group, Guard, Journal, Outcome, Plan,
    Principal, Role, RoleList, Standing, ensure_role,
};
use okta_sdk::paths::{GroupRoleAssignment, UserRoleAssignment, UserRoleAssignmentAppName};

use crate::person;
use crate::support::{assert_done, client, lax, org, provision, roles, set, status};

const ADA: &str = "ada@example.com";

/// What the one role of a user or group is for: names of groups and of integrations. Nothing if there is
/// no role.
async fn targets(okta: &okta_sdk::Client, who: &Principal) -> Option<BTreeSet<String>> {
    let (id, held) = match who {
        Principal::User(login) => {
            let id = okta.users().get(&**login).await.unwrap().id.to_string();
            let held = okta.roles().list_assigned_for_user(&id).all().await;
            (id, held.unwrap())
        }
        Principal::Group(name) => {
            let group = okta.groups().find_by_name(&**name).await.unwrap().unwrap();
            let held = okta.roles().list_assigned_for_group(&group.id).all().await;
            (group.id.to_string(), held.unwrap())
        }
    };
    assert!(held.len() < 2, "{held:?}");
    let role = held.first()?;
    let assignment = role.id().to_string();
    let all = okta.role_targets();
    let is_of_apps = role.type_().unwrap().as_str() == "APP_ADMIN";
    let (groups, apps) = match who {
        Principal::User(_) => {
            let path = UserRoleAssignment {
                user_id: &id,
                role_assignment_id: &assignment,
            };
            match is_of_apps {
                false => (all.list_groups_for_user(path).all().await.unwrap(), vec![]),
                true => (vec![], all.list_apps_for_user(path).all().await.unwrap()),
            }
        }
        Principal::Group(_) => {
            let path = GroupRoleAssignment {
                group_id: &id,
                role_assignment_id: &assignment,
            };
            match is_of_apps {
                false => (all.list_groups_for_group(path).all().await.unwrap(), vec![]),
                true => (vec![], all.list_apps_for_group(path).all().await.unwrap()),
            }
        }
    };
    let groups = groups
        .into_iter()
        .map(|it| it.profile.unwrap().name.unwrap());
    let apps = apps.into_iter().map(|it| it.name.unwrap());
    Some(groups.chain(apps).collect())
}

fn help_desk(groups: &[&str]) -> Role {
    Role::for_groups("HELP_DESK_ADMIN", groups.iter().copied())
}

/// Ada is to be an administrator of the support, and so is who joins the desk.
fn wanted() -> Desired {
    let mut desired = Desired::new();
    desired
        .person(person("ada").standing(Standing::Active))
        .person(person("bob"))
        .group(Group::new("Support"))
        .member("Desk", "bob@example.com")
        .role(Principal::user(ADA), help_desk(&["Support"]))
        .role(
            Principal::group("Desk"),
            Role::for_apps("APP_ADMIN", ["Wiki"]),
        );
    desired
}

fn can_act(status: Option<&str>) -> bool {
    status.is_some_and(|it| it != "STAGED" && it != "SUSPENDED")
}

#[tokio::test]
async fn nobody_who_can_act_has_it_for_the_whole_org() {
    let org = org().await;
    let okta = client(&org);
    let plan = Plan::make(&okta, &wanted(), &Guard::new()).await.unwrap();
    assert_eq!(plan.objections(), [""; 0]);
    let mut run = Apply::new(&okta, plan).at_once(1).start();
    while let Some(event) = run.next().await {
        match event.unwrap() {
            Event::Finished(report) => assert!(report.is_complete(), "{report}"),
            Event::Done { what, .. } => {
                let now = status(&okta, ADA).await;
                if can_act(now.as_deref()) {
                    let has = targets(&okta, &Principal::user(ADA)).await;
                    assert_eq!(has, Some(set(&["Support"])), "after {what}");
                }
            }
            _ => {}
        }
    }
    let sent: Vec<_> = org
        .requests()
        .into_iter()
        .map(|it| (it.method, it.path))
        .collect();
    let at = |method: &str, what: &str| {
        let found = sent
            .iter()
            .position(|it| it.0 == method && it.1.contains(what));
        found.unwrap_or_else(|| panic!("{method} {what}: {sent:?}"))
    };
    let desk = okta
        .groups()
        .find_by_name("Desk")
        .await
        .unwrap()
        .unwrap()
        .id;
    assert!(at("PUT", "/targets/groups/") < at("POST", "/lifecycle/activate"));
    let limited = at("PUT", "/targets/catalog/apps/bookmark/");
    assert!(limited < at("PUT", &format!("/groups/{desk}/users/")));
    assert!(can_act(status(&okta, ADA).await.as_deref()));
    let desk = targets(&okta, &Principal::group("Desk")).await;
    assert_eq!(desk, Some(set(&["Wiki"])));
    assert_done(&org, &wanted()).await;
}

/// Ada and Bob can act, and Bob is in the desk.
async fn with_people() -> (Emulator, okta_sdk::Client) {
    let org = org().await;
    let okta = client(&org);
    let mut before = Desired::new();
    before
        .person(person("ada"))
        .person(person("bob"))
        .group(Group::new("Support"))
        .group(Group::new("Sales"))
        .member("Desk", "bob@example.com");
    assert!(provision(&okta, &before).await.is_complete());
    (org, okta)
}

#[tokio::test]
async fn who_can_act_is_given_it_only_if_a_moment_without_limits_is_allowed() {
    let (org, okta) = with_people().await;
    let plan = Plan::make(&okta, &wanted(), &Guard::new()).await.unwrap();
    assert_eq!(plan.steps(), [], "{plan}");
    let objections = plan.objections();
    assert_eq!(objections.len(), 2, "{plan}");
    assert!(
        objections[0].contains("ada@example.com would have the role HELP_DESK_ADMIN for Support"),
        "{plan}"
    );
    assert!(
        objections[1].contains("group Desk would have the role APP_ADMIN for Wiki"),
        "{plan}"
    );

    let guard = Guard::new().allow_unlimited_moment();
    let plan = Plan::make(&okta, &wanted(), &guard).await.unwrap();
    let report = Apply::new(&okta, plan).run().await.unwrap();
    assert!(report.is_complete(), "{report}");
    let has = targets(&okta, &Principal::user(ADA)).await;
    assert_eq!(has, Some(set(&["Support"])));
    assert_done(&org, &wanted()).await;
}

/// Another run would not know that they are to be active.
#[tokio::test]
async fn who_is_made_for_it_needs_a_status() {
    let org = org().await;
    let okta = client(&org);
    let mut desired = wanted();
    desired.person(person("ada"));
    let plan = Plan::make(&okta, &desired, &Guard::new()).await.unwrap();
    assert!(
        plan.objections()[0].contains("write the status active"),
        "{plan}"
    );
    let guard = Guard::new().allow_unlimited_moment();
    let plan = Plan::make(&okta, &desired, &guard).await.unwrap();
    let report = Apply::new(&okta, plan).run().await.unwrap();
    assert!(report.is_complete(), "{report}");
    assert!(can_act(status(&okta, ADA).await.as_deref()));
    assert_done(&org, &desired).await;
}

/// Someone whom the same plan deactivates cannot act when it is given.
#[tokio::test]
async fn who_is_kept_from_acting_can_be_given_it() {
    let (_org, okta) = with_people().await;
    let mut desired = Desired::new();
    desired
        .person(person("ada").standing(Standing::Deactivated))
        .role(Principal::user(ADA), help_desk(&["Support"]));
    let plan = Plan::make(&okta, &desired, &Guard::new()).await.unwrap();
    assert_eq!(plan.objections(), [""; 0]);
    assert_eq!(plan.steps().len(), 2, "{plan}");
}

#[tokio::test]
async fn who_has_become_active_since_the_plan_is_not_given_it() {
    let org = org().await;
    let okta = client(&org);
    let mut before = Desired::new();
    before
        .person(person("ada").standing(Standing::Staged))
        .group(Group::new("Support"));
    provision(&okta, &before).await;
    let mut desired = Desired::new();
    desired.role(Principal::user(ADA), help_desk(&["Support"]));
    let plan = Plan::make(&okta, &desired, &Guard::new()).await.unwrap();
    assert_eq!(plan.steps().len(), 1, "{plan}");
    okta.users().activate(ADA).await.unwrap();
    let report = Apply::new(&okta, plan).run().await.unwrap();
    assert!(
        report.failures[0].why.contains("for the whole org"),
        "{report}"
    );
    assert_eq!(targets(&okta, &Principal::user(ADA)).await, None);
}

/// The moment between the two requests is the worst for a run to end.
#[tokio::test]
async fn a_run_that_ended_before_a_role_was_limited_is_finished_by_the_next() {
    let folder = tempfile::tempdir().unwrap();
    for has_journal in [true, false] {
        let org = org().await;
        let okta = client(&org);
        let journal = Journal::open(folder.path().join(format!("{has_journal}"))).unwrap();
        for of in ["users", "groups"] {
            let refused = FaultRule::new(Fault::OktaError("E0000006".parse().unwrap()));
            let path = format!("/api/v1/{of}/*/roles/*/targets");
            org.faults()
                .inject(refused.on_path(&path).on_method("PUT").always());
        }
        let plan = Plan::make(&okta, &wanted(), &Guard::new()).await.unwrap();
        let run = Apply::new(&okta, plan).journal(&journal);
        let report = run.run().await.unwrap();
        assert_eq!(report.failures.len(), 2, "{report}");
        let whole = Some(BTreeSet::new());
        for who in [Principal::user(ADA), Principal::group("Desk")] {
            assert_eq!(targets(&okta, &who).await, whole, "{who}");
        }
        // Nobody can use them.
        assert_eq!(status(&okta, ADA).await.as_deref(), Some("STAGED"));
        let bob = roles(&okta, "bob@example.com").await;
        assert_eq!(bob, set(&[]));

        org.faults().clear();
        let report = match has_journal {
            true => {
                let rest = Apply::resume(&okta, &journal).await.unwrap().unwrap();
                rest.run().await.unwrap()
            }
            false => {
                let plan = Plan::make(&okta, &wanted(), &Guard::new()).await.unwrap();
                assert_eq!(plan.objections(), [""; 0]);
                Apply::new(&okta, plan).run().await.unwrap()
            }
        };
        assert!(report.is_complete(), "{report}");
        assert_done(&org, &wanted()).await;
        let ada = targets(&okta, &Principal::user(ADA)).await;
        assert_eq!(ada, Some(set(&["Support"])));
        let desk = targets(&okta, &Principal::group("Desk")).await;
        assert_eq!(desk, Some(set(&["Wiki"])));
        assert!(can_act(status(&okta, ADA).await.as_deref()));
    }
}

#[tokio::test]
async fn what_a_role_is_for_becomes_what_is_listed() {
    let (org, okta) = with_people().await;
    let who = Principal::user(ADA);
    let has = async || targets(&okta, &who).await.unwrap();
    let exclusive = |groups: &[&str]| {
        let mut desired = Desired::new();
        let list = RoleList::new(who.clone()).exclusive();
        desired.roles(list.role(help_desk(groups)));
        desired
    };
    let mut first = exclusive(&["Support"]);
    let guard = lax().allow_unlimited_moment();
    let plan = Plan::make(&okta, &first, &guard).await.unwrap();
    assert!(Apply::new(&okta, plan).run().await.unwrap().is_complete());

    // Another one beside it, and an additive list takes nothing.
    first.roles(RoleList::new(who.clone()).role(help_desk(&["Sales"])));
    assert!(provision(&okta, &first).await.is_complete());
    assert_eq!(has().await, set(&["Sales", "Support"]));
    assert_done(&org, &first).await;

    // One in excess, and then all of them: the last one goes after the new one has come.
    for groups in [["Sales"], ["Desk"]] {
        let desired = exclusive(&groups);
        let plan = Plan::make(&okta, &desired, &lax()).await.unwrap();
        let mut run = Apply::new(&okta, plan).at_once(1).start();
        while let Some(event) = run.next().await {
            assert!(!has().await.is_empty());
            if let Event::Finished(report) = event.unwrap() {
                assert!(report.is_complete(), "{report}");
            }
        }
        assert_eq!(has().await, set(&groups));
        assert_done(&org, &desired).await;
    }

    // For the whole org it is given again by hand only.
    let mut whole = Desired::new();
    whole.role(who.clone(), Role::standard("HELP_DESK_ADMIN"));
    let plan = Plan::make(&okta, &whole, &lax()).await.unwrap();
    assert!(plan.objections()[0].contains("revoke it by hand"), "{plan}");
}

#[tokio::test]
async fn a_role_for_the_whole_org_is_limited_unless_who_has_it_is_protected() {
    let (org, okta) = with_people().await;
    let mut whole = Desired::new();
    let who = Principal::user(ADA);
    whole.role(who.clone(), Role::standard("HELP_DESK_ADMIN"));
    assert!(provision(&okta, &whole).await.is_complete());

    let mut limited = Desired::new();
    limited.role(who.clone(), help_desk(&["Support", "Sales", "New"]));
    limited.group(Group::new("New"));
    let plan = Plan::make(&okta, &limited, &Guard::new().protect_user(ADA)).await;
    let plan = plan.unwrap();
    assert!(
        plan.warnings()[0].contains("ada@example.com is protected"),
        "{plan}"
    );
    let report = provision(&okta, &limited).await;
    assert!(report.is_complete(), "{report}");
    let has = targets(&okta, &who).await;
    assert_eq!(has, Some(set(&["New", "Sales", "Support"])));
    assert_done(&org, &limited).await;
}

/// Okta forgets a group that is deleted, and the role could be for the whole org then.
#[tokio::test]
async fn the_last_group_that_a_role_is_for_is_not_deleted() {
    let (_org, okta) = with_people().await;
    let who = Principal::user(ADA);
    let role = help_desk(&["Support", "Sales"]);
    let guard = Guard::new().allow_unlimited_moment();
    ensure_role(&okta, &who, &role, &guard).await.unwrap();
    let mut desired = Desired::new();
    desired
        .group(Group::new("Support").removed())
        .group(Group::new("Sales").removed())
        .roles(RoleList::new(who.clone()));
    let plan = Plan::make(&okta, &desired, &lax()).await.unwrap();
    assert_eq!(plan.steps(), [], "{plan}");
    assert_eq!(plan.objections().len(), 2, "{plan}");
    assert!(
        plan.objections()[0].contains("delete the group Sales of 0 members: ada@"),
        "{plan}"
    );

    desired.group(Group::new("Sales"));
    let report = provision(&okta, &desired).await;
    assert!(report.is_complete(), "{report}");
    assert_eq!(targets(&okta, &who).await, Some(set(&["Sales"])));
}

#[tokio::test]
async fn a_role_for_all_applications_of_an_integration_is_told_of() {
    let (_org, okta) = with_people().await;
    let who = Principal::user(ADA);
    let role = || Role::for_apps("APP_ADMIN", ["Wiki"]);
    let guard = Guard::new().allow_unlimited_moment();
    ensure_role(&okta, &who, &role(), &guard).await.unwrap();
    let ada = okta.users().get(ADA).await.unwrap().id.to_string();
    let held = okta.roles().list_assigned_for_user(&ada).all().await;
    let held = held.unwrap();
    let path = UserRoleAssignmentAppName {
        user_id: ada.as_str(),
        role_assignment_id: held[0].id(),
        app_name: "bookmark",
    };
    okta.role_targets().assign_app_for_user(path).await.unwrap();
    let mut desired = Desired::new();
    desired.role(who, role());
    let plan = Plan::make(&okta, &desired, &lax()).await.unwrap();
    assert!(
        plan.objections()
            .join("")
            .contains("for all applications of bookmark"),
        "{plan}"
    );
}

#[tokio::test]
async fn what_okta_cannot_limit_is_an_objection() {
    let (_org, okta) = with_people().await;
    let mut desired = Desired::new();
    desired
        .role(
            Principal::user(ADA),
            Role::for_groups("APP_ADMIN", ["Support"]),
        )
        .role(Principal::user(ADA), Role::for_apps("HELP_DESK_ADMIN", []))
        .role(Principal::user(ADA), Role::standard("APP_ADMIN"))
        .role(Principal::group("Desk"), help_desk(&["Nowhere"]))
        .app(AppAccess::new("Wiki").group("Desk", Attributes::new()));
    let plan = Plan::make(&okta, &desired, &lax().allow_unlimited_moment()).await;
    let objections = plan.unwrap().objections().join("\n");
    for said in [
        "APP_ADMIN cannot be limited like this",
        "HELP_DESK_ADMIN is limited to nothing",
        "listed twice with APP_ADMIN",
        "for the group Nowhere, which is not there",
    ] {
        assert!(objections.contains(said), "{said}: {objections}");
    }
}

#[tokio::test]
async fn it_can_be_ensured_without_a_plan() {
    let (_org, okta) = with_people().await;
    let who = Principal::user(ADA);
    let ensure = async |groups: &[&str], guard: &Guard| {
        ensure_role(&okta, &who, &help_desk(groups), guard).await
    };
    let refused = ensure(&["Support"], &Guard::new()).await;
    assert!(matches!(refused, Err(Error::Refused(_))), "{refused:?}");
    assert_eq!(targets(&okta, &who).await, None);
    let missing = ensure(&["Nowhere"], &Guard::new()).await;
    assert!(matches!(missing, Err(Error::Missing(_))), "{missing:?}");
    let guard = Guard::new().allow_unlimited_moment();
    assert_eq!(
        ensure(&["Support"], &guard).await.unwrap(),
        Outcome::Created
    );
    // What is given already needs no such moment.
    let guard = Guard::new();
    assert_eq!(ensure(&["Support"], &guard).await.unwrap(), Outcome::Kept);
    assert_eq!(ensure(&["Sales"], &guard).await.unwrap(), Outcome::Updated);
    let has = targets(&okta, &who).await;
    assert_eq!(has, Some(set(&["Sales", "Support"])));
    let unfit = Role::for_groups("SUPER_ADMIN", ["Support"]);
    let refused = ensure_role(&okta, &who, &unfit, &Guard::new()).await;
    assert!(matches!(refused, Err(Error::Refused(_))), "{refused:?}");
    let apps = Role::for_apps("APP_ADMIN", ["Wiki"]);
    let empty = Principal::group("Support");
    let made = ensure_role(&okta, &empty, &apps, &Guard::new()).await;
    assert_eq!(made.unwrap(), Outcome::Created);
    assert_eq!(targets(&okta, &empty).await, Some(set(&["Wiki"])));
}
