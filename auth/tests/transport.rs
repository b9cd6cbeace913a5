//! A transport of one's own, and one that several orgs share.
#![allow(clippy::unwrap_used)]

mod scripted;

use okta_auth::transport::{Answer, Broken, SendError};
use okta_auth::{ApiToken, BearerToken, Error, OrgUrl};
use reqwest::header::{HeaderMap, HeaderValue};
use reqwest::{Method, Request, StatusCode};
use scripted::{CALL, Scripted, builder, get, ok};
use tokio::time::{Duration, Instant};

#[tokio::test(start_paused = true)]
async fn what_breaks_is_repeated_over_a_transport_of_ones_own() {
    let transport = Scripted::new(|number, _| match number {
        1 => Err(Broken::unsent("no network").into()),
        2 => Err(Broken::may_have_arrived("slow").timed_out().into()),
        _ => ok(),
    });
    let pipeline = builder("https://acme.okta.com")
        .transport(transport.clone())
        .build()
        .unwrap();
    assert_eq!(get(&pipeline).await.unwrap(), 3);
    assert_eq!(transport.sent(), ["acme.okta.com SSWS 00abc getUser"; 3]);
}

#[tokio::test(start_paused = true)]
async fn what_a_transport_refuses_ends_the_call() {
    let transport = Scripted::new(|_, _| Err(Error::configuration("read only").into()));
    let pipeline = builder("https://acme.okta.com")
        .transport(transport.clone())
        .build()
        .unwrap();
    let error = get(&pipeline).await.unwrap_err();
    assert!(error.is_configuration());
    assert_eq!(
        error.to_string(),
        "GET /api/v1/users/{userId} (getUser): read only"
    );
    assert_eq!(transport.sent().len(), 1);
}

/// The rate limit of acme is used up for the next minute; the one of others is not.
fn acme_is_used_up(_: usize, request: &Request) -> Result<Answer, SendError> {
    let mut headers = HeaderMap::new();
    let acme = request.url().host_str() == Some("acme.okta.com");
    for (name, value) in [
        ("date", "Sun, 09 Sep 2001 01:46:40 GMT"),
        ("x-rate-limit-limit", "600"),
        ("x-rate-limit-remaining", if acme { "0" } else { "599" }),
        ("x-rate-limit-reset", "1000000060"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    Ok(Answer::new(StatusCode::OK, headers, "{}"))
}

#[tokio::test(start_paused = true)]
async fn orgs_share_the_transport_and_neither_credentials_nor_rate_limits() {
    let transport = Scripted::new(acme_is_used_up);
    let acme = builder("https://acme.okta.com")
        .transport(transport.clone())
        .build()
        .unwrap();
    let org = OrgUrl::parse("https://globex.okta.com").unwrap();
    let globex = acme
        .with_org(org, BearerToken::new("00def").unwrap())
        .unwrap();

    let start = Instant::now();
    get(&acme).await.unwrap();
    for _ in 0..3 {
        get(&globex).await.unwrap();
    }
    assert_eq!(start.elapsed(), Duration::ZERO, "acme's limit is acme's");
    get(&acme).await.unwrap();
    assert_eq!(start.elapsed(), Duration::from_secs(60));
    let (one, other) = (
        "acme.okta.com SSWS 00abc getUser",
        "globex.okta.com Bearer 00def getUser",
    );
    assert_eq!(transport.sent(), [one, other, other, other, one]);

    // What is for one org is not sent to the other, nor with its credentials.
    let url = acme.org_url().as_url().join("/api/v1/users/me").unwrap();
    let error = globex.send(Request::new(Method::GET, url), &CALL).await;
    assert!(error.unwrap_err().is_invalid_argument());
    assert_eq!(transport.sent().len(), 5);
}

#[test]
fn connections_are_not_shared_between_http_and_https() {
    let acme = builder("https://acme.okta.com").build().unwrap();
    let local = OrgUrl::parse("http://localhost:8080").unwrap();
    let error = acme
        .with_org(local, ApiToken::new("00def").unwrap())
        .unwrap_err();
    assert!(error.is_configuration());
    assert!(error.to_string().contains("write an https URL"), "{error}");
}
