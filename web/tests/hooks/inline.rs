//! Inline hooks: who may ask, and what Okta is told when the handler has no answer.

mod answers;
mod emulator;
mod requests;

use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use http::{Request, StatusCode};
use okta_auth::{Error, Secret};
use okta_web::hooks::{
    HandlerResult, InlineHook, InlineHookBuilder, InlineHookKind, PasswordImportAnswer,
    PasswordImportHook, RegistrationHook, SamlHook, TelephonyHook, TokenAnswer, TokenHook,
    UserImportHook,
};
use serde_json::{Value, json};
use tokio::time::Instant;
use tower::ServiceExt;

pub const SECRET: &str = "correct horse";

/// A hook whose handler gives this answer.
pub fn answering<K: InlineHookKind>(answer: K::Answer) -> InlineHookBuilder<K> {
    InlineHook::builder(Secret::from(SECRET), move |_| {
        let answer = answer.clone();
        async { Ok(answer) }
    })
}

fn verifying() -> InlineHookBuilder<PasswordImportHook> {
    answering(PasswordImportAnswer::Verified)
}

pub fn asked<K: InlineHookKind>() -> Value {
    json!({ "eventType": K::EVENT_TYPE, "data": {} })
}

async fn send<K: InlineHookKind>(
    hook: &InlineHook<K>,
    secrets: &[(&str, &str)],
    body: impl Into<Body>,
) -> (StatusCode, Bytes) {
    let mut request = Request::post("/");
    for (name, secret) in secrets {
        request = request.header(*name, *secret);
    }
    let app: Router = Router::new().route("/", hook.route());
    let response = app.oneshot(request.body(body.into()).unwrap()).await;
    let response = response.unwrap();
    let status = response.status();
    (status, to_bytes(response.into_body(), 4096).await.unwrap())
}

/// The answer to Okta: its JSON, or null where it has no content.
pub async fn ask<K: InlineHookKind>(hook: &InlineHook<K>, body: &Value) -> Value {
    let (status, body) = send(hook, &[("authorization", SECRET)], body.to_string()).await;
    if status == StatusCode::NO_CONTENT {
        assert!(body.is_empty());
        return Value::Null;
    }
    assert_eq!(status, StatusCode::OK);
    serde_json::from_slice(&body).unwrap()
}

fn credential(verdict: &str) -> Value {
    json!({ "commands": [
        { "type": "com.okta.action.update", "value": { "credential": verdict } },
    ] })
}

#[tokio::test]
async fn without_the_secret_nothing_is_answered() {
    let hook = verifying().build().unwrap();
    let attempts: [&[(&str, &str)]; 6] = [
        &[],
        &[("authorization", "wrong")],
        &[("authorization", "correct hors")],
        &[("authorization", "correct horse2")],
        &[("x-hook-secret", SECRET)],
        &[("authorization", SECRET), ("authorization", "wrong")],
    ];
    for secrets in attempts {
        // A body that never comes: a stranger does not have it read.
        let endless = Body::from_stream(futures::stream::pending::<Result<Bytes, Error>>());
        let (status, body) = send(&hook, secrets, endless).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{secrets:?}");
        assert!(body.is_empty());
    }
}

