#![allow(clippy::unwrap_used)]
use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::UNIX_EPOCH;

use futures::future::join_all;
use serde_json::json;

use super::*;
use crate::credentials::NoCredentials;
use crate::jose::SigningKey;
use crate::testing::{Reply, Script, broken, reply};
use crate::{Issuer, ServerMetadata, Verifier};

const HOUR: u64 = 3600;
const NOW: u64 = 1_800_000_000;
const ISSUER: &str = "https://acme.okta.com/oauth2/default";

static KEY: LazyLock<SigningKey> = LazyLock::new(|| made("one"));

fn made(id: &str) -> SigningKey {
    SigningKey::generate(Algorithm::Es256)
        .unwrap()
        .with_key_id(id)
}

/// A verifier whose server answers by a script, and whose clock is turned by hand.
struct Setting {
    verifier: Verifier,
    script: Script,
    now: Arc<AtomicU64>,
}

impl Setting {
    fn new(answers: impl Fn(usize) -> Reply + Send + Sync + 'static) -> Self {
        let issuer = Issuer::parse(ISSUER).unwrap();
        let script = Script::new(move |number, _| answers(number));
        let pipeline = Pipeline::builder(issuer.org_url(), NoCredentials)
            .max_retries(0)
            .build_over(script.clone())
            .unwrap();
        let now = Arc::new(AtomicU64::new(NOW));
        let clock = Arc::clone(&now);
        let time = move || UNIX_EPOCH + Duration::from_secs(clock.load(Ordering::SeqCst));
        let verifier = Verifier::builder(issuer.clone())
            .audience("api://default")
            .algorithms([Algorithm::Es256])
            .metadata(ServerMetadata::okta(&issuer))
            .clock(Clock::new(time))
            .build_with(pipeline)
            .unwrap();
        Self {
            verifier,
            script,
            now,
        }
    }

    fn pass(&self, seconds: u64) {
        self.now.fetch_add(seconds, Ordering::SeqCst);
    }

    fn asked(&self) -> usize {
        self.script.sent(<[_]>::len)
    }

    async fn verify_by(&self, key: &SigningKey) -> Result<(), VerifyError> {
        verify(&self.verifier, key).await
    }

    async fn verify(&self) -> Result<(), VerifyError> {
        self.verify_by(&KEY).await
    }

