#![allow(clippy::unwrap_used)]
use futures::StreamExt;
use http::StatusCode;
use reqwest::Request;
use tokio::time::sleep_until;
use url::Url;

use super::*;

mod buckets;
mod shared;
mod windows;

use crate::testing::{Reply, Script, answer, headers};
use crate::{ApiToken, OrgUrl, Pipeline};

const CALL: Call = Call::new("createUser", "/api/v1/users");
const EPOCH: u64 = 1_000_000_000;

fn request() -> Request {
    Request::new(
        Method::POST,
        Url::parse("https://acme.okta.com/api/v1/users").unwrap(),
    )
}

/// Headers of a response at `at` seconds by the server's clock.
fn told(at: f64, limit: u64, remaining: u64, reset: u64) -> HeaderMap {
    headers(&[
        ("date", &date(at)),
        ("x-rate-limit-limit", &limit.to_string()),
        ("x-rate-limit-remaining", &remaining.to_string()),
        ("x-rate-limit-reset", &(EPOCH + reset).to_string()),
    ])
}

fn date(at: f64) -> String {
    let time = std::time::UNIX_EPOCH + Duration::from_secs(EPOCH) + Duration::from_secs_f64(at);
    httpdate::fmt_http_date(time)
}

/// A server that allows `limit` requests in each minute, and takes `latency` to answer.
fn server(limit: u64, latency: Duration) -> Script {
    let start = Instant::now();
    let window = Mutex::new((0u64, 0u64));
    Script::new(move |_, _| -> Reply {
        let now = start.elapsed().as_secs_f64() + 7.3;
        let mut window = lock(&window);
        let minute = (now / 60.0) as u64;
        if window.0 != minute {
            *window = (minute, 0);
        }
        let status = if window.1 < limit { 200 } else { 429 };
        window.1 = (window.1 + 1).min(limit);
        let mut answer = answer(status, &[], "");
        answer.headers = told(now, limit, limit - window.1, (minute + 1) * 60);
        (latency, Ok(answer))
    })
}

fn pipeline(script: &Script, share: Option<f64>) -> Pipeline {
    let org = OrgUrl::parse("https://acme.okta.com").unwrap();
    Pipeline::builder(org, ApiToken::new("00abc").unwrap())
        .rate_limit_share(share)
        .build_over(script.clone())
        .unwrap()
}

/// Sends `calls` requests, 20 at a time; the seconds it took, and how many were sent.
async fn run(script: &Script, share: Option<f64>, calls: usize) -> (f64, usize) {
    let (start, pipeline) = (Instant::now(), pipeline(script, share));
    futures::stream::iter(0..calls)
        .for_each_concurrent(20, |_| async {
            let response = pipeline.send(request(), &CALL).await.unwrap();
            assert_eq!(response.status, StatusCode::OK);
        })
        .await;
    (start.elapsed().as_secs_f64(), script.sent(<[_]>::len))
}

/// Leave for a call of the bucket that the tests are about.
async fn admit(governor: &Governor) -> Permit {
    admit_by(governor, None).await.unwrap()
}

async fn admit_by(governor: &Governor, deadline: Option<Instant>) -> Result<Permit, Duration> {
    let path = "/api/v1/users";
    governor.admit(&Method::GET, &CALL, path, deadline).await
}

