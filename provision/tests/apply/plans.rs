//! Plans: what they say, and what there is once they are carried out.

use futures::StreamExt;
use okta_provision::{
    AppAccess, Apply, Attributes, Credentials, Desired, Event, Group, Guard, Kind, OwnedPeople,
    Plan, Principal, Role, RoleList, Standing,
};
use serde_json::json;

use crate::support::{
    assert_done, client, lax, members, org, org_of, provision, roles, set, status,
};
use crate::{everything, person};

#[tokio::test]
async fn an_empty_org_gets_everything_once() {
    let org = org().await;
    let okta = client(&org);
    let plan = Plan::make(&okta, &everything(), &Guard::new())
        .await
        .unwrap();
    assert_eq!(
        plan.to_string(),
        "groups: 2 to add\n\
         \x20 + create the group Analysts\n\
         \x20 + create the group Readers\n\
         people: 5 to add\n\
         \x20 + create the user ada@example.com\n\
         \x20 + create the user bob@example.com\n\
         \x20 + create the user cy@example.com\n\
         \x20 + create the user di@example.com\n\
         \x20 + create the user eve@example.com\n\
         memberships: 3 to add\n\
         \x20 + add ada@example.com to Analysts\n\
         \x20 + add bob@example.com to Analysts\n\
         \x20 + add cy@example.com to Readers\n\
         assignments: 2 to add\n\
         \x20 + assign Wiki to ada@example.com\n\
         \x20 + assign Wiki to the group Readers\n\
         roles: 2 to add\n\
         \x20 + make ada@example.com APP_ADMIN\n\
         \x20 + make group Analysts READ_ONLY_ADMIN\n\
         14 to do, 0 as wanted already\n"
    );
    let report = Apply::new(&okta, plan).run().await.unwrap();
    assert!(report.is_complete(), "{report}");
    let ada = okta.users().get("ada@example.com").await.unwrap();
    let profile = ada.profile.unwrap();
    assert_eq!(profile.get_custom("badgeNumber").unwrap(), Some(7));
    let bob = okta.users().get("bob@example.com").await.unwrap();
    let manager = bob.profile.unwrap().manager_id;
    assert_eq!(manager.as_deref(), Some("ada@example.com"));
    assert_eq!(
        members(&okta, "Analysts").await,
        set(&["ada@example.com", "bob@example.com"])
    );
    assert_eq!(status(&okta, "cy@example.com").await.unwrap(), "STAGED");
    assert_eq!(status(&okta, "di@example.com").await.unwrap(), "STAGED");
    assert_eq!(
        roles(&okta, "ada@example.com").await,
        set(&["APP_ADMIN", "READ_ONLY_ADMIN"])
    );
    assert_done(&org, &everything()).await;
}

#[tokio::test]
async fn what_is_not_wanted_goes_where_the_job_owns_it() {
    let org = org().await;
    let okta = client(&org);
    provision(&okta, &everything()).await;

    let mut desired = everything();
    desired
        .person(person("ada").attribute("badgeNumber", 8))
        .group(Group::new("Analysts").exclusive().member("bob@example.com"))
        .group(Group::new("Readers").member("ada@example.com"))
        .app(AppAccess::new("Wiki").exclusive())
        .roles(RoleList::new(Principal::user("ada@example.com")).exclusive());
    let report = provision(&okta, &desired).await;
    assert!(report.is_complete(), "{report}");
    assert_eq!(report.counts[&Kind::Assignments].removed, 2);
    assert_eq!(members(&okta, "Analysts").await, set(&["bob@example.com"]));
    // Additive: who was there stays.
    assert_eq!(
        members(&okta, "Readers").await,
        set(&["ada@example.com", "cy@example.com"])
    );
    assert!(roles(&okta, "ada@example.com").await.is_empty());
    // What the job says nothing of.
    let analysts = okta.groups().find_by_name("Analysts").await.unwrap();
    let description = analysts.unwrap().profile.unwrap().description;
    assert_eq!(description.as_deref(), Some("Who analyses"));
    assert_done(&org, &desired).await;
}

