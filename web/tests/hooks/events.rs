//! Event hooks: each test sends what Okta or an attacker would.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use http::{Request, StatusCode};
use okta_auth::{Clock, Error, Secret};
use okta_web::MemoryVault;
use okta_web::hooks::{EventHooks, EventHooksBuilder, HandlerResult, HookEvent};
use serde_json::{Value, json};
use tokio::sync::{Notify, Semaphore};
use tower::ServiceExt;

const SECRET: &str = "correct horse";

/// The events that a handler was given.
#[derive(Clone, Default)]
struct Handled(Arc<Mutex<Vec<HookEvent>>>);

impl Handled {
    fn builder(&self) -> EventHooksBuilder {
        let handled = self.clone();
        EventHooks::builder(Secret::from(SECRET), move |event| {
            handled.0.lock().unwrap().push(event);
            async { Ok(()) }
        })
    }

    fn ids(&self) -> Vec<String> {
        let mut ids: Vec<_> = (self.0.lock().unwrap().iter())
            .map(|event| event.id.clone())
            .collect();
        ids.sort();
        ids
    }
}

fn delivery(ids: &[&str]) -> Value {
    let events: Vec<_> = ids
        .iter()
        .map(|id| json!({"uuid": id, "eventType": "user.lifecycle.create"}))
        .collect();
    json!({
        "eventType": "com.okta.event_hook",
        "eventTypeVersion": "1.0",
        "cloudEventsVersion": "0.1",
        "eventId": "delivery1",
        "source": "https://example.okta.com/api/v1/eventHooks/who1",
        "data": {"events": events},
    })
}

fn posted(secrets: &[(&str, &str)], body: impl Into<Body>) -> Request<Body> {
    let mut request = Request::post("/");
    for (name, secret) in secrets {
        request = request.header(*name, *secret);
    }
    request.body(body.into()).unwrap()
}

async fn answer(hooks: &EventHooks, request: Request<Body>) -> (StatusCode, Bytes) {
    let app: Router = Router::new().route("/", hooks.route());
    let response = app.oneshot(request).await.unwrap();
    let status = response.status();
    (status, to_bytes(response.into_body(), 4096).await.unwrap())
}

async fn send(hooks: &EventHooks, body: &Value) -> StatusCode {
    let request = posted(&[("authorization", SECRET)], body.to_string());
    answer(hooks, request).await.0
}

fn is_configuration(built: Result<EventHooks, Error>, words: &str) {
    let error = built.unwrap_err().to_string();
    assert!(error.contains(words), "{error}");
    assert!(!error.contains(SECRET), "{error}");
}

