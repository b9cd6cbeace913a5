//! Plans that are carried out later.

use futures::StreamExt;
use okta_emulator::Emulator;
use okta_provision::{
    AppAccess, Apply, Attributes, CustomRole, Desired, Error, Event, Group, Guard, Identity, Plan,
    Principal, Resource, ResourceSet, Role, RoleList, Standing, rename_login,
};
use okta_sdk::Client;
use serde_json::json;

use crate::support::{assert_done, client, lax, org, org_of, provision};
use crate::{everything, person};

#[tokio::test]
async fn a_saved_plan_is_carried_out_only_in_the_org_that_it_saw() {
    let org = org().await;
    let okta = client(&org);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("plan.json");
    provision(&okta, &everything()).await;
    let mut desired = everything();
    desired
        .person(person("ada").attribute("badgeNumber", 8))
        .person(person("fay"))
        .member("Analysts", "fay@example.com");
    let plan = Plan::make(&okta, &desired, &Guard::new()).await.unwrap();
    plan.save(&path).unwrap();
    assert_eq!(Plan::load(&path).unwrap(), plan);

    let change = json!({"profile": {"badgeNumber": 9}});
    let change: okta_sdk::models::UpdateUserRequest = serde_json::from_value(change).unwrap();
    okta.users()
        .update("ada@example.com", &change)
        .await
        .unwrap();
    org.clear_requests();
    let loaded = Plan::load(&path).unwrap();
    let refused = Apply::new(&okta, loaded).run().await.unwrap_err();
    assert!(
        refused
            .to_string()
            .contains("badgeNumber of ada@example.com has changed"),
        "{refused}"
    );
    assert!(org.requests().iter().all(|it| it.method == "GET"));

    // Back to what the plan saw, and with a part of it done already.
    let change = json!({"profile": {"badgeNumber": 7}});
    let change: okta_sdk::models::UpdateUserRequest = serde_json::from_value(change).unwrap();
    okta.users()
        .update("ada@example.com", &change)
        .await
        .unwrap();
    let mut part = Desired::new();
    part.person(person("fay"));
    provision(&okta, &part).await;
    let loaded = Plan::load(&path).unwrap();
    let report = Apply::new(&okta, loaded).run().await.unwrap();
    assert!(report.is_complete(), "{report}");
    assert_done(&org, &desired).await;

    // Not in another org.
    let other = org_of("{}").await;
    let loaded = Plan::load(&path).unwrap();
    let refused = Apply::new(&client(&other), loaded).run().await.unwrap_err();
    assert!(matches!(refused, Error::Changed(_)), "{refused}");
}

fn reader() -> Role {
    Role::Custom {
        label: "Reader".to_owned(),
        resource_set: "All".to_owned(),
    }
}

