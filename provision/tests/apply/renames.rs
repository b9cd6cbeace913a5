//! People who get other logins.

use std::collections::BTreeMap;

use futures::StreamExt;
use okta_emulator::{Emulator, Fault, FaultRule};
use okta_provision::{
    Apply, Desired, Event, Group, Guard, Kind, OwnedPeople, Person, Plan, Principal, Role,
};
use okta_sdk::Client;

use crate::person;
use crate::support::{
    assert_done, client, lax, logins, members, org, provision, roles, set, status,
};

/// A person with another login than the name says.
fn with_login(name: &str, login: &str) -> Person {
    Person::new(format!("{login}@example.com"), name, "Tester")
        .attribute("email", format!("{name}@example.com"))
}

async fn id(okta: &Client, login: &str) -> String {
    let login = format!("{login}@example.com");
    okta.users().get(login).await.unwrap().id.to_string()
}

async fn first_name(okta: &Client, login: &str) -> String {
    let login = format!("{login}@example.com");
    let profile = okta.users().get(login).await.unwrap().profile.unwrap();
    profile.first_name.as_deref().unwrap_or_default().to_owned()
}

/// An org with Ada, Bob and Cy.
async fn three() -> (Emulator, Client) {
    let org = org().await;
    let okta = client(&org);
    let mut before = Desired::new();
    for name in ["ada", "bob", "cy"] {
        before.person(person(name));
    }
    provision(&okta, &before).await;
    (org, okta)
}

#[tokio::test]
async fn who_gets_another_login_stays_the_same_and_keeps_everything() {
    let org = org().await;
    let okta = client(&org);
    let mut before = Desired::new();
    before
        .person(person("ada").attribute("source", "hr"))
        .member("Analysts", "ada@example.com")
        .role(
            Principal::user("ada@example.com"),
            Role::standard("APP_ADMIN"),
        );
    provision(&okta, &before).await;
    let ada = id(&okta, "ada").await;

    let mut after = Desired::new();
    let king = with_login("ada", "Ada.King").former_login("ADA@example.com");
    after
        .person(king.attribute("badgeNumber", 7))
        .group(
            Group::new("Analysts")
                .exclusive()
                .member("ada.king@example.com"),
        )
        .role(
            Principal::user("ada.king@example.com"),
            Role::standard("APP_ADMIN"),
        )
        .own(OwnedPeople::Search("profile.source eq \"hr\"".to_owned()));
    let plan = Plan::make(&okta, &after, &Guard::new()).await.unwrap();
    assert_eq!(
        plan.to_string(),
        "people: 2 to change\n\
         \x20 ~ rename ada@example.com to Ada.King@example.com\n\
         \x20 ~ update ada.king@example.com: badgeNumber null → 7\n\
         2 to do, 3 as wanted already\n"
    );
    let saved = plan.clone();
    let report = Apply::new(&okta, plan).run().await.unwrap();
    assert!(report.is_complete(), "{report}");
    assert_eq!(id(&okta, "ada.king").await, ada);
    assert_eq!(status(&okta, "ada@example.com").await, None);
    let analysts = members(&okta, "Analysts").await;
    assert_eq!(analysts, set(&["Ada.King@example.com"]));
    let has = roles(&okta, "ada.king@example.com").await;
    assert_eq!(has, set(&["APP_ADMIN"]));
    assert_done(&org, &after).await;

    // Once more, as a run does that is resumed.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("plan.json");
    saved.save(&path).unwrap();
    let again = Apply::new(&okta, Plan::load(&path).unwrap()).run().await;
    assert_eq!(again.unwrap().counts[&Kind::People].kept, 2);
}

/// Ada gets the login that Bob gives up, who gets Cy's, who gets another; someone new gets Ada's.
fn chain() -> Desired {
    let mut desired = Desired::new();
    let former = |name, login, former| {
        with_login(name, login).former_login(&format!("{former}@example.com"))
    };
    desired
        .person(former("ada", "bob", "ada"))
        .person(former("bob", "cy", "bob"))
        .person(former("cy", "zoe", "cy"))
        .person(with_login("new", "ada"))
        .member("Analysts", "bob@example.com");
    desired
}

