//! Plans against an emulated org: what they say, and what there is once they are carried out.
#![allow(clippy::unwrap_used, clippy::panic)]

mod support;

use futures::StreamExt;
use okta_emulator::{Fault, FaultRule};
use okta_provision::{
    AppAccess, Apply, Attributes, Credentials, Desired, Error, Event, Group, Guard, Journal, Kind,
    OwnedPeople, Person, Plan, Principal, Role, RoleList, Standing,
};
use serde_json::json;
use support::{
    assert_done, client, lax, logins, members, org, org_of, provision, roles, set, status,
};

fn person(name: &str) -> Person {
    Person::new(format!("{name}@example.com"), name, "Tester")
}

/// Some of everything.
fn everything() -> Desired {
    let mut desired = Desired::new();
    desired
        .person(person("ada").attribute("badgeNumber", 7))
        .person(person("bob").manager("ada@example.com"))
        .person(person("cy").standing(Standing::Staged))
        .person(person("di").standing(Standing::Suspended))
        .person(person("eve").credentials(Credentials::ImportHook))
        .group(
            Group::new("Analysts")
                .description("Who analyses")
                .exclusive()
                .member("Ada@example.com")
                .member("bob@example.com"),
        )
        .member("Readers", "cy@example.com")
        .app(
            AppAccess::new("Wiki")
                .exclusive()
                .user("ada@example.com", [("nick".to_owned(), json!("a"))].into())
                .group("Readers", Attributes::new()),
        )
        .roles(
            RoleList::new(Principal::user("ada@example.com"))
                .exclusive()
                .role(Role::standard("APP_ADMIN")),
        )
        .role(
            Principal::group("Analysts"),
            Role::standard("READ_ONLY_ADMIN"),
        );
    desired
}

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

/// Each request of these is carried out, and its answer lost; or it is lost itself.
#[tokio::test]
async fn lost_answers_double_nothing() {
    for fault in [Fault::ResponseLost, Fault::ConnectionReset] {
        for every in [1, 2, 3] {
            let org = org().await;
            let okta = client(&org);
            for method in ["POST", "PUT", "DELETE"] {
                let rule = FaultRule::new(fault.clone()).on_method(method);
                let rule = rule.on_path("/api/v1/").after(every - 1).every(3);
                org.faults().inject(rule.times(6));
            }
            let plan = Plan::make(&okta, &everything(), &Guard::new())
                .await
                .unwrap();
            let report = Apply::new(&okta, plan).at_once(1).run().await.unwrap();
            assert!(report.is_complete(), "{fault:?} {every}: {report}");
            org.faults().clear();
            assert!(logins(&okta).await.values().all(|count| *count == 1));
            let groups = okta.groups().list().q("Analysts").all().await.unwrap();
            assert_eq!(groups.len(), 1);
            assert_done(&org, &everything()).await;
        }
    }
}

#[tokio::test]
async fn a_failure_stops_only_what_depends_on_it() {
    let org = org().await;
    let okta = client(&org);
    let plan = Plan::make(&okta, &everything(), &Guard::new())
        .await
        .unwrap();
    let refused = Fault::OktaError("E0000006".parse().unwrap());
    let rule = FaultRule::new(refused)
        .on_method("POST")
        .on_path("/api/v1/groups$");
    org.faults().inject(rule);
    let report = Apply::new(&okta, plan).at_once(1).run().await.unwrap();
    assert_eq!(report.failures.len(), 1, "{report}");
    let failure = &report.failures[0];
    assert_eq!(failure.what, "create the group Analysts");
    assert_eq!(failure.code.as_deref(), Some("E0000006"));
    assert!(failure.request_id.is_some());
    assert_eq!(report.counts[&Kind::Memberships].skipped, 2);
    assert_eq!(report.counts[&Kind::Memberships].created, 1);
    assert_eq!(report.counts[&Kind::Roles].skipped, 1);
    assert_eq!(report.counts[&Kind::Roles].created, 1);
    assert!(!report.is_complete());
    assert!(provision(&okta, &everything()).await.is_complete());
    assert_done(&org, &everything()).await;
}

