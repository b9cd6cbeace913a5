//! How the org conducts itself as a server: tokens, headers, envelopes, limits.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::time::Duration;

use chrono::DateTime;
use okta_emulator::{Clock, Emulator, RateLimits, Seed};
use serde_json::json;
use support::Org;

#[tokio::test]
async fn only_the_token_opens_the_org() {
    let org = Org::empty().await;
    let url = format!("{}/api/v1/users", org.okta.org_url());
    let token = org.okta.token();
    for (authorization, status) in [
        (format!("SSWS {token}"), 200),
        (format!("SSWS{token}"), 200),
        (format!("Bearer {token}"), 200),
        (format!("Basic {token}"), 401),
        (token.to_owned(), 401),
        ("SSWS other".to_owned(), 401),
    ] {
        let answer = org
            .http
            .get(&url)
            .header("authorization", &authorization)
            .send()
            .await;
        assert_eq!(answer.unwrap().status(), status, "{authorization}");
    }
    let none = org.http.get(&url).send().await.unwrap();
    let body: serde_json::Value = none.json().await.unwrap();
    assert_eq!(body["errorCode"], "E0000011");
    assert_eq!(body["errorSummary"], "Invalid token provided");
}

#[tokio::test]
async fn mistakes_get_oktas_envelopes() {
    let org = Org::empty().await;
    org.get("/api/v1/nothing/here")
        .await
        .refused(501, "E0000060");
    org.delete("/api/v1/users").await.refused(405, "E0000022");
    let url = format!("{}/api/v1/users", org.okta.org_url());
    let request = org
        .http
        .post(url)
        .header("authorization", format!("SSWS {}", org.okta.token()));
    for body in ["{", "", "[]", "null"] {
        let answer = request
            .try_clone()
            .unwrap()
            .body(body)
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 400, "{body}");
        let body: serde_json::Value = answer.json().await.unwrap();
        assert_eq!(body["errorCode"], "E0000003");
    }
    org.get("/api/v1/users/%FF").await.refused(404, "E0000007");
}

#[tokio::test]
async fn links_use_the_host_of_the_caller() {
    let org = Org::empty().await;
    let port = org.okta.org_url().rsplit(':').next().unwrap();
    let me = org
        .get(&format!("http://localhost:{port}/api/v1/users/me"))
        .await;
    let own = me.body["_links"]["self"]["href"].as_str().unwrap();
    assert!(
        own.starts_with(&format!("http://localhost:{port}/api/v1/users/00u")),
        "{own}"
    );
}

#[tokio::test]
async fn limits_count_by_bucket_and_pass_with_the_window() {
    let start = DateTime::parse_from_rfc3339("2026-01-01T00:00:00Z")
        .unwrap()
        .to_utc();
    let builder = Emulator::builder()
        .seed(Seed::empty())
        .clock(Clock::fixed(start))
        .rate_limits(RateLimits::new(100, 60).bucket("GET|POST /api/v1/users", 2));
    let org = Org::start(builder).await;
    let reset = (start.timestamp() + 60).to_string();
    for remaining in ["1", "0"] {
        let answer = org.get("/api/v1/users").await;
        assert_eq!(answer.status, 200);
        assert_eq!(answer.header("x-rate-limit-limit"), "2");
        assert_eq!(answer.header("x-rate-limit-remaining"), remaining);
        assert_eq!(answer.header("x-rate-limit-reset"), reset);
        assert_eq!(answer.header("date"), "Thu, 01 Jan 2026 00:00:00 GMT");
        assert_eq!(answer.header("x-okta-request-id").len(), 32);
    }
    let refused = org.get("/api/v1/users").await;
    refused.refused(429, "E0000047");
    assert_eq!(refused.header("x-rate-limit-remaining"), "0");
    assert_eq!(
        org.get("/api/v1/groups")
            .await
            .header("x-rate-limit-remaining"),
        "99"
    );
    org.okta.clock().advance(Duration::from_secs(60));
    assert_eq!(org.get("/api/v1/users").await.status, 200);
    assert_eq!(org.okta.stats().rate_limited, 1);
}

#[tokio::test]
async fn requests_are_recorded_as_they_came_and_shown_without_the_token() {
    let org = Org::empty().await;
    org.get("/api/v1/users?limit=5").await;
    org.post("/api/v1/groups", json!({ "profile": { "name": "Staff" } }))
        .await;
    let requests = org.okta.requests();
    assert_eq!(requests.len(), 2);
    assert_eq!(requests[0].method, "GET");
    assert_eq!(requests[0].path, "/api/v1/users");
    assert_eq!(requests[0].query.as_deref(), Some("limit=5"));
    assert!(requests[0].header("Host").is_some() && requests[0].body.is_empty());
    assert_eq!(requests[1].json().unwrap()["profile"]["name"], "Staff");
    let authorization = format!("SSWS {}", org.okta.token());
    assert_eq!(requests[0].header("authorization"), Some(&*authorization));
    assert!(!format!("{requests:?}").contains(org.okta.token()));
    org.okta.clear_requests();
    assert!(org.okta.requests().is_empty());
}

#[tokio::test]
async fn a_taken_port_is_named() {
    let org = Org::empty().await;
    let port = org
        .okta
        .org_url()
        .rsplit(':')
        .next()
        .unwrap()
        .parse()
        .unwrap();
    let error = Emulator::builder().port(port).start().await.unwrap_err();
    assert!(
        error.to_string().contains(&format!("127.0.0.1:{port}")),
        "{error}"
    );
}

#[tokio::test]
async fn it_stops_when_it_is_shut_down() {
    let org = Org::empty().await;
    let url = format!("{}/api/v1/users", org.okta.org_url());
    assert_eq!(org.get("/api/v1/users").await.status, 200);
    org.okta.shutdown().await;
    assert!(org.http.get(url).send().await.unwrap_err().is_connect());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn callers_at_the_same_time_do_not_disturb_each_other() {
    let org = std::sync::Arc::new(Org::empty().await);
    let group = org.group("Crowd").await;
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..40 {
        let (org, group) = (org.clone(), group.clone());
        tasks.spawn(async move {
            let user = org.user(&format!("user{number}@example.com")).await;
            let path = format!("/api/v1/groups/{group}/users/{user}");
            assert_eq!(org.put(&path, json!({})).await.status, 204);
        });
    }
    tasks.join_all().await;
    let (pages, members) = org
        .pages(&format!("/api/v1/groups/{group}/users?limit=7"), "/id")
        .await;
    assert_eq!((pages, members.len()), (6, 40));
}