#[tokio::test(start_paused = true)]
async fn a_job_runs_at_the_limit_and_meets_no_429() {
    for millis in [1, 20, 180] {
        let script = server(600, Duration::from_millis(millis));
        let (seconds, sent) = run(&script, Some(1.0), 6000).await;
        assert_eq!(sent, 6000, "at {millis} ms");
        // The tenth window, which the last 600 calls need, opens 8 minutes after the second.
        let allowed = 52.7 + 8.0 * 60.0;
        assert!(
            seconds >= allowed && seconds < allowed / 0.97,
            "{seconds} s at {millis} ms"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn without_it_the_same_job_meets_429s() {
    let script = server(600, Duration::from_millis(1));
    let (_, sent) = run(&script, None, 700).await;
    assert!(sent > 700);
}

#[tokio::test(start_paused = true)]
async fn a_share_leaves_the_rest_to_others() {
    let script = server(100, Duration::from_millis(50));
    run(&script, Some(0.5), 200).await;
    let start = script.sent(|sent| sent[0].at);
    let in_first_window = script.times(start).iter().filter(|at| **at < 52.0).count();
    assert_eq!(in_first_window, 50);
}

#[tokio::test(start_paused = true)]
async fn a_deadline_before_the_window_ends_fails_at_once() {
    let governor = Governor::new(1.0, Duration::from_secs(90));
    let permit = admit(&governor).await;
    permit.settle(&told(0.0, 600, 0, 40));
    let start = Instant::now();
    let deadline = Some(start + Duration::from_secs(39));
    let left = admit_by(&governor, deadline).await.unwrap_err();
    assert_eq!(
        (left, start.elapsed()),
        (Duration::from_secs(40), Duration::ZERO)
    );

    let deadline = Some(start + Duration::from_secs(41));
    admit_by(&governor, deadline).await.unwrap();
    assert_eq!(start.elapsed(), Duration::from_secs(40));
}

#[tokio::test(start_paused = true)]
async fn other_buckets_go_on() {
    let governor = Governor::new(1.0, Duration::from_secs(90));
    let permit = admit(&governor).await;
    permit.settle(&told(0.0, 600, 0, 40));
    let start = Instant::now();
    let groups = Call::new("listGroups", "/api/v1/groups");
    for (method, call) in [
        (Method::POST, CALL),
        (Method::GET, groups),
        (Method::GET, Call::new("raw", "")),
    ] {
        let permit = governor.admit(&method, &call, "/api/v1/things/1", None);
        permit.await.unwrap();
    }
    assert_eq!(start.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn a_permit_dropped_without_answer_frees_its_place() {
    let governor = Governor::new(1.0, Duration::from_secs(90));
    let permit = admit(&governor).await;
    permit.settle(&told(0.0, 600, 1, 40));
    let start = Instant::now();
    let only = admit(&governor).await;
    let waiting = admit_by(&governor, None);
    let cancelled = async {
        tokio::time::sleep(Duration::from_secs(3)).await;
        drop(only);
    };
    let (admitted, ()) = tokio::join!(waiting, cancelled);
    admitted.unwrap();
    assert_eq!(start.elapsed(), Duration::from_secs(3));
}

#[tokio::test(start_paused = true)]
async fn a_concurrency_limit_does_not_close_the_bucket() {
    let governor = Governor::new(1.0, Duration::from_secs(90));
    let permit = admit(&governor).await;
    permit.settle(&told(0.0, 0, 0, 40));
    let start = Instant::now();
    admit(&governor).await;
    assert_eq!(start.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn a_window_that_ends_in_a_year_is_not_waited_for() {
    let governor = Governor::new(1.0, Duration::from_secs(90));
    let permit = admit(&governor).await;
    permit.settle(&told(0.0, 600, 0, u64::MAX - EPOCH));
    let start = Instant::now();
    admit(&governor).await;
    assert_eq!(start.elapsed(), Duration::ZERO);
}

/// A burst against a server that takes five calls at the same time; by hand it is no other.
#[tokio::test(start_paused = true)]
async fn forty_calls_against_a_server_that_takes_five_at_once_all_succeed() {
    let busy: Mutex<Vec<Instant>> = Mutex::default();
    let script = Script::new(move |_, _| -> Reply {
        let now = Instant::now();
        let mut busy = lock(&busy);
        busy.retain(|until| *until > now);
        if busy.len() >= 5 {
            let mut refused = answer(429, &[], "");
            refused.headers = told(0.0, 0, 0, 40);
            return (Duration::from_millis(5), Ok(refused));
        }
        busy.push(now + Duration::from_millis(200));
        (Duration::from_millis(200), Ok(answer(200, &[], "")))
    });
    for call in [CALL, Call::new("raw", "")] {
        let pipeline = pipeline(&script, Some(1.0));
        let calls = (0..40).map(|_| pipeline.send(request(), &call));
        let start = Instant::now();
        for response in futures::future::join_all(calls).await {
            assert_eq!(response.unwrap().status, StatusCode::OK);
        }
        // Five at a time need 1.6 s; learning the five may take as long again.
        let took = start.elapsed();
        assert!(took < Duration::from_secs(4), "{took:?}");
    }
}

/// Several clients on one bucket, as processes would be; each with its share.
async fn cooperate(clients: usize, share: f64) -> (f64, usize, usize) {
    let script = server(600, Duration::from_millis(50));
    let start = Instant::now();
    let calls = 3000 / clients;
    let jobs = (0..clients).map(|_| run(&script, Some(share), calls));
    futures::future::join_all(jobs).await;
    let sent = script.sent(<[_]>::len);
    (start.elapsed().as_secs_f64(), sent, calls * clients)
}

#[tokio::test(start_paused = true)]
async fn shares_of_cooperating_processes_add_up_to_the_limit() {
    for (clients, share) in [(2, 0.5), (4, 0.25)] {
        let (seconds, sent, calls) = cooperate(clients, share).await;
        assert_eq!(sent, calls, "{clients} met a 429");
        // The fifth window opens 3 minutes after the second.
        let allowed = 52.7 + 3.0 * 60.0;
        assert!(
            seconds >= allowed && seconds < allowed / 0.97,
            "{clients} at {share}: {seconds} s"
        );
    }
}