    /// Lets the tasks in the background come to their end.
    async fn settle(&self) {
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

async fn verify(verifier: &Verifier, key: &SigningKey) -> Result<(), VerifyError> {
    let claims = json!({
        "iss": ISSUER, "aud": "api://default", "sub": "x", "cid": "y",
        "iat": 1_700_000_000, "exp": 1_900_000_000,
    });
    let token = key.token(json!({"kid": key.key_id()}), &claims).unwrap();
    verifier.verify_access_token(&token).await.map(drop)
}

fn keys(keys: &[&SigningKey], cache_control: &str) -> Reply {
    let keys: Vec<_> = keys.iter().map(|key| key.public_jwk()).collect();
    let body = serde_json::to_string(&JwkSet::new(keys)).unwrap();
    reply(200, &[("cache-control", cache_control)], &body)
}

#[tokio::test(start_paused = true)]
async fn keys_are_renewed_in_the_background_before_their_time_is_over() {
    let setting = Setting::new(|number| {
        let (_, answer) = keys(&[&KEY], "max-age=3600");
        // Slow, once nobody has to wait for it.
        (Duration::from_secs(number as u64 * 10), answer)
    });
    setting.verify().await.unwrap();
    setting.pass(HOUR / 5 * 4 - 1);
    setting.verify().await.unwrap();
    setting.settle().await;
    assert_eq!(setting.asked(), 1);
    setting.pass(1);
    let start = tokio::time::Instant::now();
    let all = join_all((0..100).map(|_| setting.verify())).await;
    assert!(all.iter().all(Result::is_ok) && start.elapsed().is_zero());
    setting.settle().await;
    assert_eq!(setting.asked(), 2);
    tokio::time::sleep(Duration::from_secs(10)).await;
    setting.pass(HOUR / 5 * 4 - 1);
    setting.verify().await.unwrap();
    setting.settle().await;
    assert_eq!(setting.asked(), 2);
}

#[tokio::test(start_paused = true)]
async fn keys_whose_time_is_over_are_asked_for_before_use() {
    let new = made("two");
    let after = new.clone();
    let setting = Setting::new(move |number| match number {
        0 => keys(&[&KEY], "max-age=600"),
        _ => keys(&[&after], "max-age=600"),
    });
    setting.verify().await.unwrap();
    setting.pass(600);
    // The old key is gone from the server.
    assert!(matches!(
        setting.verify().await.unwrap_err(),
        VerifyError::UnknownKeyId { .. }
    ));
    setting.verify_by(&new).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn old_keys_serve_while_no_new_ones_can_be_had_but_not_for_ever() {
    for failure in [
        || broken(true),
        || reply(500, &[], "{}"),
        || reply(200, &[], "<html>"),
        || reply(200, &[], r#"{"keys":[]}"#),
    ] {
        let setting = Setting::new(move |number| match number {
            0 => keys(&[&KEY], "max-age=3600"),
            _ => failure(),
        });
        setting.verify().await.unwrap();
        setting.pass(HOUR);
        setting.verify().await.unwrap();
        assert_eq!(setting.asked(), 2);
        // Not each call asks again.
        for _ in 0..10 {
            setting.verify().await.unwrap();
        }
        setting.pass(9);
        setting.verify().await.unwrap();
        assert_eq!(setting.asked(), 2);
        setting.pass(3);
        setting.verify().await.unwrap();
        assert_eq!(setting.asked(), 3);
        setting.pass(24 * HOUR - 13);
        setting.verify().await.unwrap();
        setting.pass(1);
        assert!(matches!(
            setting.verify().await.unwrap_err(),
            VerifyError::Keys(_)
        ));
    }
}

#[tokio::test(start_paused = true)]
async fn a_failure_in_the_background_harms_nobody() {
    let setting = Setting::new(|number| match number {
        1 => reply(503, &[], "{}"),
        _ => keys(&[&KEY], "max-age=3600"),
    });
    setting.verify().await.unwrap();
    setting.pass(3000);
    for _ in 0..10 {
        setting.verify().await.unwrap();
        setting.settle().await;
    }
    assert_eq!(setting.asked(), 2);
    setting.pass(30);
    setting.verify().await.unwrap();
    setting.settle().await;
    assert_eq!(setting.asked(), 3);
}

#[tokio::test(start_paused = true)]
async fn unknown_keys_are_looked_for_now_and_then() {
    let setting = Setting::new(|_| keys(&[&KEY], "max-age=86400"));
    setting.verify().await.unwrap();
    let unknown = made("unknown");
    for seconds in 0..90 {
        let error = setting.verify_by(&unknown).await.unwrap_err();
        assert!(matches!(error, VerifyError::UnknownKeyId { .. }));
        assert_eq!(setting.asked(), 1 + (seconds + 1).min(6) + seconds / 8);
        setting.pass(1);
    }
}

/// A server that publishes a second key once it is told to.
fn rotating() -> (Setting, SigningKey, Arc<AtomicBool>) {
    let (new, is_published) = (made("two"), Arc::<AtomicBool>::default());
    let (after, published) = (new.clone(), Arc::clone(&is_published));
    let setting = Setting::new(move |_| match published.load(Ordering::SeqCst) {
        false => keys(&[&KEY], "max-age=86400"),
        true => keys(&[&KEY, &after], "max-age=86400"),
    });
    (setting, new, is_published)
}

#[tokio::test(start_paused = true)]
async fn a_new_key_is_found_at_once_after_five_made_up_ids_a_minute() {
    let (setting, new, is_published) = rotating();
    let unknown = made("unknown");
    for _ in 0..20 {
        for _ in 0..5 {
            setting.verify_by(&unknown).await.unwrap_err();
        }
        setting.pass(60);
    }
    for _ in 0..5 {
        setting.verify_by(&unknown).await.unwrap_err();
    }
    is_published.store(true, Ordering::SeqCst);
    setting.verify_by(&new).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_new_key_is_found_within_ten_seconds_under_a_flood_of_made_up_ids() {
    for published_at in 20..40 {
        let (setting, new, is_published) = rotating();
        let unknown = made("unknown");
        for second in 0..published_at + 10 {
            if second == published_at {
                is_published.store(true, Ordering::SeqCst);
            }
            for _ in 0..10 {
                setting.verify_by(&unknown).await.unwrap_err();
            }
            setting.pass(1);
        }
        setting.verify_by(&new).await.unwrap();
        assert!(setting.asked() < 20, "{}", setting.asked());
    }
}

#[tokio::test(start_paused = true)]
async fn a_thousand_unsigned_tokens_make_few_requests_to_a_dead_issuer() {
    let discovered = || {
        let issuer = Issuer::parse(ISSUER).unwrap();
        let document = serde_json::to_string(&ServerMetadata::okta(&issuer)).unwrap();
        reply(200, &[], &document)
    };
    type Dead = Box<dyn Fn(&str) -> Reply + Send + Sync>;
    let dead: [(&str, Dead); 7] = [
        ("unreachable", Box::new(|_| broken(true))),
        ("breaking", Box::new(|_| broken(false))),
        (
            "silent",
            Box::new(|_| {
                let (_, answer) = reply(200, &[], "{}");
                (Duration::from_secs(HOUR), answer)
            }),
        ),
        ("failing", Box::new(|_| reply(503, &[], "{}"))),
        ("absent", Box::new(|_| reply(404, &[], "{}"))),
        (
            "half absent",
            Box::new(|path| {
                reply(
                    if path.ends_with("openid-configuration") {
                        404
                    } else {
                        500
                    },
                    &[],
                    "{}",
                )
            }),
        ),
        (
            "without keys",
            Box::new(move |path| match path.ends_with("/keys") {
                true => reply(500, &[], "{}"),
                false => discovered(),
            }),
        ),
    ];
    let made_up = made("unknown");
    for (name, dead) in dead {
        let script = Script::new(move |_, request| dead(request.url().path()));
        let start = tokio::time::Instant::now();
        let verifier = &asking(&script);
        let calls = (0..1000).map(|number| {
            let made_up = &made_up;
            async move {
                tokio::time::sleep(Duration::from_millis(10 * number)).await;
                verify(verifier, made_up).await.unwrap_err()
            }
        });
        for error in join_all(calls).await {
            assert!(matches!(error, VerifyError::Keys(_)), "{name}: {error}");
        }
        let soon = script.times(start).iter().filter(|at| **at < 10.0).count();
        assert!((1..=3).contains(&soon), "{name}: {soon} requests");

        // Once it is known to be dead, nobody waits for it for long.
        tokio::time::sleep(Duration::from_secs(15)).await;
        let begun = tokio::time::Instant::now();
        verify(verifier, &made_up).await.unwrap_err();
        assert!(begun.elapsed() <= Duration::from_secs(2), "{name}");
    }
}

/// A verifier that knows nothing of its server yet, by tokio's clock.
fn asking(script: &Script) -> Verifier {
    let issuer = Issuer::parse(ISSUER).unwrap();
    let pipeline = Pipeline::builder(issuer.org_url(), NoCredentials).prompt();
    let start = tokio::time::Instant::now();
    Verifier::builder(issuer)
        .audience("api://default")
        .algorithms([Algorithm::Es256])
        .clock(Clock::new(move || {
            UNIX_EPOCH + Duration::from_secs(NOW) + start.elapsed()
        }))
        .build_with(pipeline.build_over(script.clone()).unwrap())
        .unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_key_ends_when_it_says_so() {
    let setting = Setting::new(|_| {
        let mut key = KEY.public_jwk().to_json();
        key["exp"] = json!(NOW + 1000);
        let set = json!({"keys": [key, made("two").public_jwk()]});
        reply(200, &[("cache-control", "max-age=3600")], &set.to_string())
    });
    setting.verify().await.unwrap();
    setting.pass(999);
    setting.verify().await.unwrap();
    setting.pass(1);
    let error = setting.verify().await.unwrap_err();
    assert!(matches!(error, VerifyError::UnfitKey { .. }), "{error}");
}

#[tokio::test(start_paused = true)]
async fn all_who_bring_a_new_key_wait_for_the_same_answer() {
    let new = made("two");
    let after = new.clone();
    let setting = Setting::new(move |number| {
        let (_, answer) = match number {
            0 => keys(&[&KEY], ""),
            _ => keys(&[&KEY, &after], ""),
        };
        (Duration::from_secs(2), answer)
    });
    setting.verify().await.unwrap();
    let all = join_all((0..100).map(|_| setting.verify_by(&new))).await;
    assert!(all.iter().all(Result::is_ok));
    assert_eq!(setting.asked(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_failing_key_server_is_not_an_unknown_key_and_is_left_alone() {
    let setting = Setting::new(|number| match number {
        0 => keys(&[&KEY], "max-age=3600"),
        _ => broken(false),
    });
    setting.verify().await.unwrap();
    let unknown = made("unknown");
    for _ in 0..10 {
        // It may have the key: only the server knows.
        let error = setting.verify_by(&unknown).await.unwrap_err();
        assert!(matches!(error, VerifyError::Keys(_)), "{error}");
    }
    setting.verify().await.unwrap();
    assert_eq!(setting.asked(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_clock_that_is_set_back_does_not_keep_keys_for_ever() {
    let setting = Setting::new(|_| keys(&[&KEY], "max-age=3600"));
    setting.verify().await.unwrap();
    setting.now.fetch_sub(1000, Ordering::SeqCst);
    setting.verify().await.unwrap();
    assert_eq!(setting.asked(), 2);
    setting.verify().await.unwrap();
    assert_eq!(setting.asked(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_caller_who_gives_up_leaves_the_keys_to_the_next() {
    let setting = Setting::new(|_| {
        let (_, answer) = keys(&[&KEY], "");
        (Duration::from_secs(5), answer)
    });
    let brief = tokio::time::timeout(Duration::from_secs(1), setting.verify()).await;
    assert!(brief.is_err());
    let start = tokio::time::Instant::now();
    setting.verify().await.unwrap();
    assert_eq!((setting.asked(), start.elapsed().as_secs()), (1, 4));
}

#[tokio::test(start_paused = true)]
async fn who_looked_before_the_keys_came_and_asks_after_that_gets_them() {
    let issuer = Issuer::parse(ISSUER).unwrap();
    let script = Script::new(|_, _| keys(&[&KEY], ""));
    let pipeline = Pipeline::builder(issuer.org_url(), NoCredentials)
        .build_over(script.clone())
        .unwrap();
    let metadata = ServerMetadata::okta(&issuer);
    let discovery = Discovery::new(issuer, pipeline.clone(), Clock::system())
        .know(metadata)
        .unwrap();
    let cache = KeyCache::new(discovery, pipeline, vec![Algorithm::Es256], Clock::system());
    let first = cache.renewed(None).await.unwrap();
    let late = cache.renewed(None).await.unwrap();
    assert!(Arc::ptr_eq(&first, &late));
    assert_eq!(script.sent(<[_]>::len), 1);
    let renewed = cache.renewed(Some(&first)).await.unwrap();
    assert!(!Arc::ptr_eq(&first, &renewed));
}
