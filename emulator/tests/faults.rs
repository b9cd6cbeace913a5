//! What goes wrong on request.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::time::{Duration, Instant};

use chrono::DateTime;
use okta_emulator::{
    Clock, Emulator, ErrorBody, ErrorCode, Fault, FaultRule, Faults, RateLimitShape, Seed,
};
use reqwest::Method;
use serde_json::{Value, json};
use support::oauth::{Flow, answer};
use support::{Org, person};

#[tokio::test]
async fn every_shape_of_429() {
    let org = Org::empty().await;
    let shaped = |shape| {
        org.okta.faults().inject(Fault::RateLimited(shape));
        org.get("/api/v1/users")
    };
    let bucket = shaped(RateLimitShape::Bucket).await;
    bucket.refused(429, "E0000047");
    assert_eq!(bucket.header("x-rate-limit-limit"), "10000");
    assert_eq!(bucket.header("x-rate-limit-remaining"), "0");
    let concurrency = shaped(RateLimitShape::Concurrency).await;
    assert_eq!(concurrency.header("x-rate-limit-limit"), "0");
    assert_eq!(concurrency.header("x-rate-limit-remaining"), "0");
    assert!(!concurrency.header("x-rate-limit-reset").is_empty());
    let bare = shaped(RateLimitShape::NoHeaders).await;
    bare.refused(429, "E0000047");
    assert!(
        bare.headers
            .keys()
            .all(|name| !name.as_str().starts_with("x-rate-limit"))
    );
    let twice = shaped(RateLimitShape::TwoResets).await;
    let resets: Vec<i64> = twice
        .headers
        .get_all("x-rate-limit-reset")
        .iter()
        .map(|value| value.to_str().unwrap().parse().unwrap())
        .collect();
    assert!(resets.len() == 2 && resets[0] > resets[1], "{resets:?}");
    let repeated = shaped(RateLimitShape::Repeated).await;
    for name in ["limit", "remaining", "reset"] {
        let name = format!("x-rate-limit-{name}");
        assert_eq!(repeated.headers.get_all(&name).iter().count(), 2, "{name}");
    }
    let now = org.okta.clock().now().timestamp();
    let brief = shaped(RateLimitShape::Brief).await;
    let reset: i64 = brief.header("x-rate-limit-reset").parse().unwrap();
    assert!((now..=now + 10).contains(&reset), "{reset} at {now}");
    assert_eq!(org.get("/api/v1/users").await.status, 200);
}

#[tokio::test]
async fn a_reset_happens_before_or_after_the_deed() {
    let org = Org::empty().await;
    let create = |login: &'static str| {
        org.try_send(
            Method::POST,
            "/api/v1/users",
            Some(json!({ "profile": person(login) })),
        )
    };
    org.okta.faults().inject(Fault::ConnectionReset);
    let error = create("before@example.com").await.unwrap_err();
    assert!(error.is_request(), "{error:?}");
    org.okta.faults().inject(Fault::ResponseLost);
    let error = create("after@example.com").await.unwrap_err();
    assert!(error.is_request(), "{error:?}");
    org.get("/api/v1/users/before@example.com")
        .await
        .refused(404, "E0000007");
    assert_eq!(org.get("/api/v1/users/after@example.com").await.status, 200);
    assert_eq!(org.okta.stats().faults, 2);
}

#[tokio::test]
async fn a_truncated_body_breaks_off() {
    let org = Org::empty().await;
    org.okta.faults().inject(Fault::TruncatedBody);
    let url = format!("{}/api/v1/users", org.okta.org_url());
    let request = org
        .http
        .get(url)
        .header("authorization", format!("SSWS {}", org.okta.token()));
    let mut answer = request.send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let announced = answer.content_length().unwrap();
    let first = answer.chunk().await.unwrap().unwrap();
    assert!(!first.is_empty() && (first.len() as u64) < announced);
    assert!(answer.chunk().await.is_err());
}

