//! What goes wrong while a plan is carried out.

use okta_emulator::{Fault, FaultRule};
use okta_provision::{AppAccess, Apply, Attributes, Desired, Group, Guard, Kind, Plan};
use serde_json::json;

use crate::support::{assert_done, client, logins, org, provision};
use crate::{everything, person};

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

/// What others write between a plan that is fresh and its steps is not lost.
#[tokio::test]
async fn what_someone_else_has_written_in_between_stays() {
    let org = org().await;
    let okta = client(&org);
    let wish = |word: &str| {
        let nick: Attributes = [("nick".to_owned(), json!(word))].into();
        let mut desired = Desired::new();
        desired
            .person(person("ada").attribute("title", word))
            .group(Group::new("Team").description(word))
            .app(
                AppAccess::new("Wiki")
                    .user("ada@example.com", nick.clone())
                    .group("Team", nick),
            );
        desired
    };
    assert!(provision(&okta, &wish("old")).await.is_complete());
    let plan = Plan::make(&okta, &wish("new"), &Guard::new())
        .await
        .unwrap();
    assert_eq!(plan.steps().len(), 4, "{plan}");
    assert!(provision(&okta, &wish("other")).await.is_complete());
    let report = Apply::new(&okta, plan).run().await.unwrap();
    assert_eq!(report.failures.len(), 4, "{report}");
    let by_others = |it: &okta_provision::Failure| it.why.contains("changed by someone else");
    assert!(report.failures.iter().all(by_others), "{report}");
    assert_done(&org, &wish("other")).await;
}
