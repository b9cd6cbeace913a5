//! Processes that spend a rate limit together.

use std::future::Future;
use std::process::{Child, Command};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use futures::future::join_all;
use okta_auth::budget::{BudgetWindow, Lease, LeaseRequest, MemoryRateBudget, RateBudget};
use okta_auth::redis::{RedisConnection, RedisRateBudget};
use okta_auth::{ApiToken, Call, OrgUrl, Pipeline, Secret};

use crate::server::Server;

tests! {
    redis_lets_four_processes_use_a_limit_to_its_end_without_429,
    redis_that_is_restarted_costs_four_processes_little_and_no_429,
    redis_decides_as_a_budget_in_memory_does,
    redis_gives_the_last_permits_once,
}

/// Set for a process that is started as a worker.
const WORKER: &str = "RATE_BUDGET_WORKER";

/// What each of the processes is told.
#[derive(serde::Serialize, serde::Deserialize)]
struct Job {
    org: String,
    token: String,
    redis: String,
    /// In seconds since 1970.
    until: f64,
}

/// Does the work of one process, if this is one.
pub fn work_if_told() -> bool {
    let Ok(job) = std::env::var(WORKER) else {
        return false;
    };
    let job: Job = serde_json::from_str(&job).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.unwrap().block_on(work(job));
    true
}

/// Sends as much as it may.
async fn work(job: Job) {
    let redis = RedisConnection::open(&job.redis.into()).unwrap();
    let org = OrgUrl::parse(&job.org).unwrap();
    let pipeline = Pipeline::builder(org, ApiToken::new(job.token).unwrap())
        .rate_budget(RedisRateBudget::new(&redis))
        .build()
        .unwrap();
    let end = Instant::now() + Duration::from_secs_f64(job.until - unix_time());
    let url = pipeline.org_url().as_url().join("/api/v1/org").unwrap();
    let call = Call::new("getOrg", "/api/v1/org");
    let tasks = (0..8).map(|_| async {
        while Instant::now() < end {
            let request = reqwest::Request::new(http::Method::GET, url.clone());
            tokio::select! {
                response = pipeline.send(request, &call) => drop(response.unwrap()),
                () = tokio::time::sleep_until(end.into()) => {}
            }
        }
    });
    join_all(tasks).await;
}

fn unix_time() -> f64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.unwrap().as_secs_f64()
}

/// A server that takes so many calls in each window, which ends at a whole multiple of its length.
#[derive(Default)]
struct Okta {
    counts: Mutex<Counts>,
}

#[derive(Default)]
struct Counts {
    window: u64,
    used: u64,
    taken: u64,
    refused: u64,
}

const LIMIT: u64 = 600;
const WINDOWS: u64 = 3;
const LENGTH: u64 = 6;

impl Okta {
    async fn answer(self: Arc<Self>) -> axum::response::Response {
        tokio::time::sleep(Duration::from_millis(10)).await;
        let answer = {
            let mut counts = self.counts.lock().unwrap();
            let now = unix_time();
            let window = now as u64 / LENGTH;
            if counts.window != window {
                counts.window = window;
                counts.used = 0;
            }
            let is_taken = counts.used < LIMIT;
            counts.used += u64::from(is_taken);
            counts.taken += u64::from(is_taken);
            counts.refused += u64::from(!is_taken);
            axum::response::Response::builder()
                .status(if is_taken { 200 } else { 429 })
                .header("date", httpdate::fmt_http_date(SystemTime::now()))
                .header("x-rate-limit-limit", LIMIT)
                .header("x-rate-limit-remaining", LIMIT - counts.used)
                .header("x-rate-limit-reset", (window + 1) * LENGTH)
        };
        tokio::time::sleep(Duration::from_millis(10)).await;
        answer.body("{}".into()).unwrap()
    }

    /// Its URL.
    async fn start(self: &Arc<Self>) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let okta = Arc::clone(self);
        let answer = axum::routing::get(move || Arc::clone(&okta).answer());
        let app = axum::Router::new().route("/api/v1/org", answer);
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        url
    }
}