#[tokio::test]
async fn the_challenge_is_repeated() {
    let hooks = Handled::default().builder().build().unwrap();
    let asked = |challenge: &str| {
        Request::get("/")
            .header("x-okta-verification-challenge", challenge)
            .body(Body::empty())
            .unwrap()
    };
    let (status, body) = answer(&hooks, asked("my \"verification\"")).await;
    assert_eq!(status, StatusCode::OK);
    let body: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(body, json!({"verification": "my \"verification\""}));

    let without = Request::get("/").body(Body::empty()).unwrap();
    assert_eq!(answer(&hooks, without).await.0, StatusCode::BAD_REQUEST);
    let long = answer(&hooks, asked(&"x".repeat(1025))).await;
    assert_eq!(long.0, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn events_are_handled_and_nothing_of_them_is_lost() {
    let handled = Handled::default();
    let hooks = handled.builder().build().unwrap();
    let mut body = delivery(&["a", "b"]);
    body["data"]["events"][1] = json!({
        "uuid": "b",
        "eventType": "something.new",
        "unheardOf": {"deep": [1, 2.50]},
    });
    assert_eq!(send(&hooks, &body).await, StatusCode::OK);
    hooks.drain().await;

    assert_eq!(handled.ids(), ["a", "b"]);
    let events = handled.0.lock().unwrap();
    let new = events.iter().find(|event| event.id == "b").unwrap();
    assert_eq!(new.log.event_type.as_deref(), Some("something.new"));
    assert_eq!(
        serde_json::to_value(&new.log).unwrap(),
        body["data"]["events"][1]
    );
    assert_eq!(new.delivery_id.as_deref(), Some("delivery1"));
    let source = new.source.as_deref().unwrap();
    assert!(source.ends_with("/who1"), "{source}");
}

#[tokio::test]
async fn without_the_secret_nothing_is_taken() {
    let handled = Handled::default();
    let hooks = handled.builder().build().unwrap();
    let attempts: [&[(&str, &str)]; 6] = [
        &[],
        &[("authorization", "wrong")],
        &[("authorization", "correct hors")],
        &[("authorization", "correct horse2")],
        &[("x-hook-secret", SECRET)],
        &[("authorization", SECRET), ("authorization", "wrong")],
    ];
    for secrets in attempts {
        let request = posted(secrets, delivery(&["a"]).to_string());
        let (status, body) = answer(&hooks, request).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{secrets:?}");
        assert!(body.is_empty());
    }
    hooks.drain().await;
    assert!(handled.ids().is_empty());
}

#[tokio::test]
async fn a_stranger_does_not_have_the_body_read() {
    let hooks = Handled::default().builder().build().unwrap();
    let endless = Body::from_stream(futures::stream::pending::<Result<Bytes, Error>>());
    let (status, _) = answer(&hooks, posted(&[], endless)).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn old_and_new_secret_in_a_header_of_ones_choice() {
    let handled = Handled::default();
    let hooks = handled.builder().header("X-Hook-Secret");
    let hooks = hooks.also_accept(Secret::from("new")).build().unwrap();
    for (id, secret) in [("a", SECRET), ("b", "new")] {
        let request = posted(&[("x-hook-secret", secret)], delivery(&[id]).to_string());
        assert_eq!(answer(&hooks, request).await.0, StatusCode::OK);
    }
    let elsewhere = posted(&[("authorization", "new")], delivery(&["c"]).to_string());
    assert_eq!(answer(&hooks, elsewhere).await.0, StatusCode::UNAUTHORIZED);
    hooks.drain().await;
    assert_eq!(handled.ids(), ["a", "b"]);
}

#[tokio::test]
async fn bodies_that_are_too_long_or_no_delivery() {
    let handled = Handled::default();
    let hooks = handled.builder().body_limit(300).build().unwrap();
    let ours = [("authorization", SECRET)];
    let long = format!("{}{}", delivery(&["a"]), " ".repeat(300));
    let (status, _) = answer(&hooks, posted(&ours, long)).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
    for body in [
        "",
        "{",
        "[]",
        "null",
        "{}",
        r#"{"data": {}}"#,
        r#"{"data": {"events": 1}}"#,
        r#"{"data": {"events": [1]}}"#,
        r#"{"data": {"events": [{"uuid": "a"}, "b"]}}"#,
    ] {
        let (status, _) = answer(&hooks, posted(&ours, body)).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{body}");
    }
    hooks.drain().await;
    assert!(handled.ids().is_empty());
}

#[tokio::test]
async fn an_event_is_handled_once_until_it_is_forgotten() {
    let now = Arc::new(AtomicU64::new(1_000_000));
    let seconds = Arc::clone(&now);
    let clock = Clock::new(move || {
        SystemTime::UNIX_EPOCH + Duration::from_secs(seconds.load(Ordering::SeqCst))
    });
    let vault = Arc::new(MemoryVault::new().clock(clock));
    let handled = Handled::default();
    let build = || {
        let hooks = handled.builder().vault(Arc::clone(&vault));
        hooks.remember_for(Duration::from_secs(60)).build().unwrap()
    };
    let (one, other) = (build(), build());
    assert_eq!(send(&one, &delivery(&["a", "a"])).await, StatusCode::OK);
    assert_eq!(send(&one, &delivery(&["a"])).await, StatusCode::OK);
    // Another process with the same vault.
    assert_eq!(send(&other, &delivery(&["a", "b"])).await, StatusCode::OK);
    now.fetch_add(61, Ordering::SeqCst);
    assert_eq!(send(&other, &delivery(&["b"])).await, StatusCode::OK);
    one.drain().await;
    other.drain().await;
    assert_eq!(handled.ids(), ["a", "b", "b"]);
}

#[tokio::test]
async fn events_without_an_id_are_known_by_their_text() {
    let handled = Handled::default();
    let hooks = handled.builder().build().unwrap();
    let body = json!({"data": {"events": [
        {"eventType": "one"}, {"eventType": "two"}, {"eventType": "one"},
    ]}});
    assert_eq!(send(&hooks, &body).await, StatusCode::OK);
    hooks.drain().await;
    assert_eq!(handled.ids().len(), 2);
}

#[tokio::test]
async fn a_full_queue_takes_nothing_and_remembers_nothing() {
    let (gate, handled) = (Arc::new(Semaphore::new(0)), Handled::default());
    let (waiting, seen) = (Arc::clone(&gate), handled.clone());
    let hooks = EventHooks::builder(Secret::from(SECRET), move |event| {
        let (waiting, seen) = (Arc::clone(&waiting), seen.clone());
        async move {
            waiting.acquire().await?.forget();
            seen.0.lock().unwrap().push(event);
            Ok(())
        }
    });
    let hooks = hooks.capacity(2).build().unwrap();
    assert_eq!(send(&hooks, &delivery(&["a"])).await, StatusCode::OK);
    let two = delivery(&["b", "c"]);
    assert_eq!(send(&hooks, &two).await, StatusCode::SERVICE_UNAVAILABLE);
    gate.add_permits(3);
    // Okta's second attempt, when there is room again.
    while send(&hooks, &two).await != StatusCode::OK {
        tokio::task::yield_now().await;
    }
    hooks.drain().await;
    assert_eq!(handled.ids(), ["a", "b", "c"]);
    let late = send(&hooks, &delivery(&["d"])).await;
    assert_eq!(late, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn a_full_store_takes_nothing() {
    let handled = Handled::default();
    let hooks = handled.builder().vault(MemoryVault::new().capacity(2));
    let hooks = hooks.build().unwrap();
    let three = send(&hooks, &delivery(&["a", "b", "c"])).await;
    assert_eq!(three, StatusCode::SERVICE_UNAVAILABLE);
    // The ids of the first two were released.
    assert_eq!(send(&hooks, &delivery(&["b", "c"])).await, StatusCode::OK);
    hooks.drain().await;
    assert_eq!(handled.ids(), ["b", "c"]);
}

/// A handler that fails at its first event, in the given way, and then no more.
async fn fails_once(fail: fn() -> HandlerResult) {
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    let hooks = EventHooks::builder(Secret::from(SECRET), move |_| {
        let first = counted.fetch_add(1, Ordering::SeqCst) == 0;
        async move { if first { fail() } else { Ok(()) } }
    });
    let vault = Arc::new(MemoryVault::new());
    let hooks = hooks.vault(Arc::clone(&vault)).capacity(1);
    let hooks = hooks.build().unwrap();
    assert_eq!(send(&hooks, &delivery(&["a"])).await, StatusCode::OK);
    // The queue of one has room again when the first is over and its id is released.
    while count.load(Ordering::SeqCst) < 2 {
        send(&hooks, &delivery(&["a"])).await;
        tokio::task::yield_now().await;
    }
    hooks.drain().await;
    assert_eq!(count.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn after_a_panic_the_event_may_come_again() {
    fails_once(|| panic!("a bug")).await;
}

#[tokio::test]
async fn after_an_error_the_event_may_come_again() {
    fails_once(|| Err("the database is away".into())).await;
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_hangs_is_ended() {
    let started = Arc::new(Notify::new());
    let starts = Arc::clone(&started);
    let hooks = EventHooks::builder(Secret::from(SECRET), move |_| {
        starts.notify_one();
        std::future::pending::<HandlerResult>()
    });
    let hooks = hooks.time_limit(Duration::from_secs(5)).build().unwrap();
    let before = tokio::time::Instant::now();
    assert_eq!(send(&hooks, &delivery(&["a"])).await, StatusCode::OK);
    // Okta had its answer at once.
    assert_eq!(before.elapsed(), Duration::ZERO);
    started.notified().await;
    hooks.drain().await;
    assert_eq!(before.elapsed(), Duration::from_secs(5));
}

#[tokio::test]
async fn no_more_than_allowed_are_handled_at_a_time() {
    let (running, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (counted, highest) = (Arc::clone(&running), Arc::clone(&most));
    let hooks = EventHooks::builder(Secret::from(SECRET), move |_| {
        let (counted, highest) = (Arc::clone(&counted), Arc::clone(&highest));
        async move {
            highest.fetch_max(counted.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            for _ in 0..20 {
                tokio::task::yield_now().await;
            }
            counted.fetch_sub(1, Ordering::SeqCst);
            Ok(())
        }
    });
    let hooks = hooks.concurrency(2).build().unwrap();
    let body = delivery(&["a", "b", "c", "d", "e"]);
    assert_eq!(send(&hooks, &body).await, StatusCode::OK);
    hooks.drain().await;
    assert_eq!(most.load(Ordering::SeqCst), 2);
}

#[test]
fn settings_that_cannot_work_are_refused() {
    let builder = || Handled::default().builder();
    for secret in ["", " padded", "line\nfeed"] {
        let refused = builder().also_accept(Secret::from(secret)).build();
        is_configuration(refused, "secret");
    }
    is_configuration(builder().header("no header").build(), "x-hook-secret");
    is_configuration(builder().capacity(0).build(), "zero");
    is_configuration(builder().concurrency(0).build(), "zero");
    is_configuration(builder().body_limit(0).build(), "zero");
    is_configuration(builder().time_limit(Duration::ZERO).build(), "zero");
    let debug = format!("{:?} {:?}", builder(), builder().build().unwrap());
    assert!(!debug.contains(SECRET), "{debug}");
}