#[tokio::test]
async fn refused_credentials_stop_the_run() {
    let org = org().await;
    let okta = client(&org);
    let plan = Plan::make(&okta, &everything(), &Guard::new())
        .await
        .unwrap();
    let refused = Fault::OktaError("E0000011".parse().unwrap());
    let rule = FaultRule::new(refused).on_path("/api/v1/").always();
    org.faults().inject(rule);
    let report = Apply::new(&okta, plan).at_once(1).run().await.unwrap();
    assert_eq!(report.failures.len(), 1, "{report}");
    assert_eq!(report.not_begun, 13);
}

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

#[tokio::test]
async fn someone_who_is_not_as_planned_is_left_alone() {
    let org = org().await;
    let okta = client(&org);
    let plan = Plan::make(&okta, &everything(), &Guard::new())
        .await
        .unwrap();
    let mut other = Desired::new();
    other.person(person("ada").attribute("badgeNumber", 99));
    provision(&okta, &other).await;
    let report = Apply::new(&okta, plan).run().await.unwrap();
    assert_eq!(report.failures.len(), 1, "{report}");
    assert!(
        report.failures[0].why.contains("created by someone else"),
        "{report}"
    );
    let ada = okta.users().get("ada@example.com").await.unwrap().profile;
    assert_eq!(ada.unwrap().get_custom("badgeNumber").unwrap(), Some(99));
}

#[tokio::test]
async fn a_run_that_is_dropped_or_stopped_anywhere_is_resumed_from_its_journal() {
    let folder = tempfile::tempdir().unwrap();
    for at in 0..14 {
        let org = org().await;
        let okta = client(&org);
        let path = folder.path().join(format!("journal-{at}"));
        let journal = Journal::open(&path).unwrap();
        let plan = Plan::make(&okta, &everything(), &Guard::new())
            .await
            .unwrap();
        let mut run = Apply::new(&okta, plan).journal(&journal).at_once(2).start();
        let mut done = 0;
        while done < at {
            match run.next().await.unwrap().unwrap() {
                Event::Done { .. } => done += 1,
                Event::Started { steps } => assert_eq!(steps, 14),
                other => panic!("{other:?}"),
            }
        }
        if at % 2 == 0 {
            let stop = run.stopper();
            stop.stop();
            let report = run.finish().await.unwrap();
            // Several steps may have ended since the last event.
            assert!(report.not_begun <= 14 - at, "{at} {report}");
            assert!(at > 6 || report.not_begun > 0, "{at} {report}");
        } else {
            drop(run);
        }
        drop(journal);

        let journal = Journal::open(&path).unwrap();
        let rest = Apply::resume(&okta, &journal).await.unwrap();
        // A run that was dropped before its first step has not written a plan.
        if let Some(rest) = rest {
            let report = rest.run().await.unwrap();
            assert!(report.is_complete(), "{report}");
            let made: usize = report.counts.values().map(|it| it.created).sum();
            assert!(made >= at && made >= 12, "{report}");
            assert_done(&org, &everything()).await;
        } else {
            // Or it had done everything.
            assert!(at == 0 || at > 6, "{at}");
        }
        assert!(logins(&okta).await.values().all(|count| *count == 1));
        assert!(Apply::resume(&okta, &journal).await.unwrap().is_none());
    }
}

#[tokio::test]
async fn a_paused_run_beside_its_successor_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal");
    let org = org().await;
    let okta = client(&org);
    let journal = Journal::open(&path).unwrap();
    let plan = Plan::make(&okta, &everything(), &Guard::new())
        .await
        .unwrap();
    let mut paused = Apply::new(&okta, plan).journal(&journal).at_once(1).start();
    while !matches!(paused.next().await.unwrap().unwrap(), Event::Done { .. }) {}

    let successor = Journal::open(&path).unwrap();
    let rest = Apply::resume(&okta, &successor).await.unwrap().unwrap();
    assert!(rest.run().await.unwrap().is_complete());
    assert_done(&org, &everything()).await;
    org.clear_requests();
    let end = paused.finish().await.unwrap_err();
    assert!(matches!(end, Error::Superseded), "{end}");
    // The one request that was under way when it was paused may still arrive.
    let changes = org.requests().into_iter().filter(|it| it.method != "GET");
    assert!(changes.count() <= 1);
    assert_done(&org, &everything()).await;
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
    assert_eq!(lists.filter(|it| it.path.ends_with("/users")).count(), 1);
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