/// Four processes that send what they may for some windows; the part of the limit that they used,
/// and how many calls were refused.
async fn four_processes(redis: &Secret, meanwhile: impl Future<Output = ()>) -> (f64, u64) {
    let okta = Arc::new(Okta::default());
    let org = okta.start().await;
    // From the beginning of a window to the end of one, but for the answers on their way.
    let begin = (unix_time() as u64 / LENGTH + 1) * LENGTH;
    sleep_for(begin as f64 - unix_time()).await;
    let until = (begin + WINDOWS * LENGTH) as f64 - 0.1;
    let job = Job {
        org,
        token: "00abc".to_owned(),
        redis: redis.expose().to_owned(),
        until,
    };
    let processes: Vec<Child> = (0..4).map(|_| start(&job)).collect();
    meanwhile.await;
    for process in processes {
        let waited = tokio::task::spawn_blocking(|| process.wait_with_output());
        assert!(waited.await.unwrap().unwrap().status.success());
    }
    let counts = okta.counts.lock().unwrap();
    (
        counts.taken as f64 / (WINDOWS * LIMIT) as f64,
        counts.refused,
    )
}

fn start(job: &Job) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .env(WORKER, serde_json::to_string(job).unwrap())
        .spawn()
        .unwrap()
}

async fn redis_lets_four_processes_use_a_limit_to_its_end_without_429() {
    let server = Server::start();
    let (used, refused) = four_processes(&server.url(), async {}).await;
    assert_eq!(refused, 0);
    assert!(used >= 0.95, "{used}");
}

async fn redis_that_is_restarted_costs_four_processes_little_and_no_429() {
    // While the second window is being spent, and from one window into the next.
    for (after, away) in [(6.3, 0.4), (5.5, 1.0)] {
        let mut server = Server::start();
        let url = server.url();
        let restarted = async {
            sleep_for(after).await;
            server.stop();
            sleep_for(away).await;
            server.restart();
        };
        let (used, refused) = four_processes(&url, restarted).await;
        assert_eq!(refused, 0, "{after} {away}");
        assert!(used >= 0.95, "{used}: {after} {away}");
    }
}

async fn sleep_for(seconds: f64) {
    tokio::time::sleep(Duration::from_secs_f64(seconds)).await;
}

fn ask(holder: &str, held: u64, wanted: u64) -> LeaseRequest<'_> {
    static ORG: LazyLock<OrgUrl> =
        LazyLock::new(|| OrgUrl::parse("https://acme.okta.com").unwrap());
    LeaseRequest::new(&ORG, "/api/v1/users", holder)
        .held(held)
        .wanted(wanted)
}

async fn redis_gives_the_last_permits_once() {
    let server = Server::start();
    let budgets = [0, 1].map(|_| RedisRateBudget::new(&server.connection()));
    let told = BudgetWindow::new(50, 50, 2_000_000_000, Duration::from_secs(60));
    budgets[0].lease(ask("a", 0, 0).window(told)).await.unwrap();
    // Others might hold permits that are not reported yet.
    assert_eq!(budgets[0].lease(ask("a", 0, 1)).await.unwrap().granted, 0);
    sleep_for(0.6).await;
    let holders: Vec<String> = (0..100).map(|number| number.to_string()).collect();
    let leases = holders.iter().enumerate().map(|(number, holder)| {
        let request = ask(holder, 0, 3);
        let budget = &budgets[number % 2];
        async move { budget.lease(request).await.unwrap().granted }
    });
    let granted: Vec<u64> = join_all(leases).await;
    assert_eq!(granted.iter().sum::<u64>(), 48);
    assert!(granted.iter().all(|granted| [0, 3].contains(granted)));
}

/// The script and the budget in memory are two spellings of one decision.
async fn redis_decides_as_a_budget_in_memory_does() {
    let server = Server::start();
    let redis = RedisRateBudget::new(&server.connection());
    let memory = MemoryRateBudget::new();
    fastrand::seed(7);
    for question in 0..2000 {
        let holder = fastrand::u8(0..4).to_string();
        let mut request = ask(&holder, fastrand::u64(0..20), fastrand::u64(0..20));
        if fastrand::bool() {
            let reset = 2_000_000_000 + question / 100 + fastrand::u64(0..2);
            let (limit, left) = (fastrand::u64(0..100), fastrand::u64(60..3000));
            let window = BudgetWindow::new(limit, fastrand::u64(0..100), reset, seconds(left));
            request = request.window(window);
        }
        if question == 1 {
            sleep_for(0.6).await;
        }
        let (theirs, ours) = (redis.lease(request).await, memory.lease(request).await);
        let (theirs, ours) = (theirs.unwrap(), ours.unwrap());
        let plain = |lease: Lease| (lease.granted, lease.available, lease.holders);
        assert_eq!(plain(theirs), plain(ours), "{question}: {request:?}");
        assert_eq!(
            theirs.wait.is_some(),
            ours.wait.is_some(),
            "{question}: {request:?}"
        );
    }
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}