#[tokio::test]
async fn people_move_between_statuses() {
    let org = org().await;
    let okta = client(&org);
    provision(&okta, &everything()).await;
    let mut desired = Desired::new();
    desired
        .person(person("ada").standing(Standing::Deactivated))
        .person(person("cy").standing(Standing::Active))
        .leaver("EVE@example.com")
        .leaver("nobody@example.com");
    let report = provision(&okta, &desired).await;
    assert!(report.is_complete(), "{report}");
    for login in ["ada@example.com", "eve@example.com"] {
        assert_eq!(status(&okta, login).await.unwrap(), "DEPROVISIONED");
    }
    let cy = status(&okta, "cy@example.com").await.unwrap();
    assert!(["ACTIVE", "PROVISIONED"].contains(&cy.as_str()), "{cy}");
    assert_done(&org, &desired).await;

    for (standing, expected) in [
        (Standing::Suspended, "SUSPENDED"),
        (Standing::Active, "ACTIVE"),
    ] {
        let mut desired = Desired::new();
        let gil = person("gil").credentials(Credentials::ImportHook);
        desired.person(gil.clone());
        assert!(provision(&okta, &desired).await.is_complete());
        desired.person(gil.standing(standing));
        assert!(provision(&okta, &desired).await.is_complete());
        assert_eq!(status(&okta, "gil@example.com").await.unwrap(), expected);
        assert_done(&org, &desired).await;
    }

    // Those who are gone stay so, unless a status is given.
    let mut back = Desired::new();
    back.person(person("ada"));
    let plan = Plan::make(&okta, &back, &Guard::new()).await.unwrap();
    assert!(plan.is_empty(), "{plan}");
    assert!(plan.warnings()[0].contains("give a status"), "{plan}");
    back.person(person("ada").standing(Standing::Active));
    assert!(provision(&okta, &back).await.is_complete());
    assert_ne!(
        status(&okta, "ada@example.com").await.unwrap(),
        "DEPROVISIONED"
    );
}

#[tokio::test]
async fn who_belongs_to_the_job_and_is_not_wanted_leaves_and_nobody_else() {
    let org = org().await;
    let okta = client(&org);
    let mut desired = Desired::new();
    desired
        .person(person("ada").attribute("source", "hr"))
        .person(person("bob").attribute("source", "hr"))
        .person(person("cy").attribute("source", "lab"));
    provision(&okta, &desired).await;

    let mut fewer = Desired::new();
    fewer
        .person(person("ada"))
        .own(OwnedPeople::Search("profile.source eq \"hr\"".to_owned()));
    assert!(provision(&okta, &fewer).await.is_complete());
    assert_eq!(
        status(&okta, "bob@example.com").await.unwrap(),
        "DEPROVISIONED"
    );
    for login in ["ada@example.com", "cy@example.com", "admin@example.com"] {
        assert_ne!(status(&okta, login).await.unwrap(), "DEPROVISIONED");
    }
    assert_done(&org, &fewer).await;
}

#[tokio::test]
async fn what_is_missing_is_an_objection() {
    let org = org().await;
    let mut desired = Desired::new();
    desired
        .member("Analysts", "nobody@example.com")
        .app(AppAccess::new("Nowhere"))
        .role(Principal::group("None"), Role::standard("APP_ADMIN"))
        .role(
            Principal::user("admin@example.com"),
            Role::Custom {
                label: "Reader".to_owned(),
                resource_set: "All".to_owned(),
            },
        );
    let plan = Plan::make(&client(&org), &desired, &Guard::new()).await;
    let objections = plan.unwrap().objections().join("\n");
    for said in [
        "nobody@example.com is listed for Analysts and is not there",
        "no application Nowhere",
        "roles are for the group None",
        "no custom role Reader",
        "no resource set All",
    ] {
        assert!(objections.contains(said), "{objections}");
    }
}

