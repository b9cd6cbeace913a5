//! What was submitted, and what has become of it.

use std::time::Duration;

use futures::StreamExt;
use okta_emulator::Emulator;
use okta_provision::fleet::{Claimed, Ended, RunId, RunState};
use okta_provision::{Apply, Desired, Error, Event, Guard, Person, Plan};
use okta_sdk::Client;

use crate::server::Server;

tests! {
    runs_are_listed_with_what_became_of_them,
    what_a_dead_worker_has_left_is_done_by_the_next,
    old_runs_are_forgotten,
    an_unknown_run_is_an_error,
    a_fleet_may_be_opened_by_many_at_once,
}

const LONG: Duration = Duration::from_secs(60);

async fn runs_are_listed_with_what_became_of_them() {
    let server = Server::start().await;
    let fleet = server.fleet().await;
    let (one, two) = ("https://one.okta.com", "https://two.okta.com");
    let first = fleet.submit(one, "first").await.unwrap();
    let second = fleet.submit(one, "second").await.unwrap();
    let other = fleet.submit(two, "other").await.unwrap();
    assert!(fleet.cancel(first).await.unwrap());
    assert!(fleet.oldest_waiting(one).await.unwrap().unwrap() < LONG);
    let Claimed::Mine(mine) = fleet.claim(second, "worker", LONG).await.unwrap() else {
        panic!("it is nobody's");
    };
    assert_eq!(
        (mine.org(), mine.desired(), mine.run()),
        (one, "second", second)
    );
    assert_eq!(fleet.oldest_waiting(one).await.unwrap(), None);

    let last = fleet.runs(None).await.unwrap();
    let seen: Vec<_> = last.iter().map(|run| (run.run, run.state)).collect();
    assert_eq!(
        seen,
        [(second, RunState::Running), (other, RunState::Waiting)]
    );
    assert_eq!(last[0].holder.as_deref(), Some("worker"));
    mine.end(Ended::Failed("the org is gone")).await.unwrap();

    let of_one = fleet.runs(Some(one)).await.unwrap();
    let seen: Vec<_> = of_one.iter().map(|run| (run.run, run.state)).collect();
    assert_eq!(
        seen,
        [(second, RunState::Failed), (first, RunState::Cancelled)]
    );
    assert_eq!(of_one[0].message.as_deref(), Some("the org is gone"));
    assert_eq!(of_one[0].holder, None);
    assert!(of_one.iter().all(|run| run.ended.is_some()));
}

async fn what_a_dead_worker_has_left_is_done_by_the_next() {
    let (server, org) = (Server::start().await, Emulator::start().await.unwrap());
    let fleet = server.fleet().await;
    let okta = Client::builder()
        .org_url(org.org_url())
        .api_token(org.token())
        .build()
        .unwrap();
    let mut desired = Desired::new();
    for number in 0..30 {
        let login = format!("user{number}@example.com");
        desired.person(Person::new(login, "First", "Last"));
    }
    let run = fleet.submit(org.org_url(), "").await.unwrap();
    let short = Duration::from_secs(1);
    let Claimed::Mine(dead) = fleet.claim(run, "dead", short).await.unwrap() else {
        panic!("it is nobody's");
    };
    let plan = Plan::make(&okta, &desired, &Guard::new()).await.unwrap();
    let mut begun = Apply::new(&okta, plan)
        .journal(dead.journal())
        .at_once(4)
        .start();
    let mut done = 0;
    while done < 10 {
        let event = begun.next().await.unwrap().unwrap();
        done += usize::from(matches!(event, Event::Done { .. }));
    }
    drop(begun);
    tokio::time::sleep(short + Duration::from_millis(200)).await;

    let Claimed::Mine(next) = fleet.claim(run, "next", LONG).await.unwrap() else {
        panic!("the lease has not run out");
    };
    let rest = Apply::resume(&okta, next.journal()).await.unwrap().unwrap();
    let report = rest.run().await.unwrap();
    assert!(report.is_complete(), "{report}");
    assert!(
        Apply::resume(&okta, next.journal())
            .await
            .unwrap()
            .is_none()
    );
    next.end(Ended::Done(&report)).await.unwrap();
    let plan = Plan::make(&okta, &desired, &Guard::new()).await.unwrap();
    assert!(plan.is_empty(), "{plan}");
    let run = &fleet.runs(None).await.unwrap()[0];
    assert_eq!((run.crashes, run.progress.done), (1, 30));
    assert!(run.report.as_deref().unwrap().contains("counts"));
}

async fn old_runs_are_forgotten() {
    let server = Server::start().await;
    let fleet = server.fleet().await;
    let run = fleet.submit("https://one.okta.com", "").await.unwrap();
    let waiting = fleet.submit("https://one.okta.com", "").await.unwrap();
    fleet.cancel(run).await.unwrap();
    assert_eq!(fleet.forget(LONG).await.unwrap(), 0);
    assert_eq!(fleet.forget(Duration::ZERO).await.unwrap(), 1);
    let left = fleet.runs(Some("https://one.okta.com")).await.unwrap();
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].run, waiting);
}

async fn an_unknown_run_is_an_error() {
    let server = Server::start().await;
    let fleet = server.fleet().await;
    let unknown = fleet.claim(RunId(7), "worker", LONG).await;
    assert!(matches!(unknown, Err(Error::Missing(_))));
    assert!(!fleet.cancel(RunId(7)).await.unwrap());
}

async fn a_fleet_may_be_opened_by_many_at_once() {
    let server = Server::start().await;
    futures::future::join_all((0..8).map(|_| server.fleet())).await;
}
