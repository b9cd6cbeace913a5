//! The system log: a range ends, a tail does not.
#![cfg(feature = "system-log")]
#![allow(clippy::unwrap_used, clippy::panic)]

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures::{StreamExt, TryStreamExt};
use httpmock::{HttpMockRequest, HttpMockResponse, MockServer};
use okta_sdk::Client;
use okta_sdk::models::LogEvent;
use serde_json::json;

const EVERY: Duration = Duration::from_millis(1);

fn client(server: &MockServer) -> Client {
    Client::builder()
        .org_url(server.base_url())
        .api_token("00token")
        .max_retries(0)
        .build()
        .unwrap()
}

/// A log that answers with one page after the other; each but the first is asked for by the
/// number in the link of the one before. `None` is a failure.
async fn log(pages: &'static [Option<&'static str>]) -> MockServer {
    let server = MockServer::start_async().await;
    let base = server.url("/api/v1/logs");
    let failures = AtomicUsize::new(0);
    server
        .mock_async(move |when, then| {
            when.path("/api/v1/logs");
            then.respond_with(move |request| {
                let at = place(request);
                let page = pages.get(at).copied().unwrap_or(Some("[]"));
                let Some(page) = page else {
                    // Fails once, and is empty then.
                    let failed = failures.fetch_add(1, Ordering::Relaxed) > 0;
                    let response = HttpMockResponse::builder();
                    return match failed {
                        true => response
                            .status(200)
                            .header("link", format!("<{base}?after={}>; rel=\"next\"", at + 1))
                            .body("[]")
                            .build(),
                        false => response.status(500).build(),
                    };
                };
                HttpMockResponse::builder()
                    .status(200)
                    .header("link", format!("<{base}?after={}>; rel=\"next\"", at + 1))
                    .body(page)
                    .build()
            });
        })
        .await;
    server
}

fn place(request: &HttpMockRequest) -> usize {
    let after = request
        .query_params()
        .into_iter()
        .find(|(name, _)| name == "after");
    after.map_or(0, |(_, place)| place.parse().unwrap())
}

fn id(event: LogEvent) -> String {
    event.uuid.unwrap()
}

#[tokio::test]
async fn a_range_is_bounded_on_both_sides() {
    let server = MockServer::start_async().await;
    server
        .mock_async(|when, then| {
            when.path("/api/v1/logs")
                .query_param("since", "2026-01-01T00:00:00Z")
                .query_param("until", "2026-01-02T00:00:00Z");
            then.status(200).json_body(json!([{ "uuid": "a" }]));
        })
        .await;
    let range = client(&server)
        .system_log()
        .range("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z");
    let events: Vec<LogEvent> = range.stream().try_collect().await.unwrap();
    assert_eq!(events.len(), 1);
}

#[tokio::test]
async fn a_tail_waits_for_more_and_gives_each_event_once() {
    let server = log(&[
        Some(r#"[{"uuid":"a"},{"uuid":"b"}]"#),
        Some("[]"),
        Some(r#"[{"uuid":"b"},{"uuid":"c"}]"#),
        Some("[]"),
        Some(r#"[{"uuid":"d"}]"#),
    ])
    .await;
    let tail = client(&server).system_log().tail(EVERY);
    let ids: Vec<String> = tail.take(4).map_ok(id).try_collect().await.unwrap();
    assert_eq!(ids, ["a", "b", "c", "d"]);
}

#[tokio::test]
async fn a_tail_goes_on_after_a_failure_and_a_bad_event() {
    let server = log(&[
        Some(r#"[{"uuid":"a"},{"uuid":"bad","version":tru}]"#),
        None,
        Some(r#"[{"uuid":"bad","version":tru},{"uuid":"b"}]"#),
    ])
    .await;
    let events: Vec<_> = client(&server)
        .system_log()
        .tail(EVERY)
        .take(4)
        .collect()
        .await;
    let ids: Vec<Option<String>> = events
        .iter()
        .map(|event| event.as_ref().ok().map(|event| id(event.clone())))
        .collect();
    assert_eq!(ids, [Some("a".into()), None, None, Some("b".into())]);
    let error = events[1].as_ref().unwrap_err();
    assert_eq!(error.raw().unwrap(), r#"{"uuid":"bad","version":tru}"#);
    assert_eq!(
        events[2]
            .as_ref()
            .unwrap_err()
            .status()
            .map(|status| status.as_u16()),
        Some(500)
    );
}

#[tokio::test]
async fn a_tail_is_resumed_where_it_was() {
    let server = log(&[
        Some(r#"[{"uuid":"a"}]"#),
        Some(r#"[{"uuid":"b"},{"uuid":"c"}]"#),
    ])
    .await;
    let okta = client(&server);
    let mut tail = okta.system_log().tail(EVERY);
    assert_eq!(tail.cursor(), None);
    assert_eq!(id(tail.next().await.unwrap().unwrap()), "a");
    let after_a = tail.cursor().unwrap();
    assert_eq!(id(tail.next().await.unwrap().unwrap()), "b");
    assert_eq!(
        tail.cursor().unwrap(),
        after_a,
        "a page that is half taken is begun again"
    );

    let tail = okta.system_log().list().tail_from(&after_a, EVERY);
    let ids: Vec<String> = tail.take(2).map_ok(id).try_collect().await.unwrap();
    assert_eq!(ids, ["b", "c"]);
}

#[tokio::test]
async fn a_tail_does_not_take_an_end() {
    let server = log(&[]).await;
    let log = client(&server).system_log();
    let mut tail = log
        .range("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z")
        .tail(EVERY);
    let error = tail.next().await.unwrap().unwrap_err();
    assert!(
        error.is_invalid_argument() && error.to_string().contains("until"),
        "{error}"
    );
    assert!(tail.next().await.is_none());
}

#[tokio::test]
async fn all_of_the_log_has_to_have_an_end() {
    let okta = okta_sdk::testing::Script::new()
        .answer("listLogEvents", 200, json!([{ "uuid": "a" }]))
        .client()
        .unwrap();
    let error = okta.system_log().list().all().await.unwrap_err();
    assert!(error.is_invalid_argument());
    let text = error.to_string();
    assert!(
        text.contains("`range(") && text.contains("`tail`"),
        "{text}"
    );
    let events = okta
        .system_log()
        .range("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z");
    assert_eq!(events.all().await.unwrap().len(), 1);
}
