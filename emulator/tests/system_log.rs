//! The System Log over HTTP.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::time::Duration;

use chrono::DateTime;
use okta_emulator::{Clock, Emulator, Seed};
use serde_json::json;
use support::Org;

#[tokio::test]
async fn what_happens_is_logged_with_who_and_whom() {
    let org = Org::empty().await;
    let (user, group) = (
        org.user("isaac@example.com").await,
        org.group("Support").await,
    );
    org.put(&format!("/api/v1/groups/{group}/users/{user}"), json!({}))
        .await;
    org.post(
        &format!("/api/v1/users/{user}/roles"),
        json!({ "type": "ORG_ADMIN" }),
    )
    .await;
    // A refused request leaves no trace.
    org.post(
        &format!("/api/v1/users/{user}/roles"),
        json!({ "type": "ORG_ADMIN" }),
    )
    .await;

    let log = org.get("/api/v1/logs").await;
    assert_eq!(
        log.each("/eventType"),
        [
            "user.lifecycle.create",
            "user.lifecycle.activate",
            "group.lifecycle.create",
            "group.user_membership.add",
            "user.account.privilege.grant",
        ]
    );
    let event = &log.body[3];
    assert_eq!(event["actor"]["alternateId"], "admin@example.com");
    assert_eq!(event["target"][0]["id"], user);
    assert_eq!(event["target"][1]["id"], group);
    assert_eq!(event["outcome"]["result"], "SUCCESS");
    let path = format!("/api/v1/groups/{group}/users/{user}");
    assert_eq!(event["debugContext"]["debugData"]["requestUri"], path);
}

#[tokio::test]
async fn polling_always_has_a_next_page() {
    let org = Org::empty().await;
    let empty = org.get("/api/v1/logs?limit=2").await;
    assert_eq!(empty.body, json!([]));
    org.user("isaac@example.com").await;
    org.group("Support").await;
    let first = org.get(&empty.link("next").unwrap()).await;
    assert_eq!(first.body.as_array().unwrap().len(), 2);
    let second = org.get(&first.link("next").unwrap()).await;
    assert_eq!(second.each("/eventType"), ["group.lifecycle.create"]);
    let third = org.get(&second.link("next").unwrap()).await;
    assert_eq!(third.body, json!([]));
    org.group("Sales").await;
    let fourth = org.get(&third.link("next").unwrap()).await;
    assert_eq!(fourth.each("/target/0/displayName"), ["Sales"]);
}

#[tokio::test]
async fn a_range_ends_and_leaves_its_end_out() {
    let start = DateTime::parse_from_rfc3339("2026-01-01T00:00:00Z")
        .unwrap()
        .to_utc();
    let builder = Emulator::builder()
        .seed(Seed::empty())
        .clock(Clock::fixed(start));
    let org = Org::start(builder).await;
    for name in ["A", "B", "C", "D"] {
        org.group(name).await;
        org.okta.clock().advance(Duration::from_secs(1));
    }
    let range = "since=2026-01-01T00:00:01Z&until=2026-01-01T00:00:03Z";
    let names = "/target/0/displayName";
    let found = org
        .pages(&format!("/api/v1/logs?{range}&limit=1"), names)
        .await;
    assert_eq!(found, (2, vec!["B".to_owned(), "C".to_owned()]));
    let newest = org
        .pages("/api/v1/logs?sortOrder=DESCENDING&limit=3", names)
        .await;
    assert_eq!(
        newest,
        (2, ["D", "C", "B", "A"].map(str::to_owned).to_vec())
    );
    let late = org.get("/api/v1/logs?since=2026-01-01T00:00:03.000Z").await;
    assert_eq!(late.each("/published"), ["2026-01-01T00:00:03.000Z"]);
    org.get("/api/v1/logs?since=yesterday")
        .await
        .refused(400, "E0000030");
}

#[tokio::test]
async fn filters_and_keywords_choose() {
    let org = Org::empty().await;
    let user = org.user("isaac@example.com").await;
    org.group("Support").await;
    for (query, expected) in [
        (format!("filter=target.id+eq+%22{user}%22"), 2),
        ("filter=eventType+sw+%22group.%22".to_owned(), 1),
        (
            "filter=eventType+eq+%22USER.lifecycle.create%22".to_owned(),
            0,
        ),
        ("q=support+create".to_owned(), 1),
        ("q=support+nothing".to_owned(), 0),
    ] {
        let found = org.get(&format!("/api/v1/logs?{query}")).await;
        assert_eq!(found.body.as_array().unwrap().len(), expected, "{query}");
    }
    org.get("/api/v1/logs?filter=eventType")
        .await
        .refused(400, "E0000031");
}

#[tokio::test]
async fn the_oldest_events_go_when_there_are_too_many() {
    let builder = Emulator::builder().seed(Seed::empty()).log_size(3);
    let org = Org::start(builder).await;
    let names = "/target/0/displayName";
    org.group("A").await;
    let first = org.get("/api/v1/logs?limit=1").await;
    assert_eq!(first.each(names), ["A"]);
    for name in ["B", "C", "D", "E"] {
        org.group(name).await;
    }
    assert_eq!(org.get("/api/v1/logs").await.each(names), ["C", "D", "E"]);
    assert_eq!(org.okta.stats().events, 3);
    // Who polls goes on with what is left.
    let next = org.get(&first.link("next").unwrap()).await;
    assert_eq!(next.each(names), ["C"]);
    let newest = org.pages("/api/v1/logs?sortOrder=DESCENDING&limit=2", names);
    assert_eq!(
        newest.await,
        (2, ["E", "D", "C"].map(str::to_owned).to_vec())
    );
}
