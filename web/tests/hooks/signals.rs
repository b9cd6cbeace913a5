//! Shared Signals: each test posts what Okta or an attacker would.

use std::net::TcpListener;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use axum::Router;
use axum::body::{Body, to_bytes};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::{Request, StatusCode};
use okta_auth::jose::{Algorithm, JwkSet, SigningKey};
use okta_auth::{Clock, Issuer, Secret, Verifier};
use okta_web::MemoryVault;
use okta_web::hooks::{HandlerResult, OktaSignal, SignalReceiver, SignalReceiverBuilder};
use serde_json::{Value, json};
use tokio::sync::{Notify, Semaphore};
use tower::ServiceExt;

const ISSUER: &str = "https://example.okta.com";
const AUDIENCE: &str = "https://receiver.example.com";
const REVOKED: &str = "https://schemas.openid.net/secevent/caep/event-type/session-revoked";
const NOW: u64 = 1_800_000_000;

struct Okta(SigningKey);

impl Okta {
    fn new() -> Self {
        let key = SigningKey::generate(Algorithm::Es256).unwrap();
        Self(key.with_key_id("k"))
    }

    fn receiver<F, A>(&self, handler: F) -> SignalReceiverBuilder
    where
        F: Fn(OktaSignal) -> A + Send + Sync + 'static,
        A: Future<Output = HandlerResult> + Send + 'static,
    {
        let verifier = Verifier::builder(Issuer::parse(ISSUER).unwrap())
            .algorithms([Algorithm::Es256])
            .keys(JwkSet::new(vec![self.0.public_jwk()]))
            .audience(AUDIENCE)
            .clock(Clock::fixed(
                SystemTime::UNIX_EPOCH + Duration::from_secs(NOW),
            ))
            .build()
            .unwrap();
        SignalReceiver::builder(verifier, handler)
    }

    /// A receiver, and how many tokens its handler was given.
    fn counting(&self) -> (SignalReceiverBuilder, Arc<AtomicUsize>) {
        let count = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&count);
        let receiver = self.receiver(move |_| {
            counted.fetch_add(1, Ordering::SeqCst);
            async { Ok(()) }
        });
        (receiver, count)
    }

    fn token(&self, header: &Value, claims: &Value) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let input = format!("{}.{}", part(header), part(claims));
        let signature = self.0.sign(input.as_bytes()).unwrap();
        format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    fn good(&self, id: &str) -> String {
        self.token(&header(), &claims(id))
    }
}

fn header() -> Value {
    json!({"alg": "ES256", "kid": "k", "typ": "secevent+jwt"})
}

fn claims(id: &str) -> Value {
    json!({
        "iss": ISSUER, "aud": AUDIENCE, "iat": NOW, "jti": id,
        "events": {
            REVOKED: {"event_timestamp": NOW, "new_member": 1},
            "https://example.com/unheard-of": {"deep": [1]},
        },
    })
}

fn posted(token: impl Into<Body>) -> Request<Body> {
    let request = Request::post("/").header("content-type", "application/secevent+jwt");
    request.body(token.into()).unwrap()
}

/// The status, and `err` of the body where there is one.
async fn answer(receiver: &SignalReceiver, request: Request<Body>) -> (StatusCode, String) {
    let app: Router = Router::new().route("/", receiver.route());
    let response = app.oneshot(request).await.unwrap();
    let status = response.status();
    let body = to_bytes(response.into_body(), 4096).await.unwrap();
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    (status, body["err"].as_str().unwrap_or_default().to_owned())
}

async fn send(receiver: &SignalReceiver, token: String) -> StatusCode {
    answer(receiver, posted(token)).await.0
}

#[tokio::test]
async fn events_are_typed_and_unknown_ones_are_kept() {
    let (okta, seen) = (Okta::new(), Arc::new(Mutex::new(Vec::new())));
    let handled = Arc::clone(&seen);
    let receiver = okta.receiver(move |signal| {
        handled.lock().unwrap().push(signal);
        async { Ok(()) }
    });
    let receiver = receiver.build().unwrap();
    for _ in 0..2 {
        let status = send(&receiver, okta.good("a")).await;
        assert_eq!(status, StatusCode::ACCEPTED);
    }
    let seen = seen.lock().unwrap();
    assert_eq!(seen.len(), 1, "a token that comes again is handled once");
    let events = &seen[0].events;
    let revoked = &events.https_schemas_openid_net_secevent_caep_event_type_session_revoked;
    assert!(revoked.is_some());
    assert_eq!(serde_json::to_value(events).unwrap(), claims("a")["events"]);
}