#[tokio::test]
async fn old_and_new_secret_in_a_header_of_ones_choice() {
    let hook = verifying().header("X-Hook-Secret");
    let hook = hook.also_accept(Secret::from("new")).build().unwrap();
    let body = asked::<PasswordImportHook>().to_string();
    for secret in [SECRET, "new"] {
        let (status, _) = send(&hook, &[("x-hook-secret", secret)], body.clone()).await;
        assert_eq!(status, StatusCode::OK);
    }
    let (status, _) = send(&hook, &[("authorization", SECRET)], body).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn bodies_that_are_too_long_or_no_request() {
    let hook = verifying().body_limit(300).build().unwrap();
    let ours = [("authorization", SECRET)];
    let valid = asked::<PasswordImportHook>().to_string();
    let fits = format!("{valid}{}", " ".repeat(300 - valid.len()));
    assert_eq!(send(&hook, &ours, fits.clone()).await.0, StatusCode::OK);
    let (status, _) = send(&hook, &ours, format!("{fits} ")).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
    let other = asked::<TokenHook>().to_string();
    for body in [
        "",
        "{",
        "[]",
        "null",
        "{}",
        r#"{"data": {}}"#,
        r#"{"eventType": null, "data": {}}"#,
        r#"{"eventType": "com.okta.user.credential.password.import", "data": 1}"#,
        &other,
    ] {
        let (status, _) = send(&hook, &ours, body.to_owned()).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{body}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_body_that_does_not_come() {
    let hook = verifying().time_limit(Duration::from_secs(2));
    let before = Instant::now();
    let endless = Body::from_stream(futures::stream::pending::<Result<Bytes, Error>>());
    let (status, _) = send(
        &hook.build().unwrap(),
        &[("authorization", SECRET)],
        endless,
    )
    .await;
    assert_eq!(status, StatusCode::REQUEST_TIMEOUT);
    assert_eq!(before.elapsed(), Duration::from_secs(2));
}

fn failing<K: InlineHookKind>(fail: fn() -> HandlerResult<K::Answer>) -> InlineHookBuilder<K> {
    InlineHook::builder(Secret::from(SECRET), move |_| async move { fail() })
}

/// What Okta is told by default when the handler fails.
async fn by_default<K: InlineHookKind>() -> Value {
    let hook = failing::<K>(|| Err("the database is away".into()));
    ask(&hook.build().unwrap(), &asked::<K>()).await
}

#[tokio::test]
async fn each_kind_has_a_safe_failure() {
    assert_eq!(by_default::<TokenHook>().await, Value::Null);
    assert_eq!(by_default::<SamlHook>().await, Value::Null);
    assert_eq!(by_default::<UserImportHook>().await, Value::Null);
    assert_eq!(by_default::<TelephonyHook>().await, Value::Null);
    assert_eq!(
        by_default::<PasswordImportHook>().await,
        credential("UNVERIFIED")
    );
    let denied = json!({ "commands": [
        { "type": "com.okta.action.update", "value": { "registration": "DENY" } },
    ] });
    assert_eq!(by_default::<RegistrationHook>().await, denied);
}

#[tokio::test]
async fn a_panic_is_answered() {
    let asked = asked::<PasswordImportHook>();
    let hook = failing::<PasswordImportHook>(|| panic!("a bug"));
    let answer = ask(&hook.build().unwrap(), &asked).await;
    assert_eq!(answer, credential("UNVERIFIED"));
    // Before the handler has made its future.
    let early = |_| -> std::future::Ready<HandlerResult<PasswordImportAnswer>> { panic!("a bug") };
    let hook = InlineHook::<PasswordImportHook>::builder(Secret::from(SECRET), early);
    let answer = ask(&hook.build().unwrap(), &asked).await;
    assert_eq!(answer, credential("UNVERIFIED"));
}

/// Tells when it is dropped.
struct Ended(Option<tokio::sync::oneshot::Sender<()>>);

impl Drop for Ended {
    fn drop(&mut self) {
        self.0.take().map(|sender| sender.send(()));
    }
}

#[tokio::test(start_paused = true)]
async fn a_late_handler_is_answered_before_okta_gives_up_and_ended() {
    let (sender, ended) = tokio::sync::oneshot::channel();
    let guard = std::sync::Mutex::new(Some(Ended(Some(sender))));
    let hook = InlineHook::<PasswordImportHook>::builder(Secret::from(SECRET), move |_| {
        let guard = guard.lock().unwrap().take();
        async move {
            let _guard = guard;
            std::future::pending().await
        }
    });
    let hook = hook.build().unwrap();
    let before = Instant::now();
    let answer = ask(&hook, &asked::<PasswordImportHook>()).await;
    assert_eq!(answer, credential("UNVERIFIED"));
    assert_eq!(before.elapsed(), Duration::from_millis(2500));
    ended.await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_handler_that_blocks_its_thread_does_not_delay_the_answer() {
    let (release, blocked) = std::sync::mpsc::channel::<()>();
    let blocked = std::sync::Arc::new(std::sync::Mutex::new(blocked));
    let hook = InlineHook::<PasswordImportHook>::builder(Secret::from(SECRET), move |_| {
        let blocked = std::sync::Arc::clone(&blocked);
        async move {
            // Until the test has its answer.
            let _ = blocked.lock().map(|blocked| blocked.recv());
            Ok(PasswordImportAnswer::Verified)
        }
    });
    let hook = hook.time_limit(Duration::from_millis(50)).build().unwrap();
    let answer = ask(&hook, &asked::<PasswordImportHook>()).await;
    assert_eq!(answer, credential("UNVERIFIED"));
    release.send(()).unwrap();
}

#[tokio::test]
async fn a_failure_is_answered_as_one_chooses() {
    let hook = failing::<TokenHook>(|| Err("the database is away".into()))
        .on_failure(TokenAnswer::refuse("Try again later"));
    let answer = ask(&hook.build().unwrap(), &asked::<TokenHook>()).await;
    assert_eq!(
        answer,
        json!({ "error": { "errorSummary": "Try again later" } })
    );
}

#[test]
fn settings_that_cannot_work_are_refused() {
    let refused = |hook: InlineHookBuilder<PasswordImportHook>, words: &str| {
        let error = hook.build().unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
        assert!(!error.contains(SECRET), "{error}");
    };
    for secret in ["", " padded", "line\nfeed"] {
        refused(verifying().also_accept(Secret::from(secret)), "secret");
    }
    refused(verifying().header("no header"), "x-hook-secret");
    refused(verifying().body_limit(0), "zero");
    refused(verifying().time_limit(Duration::ZERO), "zero");
    refused(verifying().time_limit(Duration::from_secs(3)), "3 seconds");
    let debug = format!("{:?} {:?}", verifying(), verifying().build().unwrap());
    assert!(!debug.contains(SECRET), "{debug}");
}
