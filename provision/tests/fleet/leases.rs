//! Whose turn it is at an org.

use std::time::Duration;

use okta_emulator::Emulator;
use okta_provision::fleet::{Claim, Claimed, Ended, Fleet, RunId, RunState};
use okta_provision::{Apply, Desired, Error, Guard, Person, Plan};
use okta_sdk::Client;

use crate::server::Server;

tests! {
    only_one_has_the_lease_of_an_org,
    a_lease_that_has_run_out_is_taken_over_and_counted,
    who_has_lost_the_lease_sends_and_writes_nothing_more,
    a_lease_is_renewed_while_there_is_work,
    work_ends_when_the_lease_is_lost,
    a_restart_of_the_database_is_waited_out,
    a_database_that_stays_away_ends_the_work,
    a_cancelled_run_ends,
}

const LONG: Duration = Duration::from_secs(60);
const SHORT: Duration = Duration::from_millis(300);

async fn claim(fleet: &Fleet, run: RunId, length: Duration) -> Box<Claim> {
    match fleet.claim(run, "worker", length).await.unwrap() {
        Claimed::Mine(claim) => claim,
        other => panic!("{other:?}"),
    }
}

async fn run_out(claim: &Claim) {
    while claim.lease().is_good() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    // The database counts from when it was asked, which was later.
    tokio::time::sleep(Duration::from_millis(200)).await;
}

async fn only_one_has_the_lease_of_an_org() {
    let server = Server::start().await;
    let fleet = server.fleet().await;
    let first = fleet.submit("https://one.okta.com", "{}").await.unwrap();
    let second = fleet.submit("https://one.okta.com", "{}").await.unwrap();
    let elsewhere = fleet.submit("https://two.okta.com", "{}").await.unwrap();

    let mine = claim(&fleet, first, LONG).await;
    let Claimed::Held { holder, left } = fleet.claim(second, "other", LONG).await.unwrap() else {
        panic!("two have the lease");
    };
    assert_eq!(holder, "worker");
    assert!(left <= LONG && left > LONG / 2, "{left:?}");
    claim(&fleet, elsewhere, LONG).await;

    mine.end(Ended::Again("something was away")).await.unwrap();
    let other = claim(&fleet, second, LONG).await;
    assert!(matches!(
        fleet.claim(first, "other", LONG).await.unwrap(),
        Claimed::Held { .. }
    ));
    other.end(Ended::Failed("no")).await.unwrap();
    let again = claim(&fleet, first, LONG).await;
    assert_eq!(again.crashes(), 0);
    assert!(matches!(
        fleet.claim(second, "other", LONG).await.unwrap(),
        Claimed::Ended(RunState::Failed)
    ));
}

async fn a_lease_that_has_run_out_is_taken_over_and_counted() {
    let server = Server::start().await;
    let fleet = server.fleet().await;
    let run = fleet.submit("https://one.okta.com", "{}").await.unwrap();
    let dead = claim(&fleet, run, SHORT).await;
    run_out(&dead).await;
    let next = claim(&fleet, run, SHORT).await;
    assert_eq!(next.crashes(), 1);
    assert!(next.lease().epoch() > dead.lease().epoch());
    assert!(matches!(
        dead.end(Ended::Failed("late")).await,
        Err(Error::Superseded)
    ));
    next.end(Ended::Failed("no")).await.unwrap();
}

fn desired() -> Desired {
    let mut desired = Desired::new();
    for number in 0..20 {
        let login = format!("user{number}@example.com");
        desired.person(Person::new(login, "First", "Last"));
    }
    desired
}

