//! How far a call came, in its error.
#![allow(clippy::unwrap_used)]

use std::time::Duration;

use http::HeaderMap;

use super::tests::{CALL, builder, in_turn, limited, request, send};
use super::*;
use crate::testing::{Reply, Script, answer, broken, reply};
use crate::{CredentialsProvider, RequestContext, Stage};

const LIMIT: Duration = Duration::from_secs(5);

fn hang() -> Reply {
    (Duration::from_secs(1_000_000), Ok(answer(200, &[], "")))
}

/// What an error says of how far its call came.
fn told(error: &Error) -> (u32, Option<Stage>, bool) {
    (error.attempts(), error.stage(), error.may_have_arrived())
}

#[tokio::test(start_paused = true)]
async fn a_call_cut_while_it_waits_for_the_answer() {
    let script = in_turn(vec![limited("1000000002"), hang()]);
    let call = CALL.timeout(LIMIT);
    let error = send(builder(), &script, Method::POST, call).await;
    let error = error.unwrap_err();
    assert_eq!(told(&error), (2, Some(Stage::Answer), true));
    assert_eq!(
        error.to_string(),
        "POST /api/v1/users/{userId} (getUser): the call took longer than its 5s, waiting for the \
         answer in the end (2 attempts, which may have arrived)"
    );
}

#[tokio::test(start_paused = true)]
async fn a_call_cut_while_it_waits_for_the_rate_limit() {
    // A window for one call, which has ended: the next call finds out when the new one ends, and
    // the others wait for its answer.
    let full = [
        ("date", "Sun, 09 Sep 2001 01:46:40 GMT"),
        ("x-rate-limit-limit", "1"),
        ("x-rate-limit-remaining", "1"),
        ("x-rate-limit-reset", "1000000001"),
    ];
    let script = Script::new(move |number, _| match number {
        0 => reply(200, &full, ""),
        _ => hang(),
    });
    let pipeline = builder().build_over(script).unwrap();
    let post = || request(Method::POST);
    pipeline.send(post(), &CALL).await.unwrap();
    let call = CALL.timeout(LIMIT);
    tokio::time::sleep(Duration::from_secs(2)).await;
    let (one, two) = tokio::join!(pipeline.send(post(), &call), pipeline.send(post(), &call));
    let mut told = [told(&one.unwrap_err()), told(&two.unwrap_err())];
    told.sort_by_key(|told| told.0);
    assert_eq!(
        told,
        [
            (0, Some(Stage::RateLimit), false),
            (1, Some(Stage::Answer), true)
        ]
    );
}

/// Has no credentials yet.
#[derive(Debug)]
struct Waits;

impl CredentialsProvider for Waits {
    async fn headers(&self, _: RequestContext<'_>) -> Result<HeaderMap, Error> {
        std::future::pending().await
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_cut_while_it_waits_for_credentials() {
    let org = OrgUrl::parse("https://acme.okta.com").unwrap();
    let call = CALL.timeout(LIMIT);
    let script = in_turn(vec![]);
    let error = send(Pipeline::builder(org, Waits), &script, Method::POST, call).await;
    let error = error.unwrap_err();
    assert_eq!(told(&error), (0, Some(Stage::Credentials), false));
    let text = error.to_string();
    assert!(
        text.ends_with("waiting for credentials in the end (nothing was sent)"),
        "{text}"
    );
}

#[tokio::test(start_paused = true)]
async fn attempts_that_break_off() {
    for (first, second, expected, words) in [
        (
            broken(true),
            broken(true),
            (2, Stage::Connect, false),
            "could not connect (2 attempts, which have had no effect)",
        ),
        (
            broken(true),
            broken(false),
            (2, Stage::Answer, true),
            "the connection broke before the response ended (2 attempts, which may have arrived)",
        ),
        (
            broken(false),
            broken(true),
            (2, Stage::Connect, true),
            "could not connect (2 attempts, which may have arrived)",
        ),
        (
            reply(503, &[], ""),
            broken(true),
            (2, Stage::Connect, true),
            "could not connect (2 attempts, which may have arrived)",
        ),
    ] {
        let script = in_turn(vec![first, second]);
        let once = builder().max_retries(1);
        let error = send(once, &script, Method::GET, CALL).await.unwrap_err();
        let (attempts, stage, arrived) = expected;
        assert_eq!(told(&error), (attempts, Some(stage), arrived), "{words}");
        assert!(error.to_string().ends_with(words), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_okta_refuses_has_had_no_effect() {
    for (status, arrived) in [(400, false), (429, false), (408, true), (500, true)] {
        let script = in_turn(vec![reply(status, &[], "")]);
        let once = builder().max_retries(0);
        let error = send(once, &script, Method::POST, CALL).await.unwrap_err();
        assert_eq!(told(&error), (1, Some(Stage::Answer), arrived), "{status}");
        assert!(!error.to_string().contains("attempt"), "{error}");
    }
}

#[test]
fn what_was_answered_well_has_had_its_effect() {
    let response = RawResponse {
        status: http::StatusCode::OK,
        headers: HeaderMap::new(),
        body: "{".into(),
        url: Url::parse("https://acme.okta.com/").unwrap(),
        attempts: 1,
    };
    let error = Error::decode("$", "not JSON", None);
    assert!(!error.may_have_arrived());
    assert!(error.with_response(&response).may_have_arrived());
}
