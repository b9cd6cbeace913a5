//! Orgs that are not as a job may think.

use okta_emulator::Emulator;
use okta_provision::{
    AppAccess, Apply, Attributes, Credentials, CustomRole, Desired, Group, Guard, Kind, Person,
    Plan, Principal, Resource, ResourceSet, Role, Standing, ensure_rule,
};
use okta_sdk::models::BookmarkApplicationSettingsApplication as Link;
use okta_sdk::models::{BookmarkApplication, BookmarkApplicationSettings, RoleType};
use okta_sdk::paths::UserRoleAssignmentGroup;
use okta_sdk::shortcuts::ExpressionRule;

use crate::person;
use crate::support::{assert_done, client, lax, members, org, org_of, provision, set, status};

/// Okta finds people by the part of their login before the `@`, too.
#[tokio::test]
async fn someone_with_a_longer_login_is_someone_else() {
    let org = org().await;
    let okta = client(&org);
    let mut desired = Desired::new();
    desired.person(person("ada"));
    provision(&okta, &desired).await;
    let mut leaver = Desired::new();
    leaver.leaver("ada");
    let plan = Plan::make(&okta, &leaver, &lax()).await.unwrap();
    assert_eq!(plan.steps(), [], "{plan}");
    let mut member = Desired::new();
    member.member("Crowd", "ada");
    let plan = Plan::make(&okta, &member, &lax()).await.unwrap();
    assert!(
        plan.objections()[0].contains("ada is listed for Crowd"),
        "{plan}"
    );
}

/// The address of one is the login of another.
#[tokio::test]
async fn people_are_known_by_their_logins_and_not_by_addresses() {
    let org = org().await;
    let okta = client(&org);
    let mut desired = Desired::new();
    desired.person(person("ada").attribute("email", "bob@example.com"));
    provision(&okta, &desired).await;
    desired.person(person("bob").attribute("email", "ada@example.com"));
    let plan = Plan::make(&okta, &desired, &lax()).await.unwrap();
    assert_eq!(plan.steps().len(), 1, "{plan}");
    assert!(Apply::new(&okta, plan).run().await.unwrap().is_complete());
    assert_done(&org, &desired).await;
}

/// To Okta, names of groups and logins do not differ by case alone.
#[tokio::test]
async fn case_makes_no_other_group_and_no_other_person() {
    let org = org().await;
    let okta = client(&org);
    let mut desired = Desired::new();
    desired
        .person(person("ada"))
        .member("Analysts", "ada@example.com");
    assert!(provision(&okta, &desired).await.is_complete());
    let mut other = Desired::new();
    other
        .person(
            Person::new("ADA@Example.com", "ada", "Tester").attribute("email", "ada@example.com"),
        )
        .group(Group::new("ANALYSTS").exclusive().member("Ada@EXAMPLE.com"));
    assert_done(&org, &other).await;
    // Also where all groups are listed.
    let mut many = other.clone();
    for number in 0..60 {
        many.group(Group::new(&format!("Group {number}")));
    }
    let plan = Plan::make(&okta, &many, &lax()).await.unwrap();
    assert_eq!(plan.steps().len(), 60, "{plan}");
    other.group(Group::new("analysts"));
    let plan = Plan::make(&okta, &other, &lax()).await.unwrap();
    assert!(
        plan.objections()[0].contains("differ by case only"),
        "{plan}"
    );
}

async fn with_a_rule() -> (Emulator, okta_sdk::Client) {
    let org = org().await;
    let okta = client(&org);
    let mut desired = Desired::new();
    desired
        .person(person("ada").credentials(Credentials::ImportHook))
        .person(person("bob"))
        .member("Ruled", "bob@example.com");
    assert!(provision(&okta, &desired).await.is_complete());
    let group = okta.groups().find_by_name("Ruled").await.unwrap().unwrap();
    let rule = ExpressionRule {
        name: "Badges".to_owned(),
        expression: "user.firstName==\"ada\"".to_owned(),
        group_ids: vec![group.id],
    };
    ensure_rule(&okta, rule).await.unwrap();
    assert_eq!(
        members(&okta, "Ruled").await,
        set(&["ada@example.com", "bob@example.com"])
    );
    (org, okta)
}

