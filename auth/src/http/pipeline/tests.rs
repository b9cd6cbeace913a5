#![allow(clippy::unwrap_used)]
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use url::Url;

use super::*;
use crate::testing::{Reply, Script, broken, reply};
use crate::{
    AfterResponse, ApiToken, CredentialsProvider, Renewed, RequestContext, ResponseContext,
};

pub(super) const CALL: Call = Call::new("getUser", "/api/v1/users/{userId}");
const NOW: (&str, &str) = ("date", "Sun, 09 Sep 2001 01:46:40 GMT");
const ID: (&str, &str) = ("x-okta-request-id", "first-id");

pub(super) fn builder() -> PipelineBuilder {
    let org = OrgUrl::parse("https://acme.okta.com").unwrap();
    Pipeline::builder(org, ApiToken::new("00abc").unwrap())
}

pub(super) fn request(method: Method) -> Request {
    Request::new(
        method,
        Url::parse("https://acme.okta.com/api/v1/users/me").unwrap(),
    )
}

/// Answers with each of `replies` in turn.
pub(super) fn in_turn(replies: Vec<Reply>) -> Script {
    let replies = Mutex::new(replies.into_iter());
    Script::new(move |_, _| replies.lock().unwrap().next().unwrap())
}

pub(super) async fn send(
    builder: PipelineBuilder,
    script: &Script,
    method: Method,
    call: Call,
) -> Result<RawResponse, Error> {
    builder
        .build_over(script.clone())
        .unwrap()
        .send(request(method), &call)
        .await
}

pub(super) fn limited(reset: &'static str) -> Reply {
    let limits = [
        ("x-rate-limit-limit", "600"),
        ("x-rate-limit-remaining", "0"),
    ];
    reply(
        429,
        &[NOW, ID, limits[0], limits[1], ("x-rate-limit-reset", reset)],
        "{}",
    )
}

#[tokio::test(start_paused = true)]
async fn a_429_is_sent_again_when_the_window_ends() {
    let start = Instant::now();
    let script = in_turn(vec![limited("1000000030"), reply(200, &[], "done")]);
    let response = send(builder(), &script, Method::POST, CALL).await.unwrap();
    assert_eq!((response.status, response.attempts), (StatusCode::OK, 2));
    assert_eq!(response.body, "done");
    assert_eq!(script.times(start), [0.0, 30.0]);
    script.sent(|sent| {
        assert!(!sent[0].headers.contains_key("x-okta-retry-count"));
        assert_eq!(sent[1].headers["x-okta-retry-for"], "first-id");
        assert_eq!(sent[1].headers["x-okta-retry-count"], "1");
    });
}

#[tokio::test(start_paused = true)]
async fn the_first_request_id_stays_in_later_retries() {
    let second = reply(503, &[("x-okta-request-id", "second-id")], "");
    let script = in_turn(vec![limited("1000000002"), second, reply(204, &[], "")]);
    send(builder(), &script, Method::GET, CALL).await.unwrap();
    script.sent(|sent| {
        assert_eq!(sent[2].headers["x-okta-retry-for"], "first-id");
        assert_eq!(
            sent[2].headers.get_all("x-okta-retry-count").iter().count(),
            1
        );
        assert_eq!(sent[2].headers["x-okta-retry-count"], "2");
    });
}

#[tokio::test(start_paused = true)]
async fn a_concurrency_limit_backs_off_briefly() {
    let start = Instant::now();
    let zero = [("x-rate-limit-limit", "0"), ("x-rate-limit-remaining", "0")];
    let refused = reply(
        429,
        &[NOW, zero[0], zero[1], ("x-rate-limit-reset", "1000000060")],
        "",
    );
    let script = in_turn(vec![refused, reply(200, &[], "")]);
    send(builder(), &script, Method::POST, CALL).await.unwrap();
    assert_eq!(script.times(start), [0.0, 0.25]);
}