#[tokio::test]
async fn logins_that_become_free_are_taken_in_order_wherever_a_run_ends() {
    for (at, many) in (0..6).flat_map(|at| [(at, false), (at, true)]) {
        let org = org().await;
        let okta = client(&org);
        let mut before = Desired::new();
        let mut ids = BTreeMap::new();
        for name in ["ada", "bob", "cy"] {
            before.person(person(name));
        }
        let mut desired = chain();
        if many {
            // So many that all users are listed.
            for number in 0..50 {
                let someone = person(&format!("p{number}"));
                before.person(someone.clone());
                desired.person(someone);
            }
        }
        before.member("Analysts", "ada@example.com");
        provision(&okta, &before).await;
        for name in ["ada", "bob", "cy"] {
            ids.insert(name, id(&okta, name).await);
        }
        let plan = Plan::make(&okta, &desired, &Guard::new()).await.unwrap();
        assert_eq!(plan.objections(), [""; 0]);
        assert_eq!(plan.steps().len(), 4, "{plan}");
        let mut run = Apply::new(&okta, plan).at_once(1).start();
        let mut done = 0;
        while done < at {
            match run.next().await {
                Some(Ok(Event::Done { .. })) => done += 1,
                Some(Ok(_)) => {}
                Some(Err(error)) => panic!("{error}"),
                None => break,
            }
        }
        drop(run);
        let report = provision(&okta, &desired).await;
        assert!(report.is_complete(), "{at}: {report}");
        for (name, login) in [("ada", "bob"), ("bob", "cy"), ("cy", "zoe")] {
            assert_eq!(id(&okta, login).await, ids[name], "{at}: {name}");
            assert_eq!(first_name(&okta, login).await, name);
        }
        assert_eq!(first_name(&okta, "ada").await, "new");
        assert_eq!(members(&okta, "Analysts").await, set(&["bob@example.com"]));
        assert!(logins(&okta).await.values().all(|count| *count == 1));
        assert_done(&org, &desired).await;
    }
}

#[tokio::test]
async fn a_login_that_did_not_become_free_is_given_to_nobody() {
    let (org, okta) = three().await;
    let refused = FaultRule::new(Fault::OktaError("E0000006".parse().unwrap()));
    org.faults()
        .inject(refused.on_path("/api/v1/users/*$").on_method("POST"));
    let plan = Plan::make(&okta, &chain(), &Guard::new()).await.unwrap();
    let report = Apply::new(&okta, plan).run().await.unwrap();
    assert_eq!(report.failures.len(), 1, "{report}");
    assert_eq!(report.counts[&Kind::People].skipped, 3, "{report}");
    for name in ["ada", "bob", "cy"] {
        assert_eq!(first_name(&okta, name).await, name);
    }
}

#[tokio::test]
async fn what_cannot_be_told_is_an_objection() {
    let (_org, okta) = three().await;
    let objections = async |people: &[(&str, &str)]| {
        let mut desired = Desired::new();
        for (login, former) in people {
            let someone = with_login(login, login);
            desired.person(someone.former_login(&format!("{former}@example.com")));
        }
        let plan = Plan::make(&okta, &desired, &lax()).await.unwrap();
        plan.objections().join("\n")
    };
    for ring in [
        &[("ada", "bob"), ("bob", "ada")][..],
        &[("ada", "bob"), ("bob", "cy"), ("cy", "ada")],
    ] {
        let said = objections(ring).await;
        assert!(said.contains("each other's logins"), "{said}");
        assert!(!said.contains("both are there"), "{said}");
    }
    let said = objections(&[("ada", "bob")]).await;
    assert!(said.contains("both are there"), "{said}");
    let said = objections(&[("eve", "bob"), ("fay", "bob")]).await;
    assert!(
        said.contains("bob@example.com is the former login of eve"),
        "{said}"
    );
    let said = objections(&[("eve", "eve")]).await;
    assert!(said.contains("of one person"), "{said}");

    let mut desired = Desired::new();
    desired
        .person(with_login("eve", "eve").former_login("bob@example.com"))
        .leaver("bob@example.com");
    let plan = Plan::make(&okta, &desired, &lax()).await.unwrap();
    assert!(plan.objections()[0].contains("as a leaver"), "{plan}");
}

#[tokio::test]
async fn who_is_protected_keeps_the_login() {
    let org = org().await;
    let okta = client(&org);
    let mut before = Desired::new();
    before.person(person("ada"));
    provision(&okta, &before).await;
    let mut desired = Desired::new();
    desired
        .person(with_login("ada", "eve").former_login("ada@example.com"))
        .person(
            Person::new("root@example.com", "Admin", "Emulator").former_login("admin@example.com"),
        );
    let guard = Guard::new().protect_user("ada@example.com");
    let plan = Plan::make(&okta, &desired, &guard).await.unwrap();
    let renamed = plan
        .steps()
        .iter()
        .filter(|it| it.to_string().starts_with("rename"));
    assert_eq!(renamed.count(), 0, "{plan}");
    let warnings = plan.warnings().join("\n");
    assert!(
        warnings.contains("rename ada@example.com to eve@example.com"),
        "{plan}"
    );
    assert!(
        warnings.contains("rename admin@example.com to root@example.com"),
        "{plan}"
    );
}
