//! What observers are told.
#![allow(clippy::unwrap_used)]

mod scripted;

use std::future::pending;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use okta_auth::transport::{Answer, Broken, SendError, Transport};
use okta_auth::{AddedHeaders, ApiToken, Attempt, AttemptEnd, Call, Observer, OrgUrl, Pipeline};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::{Request, StatusCode};
use scripted::{Scripted, builder, get};
use tokio::time::{sleep, timeout};

#[derive(Clone, Debug, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    fn push(&self, line: String) {
        self.0.lock().unwrap().push(line);
    }

    fn lines(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

impl Observer for Log {
    fn on_response(&self, attempt: &Attempt<'_>, end: &AttemptEnd<'_>) {
        let failure = end.failure.map(|failure| failure.to_string());
        let status = end.status.map(|status| status.as_u16());
        self.push(format!(
            "{} {status:?} {failure:?} {:?}",
            attempt.number, end.duration
        ));
    }
}

fn with_id(status: StatusCode) -> Result<Answer, SendError> {
    let id = ("x-okta-request-id", "req-7");
    let headers = [id].map(|(name, value)| {
        let name = HeaderName::from_static(name);
        (name, HeaderValue::from_static(value))
    });
    Ok(Answer::new(status, HeaderMap::from_iter(headers), "leak"))
}

#[tokio::test(start_paused = true)]
async fn each_attempt_is_told_with_its_end() {
    let transport = Scripted::new(|number, _| match number {
        1 => with_id(StatusCode::SERVICE_UNAVAILABLE),
        2 => Err(Broken::unsent("no network").into()),
        3 => Err(Broken::may_have_arrived("reset").into()),
        4 => Err(Broken::unsent("slow network").timed_out().into()),
        _ => with_id(StatusCode::OK),
    });
    let (before, after) = (Log::default(), Log::default());
    let (told_before, told_after) = (before.clone(), after.clone());
    let pipeline = builder("https://acme.okta.com")
        .max_retries(4)
        .transport(transport)
        .on_request(move |attempt| {
            let Attempt {
                operation,
                method,
                path,
                number,
                org,
                ..
            } = attempt;
            told_before.push(format!("{operation} {method} {path} {number} {org}"));
        })
        .on_response(move |attempt, end| told_after.push(format!("{attempt:?} {end:?}")))
        .observer(after.clone())
        .build()
        .unwrap();
    get(&pipeline).await.unwrap();

    let told: Vec<_> = (1..=5)
        .map(|n| format!("getUser GET /api/v1/users/{{userId}} {n} https://acme.okta.com"))
        .collect();
    assert_eq!(before.lines(), told);
    let ends = after.lines();
    assert!(
        ends[0].contains(r#"request_id: Some("req-7")"#),
        "{}",
        ends[0]
    );
    let ends: Vec<&str> = ends.iter().skip(1).step_by(2).map(String::as_str).collect();
    assert_eq!(
        ends,
        [
            "1 Some(503) None 0ns",
            r#"2 None Some("connect") 0ns"#,
            r#"3 None Some("disconnect") 0ns"#,
            r#"4 None Some("timeout") 0ns"#,
            "5 Some(200) None 0ns",
        ]
    );
    assert!(!format!("{:?} {pipeline:?}", after.lines()).contains("leak"));
}

/// Answers after this time, or never.
#[derive(Debug)]
struct Slow(Option<Duration>);

impl Transport for Slow {
    async fn send(&self, _: Request, _: &Call) -> Result<Answer, SendError> {
        match self.0 {
            Some(time) => sleep(time).await,
            None => pending().await,
        }
        with_id(StatusCode::OK)
    }
}

fn slow(time: Option<Duration>, log: &Log) -> Pipeline {
    let org = OrgUrl::parse("https://acme.okta.com").unwrap();
    Pipeline::builder(org, ApiToken::new("00abc").unwrap())
        .transport(Slow(time))
        .observer(log.clone())
        .request_timeout(Duration::from_secs(9))
        .build()
        .unwrap()
}

#[tokio::test(start_paused = true)]
async fn the_duration_is_that_of_the_attempt() {
    let log = Log::default();
    get(&slow(Some(Duration::from_secs(3)), &log))
        .await
        .unwrap();
    assert_eq!(log.lines(), ["1 Some(200) None 3s"]);
}

#[tokio::test(start_paused = true)]
async fn an_attempt_that_is_cut_is_told_too() {
    let log = Log::default();
    let pipeline = slow(None, &log);
    get(&pipeline).await.unwrap_err();
    timeout(Duration::from_secs(2), get(&pipeline))
        .await
        .unwrap_err();
    assert_eq!(
        log.lines(),
        [
            r#"1 None Some("timeout") 9s"#,
            r#"1 None Some("cancelled") 2s"#
        ]
    );
}

/// Adds a header, and tries to replace the credentials.
#[derive(Debug)]
struct Adds(Log);

impl Observer for Adds {
    fn on_request(&self, _: &Attempt<'_>, headers: &mut AddedHeaders<'_>) {
        let mut add = |name: &'static str| {
            let name = HeaderName::from_static(name);
            headers.add(name, HeaderValue::from_static("mine"))
        };
        let added = (add("x-mine"), add("authorization"));
        self.0.push(format!("{added:?} {headers:?}"));
    }
}

#[tokio::test(start_paused = true)]
async fn headers_can_be_added_and_neither_replaced_nor_read() {
    let log = Log::default();
    let transport = Scripted::new(|_, request| {
        assert_eq!(request.headers()["x-mine"], "mine");
        with_id(StatusCode::OK)
    });
    let pipeline = builder("https://acme.okta.com")
        .transport(transport.clone())
        .observer(Adds(log.clone()))
        .build()
        .unwrap();
    get(&pipeline).await.unwrap();
    assert_eq!(transport.sent(), ["acme.okta.com SSWS 00abc getUser"]);
    assert_eq!(log.lines(), ["(true, false) AddedHeaders(…)"]);
}

#[tokio::test]
async fn what_an_answer_says_of_the_rate_limit_is_told() {
    let transport = Scripted::new(|_, _| {
        let headers = [
            ("limit", "600"),
            ("remaining", "599"),
            ("reset", "1700000060"),
        ];
        let headers = headers.map(|(name, value)| {
            let name = HeaderName::try_from(format!("x-rate-limit-{name}")).unwrap();
            (name, HeaderValue::from_static(value))
        });
        let headers = HeaderMap::from_iter(headers);
        Ok(Answer::new(StatusCode::OK, headers, "{}"))
    });
    let log = Log::default();
    let told = log.clone();
    let pipeline = builder("https://acme.okta.com")
        .transport(transport)
        .on_response(move |_, end| told.push(format!("{:?}", end.rate_limit)))
        .build()
        .unwrap();
    get(&pipeline).await.unwrap();
    let limit = "Some(RateLimit { limit: 600, remaining: 599, reset: 1700000060 })";
    assert_eq!(log.lines(), [limit]);
}