#[tokio::test]
async fn a_few_members_of_a_large_group_are_looked_up_one_by_one() {
    let org = org_of("generatedUsers: 1100").await;
    let okta = client(&org);
    let mut desired = Desired::new();
    for number in 1..=1100 {
        desired.member("Crowd", &format!("user{number}@example.com"));
    }
    assert!(provision(&okta, &desired).await.is_complete());
    let mut few = Desired::new();
    few.member("Crowd", "user7@example.com");
    org.clear_requests();
    let plan = Plan::make(&okta, &few, &Guard::new()).await.unwrap();
    assert!(plan.is_empty(), "{plan}");
    let lists = org.requests().into_iter();
    assert_eq!(
        lists
            .filter(|it| it.path.ends_with("/users") && it.path.contains("/groups/"))
            .count(),
        1
    );
    few.member("Crowd", "admin@example.com");
    few.person(person("new")).member("Crowd", "new@example.com");
    let plan = Plan::make(&okta, &few, &Guard::new()).await.unwrap();
    assert_eq!(plan.steps().len(), 3, "{plan}");
    // All of it is read where that takes less.
    org.clear_requests();
    let plan = Plan::make(&okta, &desired, &Guard::new()).await.unwrap();
    assert!(plan.is_empty(), "{plan}");
    assert!(org.requests().len() < 20);
}

/// Okta refuses to take from a user what a group of theirs gives.
#[tokio::test]
async fn an_application_that_a_group_gives_too_is_left_until_the_group_goes() {
    let org = org().await;
    let okta = client(&org);
    let wiki = || AppAccess::new("Wiki").exclusive();
    let mut desired = Desired::new();
    desired
        .person(person("ada"))
        .member("Readers", "ada@example.com")
        .app(wiki().user("ada@example.com", Attributes::new()));
    assert!(provision(&okta, &desired).await.is_complete());
    desired.app(wiki().group("Readers", Attributes::new()));
    assert!(provision(&okta, &desired).await.is_complete());
    assert_done(&org, &desired).await;
    desired.group(Group::new("Readers").exclusive());
    let report = provision(&okta, &desired).await;
    assert!(report.is_complete(), "{report}");
    assert_eq!(report.counts[&Kind::Assignments].removed, 1);
    assert_done(&org, &desired).await;
}

/// At no moment has anyone a role outside those before and those after.
#[tokio::test]
async fn nobody_has_more_than_before_or_after() {
    let org = org().await;
    let okta = client(&org);
    let mut before = Desired::new();
    before
        .person(person("ada"))
        .person(person("bob"))
        .person(person("cy"))
        .member("One", "ada@example.com")
        .member("Two", "bob@example.com")
        .role(Principal::group("One"), Role::standard("APP_ADMIN"));
    provision(&okta, &before).await;

    // Ada and Bob change places, and the role goes the other way round.
    let mut after = Desired::new();
    after
        .group(Group::new("One").exclusive().member("bob@example.com"))
        .group(Group::new("Two").exclusive().member("ada@example.com"))
        .roles(RoleList::new(Principal::group("One")).exclusive())
        .role(Principal::group("Two"), Role::standard("APP_ADMIN"));
    let plan = Plan::make(&okta, &after, &lax()).await.unwrap();
    assert_eq!(plan.steps().len(), 6, "{plan}");
    let mut run = Apply::new(&okta, plan).at_once(1).start();
    while let Some(event) = run.next().await {
        let Event::Done { what, .. } = event.unwrap() else {
            continue;
        };
        let bob = roles(&okta, "bob@example.com").await;
        assert!(bob.is_empty(), "after {what}: {bob:?}");
    }
    assert_eq!(roles(&okta, "ada@example.com").await, set(&["APP_ADMIN"]));
    assert_done(&org, &after).await;
}

#[tokio::test]
async fn credentials_are_never_shown() {
    let org = org().await;
    let okta = client(&org);
    let mut desired = Desired::new();
    let hash = json!({"algorithm": "BCRYPT", "workFactor": 10, "salt": "rwh1vH8dTqJ1Fdgkgy0k5e",
        "value": "QRULidyGZNHJ4gQ1vC8ZdWRlJZv0S1i"});
    desired.person(person("ada").credentials(Credentials::ImportHash(hash)));
    let plan = Plan::make(&okta, &desired, &Guard::new()).await.unwrap();
    for shown in [
        plan.to_string(),
        plan.to_markdown(),
        plan.to_json().to_string(),
        format!("{plan:?}"),
        format!("{desired:?}"),
    ] {
        assert!(!shown.contains("rwh1vH8"), "{shown}");
    }
    let report = Apply::new(&okta, plan).run().await.unwrap();
    assert!(report.is_complete(), "{report}");
    assert_eq!(status(&okta, "ada@example.com").await.unwrap(), "ACTIVE");
}
