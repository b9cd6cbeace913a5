#![allow(clippy::unwrap_used, clippy::panic)]
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::UNIX_EPOCH;

use http::header::AUTHORIZATION;
use http::{Method, StatusCode};
use reqwest::Request;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};
use url::Url;

use super::*;
use crate::clock::ServerClock;
use crate::dpop::{Dpop, DpopProofs};
use crate::testing::{Reply, Script, answer, reply};
use crate::{Call, OrgUrl, Pipeline, RawResponse, Secret};

const HOUR: Duration = Duration::from_secs(3600);
const CALL: Call = Call::new("getUser", "/api/v1/users/{userId}");

/// Follows tokio's clock.
fn clock() -> Clock {
    let start = Instant::now();
    Clock::new(move || UNIX_EPOCH + HOUR * 24 + start.elapsed())
}

type Answers = dyn Fn(usize) -> Result<Duration, Error> + Send + Sync;

/// Takes its time, a second, for each token; `answers` gives the life of the token by its number.
struct Source {
    clock: Clock,
    answers: Box<Answers>,
    asked: AtomicUsize,
    takes: Duration,
    dpop: Option<Dpop>,
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Source")
    }
}

impl TokenSource for Source {
    async fn fetch(&self) -> Result<AccessToken, Error> {
        let number = self.asked.fetch_add(1, Ordering::Relaxed);
        if !self.takes.is_zero() {
            sleep(self.takes).await;
        }
        let life = (self.answers)(number)?;
        let clock = ServerClock::new(self.clock.clone());
        AccessToken::new(
            Secret::from(format!("token-{number}")),
            DpopProofs::new(self.dpop.clone(), clock),
            Some(self.clock.now() + life),
        )
    }
}

fn cache(
    answers: impl Fn(usize) -> Result<Duration, Error> + Send + Sync + 'static,
) -> Arc<TokenCache<Source>> {
    cache_with(None, answers)
}

fn cache_with(
    dpop: Option<Dpop>,
    answers: impl Fn(usize) -> Result<Duration, Error> + Send + Sync + 'static,
) -> Arc<TokenCache<Source>> {
    let clock = clock();
    let source = Source {
        clock: clock.clone(),
        answers: Box::new(answers),
        asked: AtomicUsize::new(0),
        takes: Duration::from_secs(1),
        dpop,
    };
    Arc::new(TokenCache::new(source, clock))
}

fn asked(cache: &TokenCache<Source>) -> usize {
    cache.source().asked.load(Ordering::Relaxed)
}

/// The token at hand, of which no more than its number is worth knowing.
async fn number(cache: &TokenCache<Source>) -> Result<String, Error> {
    let held = cache.token().await?;
    Ok(held.token.text().expose().replace("token-", ""))
}

fn oauth_error(status: u16) -> Error {
    let body = r#"{"error": "invalid_client", "error_description": "who is that?"}"#;
    Error::from_answer(answer(status, &[("x-okta-request-id", "id-1")], body))
}

