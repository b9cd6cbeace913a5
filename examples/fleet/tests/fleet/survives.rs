//! Workers are killed and paused, servers restarted: every org ends as it should be.

use std::time::{Duration, Instant};

use okta_emulator::RateLimits;
use okta_provision::fleet::RunState;

use crate::check;
use crate::fleet::{Fleet, Worker};

tests! {
    every_org_ends_as_wanted_whatever_happens_to_workers_and_servers,
    a_killed_workers_org_goes_on_within_a_minute,
}

/// How large the fleet is.
struct Size {
    orgs: usize,
    people: usize,
    workers: usize,
    /// How often a worker is killed or paused.
    blows: usize,
    lease: u64,
}

impl Size {
    fn chosen() -> Self {
        match std::env::var_os("FULL_FLEET") {
            Some(_) => Self {
                orgs: 50,
                people: 2000,
                workers: 4,
                blows: 30,
                lease: 10,
            },
            None => Self {
                orgs: 6,
                people: 60,
                workers: 2,
                blows: 4,
                lease: 2,
            },
        }
    }
}

#[allow(clippy::print_stderr)] // figures for people
async fn every_org_ends_as_wanted_whatever_happens_to_workers_and_servers() {
    let size = Size::chosen();
    // So many that the limits do not hold it up, but are looked at.
    let mut fleet = Fleet::start(size.orgs, RateLimits::new(6000, 60)).await;
    let people = fleet.file("people.csv", &check::people(size.people));
    let start = Instant::now();
    fleet.run(&["submit", "--all", &people]);
    let name = |number: usize| format!("worker-{number}");
    let mut workers: Vec<Worker> = (0..size.workers)
        .map(|number| fleet.worker(&name(number), size.lease))
        .collect();
    let mut random = fastrand::Rng::with_seed(7);
    let pause = Duration::from_secs(size.lease);
    for blow in 0..size.blows {
        tokio::time::sleep(pause.mul_f64(0.3 + random.f64())).await;
        let chosen = random.usize(..workers.len());
        match blow % 2 {
            0 => {
                workers[chosen].signal("KILL");
                workers[chosen].wait().await;
                // Another, as it has nothing of the one that is gone.
                workers[chosen] = fleet.worker(&name(size.workers + blow), size.lease);
            }
            _ => {
                // Longer than its lease, so that another takes its orgs, and it wakes up beside it.
                workers[chosen].signal("STOP");
                tokio::time::sleep(pause * 2).await;
                workers[chosen].signal("CONT");
            }
        }
        if blow == size.blows / 3 {
            fleet.postgres.restart().await;
        }
        if blow == size.blows * 2 / 3 {
            fleet.redis.restart();
        }
    }
    let runs = tokio::time::timeout(Duration::from_secs(3000), fleet.ended()).await;
    let logs: Vec<String> = workers.iter().map(Worker::log).collect();
    let runs = runs.unwrap_or_else(|_| panic!("not all runs have ended: {logs:#?}"));
    let took = start.elapsed();
    let mut takeovers = 0;
    for (number, org) in fleet.orgs.iter().enumerate() {
        assert_eq!(org.stats().rate_limited, 0);
        takeovers += check::one_after_the_other(org) - 1;
        check::compare(&fleet.client(number), size.people).await;
    }
    for run in &runs {
        assert_eq!(run.state, RunState::Done, "{run:?}");
        assert_eq!(run.progress.failed, 0, "{run:?}");
    }
    let requests: u64 = fleet.orgs.iter().map(|org| org.stats().requests).sum();
    eprintln!(
        "{} orgs, {} people each, {} workers: {:.1} s, {requests} requests, {takeovers} takeovers",
        size.orgs,
        size.people,
        size.workers,
        took.as_secs_f64()
    );
}

#[allow(clippy::print_stderr)] // figures for people
async fn a_killed_workers_org_goes_on_within_a_minute() {
    // Slow enough to be killed in the middle.
    let fleet = Fleet::start(1, RateLimits::new(100, 2)).await;
    let people = fleet.file("people.csv", &check::people(300));
    fleet.run(&["submit", "--org", "org-0", &people]);
    let mut first = fleet.worker("first", 5);
    while fleet.orgs[0].stats().requests < 50 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    first.signal("KILL");
    first.wait().await;
    let killed = Instant::now();
    let before = fleet.orgs[0].stats().requests;
    let _second = fleet.worker("second", 5);
    while fleet.orgs[0].stats().requests == before {
        assert!(killed.elapsed() < Duration::from_secs(60));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let after = killed.elapsed();
    let run = &fleet.ended().await[0];
    assert_eq!((run.state, run.crashes), (RunState::Done, 1));
    assert_eq!(check::one_after_the_other(&fleet.orgs[0]), 2);
    check::compare(&fleet.client(0), 300).await;
    eprintln!("the org went on after {:.1} s", after.as_secs_f64());
}
