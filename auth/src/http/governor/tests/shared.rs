//! Several clients on one bucket, as processes would be.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, Ordering};

use super::*;
use crate::Error;
use crate::budget::{BudgetWindow, Lease, LeaseRequest, MemoryRateBudget, RateBudget};

/// How long an answer of the budget takes.
const WAY: Duration = Duration::from_millis(10);

/// A budget that can be away, and has then forgotten everything.
#[derive(Clone, Debug, Default)]
struct Unsteady {
    budget: Arc<Mutex<MemoryRateBudget>>,
    away: Arc<AtomicBool>,
}

impl RateBudget for Unsteady {
    async fn lease(&self, request: LeaseRequest<'_>) -> Result<Lease, Error> {
        tokio::time::sleep(WAY).await;
        if self.away.load(Ordering::Relaxed) {
            return Err(Error::configuration("away"));
        }
        let budget = lock(&self.budget).clone();
        budget.lease(request).await
    }
}

impl Unsteady {
    async fn be_away(&self, from: Duration, until: Duration) {
        tokio::time::sleep(from).await;
        self.away.store(true, Ordering::Relaxed);
        tokio::time::sleep(until - from).await;
        *lock(&self.budget) = MemoryRateBudget::new();
        self.away.store(false, Ordering::Relaxed);
    }
}

/// What clients come to that send as much as they may for five minutes: the part of the limit that
/// they used, and how many calls were refused.
async fn work(clients: usize, tasks: usize, budget: &Unsteady) -> (f64, usize) {
    let end = Instant::now() + Duration::from_secs_f64(292.0);
    let script = server(600, Duration::from_millis(50));
    let pipelines: Vec<Pipeline> = (0..clients)
        .map(|_| {
            let org = OrgUrl::parse("https://acme.okta.com").unwrap();
            Pipeline::builder(org, ApiToken::new("00abc").unwrap())
                .rate_budget(budget.clone())
                .build_over(script.clone())
                .unwrap()
        })
        .collect();
    let refused = &Mutex::new(0);
    let jobs = pipelines.iter().flat_map(|pipeline| vec![pipeline; tasks]);
    let jobs = jobs.map(|pipeline| async move {
        while Instant::now() < end {
            tokio::select! {
                response = pipeline.send(request(), &CALL) => {
                    let attempts = response.map_or(1, |response| response.attempts);
                    *lock(refused) += attempts as usize - 1;
                }
                () = sleep_until(end) => {}
            }
        }
    });
    futures::future::join_all(jobs).await;
    let refused = *lock(refused);
    let taken = script.sent(<[_]>::len) - refused;
    (taken as f64 / 3000.0, refused)
}

#[tokio::test(start_paused = true)]
async fn clients_that_share_a_budget_use_the_limit_and_meet_no_429() {
    for (clients, tasks) in [(2, 10), (4, 2), (4, 10), (8, 20)] {
        let (used, refused) = work(clients, tasks, &Unsteady::default()).await;
        assert_eq!(refused, 0, "{clients} × {tasks}");
        assert!(used >= 0.97, "{clients} × {tasks}: {used}");
    }
}

#[tokio::test(start_paused = true)]
async fn without_a_budget_the_same_clients_meet_429s() {
    let budget = Unsteady::default();
    budget.away.store(true, Ordering::Relaxed);
    let (_, refused) = work(4, 10, &budget).await;
    assert!(refused > 0, "each takes itself for the only one");
}

#[tokio::test(start_paused = true)]
async fn a_budget_that_is_lost_for_a_while_and_forgets_costs_little_and_no_429() {
    for (from, until) in [(1, 3), (20, 30), (53, 55), (55, 80), (100, 101), (113, 114)] {
        let budget = Unsteady::default();
        let (from, until) = (Duration::from_secs(from), Duration::from_secs(until));
        let (done, ()) = tokio::join!(work(4, 10, &budget), budget.be_away(from, until));
        assert_eq!(done.1, 0, "{from:?} to {until:?}");
        assert!(done.0 >= 0.95, "{from:?} to {until:?}: {}", done.0);
    }
}

static ORG: LazyLock<OrgUrl> = LazyLock::new(|| OrgUrl::parse("https://acme.okta.com").unwrap());

fn ask(holder: &str, held: u64, wanted: u64) -> LeaseRequest<'_> {
    LeaseRequest::new(&ORG, "/api/v1/users", holder)
        .held(held)
        .wanted(wanted)
}

fn window(remaining: u64, reset: u64, left: u64) -> BudgetWindow {
    BudgetWindow::new(100, remaining, reset, Duration::from_secs(left))
}