#[tokio::test]
async fn tokens_that_are_not_good_are_refused_by_their_code() {
    let (okta, other) = (Okta::new(), Okta::new());
    let (receiver, count) = okta.counting();
    let receiver = receiver.build().unwrap();
    let changed = |name: &str, value: Value| {
        let mut claims = claims("a");
        claims[name] = value;
        okta.token(&header(), &claims)
    };
    let headed = |name: &str, value: Value| {
        let mut header = header();
        header[name] = value;
        okta.token(&header, &claims("a"))
    };
    let without_type = okta.token(&json!({"alg": "ES256", "kid": "k"}), &claims("a"));
    let unsigned = headed("alg", json!("none"));
    let unsigned = format!("{}.", unsigned.rsplit_once('.').unwrap().0);
    let (good, later) = (okta.good("a"), okta.good("b"));
    let (head, signature) = (
        good.split_once('.').unwrap().0,
        later.rsplit_once('.').unwrap().1,
    );
    let altered = format!("{head}.{}.{signature}", good.split('.').nth(1).unwrap());
    let other_issuer = json!("https://evil.example.com");
    let attacks = [
        (changed("iss", other_issuer), "invalid_issuer"),
        (changed("iss", Value::Null), "invalid_request"),
        (
            changed("aud", json!("https://other.example.com")),
            "invalid_audience",
        ),
        (changed("aud", json!([])), "invalid_audience"),
        (changed("events", json!({})), "invalid_request"),
        (changed("events", json!({ REVOKED: 1 })), "invalid_request"),
        (changed("jti", Value::Null), "invalid_request"),
        (changed("jti", json!("")), "invalid_request"),
        (changed("iat", json!(NOW + 3600)), "invalid_request"),
        (changed("exp", json!(NOW - 3600)), "invalid_request"),
        (headed("typ", json!("JWT")), "invalid_request"),
        (headed("typ", json!("logout+jwt")), "invalid_request"),
        (without_type, "invalid_request"),
        (headed("alg", json!("HS256")), "invalid_request"),
        (unsigned, "invalid_request"),
        // Keys that the issuer no longer has, or never had.
        (headed("kid", json!("retired")), "invalid_key"),
        (other.good("a"), "invalid_key"),
        (altered, "invalid_key"),
        ("not a token".to_owned(), "invalid_request"),
        (String::new(), "invalid_request"),
    ];
    for (token, code) in attacks {
        let expected = (StatusCode::BAD_REQUEST, code.to_owned());
        assert_eq!(
            answer(&receiver, posted(token.clone())).await,
            expected,
            "{token}"
        );
    }
    assert_eq!(count.load(Ordering::SeqCst), 0);
    // None of them has taken the id of the good one.
    assert_eq!(send(&receiver, good).await, StatusCode::ACCEPTED);
    assert_eq!(count.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn bodies_that_are_too_long_or_of_another_type() {
    let okta = Okta::new();
    let (receiver, count) = okta.counting();
    let (token, invalid) = (
        okta.good("a"),
        (StatusCode::BAD_REQUEST, "invalid_request".to_owned()),
    );
    let limited = |bytes| {
        let receiver = okta.receiver(|_| async { Ok(()) });
        receiver.body_limit(bytes).build().unwrap()
    };
    let long = answer(&limited(token.len() - 1), posted(token.clone())).await;
    assert_eq!(long, invalid);
    assert_eq!(
        send(&limited(token.len()), token.clone()).await,
        StatusCode::ACCEPTED
    );

    let receiver = receiver.build().unwrap();
    assert_eq!(
        answer(&receiver, posted("x".repeat(64 * 1024 + 1))).await,
        invalid
    );
    assert_eq!(answer(&receiver, posted(vec![0xff; 10])).await, invalid);
    let typed = |media_type: Option<&str>| {
        let mut request = posted(token.clone());
        request.headers_mut().remove("content-type");
        if let Some(media_type) = media_type {
            let value = media_type.parse().unwrap();
            request.headers_mut().insert("content-type", value);
        }
        request
    };
    for media_type in [None, Some("application/jwt"), Some("application/json")] {
        assert_eq!(
            answer(&receiver, typed(media_type)).await,
            invalid,
            "{media_type:?}"
        );
    }
    assert_eq!(count.load(Ordering::SeqCst), 0);
    let parameter = typed(Some("Application/SecEvent+JWT; charset=utf-8"));
    assert_eq!(answer(&receiver, parameter).await.0, StatusCode::ACCEPTED);
}

#[tokio::test]
async fn a_refusal_says_why_and_nothing_of_the_settings() {
    let okta = Okta::new();
    let receiver = okta.receiver(|_| async { Ok(()) }).build().unwrap();
    let mut claims = claims("a");
    claims["aud"] = json!("https://other.example.com");
    let app: Router = Router::new().route("/", receiver.route());
    let request = posted(okta.token(&header(), &claims));
    let response = app.oneshot(request).await.unwrap();
    assert_eq!(response.headers()["content-type"], "application/json");
    assert_eq!(response.headers()["content-language"], "en");
    let body = to_bytes(response.into_body(), 4096).await.unwrap();
    let body: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(body.as_object().unwrap().len(), 2);
    assert!(body["description"].as_str().unwrap().contains("audience"));
    assert!(!body.to_string().contains(AUDIENCE));
}

#[tokio::test]
async fn keys_that_cannot_be_obtained_are_no_fault_of_the_token() {
    let okta = Okta::new();
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let issuer = format!("http://{}", listener.local_addr().unwrap());
    // Nobody listens there now.
    drop(listener);
    let verifier = Verifier::builder(Issuer::parse(&issuer).unwrap())
        .algorithms([Algorithm::Es256])
        .audience(AUDIENCE)
        .requests(|requests| requests.max_retries(0))
        .build()
        .unwrap();
    let receiver = SignalReceiver::builder(verifier, |_| async { Ok(()) });
    let receiver = receiver.build().unwrap();
    let answered = answer(&receiver, posted(okta.good("a"))).await;
    assert_eq!(answered, (StatusCode::SERVICE_UNAVAILABLE, String::new()));
}

#[tokio::test]
async fn the_authorization_header_of_the_stream() {
    let okta = Okta::new();
    let (receiver, count) = okta.counting();
    let receiver = receiver
        .authorization(Secret::from("s3cret"))
        .authorization(Secret::from("the old one"))
        .build()
        .unwrap();
    let headed = |secrets: &[&str]| {
        let mut request = posted(okta.good("a"));
        for secret in secrets {
            let value = secret.parse().unwrap();
            request.headers_mut().append("authorization", value);
        }
        request
    };
    let refused = (StatusCode::BAD_REQUEST, "authentication_failed".to_owned());
    let wrong: [&[&str]; 5] = [&[], &["wrong"], &["s3cret2"], &[""], &["s3cret", "s3cret"]];
    for secrets in wrong {
        assert_eq!(
            answer(&receiver, headed(secrets)).await,
            refused,
            "{secrets:?}"
        );
    }
    assert_eq!(count.load(Ordering::SeqCst), 0);
    for secret in ["s3cret", "the old one"] {
        let answered = answer(&receiver, headed(&[secret])).await;
        assert_eq!(answered.0, StatusCode::ACCEPTED, "{secret}");
    }
    assert_eq!(count.load(Ordering::SeqCst), 1);
}

#[test]
fn settings_that_cannot_work_are_refused() {
    let okta = Okta::new();
    let new = || okta.receiver(|_| async { Ok(()) });
    let empty = new().authorization(Secret::from("")).build();
    assert!(empty.unwrap_err().to_string().contains("secret"));
    for zero in [
        new().body_limit(0),
        new().time_limit(Duration::ZERO),
        new().remember_for(Duration::ZERO),
    ] {
        assert!(zero.build().unwrap_err().to_string().contains("is zero"));
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_not_handled_is_good_when_it_comes_again() {
    let failures: [fn() -> HandlerResult; 2] =
        [|| panic!("a bug"), || Err("the database is away".into())];
    for fail in failures {
        let (okta, count) = (Okta::new(), Arc::new(AtomicUsize::new(0)));
        let counted = Arc::clone(&count);
        let receiver = okta.receiver(move |_| {
            let number = counted.fetch_add(1, Ordering::SeqCst);
            async move {
                match number {
                    0 => fail(),
                    1 => std::future::pending().await,
                    _ => Ok(()),
                }
            }
        });
        let receiver = receiver.build().unwrap();
        let mut statuses = Vec::new();
        for _ in 0..4 {
            statuses.push(send(&receiver, okta.good("a")).await.as_u16());
        }
        assert_eq!(statuses, [503, 503, 202, 202]);
        assert_eq!(count.load(Ordering::SeqCst), 3);
    }
}

#[tokio::test]
async fn while_it_is_handled_okta_is_asked_to_come_again() {
    let (okta, gate) = (Okta::new(), Arc::new(Semaphore::new(0)));
    let started = Arc::new(Notify::new());
    let (waiting, starts) = (Arc::clone(&gate), Arc::clone(&started));
    let receiver = okta.receiver(move |_| {
        let waiting = Arc::clone(&waiting);
        starts.notify_one();
        async move {
            waiting.acquire().await?.forget();
            Ok(())
        }
    });
    let receiver = receiver.build().unwrap();
    let first = {
        let (receiver, token) = (receiver.clone(), okta.good("a"));
        tokio::spawn(async move { send(&receiver, token).await })
    };
    started.notified().await;
    let second = send(&receiver, okta.good("a")).await;
    assert_eq!(second, StatusCode::SERVICE_UNAVAILABLE);
    gate.add_permits(1);
    assert_eq!(first.await.unwrap(), StatusCode::ACCEPTED);
    let third = send(&receiver, okta.good("a")).await;
    assert_eq!(third, StatusCode::ACCEPTED);
}

/// A vault, and the seconds on its clock.
fn vault() -> (Arc<MemoryVault>, Arc<AtomicU64>) {
    let now = Arc::new(AtomicU64::new(NOW));
    let seconds = Arc::clone(&now);
    let clock = Clock::new(move || {
        SystemTime::UNIX_EPOCH + Duration::from_secs(seconds.load(Ordering::SeqCst))
    });
    (Arc::new(MemoryVault::new().clock(clock)), now)
}

#[tokio::test]
async fn processes_with_one_vault_handle_a_token_once_until_it_is_forgotten() {
    let (okta, (vault, now)) = (Okta::new(), vault());
    let build = || {
        let (receiver, count) = okta.counting();
        let receiver = receiver.vault(Arc::clone(&vault));
        let receiver = receiver.remember_for(Duration::from_secs(3600));
        (receiver.build().unwrap(), count)
    };
    let ((one, by_one), (other, by_other)) = (build(), build());
    for receiver in [&one, &other, &one] {
        let status = send(receiver, okta.good("a")).await;
        assert_eq!(status, StatusCode::ACCEPTED);
    }
    assert_eq!(by_one.load(Ordering::SeqCst), 1);
    assert_eq!(by_other.load(Ordering::SeqCst), 0);
    now.fetch_add(3599, Ordering::SeqCst);
    assert_eq!(send(&other, okta.good("a")).await, StatusCode::ACCEPTED);
    assert_eq!(by_other.load(Ordering::SeqCst), 0);
    now.fetch_add(2, Ordering::SeqCst);
    assert_eq!(send(&other, okta.good("a")).await, StatusCode::ACCEPTED);
    assert_eq!(by_other.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_full_store_has_okta_come_again() {
    let okta = Okta::new();
    let (receiver, count) = okta.counting();
    let receiver = receiver.vault(MemoryVault::new().capacity(1));
    let receiver = receiver.build().unwrap();
    let status = send(&receiver, okta.good("a")).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(count.load(Ordering::SeqCst), 0);
}

#[test]
fn what_a_process_that_died_was_handling_is_not_lost() {
    let (okta, (vault, now)) = (Okta::new(), vault());
    let limit = Duration::from_secs(10);
    let started = Arc::new(Notify::new());
    let starts = Arc::clone(&started);
    let dying = okta.receiver(move |_| {
        starts.notify_one();
        std::future::pending()
    });
    let dying = dying.vault(Arc::clone(&vault)).time_limit(limit);
    let dying = dying.build().unwrap();
    let process = tokio::runtime::Runtime::new().unwrap();
    process.block_on(async {
        let token = okta.good("a");
        tokio::spawn(async move { send(&dying, token).await });
        started.notified().await;
    });
    process.shutdown_background();

    let (receiver, count) = okta.counting();
    let receiver = receiver.vault(vault).time_limit(limit).build().unwrap();
    let process = tokio::runtime::Runtime::new().unwrap();
    let mut statuses = Vec::new();
    for _ in 0..10 {
        statuses.push(process.block_on(send(&receiver, okta.good("a"))).as_u16());
        now.fetch_add(5, Ordering::SeqCst);
    }
    assert_eq!(statuses, [503, 503, 503, 503, 503, 503, 503, 503, 202, 202]);
    assert_eq!(count.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn what_was_begun_is_ended_when_okta_hangs_up() {
    let (okta, gate) = (Okta::new(), Arc::new(Semaphore::new(0)));
    let (started, ended) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (waits, starts, ends) = (Arc::clone(&gate), Arc::clone(&started), Arc::clone(&ended));
    let receiver = okta.receiver(move |_| {
        let (waits, ends) = (Arc::clone(&waits), Arc::clone(&ends));
        starts.notify_one();
        async move {
            waits.acquire().await?.forget();
            ends.notify_one();
            Ok(())
        }
    });
    let receiver = receiver.build().unwrap();
    let caller = {
        let (receiver, token) = (receiver.clone(), okta.good("a"));
        tokio::spawn(async move { send(&receiver, token).await })
    };
    started.notified().await;
    caller.abort();
    assert!(caller.await.unwrap_err().is_cancelled());
    gate.add_permits(1);
    let limit = Duration::from_secs(30);
    tokio::time::timeout(limit, ended.notified()).await.unwrap();
    // Until the id is marked as that of a handled one, the answer is 503.
    let accepted = async {
        while send(&receiver, okta.good("a")).await != StatusCode::ACCEPTED {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(limit, accepted).await.unwrap();
    assert_eq!(gate.available_permits(), 0);
}