#[tokio::test(start_paused = true)]
async fn ten_thousand_tasks_make_one_request() {
    let cache = cache(|_| Ok(HOUR));
    for round in ["0", "1"] {
        let mut tasks = JoinSet::new();
        for _ in 0..10_000 {
            let cache = Arc::clone(&cache);
            tasks.spawn(async move { number(&cache).await.unwrap() });
        }
        while let Some(token) = tasks.join_next().await {
            assert_eq!(token.unwrap(), round);
        }
        sleep(HOUR).await;
    }
    assert_eq!(asked(&cache), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn tasks_on_several_threads_make_one_request() {
    for _ in 0..100 {
        let mut cache = Arc::into_inner(cache(|_| Ok(HOUR))).unwrap();
        Arc::get_mut(&mut cache.0).unwrap().source.takes = Duration::ZERO;
        let cache = Arc::new(cache);
        let mut tasks = JoinSet::new();
        for _ in 0..20 {
            let cache = Arc::clone(&cache);
            tasks.spawn(async move { number(&cache).await.unwrap() });
        }
        while let Some(token) = tasks.join_next().await {
            assert_eq!(token.unwrap(), "0");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_request_that_comes_too_late_is_not_made() {
    let cache = cache(|_| Ok(HOUR));
    number(&cache).await.unwrap();
    // The token landed after a task had seen that there was none.
    let held = Arc::clone(&cache.0).renew().await.unwrap();
    assert_eq!(held.token.text().expose(), "token-0");
    assert_eq!(asked(&cache), 1);
}

#[tokio::test(start_paused = true)]
async fn whoever_stops_waiting_takes_nothing_along() {
    let cache = cache(|_| Ok(HOUR));
    let brief = Duration::from_millis(10);
    assert!(timeout(brief, cache.token()).await.is_err());
    sleep(brief).await;
    assert_eq!(number(&cache).await.unwrap(), "0");
    assert_eq!(asked(&cache), 1);
}

#[tokio::test(start_paused = true)]
async fn a_token_lands_with_nobody_waiting() {
    let cache = cache(|_| Ok(HOUR));
    let brief = Duration::from_millis(10);
    assert!(timeout(brief, cache.token()).await.is_err());
    sleep(Duration::from_secs(60)).await;
    let before = Instant::now();
    assert_eq!(number(&cache).await.unwrap(), "0");
    assert_eq!(Instant::now(), before);
}

#[tokio::test(start_paused = true)]
async fn a_token_is_renewed_early_and_used_meanwhile() {
    // Five minutes before the end, or in the last tenth.
    for (life, early) in [(HOUR, 300), (Duration::from_secs(600), 60)] {
        let cache = cache(move |_| Ok(life));
        number(&cache).await.unwrap();
        sleep(life - Duration::from_secs(early + 3)).await;
        assert_eq!(number(&cache).await.unwrap(), "0");
        sleep(Duration::from_secs(2)).await;
        assert_eq!(asked(&cache), 1, "not yet");
        sleep(Duration::from_secs(1)).await;
        let before = Instant::now();
        for _ in 0..5 {
            assert_eq!(number(&cache).await.unwrap(), "0");
        }
        assert_eq!(Instant::now(), before, "nobody waits");
        sleep(Duration::from_secs(2)).await;
        assert_eq!(number(&cache).await.unwrap(), "1");
        assert_eq!(asked(&cache), 2);
    }
}

#[tokio::test(start_paused = true)]
async fn a_renewal_that_fails_leaves_the_token_and_is_tried_later() {
    let down = |number| match number {
        0 => Ok(HOUR),
        _ => Err(Error::timeout("down")),
    };
    let cache = cache(down);
    number(&cache).await.unwrap();
    sleep(HOUR - Duration::from_secs(300)).await;
    for _ in 0..290 {
        assert_eq!(number(&cache).await.unwrap(), "0");
        sleep(Duration::from_secs(1)).await;
    }
    let tries = asked(&cache) - 1;
    assert!((5..=7).contains(&tries), "ever less often: {tries}");
    sleep(Duration::from_secs(10)).await;
    let error = number(&cache).await.unwrap_err();
    assert!(error.is_credentials());
    assert_eq!(error.to_string(), "no access token: down");
}

#[tokio::test(start_paused = true)]
async fn a_failure_reaches_all_who_wait_with_oauths_words() {
    let cache = cache(|_| Err(oauth_error(401)));
    let mut tasks = JoinSet::new();
    for _ in 0..100 {
        let cache = Arc::clone(&cache);
        tasks.spawn(async move { number(&cache).await.unwrap_err() });
    }
    while let Some(error) = tasks.join_next().await {
        let error = error.unwrap();
        assert!(error.is_credentials() && !error.is_auth());
        assert_eq!(error.status(), Some(StatusCode::UNAUTHORIZED));
        assert_eq!(error.code(), Some("invalid_client"));
        assert_eq!(error.summary(), Some("who is that?"));
        assert_eq!(error.request_id(), Some("id-1"));
        assert_eq!(
            error.to_string(),
            "no access token: 401 Unauthorized: invalid_client: who is that? [request id id-1]"
        );
    }
    assert_eq!(asked(&cache), 1);
    number(&cache).await.unwrap_err();
    assert_eq!(asked(&cache), 1, "an error is kept for a while");
    sleep(Duration::from_secs(72)).await;
    number(&cache).await.unwrap_err();
    assert_eq!(asked(&cache), 2, "but not without end");
}

#[tokio::test(start_paused = true)]
async fn a_source_that_panics_can_be_asked_again() {
    let cache = cache(|number| match number {
        0 => panic!("a bug of the source"),
        _ => Ok(HOUR),
    });
    assert!(number(&cache).await.unwrap_err().is_credentials());
    assert_eq!(number(&cache).await.unwrap(), "1");
}

#[test]
fn a_runtime_that_ends_takes_only_its_request_along() {
    let runtime = || {
        let mut builder = tokio::runtime::Builder::new_current_thread();
        builder.enable_time().start_paused(true).build().unwrap()
    };
    let first = runtime();
    let cache = first.block_on(async { cache(|_| Ok(HOUR)) });
    let brief = Duration::from_millis(10);
    assert!(first.block_on(async { timeout(brief, cache.token()).await.is_err() }));
    drop(first);
    assert_eq!(runtime().block_on(number(&cache)).unwrap(), "1");
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_a_token_is_an_error() {
    for text in ["", " ", "a b", "a\nb", "ä"] {
        let proofs = DpopProofs::new(None, ServerClock::new(clock()));
        let error = AccessToken::new(text.into(), proofs, None).err().unwrap();
        assert!(error.is_decode());
    }
}

/// An API that is called with the tokens of `cache`; `answers` goes by the token.
fn api(
    cache: &Arc<TokenCache<Source>>,
    answers: impl Fn(&str) -> Reply + Send + Sync + 'static,
) -> (Pipeline, Script) {
    let script = Script::new(move |_, request: &Request| {
        answers(request.headers()[AUTHORIZATION].to_str().unwrap())
    });
    let org = OrgUrl::parse("https://acme.okta.com").unwrap();
    let pipeline = Pipeline::builder(org, Shared(Arc::clone(cache)));
    (pipeline.build_over(script.clone()).unwrap(), script)
}

async fn post(pipeline: &Pipeline) -> Result<RawResponse, Error> {
    let url = Url::parse("https://acme.okta.com/api/v1/users/me").unwrap();
    pipeline.send(Request::new(Method::POST, url), &CALL).await
}

/// Calls the API once; the answer, and the tokens that were sent.
async fn call(
    cache: &Arc<TokenCache<Source>>,
    answers: impl Fn(&str) -> Reply + Send + Sync + 'static,
) -> (Result<RawResponse, Error>, Vec<String>) {
    let (pipeline, script) = api(cache, answers);
    let result = post(&pipeline).await;
    let text = |value: &HeaderValue| value.to_str().unwrap().to_owned();
    let sent = script.sent(|sent| {
        let tokens = sent.iter().map(|sent| text(&sent.headers[AUTHORIZATION]));
        tokens.collect()
    });
    (result, sent)
}

#[derive(Debug)]
struct Shared(Arc<TokenCache<Source>>);

impl crate::CredentialsProvider for Shared {
    async fn headers(&self, request: crate::RequestContext<'_>) -> Result<http::HeaderMap, Error> {
        self.0.headers(request).await
    }

    async fn on_response(
        &self,
        request: crate::RequestContext<'_>,
        response: crate::ResponseContext<'_>,
    ) -> Result<crate::AfterResponse, Error> {
        self.0.on_response(request, response).await
    }
}

#[tokio::test(start_paused = true)]
async fn a_refused_token_is_renewed_once() {
    let cache = cache(|_| Ok(HOUR));
    let revoked = |token: &str| reply(if token == "Bearer token-0" { 401 } else { 200 }, &[], "");
    let (result, sent) = call(&cache, revoked).await;
    assert_eq!(result.unwrap().attempts, 2);
    assert_eq!(sent, ["Bearer token-0", "Bearer token-1"]);
    sleep(FORCED_EVERY).await;
    let all = |_: &str| reply(401, &[], r#"{"errorCode": "E0000011"}"#);
    let (result, sent) = call(&cache, all).await;
    let error = result.unwrap_err();
    assert!(error.is_auth() && error.code() == Some("E0000011"));
    assert_eq!(sent, ["Bearer token-1", "Bearer token-2"]);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_refuses_all_tokens_wears_out_few() {
    let cache = cache(|_| Ok(HOUR));
    let all = |_: &str| reply(401, &[], "");
    for _ in 0..5 {
        let (result, _) = call(&cache, all).await;
        assert!(result.unwrap_err().is_auth());
    }
    assert_eq!(asked(&cache), 2);
    sleep(FORCED_EVERY).await;
    let (_, sent) = call(&cache, all).await;
    assert_eq!(sent, ["Bearer token-1", "Bearer token-2"]);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_refuses_some_calls_forces_one_renewal_in_ten_seconds() {
    let cache = cache(|_| Ok(HOUR));
    number(&cache).await.unwrap();
    let (taken, _) = api(&cache, |_| reply(200, &[], ""));
    let (refused, _) = api(&cache, |_| reply(401, &[], ""));
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(60) {
        post(&taken).await.unwrap();
        assert!(post(&refused).await.unwrap_err().is_auth());
        sleep(Duration::from_millis(100)).await;
    }
    assert!((2..=7).contains(&asked(&cache)), "{}", asked(&cache));
}

#[tokio::test(start_paused = true)]
async fn two_hundred_calls_of_a_refused_client_ask_once() {
    let cache = cache(|_| Err(oauth_error(401)));
    let (pipeline, script) = api(&cache, |_| reply(200, &[], ""));
    for _ in 0..200 {
        let error = post(&pipeline).await.unwrap_err();
        assert!(error.is_credentials() && script.sent(<[_]>::is_empty));
        assert_eq!(error.code(), Some("invalid_client"));
        sleep(Duration::from_millis(250)).await;
    }
    assert_eq!(asked(&cache), 1);
}

#[tokio::test(start_paused = true)]
async fn two_hundred_calls_ask_a_dead_token_endpoint_ever_less_often() {
    let cache = cache(|_| Err(Error::timeout("down")));
    let (pipeline, _) = api(&cache, |_| reply(200, &[], ""));
    let mut asked_at = Vec::new();
    let start = Instant::now();
    for _ in 0..200 {
        let before = asked(&cache);
        post(&pipeline).await.unwrap_err();
        if asked(&cache) > before {
            asked_at.push(start.elapsed().as_secs());
        }
        sleep(Duration::from_secs(1)).await;
    }
    let waits: Vec<_> = asked_at.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert!(
        (10..=15).contains(&waits[0]) && (20..=27).contains(&waits[1]),
        "{waits:?}"
    );
    assert!(
        waits[2..].iter().all(|wait| (40..=75).contains(wait)),
        "{waits:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn ten_thousand_tasks_on_an_expired_token_share_one_failure() {
    let cache = cache(|number| match number {
        0 => Ok(HOUR),
        _ => Err(oauth_error(400)),
    });
    number(&cache).await.unwrap();
    sleep(HOUR).await;
    let mut tasks = JoinSet::new();
    for delay in 0..10_000 {
        let cache = Arc::clone(&cache);
        tasks.spawn(async move {
            sleep(Duration::from_millis(delay)).await;
            number(&cache).await.unwrap_err()
        });
    }
    while let Some(error) = tasks.join_next().await {
        assert_eq!(error.unwrap().code(), Some("invalid_client"));
    }
    assert_eq!(asked(&cache), 2);
}

#[tokio::test(start_paused = true)]
async fn tokens_that_come_ended_are_not_asked_for_by_each_call() {
    let cache = cache(|_| Ok(Duration::ZERO));
    for _ in 0..200 {
        let error = number(&cache).await.unwrap_err();
        assert!(error.to_string().contains("`expires_in`"), "{error}");
    }
    assert_eq!(asked(&cache), 1);
}

#[tokio::test(start_paused = true)]
async fn calls_refused_together_renew_once() {
    let cache = cache(|_| Ok(HOUR));
    let refused = cache.token().await.unwrap().token.authorization().clone();
    for _ in 0..100 {
        assert!(cache.refused(&refused));
    }
    assert_eq!(number(&cache).await.unwrap(), "1");
    assert!(cache.refused(&refused), "one that comes late");
    assert_eq!(number(&cache).await.unwrap(), "1");
    assert_eq!(asked(&cache), 2);
}

#[tokio::test(start_paused = true)]
async fn a_renewal_that_fails_is_the_calls_error() {
    let cache = cache(|number| match number {
        0 => Ok(HOUR),
        _ => Err(oauth_error(400)),
    });
    let (result, sent) = call(&cache, |_: &str| reply(401, &[], "")).await;
    let error = result.unwrap_err();
    assert!(error.is_credentials());
    assert_eq!(error.code(), Some("invalid_client"));
    assert_eq!(sent, ["Bearer token-0"]);
    assert!(
        error
            .to_string()
            .starts_with("POST /api/v1/users/{userId} (getUser): no access token: 400"),
        "{error}"
    );
}

#[tokio::test(start_paused = true)]
async fn bound_tokens_go_with_proofs_and_learn_nonces() {
    let cache = cache_with(Some(Dpop::new().unwrap()), |_| Ok(HOUR));
    let asks = AtomicBool::new(true);
    let refusal = [
        ("www-authenticate", r#"DPoP error="use_dpop_nonce""#),
        ("dpop-nonce", "n-1"),
    ];
    let (result, sent) = call(&cache, move |token| {
        match (token, asks.swap(false, Ordering::Relaxed)) {
            ("DPoP token-0", false) => reply(401, &[], ""),
            (_, true) => reply(401, &refusal, ""),
            _ => reply(200, &[], ""),
        }
    })
    .await;
    // A nonce, then a renewed token: neither stands in the other's way.
    assert_eq!(result.unwrap().attempts, 3);
    assert_eq!(sent, ["DPoP token-0", "DPoP token-0", "DPoP token-1"]);
}

#[test]
fn debug_shows_no_token() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap();
    let cache = runtime.block_on(async {
        let cache = cache(|_| Ok(HOUR));
        number(&cache).await.unwrap();
        cache
    });
    assert_eq!(format!("{cache:?}"), "TokenCache(Source)");
}