#[tokio::test(start_paused = true)]
async fn permits_of_a_client_that_died_come_back() {
    let budget = MemoryRateBudget::new();
    let first = budget.lease(ask("a", 0, 5)).await.unwrap();
    assert_eq!(first.granted, 1, "one finds out what there is");
    let told = ask("a", 0, 90).window(window(100, 60, 60));
    assert_eq!(budget.lease(told).await.unwrap().granted, 90);
    let refused = budget.lease(ask("b", 0, 20)).await.unwrap();
    assert_eq!(
        (refused.granted, refused.available, refused.holders),
        (0, 10, 2)
    );
    tokio::time::sleep(Duration::from_secs(10)).await;
    let lease = budget.lease(ask("b", 0, 20)).await.unwrap();
    assert_eq!((lease.granted, lease.holders), (20, 1));
}

#[tokio::test(start_paused = true)]
async fn a_spent_window_is_waited_for_and_the_next_one_is_full() {
    let budget = MemoryRateBudget::new();
    let told = ask("a", 0, 0).window(window(0, 60, 40));
    budget.lease(told).await.unwrap();
    tokio::time::sleep(Duration::from_secs(1)).await;
    let refused = budget.lease(ask("a", 0, 3)).await.unwrap();
    assert_eq!(refused, Lease::none(0, Duration::from_secs(39), 1));
    tokio::time::sleep(Duration::from_secs(39)).await;
    assert_eq!(budget.lease(ask("a", 0, 100)).await.unwrap().granted, 100);
    // Who has not seen that it is over does not bring it back.
    let late = ask("b", 0, 1).window(window(0, 60, 1));
    let refused = budget.lease(late).await.unwrap();
    assert_eq!((refused.granted, refused.wait), (0, None));
}

/// Okta counts two paths apart that are published as one bucket, in windows that began one second
/// after the other.
#[tokio::test(start_paused = true)]
async fn of_two_windows_that_run_at_once_the_one_with_less_counts() {
    let budget = MemoryRateBudget::new();
    budget.lease(ask("a", 0, 0)).await.unwrap();
    budget
        .lease(ask("a", 0, 0).window(window(90, 102, 10)))
        .await
        .unwrap();
    let lease = budget.lease(ask("b", 0, 5).window(window(4, 101, 9))).await;
    assert_eq!(lease.unwrap(), Lease::none(4, None, 2));
    // What is told of the later one afterwards gives nothing back.
    let lease = budget
        .lease(ask("a", 0, 5).window(window(88, 102, 9)))
        .await;
    assert_eq!(lease.unwrap().granted, 0);
    // Its next window is believed.
    tokio::time::advance(Duration::from_secs(10)).await;
    let lease = budget
        .lease(ask("b", 0, 5).window(window(99, 112, 10)))
        .await;
    assert_eq!(lease.unwrap().granted, 5);
}

fn governor(budget: &Unsteady) -> Governor {
    let org = OrgUrl::parse("https://acme.okta.com").unwrap();
    Governor::new(1.0, Duration::from_secs(90)).sharing(budget.clone().into(), org)
}

#[tokio::test(start_paused = true)]
async fn permits_that_are_not_used_are_given_back() {
    let budget = Unsteady::default();
    let governor = governor(&budget);
    admit(&governor).await.settle(&told(0.0, 600, 10, 40));
    // The first asks for itself, the second for all that wait by then; these give up meanwhile.
    let others = futures::future::join_all((0..8).map(|_| admit(&governor)));
    let others = tokio::time::timeout(WAY * 3 / 2, others);
    let (first, second, others) = tokio::join!(admit(&governor), admit(&governor), others);
    assert!(others.is_err());
    drop(second);
    tokio::time::sleep(Duration::from_millis(600)).await;
    let lease = budget.lease(ask("other", 0, 9)).await.unwrap();
    let name = LeaseRequest::new(&ORG, "GET /api/v1/users", "other").wanted(9);
    assert_eq!(
        (lease.granted, lease.holders),
        (1, 1),
        "a bucket of another name"
    );
    assert_eq!(budget.lease(name).await.unwrap(), Lease::granted(9, 2));
    drop(first);
}

#[tokio::test(start_paused = true)]
async fn a_bucket_without_limit_needs_no_permits() {
    let budget = Unsteady::default();
    let governors = [governor(&budget), governor(&budget)];
    let start = Instant::now();
    let clients = governors.iter().map(async |governor| {
        futures::future::join_all((0..50).map(async |_| {
            let permit = admit(governor).await;
            tokio::time::sleep(Duration::from_millis(50)).await;
            permit.settle(&HeaderMap::new());
        }))
        .await;
    });
    futures::future::join_all(clients).await;
    assert!(
        start.elapsed() < Duration::from_millis(500),
        "{:?}",
        start.elapsed()
    );
}
