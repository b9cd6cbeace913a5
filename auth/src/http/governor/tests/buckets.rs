//! Paths that share a bucket, and paths that do not, on a server that says nothing of it.

use std::collections::HashMap;

use super::*;

const MINUTE: f64 = 60.0;

/// A job that starts somewhere within a minute.
const STARTED: f64 = 7.3;

/// How a server counts.
#[derive(Clone, Copy)]
struct Counting {
    limit: u64,
    latency: Duration,
    /// Which bucket a path spends from, at a time in seconds.
    bucket: fn(&str, f64) -> usize,
    /// Windows begin with the first call after the one before, and not with the minute.
    by_first_call: bool,
    /// What others spend of each bucket in a second.
    others: f64,
}

#[derive(Default)]
struct Bucket {
    opened: f64,
    ends: f64,
    used: f64,
}

/// The server, and how many calls it took of each path.
struct Org {
    counting: Counting,
    start: Instant,
    buckets: Mutex<HashMap<usize, Bucket>>,
    taken: Mutex<HashMap<String, u64>>,
    refused: Mutex<u64>,
}

impl Org {
    fn new(counting: Counting) -> Self {
        Self {
            counting,
            start: Instant::now(),
            buckets: Mutex::default(),
            taken: Mutex::default(),
            refused: Mutex::default(),
        }
    }

    fn answer(&self, path: &str) -> Reply {
        let now = self.start.elapsed().as_secs_f64() + STARTED;
        let counting = self.counting;
        let mut buckets = lock(&self.buckets);
        let bucket = buckets.entry((counting.bucket)(path, now)).or_default();
        if now >= bucket.ends {
            let minute = (now / MINUTE).floor() * MINUTE;
            let from = if counting.by_first_call {
                now.floor()
            } else {
                minute
            };
            *bucket = Bucket {
                opened: now,
                ends: from + MINUTE,
                used: 0.0,
            };
        }
        let others = (now - bucket.opened) * counting.others;
        let limit = counting.limit as f64;
        let is_taken = bucket.used + others < limit;
        if is_taken {
            bucket.used += 1.0;
            *lock(&self.taken).entry(path.to_owned()).or_default() += 1;
        } else {
            *lock(&self.refused) += 1;
        }
        let remaining = (limit - bucket.used - others).max(0.0) as u64;
        let mut answer = answer(if is_taken { 200 } else { 429 }, &[], "");
        answer.headers = told(now, counting.limit, remaining, bucket.ends as u64);
        (counting.latency, Ok(answer))
    }
}

/// What a job on several paths comes to.
struct Outcome {
    taken: HashMap<String, u64>,
    refused: u64,
}

/// Calls each path with `tasks` tasks, until `seconds` are over.
async fn work(counting: Counting, calls: &[(&str, Call)], tasks: usize, seconds: f64) -> Outcome {
    let org = Arc::new(Org::new(counting));
    let server = Arc::clone(&org);
    let script = Script::new(move |_, request| server.answer(request.url().path()));
    let pipeline = pipeline(&script, Some(1.0));
    let end = Instant::now() + Duration::from_secs_f64(seconds);
    let jobs = calls
        .iter()
        .flat_map(|call| vec![call; tasks])
        .map(|(path, call)| {
            let url = Url::parse(&format!("https://acme.okta.com{path}")).unwrap();
            let pipeline = &pipeline;
            async move {
                while Instant::now() < end {
                    let request = Request::new(Method::GET, url.clone());
                    tokio::select! {
                        _ = pipeline.send(request, call) => {}
                        () = sleep_until(end) => {}
                    }
                }
            }
        });
    futures::future::join_all(jobs).await;
    let taken = lock(&org.taken).clone();
    let refused = *lock(&org.refused);
    Outcome { taken, refused }
}

fn raw(paths: &'static [&'static str]) -> Vec<(&'static str, Call)> {
    paths
        .iter()
        .map(|path| (*path, Call::new("raw", "")))
        .collect()
}

const TEN: &[&str] = &[
    "/api/v1/zero",
    "/api/v1/one",
    "/api/v1/two",
    "/api/v1/three",
    "/api/v1/four",
    "/api/v1/five",
    "/api/v1/six",
    "/api/v1/seven",
    "/api/v1/eight",
    "/api/v1/nine",
];

fn each_alone(path: &str, _: f64) -> usize {
    TEN.iter()
        .position(|one| path.starts_with(one))
        .unwrap_or(99)
}

fn all_one(_: &str, _: f64) -> usize {
    0
}

const ALONE: Counting = Counting {
    limit: 600,
    latency: Duration::from_millis(50),
    bucket: each_alone,
    by_first_call: false,
    others: 0.0,
};

/// What could be taken in a job of this length: whole windows, and the one it began in.
fn allowed(counting: Counting, seconds: f64) -> f64 {
    let windows = if counting.by_first_call {
        (seconds / MINUTE).ceil()
    } else {
        ((STARTED + seconds) / MINUTE).ceil()
    };
    windows * counting.limit as f64
}