#[tokio::test]
async fn a_plan_does_not_fight_a_group_rule() {
    let (org, okta) = with_a_rule().await;
    let mut desired = Desired::new();
    desired.group(Group::new("Ruled").exclusive().member("bob@example.com"));
    let plan = Plan::make(&okta, &desired, &lax()).await.unwrap();
    assert_eq!(plan.steps(), [], "{plan}");
    assert!(
        plan.warnings()[0].contains("a group rule puts people into it"),
        "{plan}"
    );
    assert_done(&org, &desired).await;
    // Without the rule it is a list as any other.
    let rules = okta.group_rules().list().all().await.unwrap();
    okta.group_rules().deactivate(&rules[0].id).await.unwrap();
    assert!(provision(&okta, &desired).await.is_complete());
    assert_eq!(members(&okta, "Ruled").await, set(&["bob@example.com"]));
}

#[tokio::test]
async fn everybodys_group_gives_applications_and_takes_no_members() {
    let org = org().await;
    let okta = client(&org);
    let mut desired = Desired::new();
    desired
        .person(person("ada"))
        .member("Everyone", "ada@example.com")
        .app(
            AppAccess::new("Wiki")
                .exclusive()
                .group("Everyone", Attributes::new()),
        );
    assert!(provision(&okta, &desired).await.is_complete());
    assert_done(&org, &desired).await;
    desired.group(Group::new("Everyone").exclusive());
    let plan = Plan::make(&okta, &desired, &lax()).await.unwrap();
    assert!(
        plan.objections()[0].contains("everybody is in Everyone"),
        "{plan}"
    );
}

/// Whether a group gives an application is read also where the job says nothing of the group.
#[tokio::test]
async fn an_application_by_a_group_that_is_not_listed_is_not_taken_again_and_again() {
    let org = org().await;
    let okta = client(&org);
    let mut before = Desired::new();
    before
        .person(person("ada"))
        .person(person("bob"))
        .member("Readers", "ada@example.com")
        .app_user("Wiki", "ada@example.com", Attributes::new())
        .app_user("Wiki", "bob@example.com", Attributes::new());
    assert!(provision(&okta, &before).await.is_complete());
    let mut desired = Desired::new();
    desired.app(
        AppAccess::new("Wiki")
            .exclusive()
            .group("Readers", Attributes::new()),
    );
    let report = provision(&okta, &desired).await;
    assert!(report.is_complete(), "{report}");
    assert_eq!(report.counts[&Kind::Assignments].removed, 1);
    assert_done(&org, &desired).await;
}

#[tokio::test]
async fn who_is_locked_out_or_has_to_choose_a_password_is_not_suspended_but_told_of() {
    for (seed, name) in [
        ("LOCKED_OUT", "locked"),
        ("PASSWORD_EXPIRED", "expired"),
        ("RECOVERY", "recovering"),
    ] {
        let login = format!("{name}@example.com");
        let org = org_of(&format!(
            "users: [{{ profile: {{ login: {login}, email: {login}, firstName: {name}, \
             lastName: Tester }}, status: {seed} }}]"
        ))
        .await;
        let okta = client(&org);
        assert_eq!(status(&okta, &login).await.unwrap(), seed);
        let mut desired = Desired::new();
        desired.person(person(name).standing(Standing::Suspended));
        let plan = Plan::make(&okta, &desired, &lax()).await.unwrap();
        assert_eq!(plan.steps(), [], "{plan}");
        assert!(
            plan.warnings()[0].contains("Okta suspends active users only"),
            "{plan}"
        );
        // Active is what they are, and everybody can be deactivated.
        desired.person(person(name).standing(Standing::Active));
        assert_done(&org, &desired).await;
        desired.person(person(name).standing(Standing::Deactivated));
        assert!(provision(&okta, &desired).await.is_complete());
        assert_eq!(status(&okta, &login).await.unwrap(), "DEPROVISIONED");
    }
}

/// Someone who was deactivated in between is not taken for the one who was to be made.
#[tokio::test]
async fn an_account_that_came_and_went_in_between_is_told_of() {
    let org = org().await;
    let okta = client(&org);
    let mut desired = Desired::new();
    desired.person(person("ada"));
    let plan = Plan::make(&okta, &desired, &Guard::new()).await.unwrap();
    provision(&okta, &desired).await;
    okta.users().deactivate("ada@example.com").await.unwrap();
    let report = Apply::new(&okta, plan).run().await.unwrap();
    assert_eq!(report.failures.len(), 1, "{report}");
    assert!(
        report.failures[0].why.contains("is DEPROVISIONED"),
        "{report}"
    );
}