#[tokio::test(start_paused = true)]
async fn retries_end() {
    let start = Instant::now();
    let script = Script::new(|_, _| reply(503, &[], "maintenance"));
    let error = send(builder(), &script, Method::GET, CALL)
        .await
        .unwrap_err();
    assert_eq!(error.status(), Some(StatusCode::SERVICE_UNAVAILABLE));
    assert_eq!(error.body_text().unwrap(), "maintenance");
    assert_eq!(script.times(start), [0.0, 0.25, 0.75]);

    let script = Script::new(|_, _| reply(503, &[], ""));
    send(builder().max_retries(0), &script, Method::GET, CALL)
        .await
        .unwrap_err();
    assert_eq!(script.times(start).len(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_may_have_arrived_is_repeated_only_if_that_is_safe() {
    let again = |idempotent| CALL.idempotent(idempotent);
    for (unsent, method, call, sendings) in [
        (true, Method::POST, CALL, 2),
        (false, Method::POST, CALL, 1),
        (false, Method::PATCH, CALL, 1),
        (false, Method::PUT, CALL, 2),
        (false, Method::DELETE, CALL, 2),
        (false, Method::GET, CALL, 2),
        (false, Method::POST, again(true), 2),
        (false, Method::DELETE, again(false), 1),
    ] {
        let script = in_turn(vec![broken(unsent), reply(200, &[], "")]);
        let result = send(builder(), &script, method.clone(), call).await;
        assert_eq!(
            script.sent(<[_]>::len),
            sendings,
            "{unsent} {method} {call:?}"
        );
        match result {
            Ok(_) => assert_eq!(sendings, 2),
            Err(error) => assert!(error.is_transport() && !error.is_timeout()),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_streamed_body_is_sent_once() {
    let script = Script::new(|_, _| limited("1000000002"));
    let mut request = request(Method::PUT);
    let body = futures::stream::iter([Ok::<_, std::io::Error>("photo")]);
    *request.body_mut() = Some(reqwest::Body::wrap_stream(body));
    let pipeline = builder().build_over(script.clone()).unwrap();
    assert!(
        pipeline
            .send(request, &CALL)
            .await
            .unwrap_err()
            .is_rate_limited()
    );
    assert_eq!(script.sent(<[_]>::len), 1);
}

#[tokio::test(start_paused = true)]
async fn a_wait_beyond_the_deadline_or_the_longest_wait_fails_at_once() {
    let limit = Duration::from_secs(10);
    for (builder, call, note) in [
        (
            builder().request_timeout(limit),
            CALL,
            "would pass the call's deadline",
        ),
        (
            builder(),
            CALL.timeout(limit),
            "would pass the call's deadline",
        ),
        (
            builder().request_timeout(Duration::from_secs(99)),
            CALL.timeout(limit),
            "deadline",
        ),
        (
            builder().max_backoff(limit),
            CALL,
            "more than the longest wait of 10s",
        ),
    ] {
        let start = Instant::now();
        let script = in_turn(vec![limited("1000000030")]);
        let error = send(builder, &script, Method::GET, call).await.unwrap_err();
        assert!(error.is_rate_limited());
        assert_eq!(error.retry_after(), Some(Duration::from_secs(30)));
        assert_eq!(error.request_id(), Some("first-id"));
        assert!(error.to_string().contains(note), "{error}");
        assert_eq!(start.elapsed(), Duration::ZERO);
    }
}

#[tokio::test(start_paused = true)]
async fn the_deadline_ends_a_call_and_the_attempt_timeout_a_sending() {
    let hang = || {
        (
            Duration::from_secs(1_000_000),
            Ok(crate::testing::answer(200, &[], "")),
        )
    };
    let start = Instant::now();
    let script = Script::new(move |_, _| hang());
    let call = CALL.timeout(Duration::from_secs(5));
    let error = send(builder(), &script, Method::GET, call)
        .await
        .unwrap_err();
    assert!(error.is_timeout() && error.is_transport());
    assert_eq!(error.operation(), Some("getUser"));
    assert_eq!(start.elapsed(), Duration::from_secs(5));

    for (method, sendings) in [(Method::GET, 2), (Method::POST, 1)] {
        let script = in_turn(vec![hang(), reply(200, &[], "")]);
        let builder = builder().attempt_timeout(Duration::from_secs(7));
        let result = send(builder, &script, method, CALL).await;
        assert_eq!(script.sent(<[_]>::len), sendings);
        match result {
            Ok(response) => assert_eq!(response.attempts, 2),
            Err(error) => assert!(error.is_timeout() && sendings == 1),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn nonsense_times_do_not_panic() {
    let endless =
        |retry_after| move |_, _: &Request| reply(429, &[("retry-after", retry_after)], "");
    let builder = builder()
        .max_backoff(Duration::MAX)
        .attempt_timeout(Duration::MAX);
    let script = Script::new(endless("18446744073709551615"));
    let call = CALL.timeout(Duration::MAX);
    let error = send(builder.max_retries(1), &script, Method::GET, call)
        .await
        .unwrap_err();
    assert!(error.is_rate_limited());
    assert_eq!(script.sent(<[_]>::len), 2);
}

#[tokio::test(start_paused = true)]
async fn credentials_never_leave_the_origin() {
    let script = in_turn(vec![]);
    let pipeline = builder().build_over(script.clone()).unwrap();
    for url in [
        "https://evil.example/",
        "http://acme.okta.com/",
        "https://acme.okta.com:1/",
    ] {
        let request = Request::new(Method::GET, Url::parse(url).unwrap());
        let error = pipeline.send(request, &CALL).await.unwrap_err();
        assert!(error.is_invalid_argument(), "{url}");
    }
    assert_eq!(script.sent(<[_]>::len), 0);
}

#[tokio::test(start_paused = true)]
async fn a_redirect_is_an_error() {
    let script = in_turn(vec![reply(
        302,
        &[("location", "https://evil.example/")],
        "",
    )]);
    let error = send(builder(), &script, Method::GET, CALL)
        .await
        .unwrap_err();
    assert_eq!(error.status(), Some(StatusCode::FOUND));
    assert!(error.to_string().contains("redirects are not followed"));
}

/// Numbers its headers, and wants each 401 sent again.
#[derive(Debug, Default)]
struct Renewing(AtomicU32);

impl CredentialsProvider for Renewing {
    async fn headers(&self, request: RequestContext<'_>) -> Result<HeaderMap, Error> {
        let proof = format!("Proof {} of attempt {}", self.next(), request.attempt);
        Ok(HeaderMap::from_iter([(
            AUTHORIZATION,
            HeaderValue::try_from(proof).unwrap(),
        )]))
    }

    async fn on_response(
        &self,
        _: RequestContext<'_>,
        response: ResponseContext<'_>,
    ) -> Result<AfterResponse, Error> {
        Ok(match response.status {
            StatusCode::OK | StatusCode::UNAUTHORIZED => AfterResponse::SendAgain(Renewed::Token),
            StatusCode::BAD_REQUEST => AfterResponse::SendAgain(Renewed::Nonce),
            _ => AfterResponse::Keep,
        })
    }
}

impl Renewing {
    fn next(&self) -> u32 {
        self.0.fetch_add(1, Ordering::Relaxed)
    }
}

#[tokio::test(start_paused = true)]
async fn each_sending_has_fresh_credentials() {
    let org = OrgUrl::parse("https://acme.okta.com").unwrap();
    let script = in_turn(vec![
        limited("1000000002"),
        reply(401, &[], ""),
        reply(200, &[], ""),
    ]);
    let builder = Pipeline::builder(org, Renewing::default());
    let response = send(builder, &script, Method::POST, CALL).await.unwrap();
    assert_eq!(response.attempts, 3);
    script.sent(|sent| {
        for (number, sent) in sent.iter().enumerate() {
            let authorization = &sent.headers[AUTHORIZATION];
            assert_eq!(
                *authorization,
                format!("Proof {number} of attempt {}", number + 1)
            );
            assert!(authorization.is_sensitive());
        }
        // A renewal is no retry.
        assert_eq!(sent[2].headers["x-okta-retry-count"], "1");
    });
}

#[tokio::test(start_paused = true)]
async fn each_renewal_is_made_once() {
    for (statuses, sendings) in [([401, 401, 401], 2), ([400, 401, 400], 3)] {
        let org = OrgUrl::parse("https://acme.okta.com").unwrap();
        let script = in_turn(statuses.map(|status| reply(status, &[], "")).into());
        let builder = Pipeline::builder(org, Renewing::default());
        let error = send(builder, &script, Method::GET, CALL).await.unwrap_err();
        assert_eq!(error.status().unwrap(), statuses[sendings - 1]);
        assert_eq!(script.sent(<[_]>::len), sendings);
    }
}

/// Takes the request's word for who is asking.
#[derive(Debug)]
struct Echo;

impl CredentialsProvider for Echo {
    async fn headers(&self, request: RequestContext<'_>) -> Result<HeaderMap, Error> {
        assert!(!request.headers.contains_key(AUTHORIZATION));
        let name = request.headers["x-name"].clone();
        Ok(HeaderMap::from_iter([(AUTHORIZATION, name)]))
    }

    async fn on_response(
        &self,
        request: RequestContext<'_>,
        _: ResponseContext<'_>,
    ) -> Result<AfterResponse, Error> {
        assert_eq!(request.headers[AUTHORIZATION], "joe");
        Ok(AfterResponse::Keep)
    }
}

#[tokio::test(start_paused = true)]
async fn credentials_see_the_headers_and_can_be_exchanged() {
    let script = Script::new(|_, _| reply(200, &[], ""));
    let pipeline = builder().build_over(script.clone()).unwrap();
    let mut named = request(Method::GET);
    named.headers_mut().insert("x-name", "joe".parse().unwrap());
    let other = pipeline.with_credentials(Echo);
    other.send(named, &CALL).await.unwrap();
    pipeline.send(request(Method::GET), &CALL).await.unwrap();
    script.sent(|sent| {
        assert_eq!(sent[0].headers[AUTHORIZATION], "joe");
        assert_eq!(sent[1].headers[AUTHORIZATION], "SSWS 00abc");
    });
}

#[derive(Debug)]
struct Locked;

impl CredentialsProvider for Locked {
    async fn headers(&self, _: RequestContext<'_>) -> Result<HeaderMap, Error> {
        Err(Error::credentials("the vault is locked"))
    }
}

#[tokio::test(start_paused = true)]
async fn without_credentials_nothing_is_sent() {
    let org = OrgUrl::parse("https://acme.okta.com").unwrap();
    let script = in_turn(vec![]);
    let error = send(Pipeline::builder(org, Locked), &script, Method::GET, CALL).await;
    let error = error.unwrap_err();
    assert!(error.is_credentials());
    assert_eq!(
        error.to_string(),
        "GET /api/v1/users/{userId} (getUser): the vault is locked"
    );
    assert_eq!(script.sent(<[_]>::len), 0);
}

#[test]
fn a_response_prints_without_headers_query_and_body() {
    let response = RawResponse {
        status: StatusCode::OK,
        headers: crate::testing::headers(&[ID, ("set-cookie", "sid=leak")]),
        body: "leak".into(),
        url: Url::parse("https://acme.okta.com/api/v1/x?token=leak").unwrap(),
        attempts: 1,
    };
    let text = format!("{response:?}");
    assert!(
        !text.contains("leak") && text.contains("first-id"),
        "{text}"
    );
}

#[tokio::test(start_paused = true)]
async fn refusals_that_do_not_end_are_met_for_a_minute_and_no_longer() {
    for (status, body) in [(429, ""), (423, r#"{"errorCode":"E0000239"}"#)] {
        let script = Script::new(move |_, _| reply(status, &[], body));
        let org = OrgUrl::parse("https://acme.okta.com").unwrap();
        let pipeline = Pipeline::builder(org, ApiToken::new("00abc").unwrap());
        let pipeline = pipeline.build_over(script.clone()).unwrap();
        let url = pipeline.org_url().as_url().join("/api/v1/users").unwrap();
        let start = Instant::now();
        let call = Call::new("createUser", "/api/v1/users");
        let request = Request::new(Method::POST, url);
        let error = pipeline.send(request, &call).await.unwrap_err();
        assert_eq!(error.status().unwrap(), status);
        // Without jitter a wait is half of 0.5 s, 1 s, 2 s and so on.
        let times = [0.0, 0.25, 0.75, 1.75, 3.75, 7.75, 15.75, 31.75, 63.75];
        assert_eq!(script.times(start), times);
    }
}

#[tokio::test(start_paused = true)]
async fn an_org_limit_holds_over_all_buckets_and_repeats() {
    let script = Script::new(|number, _| {
        let status = if number % 5 == 4 { 503 } else { 200 };
        reply(status, &[], "{}")
    });
    let pipeline = builder().org_limit(10).build_over(script.clone()).unwrap();
    let other = pipeline.with_credentials(ApiToken::new("00def").unwrap());
    let start = Instant::now();
    for number in 0..28 {
        let pipeline = if number % 2 == 0 { &pipeline } else { &other };
        let path = if number % 3 == 0 { "/api/v1/a" } else { "/b" };
        let call = Call::new("call", path);
        pipeline.send(request(Method::GET), &call).await.unwrap();
    }
    let times = script.times(start);
    assert!(times.len() > 30, "some were repeated");
    for window in times.windows(11) {
        assert!(window[10] - window[0] >= 60.0, "{window:?}");
    }

    let pipeline = builder().org_limit(1).build_over(script).unwrap();
    pipeline.send(request(Method::GET), &CALL).await.unwrap();
    let call = CALL.timeout(Duration::from_secs(20));
    let error = pipeline.send(request(Method::GET), &call).await;
    assert!(error.unwrap_err().is_rate_limited());
}