#[tokio::test(start_paused = true)]
async fn ten_equal_buckets_are_used_to_the_end() {
    for by_first_call in [false, true] {
        for tasks in [1, 5] {
            let counting = Counting {
                by_first_call,
                limit: 200,
                ..ALONE
            };
            let seconds = 5.0 * MINUTE - STARTED - 1.0;
            let outcome = work(counting, &raw(TEN), tasks, seconds).await;
            assert_eq!(outcome.refused, 0);
            for (path, taken) in outcome.taken {
                let used = taken as f64 / allowed(counting, seconds);
                assert!(used >= 0.97, "{path}: {used} by {tasks}, {by_first_call}");
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn paths_that_share_a_bucket_meet_no_429() {
    for limit in [10, 40, 600] {
        for by_first_call in [false, true] {
            let counting = Counting {
                limit,
                by_first_call,
                bucket: all_one,
                ..ALONE
            };
            let seconds = 5.0 * MINUTE - STARTED - 1.0;
            let outcome = work(counting, &raw(&TEN[..4]), 8, seconds).await;
            assert_eq!(outcome.refused, 0, "{limit} {by_first_call}");
            let used = outcome.taken.values().sum::<u64>() as f64 / allowed(counting, seconds);
            assert!(used >= 0.97, "{used} of {limit}, {by_first_call}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn published_buckets_are_one_from_the_first_call_on() {
    let counting = Counting {
        limit: 10,
        bucket: all_one,
        ..ALONE
    };
    let calls: Vec<_> = TEN
        .iter()
        .map(|path| (*path, Call::new("op", path).bucket("/api/v1/apps*")))
        .collect();
    let outcome = work(counting, &calls, 8, 40.0).await;
    assert_eq!((outcome.refused, outcome.taken.values().sum()), (0, 10));
}

/// Others spend a third of each bucket, so that `remaining` falls by more than our own calls.
#[tokio::test(start_paused = true)]
async fn equal_buckets_that_others_use_too_are_told_apart() {
    let counting = Counting {
        others: 3.0,
        ..ALONE
    };
    let seconds = 5.0 * MINUTE - STARTED - 1.0;
    let outcome = work(counting, &raw(TEN), 3, seconds).await;
    for (path, taken) in outcome.taken {
        let used = taken as f64 / (5.0 * (600.0 - 3.0 * MINUTE));
        assert!(used >= 0.97, "{path}: {used}");
    }
}

/// For two minutes one bucket, then one each.
#[tokio::test(start_paused = true)]
async fn what_is_no_longer_one_bucket_is_parted() {
    fn parting(path: &str, now: f64) -> usize {
        if now < 3.0 * MINUTE {
            0
        } else {
            1 + each_alone(path, now)
        }
    }
    let counting = Counting {
        bucket: parting,
        limit: 100,
        ..ALONE
    };
    for published in [false, true] {
        let calls: Vec<_> = TEN[..4]
            .iter()
            .map(|path| {
                let call = Call::new("op", path);
                (
                    *path,
                    if published {
                        call.bucket("/api/v1/things*")
                    } else {
                        call
                    },
                )
            })
            .collect();
        let outcome = work(counting, &calls, 2, 10.0 * MINUTE - STARTED - 1.0).await;
        // Three minutes of 100 together, seven of 400, of which the first shows that it is so.
        let taken: u64 = outcome.taken.values().sum();
        assert!(taken >= 300 + 100 + 6 * 4 * 97, "{taken}");
        assert_eq!(outcome.refused, 0);
    }
}

/// A path that is called now and then is not held back by busy ones with the same limit.
#[tokio::test(start_paused = true)]
async fn a_seldom_call_of_a_bucket_of_its_own_does_not_wait() {
    let counting = Counting {
        limit: 100,
        ..ALONE
    };
    let org = Arc::new(Mutex::new(Vec::new()));
    let waits = Arc::clone(&org);
    let server = Arc::new(Org::new(counting));
    let answering = Arc::clone(&server);
    let script = Script::new(move |_, request| answering.answer(request.url().path()));
    let pipeline = pipeline(&script, Some(1.0));
    let send = async |path: &str| {
        let url = Url::parse(&format!("https://acme.okta.com{path}")).unwrap();
        let request = Request::new(Method::GET, url);
        pipeline.send(request, &Call::new("raw", "")).await.unwrap();
    };
    let end = Instant::now() + Duration::from_secs(600);
    let busy = async {
        while Instant::now() < end {
            send(TEN[0]).await;
        }
    };
    let seldom = async {
        while Instant::now() < end {
            tokio::time::sleep(Duration::from_secs(25)).await;
            let asked = Instant::now();
            send(TEN[1]).await;
            lock(&waits).push(asked.elapsed());
        }
    };
    tokio::join!(busy, seldom);
    // What is known at first allows no better than one wait for a window.
    let long = lock(&org)
        .iter()
        .filter(|wait| **wait > Duration::from_secs(1))
        .count();
    assert!(long <= 1, "{:?}", lock(&org));
}

#[tokio::test(start_paused = true)]
async fn one_call_finds_out_what_a_bucket_is() {
    let governor = Governor::new(1.0, Duration::from_secs(90));
    let first = admit(&governor).await;
    let start = Instant::now();
    let second = admit_by(&governor, None);
    let answered = async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        first.settle(&told(0.0, 600, 599, 40));
    };
    let (second, ()) = tokio::join!(second, answered);
    assert_eq!(start.elapsed(), Duration::from_secs(1));
    second.unwrap().settle(&HeaderMap::new());
}

#[tokio::test(start_paused = true)]
async fn a_first_call_without_answer_is_not_waited_for_long() {
    let governor = Governor::new(1.0, Duration::from_secs(90));
    let _first = admit(&governor).await;
    let start = Instant::now();
    let _others = futures::future::join_all((0..9).map(|_| admit(&governor))).await;
    assert_eq!(start.elapsed(), Duration::from_secs(5));
}

#[tokio::test(start_paused = true)]
async fn answers_without_limits_hold_nothing_back() {
    let governor = Governor::new(1.0, Duration::from_secs(90));
    admit(&governor).await.settle(&HeaderMap::new());
    let start = Instant::now();
    let _all = futures::future::join_all((0..99).map(|_| admit(&governor))).await;
    assert_eq!(start.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn a_thousand_paths_are_remembered_and_no_more() {
    let governor = Governor::new(1.0, Duration::from_secs(90));
    let raw = Call::new("raw", "");
    for number in 0..3000 {
        let path = format!("/api/v1/thing{number}");
        let permit = governor.admit(&Method::GET, &raw, &path, None).await;
        permit
            .unwrap()
            .settle(&told(0.0, 600, 599 - number % 600, 40));
    }
    assert_eq!(lock(&governor.books).size(), (1024, 1024));
    let mut held = Vec::new();
    for number in 0..2000 {
        let path = format!("/api/v1/other{number}");
        let admitted = governor.admit(&Method::GET, &raw, &path, None).await;
        held.push(admitted.unwrap());
    }
    assert!(lock(&governor.books).size().0 <= 1025);
}

/// What Okta publishes as one bucket may be two in an org, with limits or windows of their own.
#[tokio::test(start_paused = true)]
async fn paths_of_other_limits_or_windows_are_parted() {
    for (limit, reset) in [(100, 40), (600, 55)] {
        let governor = Governor::new(1.0, Duration::from_secs(90));
        let calls = ["/api/v1/apps", "/api/v1/apps/{id}/users"]
            .map(|path| Call::new("op", path).bucket("/api/v1/apps*"));
        let admit = async |call: &Call| {
            let permit = governor.admit(&Method::GET, call, "", None).await;
            permit.unwrap()
        };
        for turn in 0..4 {
            admit(&calls[0])
                .await
                .settle(&told(0.0, 600, 500 - turn, 40));
            let other = told(0.0, limit, 90 - turn, reset);
            admit(&calls[1]).await.settle(&other);
        }
        let start = Instant::now();
        admit(&calls[1]).await.settle(&told(0.0, limit, 0, reset));
        admit(&calls[0]).await;
        assert_eq!(start.elapsed(), Duration::ZERO, "{limit} {reset}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_wakes_calls_of_a_bucket_that_may_be_the_same() {
    let governor = Governor::new(1.0, Duration::from_secs(90));
    let calls = ["/api/v1/one", "/api/v1/two"].map(|path| Call::new("op", path));
    for call in &calls {
        let permit = governor.admit(&Method::GET, call, "", None).await;
        permit.unwrap().settle(&told(0.0, 600, 1, 40));
    }
    let only = governor.admit(&Method::GET, &calls[0], "", None).await;
    let start = Instant::now();
    let other = governor.admit(&Method::GET, &calls[1], "", None);
    let answered = async {
        tokio::time::sleep(Duration::from_secs(2)).await;
        drop(only);
    };
    let (other, ()) = tokio::join!(other, answered);
    assert!(other.is_ok());
    assert_eq!(start.elapsed(), Duration::from_secs(2));
}

#[tokio::test(start_paused = true)]
async fn what_was_parted_stays_so() {
    let governor = Governor::new(1.0, Duration::from_secs(90));
    let calls = ["/api/v1/apps", "/api/v1/apps/{id}/users"]
        .map(|path| Call::new("op", path).bucket("/api/v1/apps*"));
    // The third answer of the first path is the second that contradicts; the next one would agree.
    for (path, remaining) in [(0, 500), (1, 90), (0, 499), (1, 89), (0, 498), (0, 0)] {
        let permit = governor.admit(&Method::GET, &calls[path], "", None).await;
        permit.unwrap().settle(&told(0.0, 600, remaining, 40));
    }
    let start = Instant::now();
    let permit = governor.admit(&Method::GET, &calls[1], "", None).await;
    assert!(permit.is_ok());
    assert_eq!(start.elapsed(), Duration::ZERO);
}