async fn who_has_lost_the_lease_sends_and_writes_nothing_more() {
    let (server, org) = (Server::start().await, Emulator::start().await.unwrap());
    let fleet = server.fleet().await;
    let run = fleet.submit(org.org_url(), "{}").await.unwrap();
    let paused = claim(&fleet, run, SHORT).await;
    let client = Client::builder()
        .org_url(org.org_url())
        .api_token(org.token());
    let okta = paused.lease().fence(client.clone()).unwrap();
    let plan = Plan::make(&okta, &desired(), &Guard::new()).await.unwrap();
    run_out(&paused).await;

    let next = claim(&fleet, run, LONG).await;
    let before = org.stats().requests;
    assert!(okta.users().get("me").await.is_err());
    assert_eq!(org.stats().requests, before);

    // Its journal refuses as well, whatever client it has.
    let unfenced = client.clone().build().unwrap();
    let late = Apply::new(&unfenced, plan.clone()).journal(paused.journal());
    assert!(matches!(late.run().await, Err(Error::Superseded)));
    let writes = org.requests();
    assert!(writes.iter().all(|request| request.method == "GET"));

    let okta = next.lease().fence(client).unwrap();
    let report = Apply::new(&okta, plan).journal(next.journal());
    let report = report.run().await.unwrap();
    assert!(report.is_complete());
    next.end(Ended::Done(&report)).await.unwrap();
    let progress = fleet.runs(None).await.unwrap()[0].progress;
    assert_eq!(
        (progress.steps, progress.done, progress.failed),
        (20, 20, 0)
    );
}

async fn a_lease_is_renewed_while_there_is_work() {
    let server = Server::start().await;
    let fleet = server.fleet().await;
    let run = fleet.submit("https://one.okta.com", "{}").await.unwrap();
    let length = Duration::from_secs(1);
    let mine = claim(&fleet, run, length).await;
    let work = async {
        for _ in 0..5 {
            tokio::time::sleep(length / 2).await;
            let other = fleet.claim(run, "other", length).await?;
            assert!(matches!(other, Claimed::Held { .. }));
        }
        Ok(5)
    };
    assert_eq!(mine.keep(work).await.unwrap(), 5);
    assert!(mine.lease().is_good());
}

async fn work_ends_when_the_lease_is_lost() {
    let server = Server::start().await;
    let fleet = server.fleet().await;
    let run = fleet.submit("https://one.okta.com", "{}").await.unwrap();
    let mine = claim(&fleet, run, SHORT).await;
    run_out(&mine).await;
    let next = claim(&fleet, run, LONG).await;
    let ended = mine.keep(std::future::pending::<Result<(), Error>>()).await;
    assert!(matches!(ended, Err(Error::Superseded)));
    next.end(Ended::Failed("no")).await.unwrap();
}

async fn a_restart_of_the_database_is_waited_out() {
    let (mut server, org) = (Server::start().await, Emulator::start().await.unwrap());
    let fleet = server.fleet().await;
    let run = fleet.submit(org.org_url(), "{}").await.unwrap();
    let mine = claim(&fleet, run, LONG).await;
    let client = Client::builder()
        .org_url(org.org_url())
        .api_token(org.token());
    let okta = mine.lease().fence(client).unwrap();
    let plan = Plan::make(&okta, &desired(), &Guard::new()).await.unwrap();
    let work = mine.keep(
        Apply::new(&okta, plan)
            .journal(mine.journal())
            .at_once(1)
            .run(),
    );
    server.stop();
    let (report, ()) = tokio::join!(work, async {
        tokio::time::sleep(Duration::from_millis(500)).await;
        server.restart().await;
    });
    let report = report.unwrap();
    assert!(report.is_complete(), "{report}");
    mine.end(Ended::Done(&report)).await.unwrap();
    assert_eq!(fleet.runs(None).await.unwrap()[0].state, RunState::Done);
}

async fn a_database_that_stays_away_ends_the_work() {
    let mut server = Server::start().await;
    let fleet = server.fleet().await;
    let run = fleet.submit("https://one.okta.com", "{}").await.unwrap();
    let mine = claim(&fleet, run, Duration::from_secs(1)).await;
    server.stop();
    let ended = mine.keep(std::future::pending::<Result<(), Error>>()).await;
    assert!(matches!(ended, Err(Error::Superseded)));
    assert!(!mine.lease().is_good());
}

async fn a_cancelled_run_ends() {
    let server = Server::start().await;
    let fleet = server.fleet().await;
    let run = fleet.submit("https://one.okta.com", "{}").await.unwrap();
    let mine = claim(&fleet, run, Duration::from_secs(1)).await;
    assert!(fleet.cancel(run).await.unwrap());
    let ended = mine.keep(std::future::pending::<Result<(), Error>>()).await;
    assert!(matches!(ended, Err(Error::Cancelled)));
    mine.cancel().await.unwrap();
    assert!(!fleet.cancel(run).await.unwrap());
    let next = fleet.claim(run, "other", LONG).await.unwrap();
    assert!(matches!(next, Claimed::Ended(RunState::Cancelled)));
}