/// A plan with a step of nearly every kind, and the org that it was made for.
async fn planned() -> (Emulator, Client, Desired, Plan) {
    let org = org().await;
    let okta = client(&org);
    let wiki = || AppAccess::new("Wiki").exclusive();
    let nick = |nick: &str| -> Attributes { [("nick".to_owned(), json!(nick))].into() };
    let mut before = Desired::new();
    before
        .person(person("ada").attribute("badgeNumber", 1))
        .person(person("bob"))
        .person(person("cy").standing(Standing::Staged))
        .person(person("dan").standing(Standing::Staged))
        .group(
            Group::new("Kept")
                .description("old")
                .member("bob@example.com"),
        )
        .group(Group::new("Gone").member("ada@example.com"))
        .group(Group::new("Losing"))
        .group(Group::new("Changed"))
        .app(
            wiki()
                .user("ada@example.com", nick("a"))
                .user("cy@example.com", nick("c"))
                .group("Losing", Attributes::new())
                .group("Changed", nick("g")),
        )
        .custom_role(CustomRole::new("Reader", "Reads").permission("okta.users.read"))
        .resource_set(ResourceSet::new("All", "All users").resource(Resource::Users))
        .role(Principal::user("bob@example.com"), reader());
    let report = provision(&okta, &before).await;
    assert!(report.is_complete(), "{report}");
    let mut after = Desired::new();
    after
        .person(person("ada").attribute("badgeNumber", 2))
        .person(person("cy").standing(Standing::Active))
        .person(person("eve"))
        .leaver("dan@example.com")
        .group(
            Group::new("Kept")
                .description("new")
                .exclusive()
                .member("ada@example.com"),
        )
        .group(Group::new("Gone").removed())
        .group(
            Group::new("New")
                .description("new")
                .member("eve@example.com"),
        )
        .app(
            wiki()
                .user("ada@example.com", nick("b"))
                .user("eve@example.com", nick("e"))
                .group("Changed", nick("h"))
                .group("New", nick("n")),
        )
        .roles(RoleList::new(Principal::user("bob@example.com")).exclusive())
        .role(
            Principal::user("eve@example.com"),
            Role::standard("APP_ADMIN"),
        );
    let plan = Plan::make(&okta, &after, &lax()).await.unwrap();
    assert_eq!(plan.objections(), [""; 0]);
    // As it is after some time: it is compared with the org.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("plan.json");
    plan.save(&path).unwrap();
    let plan = Plan::load(&path).unwrap();
    (org, okta, after, plan)
}

/// One thing that someone else does in between.
async fn change(okta: &Client, what: &str) {
    let group_id = async |name: &str| {
        let group = okta.groups().find_by_name(name).await.unwrap();
        group.unwrap().id.to_string()
    };
    let user_id = async |name: &str| {
        let user = okta.users().get(format!("{name}@example.com")).await;
        user.unwrap().id.to_string()
    };
    let wiki = okta.applications().list().q("Wiki").all().await.unwrap();
    let app_id = wiki[0].id().to_string();
    let mut desired = Desired::new();
    let nick: Attributes = [("nick".to_owned(), json!("other"))].into();
    match what {
        "badgeNumber of ada@example.com has changed" => {
            desired.person(person("ada").attribute("badgeNumber", 3));
        }
        "the user ada@example.com is gone" => {
            okta.users().deactivate(user_id("ada").await).await.unwrap();
            okta.users().delete(user_id("ada").await).await.unwrap();
        }
        "the user ada@example.com is another one now" => {
            for (name, from, to) in [
                ("ada", "ada@example.com", "ada.old@example.com"),
                ("bob", "bob@example.com", "ada@example.com"),
            ] {
                let who = Identity::id(user_id(name).await);
                rename_login(okta, from, to, &who).await.unwrap();
            }
        }
        "the status of cy@example.com is DEPROVISIONED and not STAGED" => {
            desired.leaver("cy@example.com");
        }
        "the status of dan@example.com is" => {
            desired.person(person("dan").standing(Standing::Active));
        }
        "eve@example.com is there now, and not as wanted" => {
            desired.person(person("eve").attribute("lastName", "Other"));
        }
        "eve@example.com is there now, and not as wanted " => {
            desired.person(person("eve").standing(Standing::Staged));
        }
        "the description of Kept has changed" => {
            desired.group(Group::new("Kept").description("other"));
        }
        "the group Kept is gone" => {
            okta.groups().delete(group_id("Kept").await).await.unwrap();
        }
        "the group Kept is another one now" => {
            okta.groups().delete(group_id("Kept").await).await.unwrap();
            desired.group(Group::new("Kept").description("old"));
        }
        "the group Gone has more members now" => {
            desired.member("Gone", "bob@example.com");
        }
        "the group New is there now, with another description" => {
            desired.group(Group::new("New").description("other"));
        }
        "the group New is there now, with other members" => {
            desired.group(Group::new("New").description("new"));
            desired.member("New", "bob@example.com");
        }
        "nick of ada@example.com in Wiki has changed" => {
            desired.app_user("Wiki", "ada@example.com", nick);
        }
        "ada@example.com has Wiki by themselves no more" => {
            let user_id = user_id("ada").await;
            let path = okta_sdk::paths::AppUser {
                app_id: app_id.as_str(),
                user_id: user_id.as_str(),
            };
            okta.application_users().unassign(path).await.unwrap();
        }
        "nick of the group Changed in Wiki has changed" => {
            desired.group(Group::new("Changed"));
            desired.app(AppAccess::new("Wiki").group("Changed", nick));
        }
        "the group Changed has Wiki no more" => {
            let group_id = group_id("Changed").await;
            let path = okta_sdk::paths::AppGroup {
                app_id: app_id.as_str(),
                group_id: group_id.as_str(),
            };
            okta.application_groups().unassign(path).await.unwrap();
        }
        "the group New has Wiki now, and not as wanted" => {
            desired.group(Group::new("New").description("new"));
            desired.app(AppAccess::new("Wiki").group("New", nick));
        }
        "the application Wiki is gone" => {
            okta.applications().deactivate(&app_id).await.unwrap();
            okta.applications().delete(&app_id).await.unwrap();
        }
        "bob@example.com was given the role Reader on All again" => {
            let bob = Principal::user("bob@example.com");
            desired.roles(RoleList::new(bob.clone()).exclusive());
            provision(okta, &desired).await;
            desired = Desired::new();
            desired.role(bob, reader());
        }
        "is a super administrator now" => {
            let dan = Principal::user("dan@example.com");
            desired.role(dan, Role::standard("SUPER_ADMIN"));
        }
        other => panic!("{other}"),
    }
    let report = provision(okta, &desired).await;
    assert!(report.is_complete(), "{what}: {report}");
}