#[tokio::test]
async fn what_a_custom_role_needs_is_made_with_it() {
    let org = org().await;
    let okta = client(&org);
    let link = Link::new("https://desk.example.com").request_integration(false);
    let desk = BookmarkApplication::new("Desk", BookmarkApplicationSettings::new().app(link));
    let role = || {
        let role = CustomRole::new("Reader", "Reads people");
        role.permission("okta.users.read")
            .permission("okta.groups.read")
    };
    let mut desired = Desired::new();
    desired
        .person(person("ada"))
        .member("Team", "ada@example.com")
        .custom_role(role())
        .resource_set(
            ResourceSet::new("Team's", "The team and its desk")
                .resource(Resource::Group("Team".into()))
                .resource(Resource::App("Desk".into()))
                .resource(Resource::Users),
        )
        .app_user("Desk", "ada@example.com", Attributes::new())
        .role(
            Principal::user("ada@example.com"),
            Role::Custom {
                label: "Reader".to_owned(),
                resource_set: "Team's".to_owned(),
            },
        )
        .application(desk)
        .unwrap();
    let plan = Plan::make(&okta, &desired, &Guard::new()).await.unwrap();
    assert_eq!(plan.objections(), [""; 0]);
    let report = Apply::new(&okta, plan).run().await.unwrap();
    assert!(report.is_complete(), "{report}");
    for kind in [Kind::Applications, Kind::Assignments] {
        let counts = report.counts[&kind];
        assert_eq!((counts.wanted, counts.created), (1, 1), "{kind}: {report}");
    }
    assert_done(&org, &desired).await;
    let plan = Plan::make(&okta, &desired, &Guard::new()).await.unwrap();
    assert_eq!(plan.kept(Kind::Applications), 1);
    let resources = okta
        .resource_sets()
        .list_resources("Team's")
        .all()
        .await
        .unwrap();
    assert_eq!(resources.len(), 3);
    let ada = okta.users().get("ada@example.com").await.unwrap();
    let held = okta
        .roles()
        .list_assigned_for_user(&ada.id)
        .all()
        .await
        .unwrap();
    assert_eq!(held.len(), 1);

    // Who has it would get something that the job does not say.
    desired.custom_role(role().permission("okta.users.manage"));
    let plan = Plan::make(&okta, &desired, &Guard::new()).await.unwrap();
    assert!(
        plan.objections()[0].contains("other permissions than wanted"),
        "{plan}"
    );
}

/// It is not taken for the role on the whole org.
#[tokio::test]
async fn a_role_for_some_groups_is_not_the_role_for_all() {
    let org = org().await;
    let okta = client(&org);
    let mut desired = Desired::new();
    for name in ["ada", "bob"] {
        let login = format!("{name}@example.com");
        desired.person(person(name)).member("Team", &login);
    }
    desired
        .role(
            Principal::user("ada@example.com"),
            Role::standard("USER_ADMIN"),
        )
        .role(Principal::group("Team"), Role::standard("APP_ADMIN"));
    assert!(provision(&okta, &desired).await.is_complete());
    assert_done(&org, &desired).await;

    let ada = okta.users().get("ada@example.com").await.unwrap();
    let held = okta.roles().list_assigned_for_user(&ada.id).all().await;
    let own = held
        .unwrap()
        .into_iter()
        .find(|it| it.type_() == Some(&RoleType::UserAdmin));
    let team = okta.groups().find_by_name("Team").await.unwrap().unwrap();
    let target = UserRoleAssignmentGroup {
        user_id: ada.id.to_string(),
        role_assignment_id: own.unwrap().id().to_string(),
        group_id: team.id.to_string(),
    };
    okta.role_targets()
        .assign_group_for_user(target)
        .await
        .unwrap();
    let plan = Plan::make(&okta, &desired, &lax()).await.unwrap();
    assert_eq!(plan.objections().len(), 1, "{plan}");
    assert!(
        plan.objections()[0].contains("for some groups or applications only"),
        "{plan}"
    );
}

/// It would be kept although nobody can sign in with it.
#[tokio::test]
async fn someone_who_left_is_not_taken_for_someone_who_is_to_come_later() {
    let org = org().await;
    let okta = client(&org);
    let mut desired = Desired::new();
    desired.person(person("ada").standing(Standing::Staged));
    let plan = Plan::make(&okta, &desired, &Guard::new()).await.unwrap();
    provision(&okta, &desired).await;
    okta.users().deactivate("ada@example.com").await.unwrap();
    let report = Apply::new(&okta, plan).run().await.unwrap();
    assert!(
        report.failures[0].why.contains("is DEPROVISIONED"),
        "{report}"
    );
}