#[tokio::test]
async fn server_errors_come_as_json_or_as_a_page() {
    let org = Org::empty().await;
    let faults = org.okta.faults();
    faults.inject(Fault::ServerError {
        status: 503,
        body: ErrorBody::Html,
    });
    let page = org.get("/api/v1/users").await;
    assert_eq!(page.status, 503);
    assert!(page.header("content-type").starts_with("text/html"));
    let broken = Fault::ServerError {
        status: 500,
        body: ErrorBody::Json,
    };
    faults.inject(FaultRule::new(broken).on_method("POST").always());
    for _ in 0..2 {
        org.post("/api/v1/groups", json!({}))
            .await
            .refused(500, "E0000009");
        assert_eq!(org.get("/api/v1/groups").await.status, 200);
    }
    faults.clear();
    org.group("Support").await;
}

#[tokio::test]
async fn latency_delays_the_answer() {
    let org = Org::empty().await;
    let latency = Duration::from_millis(50);
    org.okta.faults().inject(Fault::Latency(latency));
    let start = Instant::now();
    assert_eq!(org.get("/api/v1/users").await.status, 200);
    assert!(start.elapsed() >= latency);
}

#[tokio::test]
async fn any_code_of_oktas_can_be_asked_for() {
    let org = Org::empty().await;
    let before = org.okta.stats().groups;
    for (code, status) in [
        ("E0000001", 400),
        ("E0000003", 400),
        ("E0000004", 401),
        ("E0000006", 403),
        ("E0000007", 404),
        ("E0000009", 500),
        ("E0000011", 401),
        ("E0000022", 405),
        ("E0000047", 429),
        ("E0000068", 403),
        ("E0000239", 423),
    ] {
        let code_of: ErrorCode = code.parse().unwrap();
        org.okta.faults().inject(Fault::OktaError(code_of));
        let refused = org.post("/api/v1/groups", json!({})).await;
        refused.refused(status, code);
        assert!(!refused.body["errorSummary"].as_str().unwrap().is_empty());
    }
    let other = ErrorCode::with_status("E0000999", 409).unwrap();
    org.okta.faults().inject(Fault::OktaError(other));
    org.get("/api/v1/users").await.refused(409, "E0000999");
    assert_eq!(org.okta.stats().groups, before, "nothing was done");
}

#[tokio::test]
async fn a_stale_connection_fails_when_it_is_used_again() {
    let org = Org::empty().await;
    org.okta.faults().inject(Fault::StaleConnection);
    assert_eq!(org.get("/api/v1/users").await.status, 200);
    let create = json!({ "profile": { "name": "Staff" } });
    let error = org
        .try_send(Method::POST, "/api/v1/groups", Some(create))
        .await;
    assert!(error.unwrap_err().is_request());
    assert_eq!(org.okta.requests().len(), 1, "the second one never arrived");
    assert_eq!(org.get("/api/v1/users").await.status, 200);
}

#[tokio::test]
async fn an_answer_can_be_a_page_where_json_should_be() {
    let org = Org::empty().await;
    org.okta.faults().inject(Fault::NotJson);
    let page = org
        .post("/api/v1/groups", json!({ "profile": { "name": "Staff" } }))
        .await;
    assert_eq!(
        (page.status, page.header("content-type")),
        (200, "application/json")
    );
    assert!(page.body.as_str().unwrap().starts_with("<html>"));
    let groups = org.get("/api/v1/groups").await.each("/profile/name");
    assert!(
        groups.contains(&"Staff".to_owned()),
        "it was done all the same: {groups:?}"
    );
}