#[tokio::test]
async fn any_one_change_of_what_a_plan_touches_stops_it_and_is_told() {
    for what in [
        "badgeNumber of ada@example.com has changed",
        "the user ada@example.com is gone",
        "the user ada@example.com is another one now",
        "the status of cy@example.com is DEPROVISIONED and not STAGED",
        "the status of dan@example.com is",
        "eve@example.com is there now, and not as wanted",
        "eve@example.com is there now, and not as wanted ",
        "the description of Kept has changed",
        "the group Kept is gone",
        "the group Kept is another one now",
        "the group Gone has more members now",
        "the group New is there now, with another description",
        "the group New is there now, with other members",
        "nick of ada@example.com in Wiki has changed",
        "ada@example.com has Wiki by themselves no more",
        "nick of the group Changed in Wiki has changed",
        "the group Changed has Wiki no more",
        "the group New has Wiki now, and not as wanted",
        "the application Wiki is gone",
        "bob@example.com was given the role Reader on All again",
        "is a super administrator now",
    ] {
        let (org, okta, _, plan) = planned().await;
        change(&okta, what).await;
        org.clear_requests();
        let error = match Apply::new(&okta, plan).run().await {
            Err(error) => error,
            Ok(report) => panic!("{what}: {report}"),
        };
        assert!(
            error.to_string().contains(what.trim_end()),
            "{what}: {error}"
        );
        let requests = org.requests();
        assert!(
            requests.iter().all(|it| it.method == "GET"),
            "{what}: {requests:?}"
        );
    }
}

/// What a plan has done itself, as far as it came, is no change.
#[tokio::test]
async fn a_plan_that_is_half_done_is_still_good() {
    let (_, _, _, plan) = planned().await;
    for done in 0..=plan.steps().len() {
        let (org, okta, after, plan) = planned().await;
        let mut run = Apply::new(&okta, plan.clone()).at_once(1).start();
        let mut seen = 0;
        while seen < done {
            match run.next().await.unwrap().unwrap() {
                Event::Done { .. } => seen += 1,
                Event::Started { .. } => {}
                other => panic!("{other:?}"),
            }
        }
        drop(run);
        let report = Apply::new(&okta, plan).run().await;
        let report = report.unwrap_or_else(|error| panic!("after {done} steps: {error}"));
        assert!(report.is_complete(), "after {done} steps: {report}");
        assert_done(&org, &after).await;
    }
}
