//! Runs that end early, and those that take them up again.

use futures::StreamExt;
use okta_emulator::{Fault, FaultRule};
use okta_provision::{Apply, Desired, Error, Event, Guard, Journal, Kind, Plan};

use crate::support::{assert_done, client, logins, org, provision};
use crate::{everything, person};

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

/// What has failed stays in the journal, and what depends on it too.
#[tokio::test]
async fn failed_steps_are_tried_again_and_what_was_skipped_because_of_them() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(folder.path().join("journal")).unwrap();
    let org = org().await;
    let okta = client(&org);
    let plan = Plan::make(&okta, &everything(), &Guard::new())
        .await
        .unwrap();
    let refused = Fault::OktaError("E0000006".parse().unwrap());
    let rule = FaultRule::new(refused).on_method("POST");
    org.faults().inject(rule.on_path("/api/v1/groups$"));
    let run = Apply::new(&okta, plan).journal(&journal).at_once(1);
    let report = run.run().await.unwrap();
    assert_eq!(report.failures.len(), 1, "{report}");
    assert_eq!(report.counts[&Kind::Memberships].skipped, 2);

    org.clear_requests();
    let rest = Apply::resume(&okta, &journal).await.unwrap().unwrap();
    let report = rest.run().await.unwrap();
    assert!(report.is_complete(), "{report}");
    let writes = org.requests().into_iter().filter(|it| it.method != "GET");
    // The group, its members, its role.
    assert_eq!(writes.count(), 4);
    assert_done(&org, &everything()).await;
    assert!(Apply::resume(&okta, &journal).await.unwrap().is_none());
}

/// The org has changed since: nothing of the old plan is done, and a new one takes its place.
#[tokio::test]
async fn a_run_that_the_org_has_overtaken_is_planned_again() {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(folder.path().join("journal")).unwrap();
    let org = org().await;
    let okta = client(&org);
    let plan = Plan::make(&okta, &everything(), &Guard::new())
        .await
        .unwrap();
    let mut run = Apply::new(&okta, plan).journal(&journal).at_once(1).start();
    while !matches!(run.next().await.unwrap().unwrap(), Event::Done { .. }) {}
    drop(run);
    let mut other = Desired::new();
    other.person(person("eve").attribute("lastName", "Other"));
    provision(&okta, &other).await;

    org.clear_requests();
    let rest = Apply::resume(&okta, &journal).await.unwrap().unwrap();
    let error = rest.run().await.unwrap_err();
    assert!(
        error.to_string().contains("eve@example.com is there now"),
        "{error}"
    );
    assert!(org.requests().iter().all(|it| it.method == "GET"));
    let plan = Plan::make(&okta, &everything(), &Guard::new())
        .await
        .unwrap();
    let report = Apply::new(&okta, plan).journal(&journal).run().await;
    assert!(report.unwrap().is_complete());
    assert!(Apply::resume(&okta, &journal).await.unwrap().is_none());
    assert_done(&org, &everything()).await;
}