#[tokio::test]
async fn a_text_can_end_in_half_a_surrogate_pair() {
    let org = Org::empty().await;
    org.okta.faults().inject(Fault::LoneSurrogate);
    let user = org.get("/api/v1/users/me").await;
    assert_eq!(user.status, 200);
    let text = user.body.as_str().expect("no string of ours can hold it");
    assert!(
        text.contains(r#""firstName":"Super\ud83d""#) || text.contains(r#"\ud83d""#),
        "{text}"
    );
    assert_eq!(text.matches("\\ud83d").count(), 1);
}

#[tokio::test]
async fn a_clock_can_be_wrong_for_one_answer_or_for_all() {
    let start = DateTime::parse_from_rfc3339("2026-01-01T00:00:00Z").unwrap();
    let builder = Emulator::builder().seed(Seed::empty());
    let org = Org::start(builder.clock(Clock::fixed(start.to_utc()))).await;
    org.okta.faults().inject(Fault::ClockSkew(-3600));
    let skewed = org.get("/api/v1/users").await;
    let right = org.get("/api/v1/users").await;
    assert_eq!(skewed.header("date"), "Wed, 31 Dec 2025 23:00:00 GMT");
    assert_eq!(right.header("date"), "Thu, 01 Jan 2026 00:00:00 GMT");
    let reset =
        |answer: &support::Answer| -> i64 { answer.header("x-rate-limit-reset").parse().unwrap() };
    assert_eq!(reset(&right) - reset(&skewed), 3600);
}

#[tokio::test]
async fn a_token_can_expire_under_way() {
    let flow = Flow::org().await;
    let token = flow.api_token("okta.users.read").await;
    let url = format!("{}/api/v1/users", flow.okta.org_url());
    let get = || answer(flow.http.get(&url).bearer_auth(&token));
    assert_eq!(get().await.status, 200);
    flow.okta.faults().inject(Fault::TokenExpired);
    for _ in 0..2 {
        let refused = get().await;
        refused.refused(401, "E0000011");
        assert!(refused.header("www-authenticate").contains("invalid_token"));
    }
    let org = Org::empty().await;
    org.okta.faults().inject(Fault::TokenExpired);
    org.get("/api/v1/users").await.refused(401, "E0000011");
    assert_eq!(org.get("/api/v1/users").await.status, 200);
}

#[tokio::test]
async fn keys_can_be_replaced_under_way() {
    let flow = Flow::custom().await;
    let ids = |keys: Value| -> Vec<String> {
        let keys = keys["keys"].as_array().unwrap().clone();
        keys.iter().map(|key| key["kid"].to_string()).collect()
    };
    let before = ids(flow.keys().await);
    flow.okta
        .faults()
        .inject(FaultRule::new(Fault::KeysRotated).on_path("/oauth2/default/v1/keys"));
    let after = ids(flow.keys().await);
    assert_eq!((before.len(), after.len()), (1, 1));
    assert_ne!(before, after);
}

#[tokio::test]
async fn the_same_seed_gives_the_same_faults_at_the_same_requests() {
    async fn run(seed: u64) -> Vec<u16> {
        let faults = Faults::seeded(seed);
        let broken = Fault::ServerError {
            status: 502,
            body: ErrorBody::Html,
        };
        faults.inject(FaultRule::new(broken).always().with_probability(0.4));
        let org = Org::start(Emulator::builder().seed(Seed::empty()).faults(faults)).await;
        let mut statuses = Vec::new();
        for _ in 0..30 {
            statuses.push(org.get("/api/v1/users").await.status);
            statuses.push(org.get("/api/v1/groups").await.status);
        }
        statuses
    }
    let first = run(1).await;
    assert!(first.contains(&200) && first.contains(&502));
    assert_eq!(first, run(1).await);
    assert_ne!(first, run(2).await);
}

#[tokio::test]
async fn a_window_of_a_second_ends_after_a_second() {
    let start = DateTime::parse_from_rfc3339("2026-01-01T00:00:00Z").unwrap();
    let limits = okta_emulator::RateLimits::new(1, 1);
    let builder = Emulator::builder().seed(Seed::empty()).rate_limits(limits);
    let org = Org::start(builder.clock(Clock::fixed(start.to_utc()))).await;
    assert_eq!(org.get("/api/v1/users").await.status, 200);
    let refused = org.get("/api/v1/users").await;
    refused.refused(429, "E0000047");
    let reset = (start.timestamp() + 1).to_string();
    assert_eq!(refused.header("x-rate-limit-reset"), reset);
    org.okta.clock().advance(Duration::from_secs(1));
    assert_eq!(org.get("/api/v1/users").await.status, 200);
    let none = okta_emulator::RateLimits::new(1, 0);
    let error = Emulator::builder()
        .rate_limits(none)
        .start()
        .await
        .unwrap_err();
    assert!(error.to_string().contains("a second or more"), "{error}");
}
