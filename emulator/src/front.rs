//! What every request passes on its way in and every answer on its way out: the record of
//! requests, faults, rate limits, the token, and the headers that Okta always sends.

mod faulty;
mod limits;

use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use serde_json::Value;

use crate::clock::Timestamp;
use crate::document::document;
use crate::faults::Misfortune;
use crate::oauth::api_access::{self, ApiRequest, Challenge, Denial};
use crate::org::Org;
use crate::org::events::{self, Actor, Caller};
use crate::problem::Problem;
use crate::routes::{MAX_BODY, base};
use crate::server::Shared;
use crate::socket::Plug;
use limits::LimitHeaders;

/// The id that `X-Okta-Request-Id` and the System Log give a request.
#[derive(Clone)]
struct RequestId(String);

pub(crate) async fn front(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(plug): ConnectInfo<Plug>,
    request: Request,
    next: Next,
) -> Response {
    let now = shared.clock.stamp();
    let id = shared.request_id();
    let mut request = recorded(&shared, request).await;
    let (method, path) = (request.method().as_str(), request.uri().path());
    shared.counts.requests.fetch_add(1, Ordering::Relaxed);
    let standing = shared.limiter().count(method, path, now);
    let Misfortune { latency, fault } = shared.faults.take(method, path);
    if latency.is_some() || fault.is_some() {
        shared.counts.faults.fetch_add(1, Ordering::Relaxed);
    }
    request.extensions_mut().insert(RequestId(id.clone()));

    let fault = fault.as_ref();
    let refused = fault.and_then(|fault| faulty::before(&shared, fault, &request, &plug));
    let mut response = match refused {
        Some(response) => response,
        None if standing.exceeded => too_many(&shared),
        None => answered(&shared, request, next).await,
    };
    if let Some(latency) = latency {
        tokio::time::sleep(latency).await;
    }
    if let Some(fault) = fault {
        response = faulty::after(fault, response, &plug).await;
    }
    let now = faulty::clock(fault, now);
    sign(
        &mut response,
        limits::headers(fault, standing, now),
        now,
        id,
    );
    response
}

/// The request, once it is in the record.
async fn recorded(shared: &Shared, request: Request) -> Request {
    let (parts, body) = request.into_parts();
    match to_bytes(body, MAX_BODY).await {
        Ok(body) => {
            shared.requests.record(&parts, &body);
            Request::from_parts(parts, Body::from(body))
        }
        Err(error) => {
            shared.requests.record(&parts, b"");
            let broken = futures::stream::iter([Err::<Bytes, axum::Error>(error)]);
            Request::from_parts(parts, Body::from_stream(broken))
        }
    }
}

async fn answered(shared: &Shared, mut request: Request, next: Next) -> Response {
    if needs_token(request.uri().path())
        && let Err(denial) = admit(shared, &mut request)
    {
        return denied(shared, denial);
    }
    next.run(request).await
}

/// Writes the headers that Okta always sends.
fn sign(response: &mut Response, limits: LimitHeaders, now: Timestamp, id: String) {
    let headers = response.headers_mut();
    for (name, value) in limits {
        headers.append(name, HeaderValue::from(value));
    }
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-cache, no-store"));
    for (name, value) in [("date", now.http_date()), ("x-okta-request-id", id)] {
        if let Ok(value) = HeaderValue::try_from(value) {
            headers.insert(name, value);
        }
    }
}

/// Who calls, for the System Log: whoever has the access token, else the org's administrator, to
/// whom the API token belongs.
pub(crate) fn caller(shared: &Shared, parts: &Parts, org: &Org) -> Caller {
    let text = |name| {
        let value = parts
            .headers
            .get(name)
            .and_then(|value: &HeaderValue| value.to_str().ok());
        value.unwrap_or_default().to_owned()
    };
    let id = parts
        .extensions
        .get::<RequestId>()
        .map(|id| id.0.clone())
        .unwrap_or_default();
    let request = events::Request {
        id,
        path: parts.uri.path().to_owned(),
        user_agent: text(header::USER_AGENT),
        address: "127.0.0.1".to_owned(),
    };
    let holder = parts.extensions.get::<Arc<Actor>>().cloned();
    let actor = holder
        .or_else(|| org.actor(shared.administrator))
        .unwrap_or_else(|| Caller::system().actor);
    Caller {
        actor,
        request: Arc::new(request),
    }
}

/// A problem as a response.
pub(crate) fn refusal(shared: &Shared, problem: &Problem) -> Response {
    enveloped(problem.status, &problem.envelope(&shared.error_id()))
}

fn enveloped(status: u16, envelope: &Value) -> Response {
    let response = Response::builder()
        .status(status)
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(envelope.to_string()));
    response.unwrap_or_default()
}

fn needs_token(path: &str) -> bool {
    let path = path.trim_end_matches('/');
    path.starts_with("/api/")
        || path == "/oauth2/v1/global-token-revocation"
        || document()
            .place(path)
            .is_some_and(|place| !document().is_public(&place))
}

/// Lets a request in that has the API token, or an access token with the right scope. Leaves a note
/// of who the access token's holder is.
fn admit(shared: &Shared, request: &mut Request) -> Result<(), Denial> {
    if has_api_token(shared, request.headers()) {
        return Ok(());
    }
    let base = base(shared, request.headers());
    let asked = ApiRequest {
        method: request.method(),
        path: request.uri().path(),
        headers: request.headers(),
        base: &base,
    };
    let mut org = shared.org();
    org.now = shared.clock.stamp();
    let holder = api_access::admitted(&mut org, &asked)?;
    request.extensions_mut().insert(holder);
    Ok(())
}

fn denied(shared: &Shared, denial: Denial) -> Response {
    let proof = denial.challenge.as_ref().and_then(Challenge::of_bad_proof);
    let mut response = proof.unwrap_or_else(|| refusal(shared, &denial.problem));
    if let Some(challenge) = denial.challenge {
        challenge.write(response.headers_mut());
    }
    response
}

/// The space after the scheme may be missing: Okta takes that, and Okta's Python SDK sends it.
pub(crate) fn has_api_token(shared: &Shared, headers: &HeaderMap) -> bool {
    let value = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    ["SSWS", "Bearer"].iter().any(|scheme| {
        value
            .and_then(|value| value.split_at_checked(scheme.len()))
            .is_some_and(|(given, token)| {
                given.eq_ignore_ascii_case(scheme) && token.trim() == shared.token
            })
    })
}

fn too_many(shared: &Shared) -> Response {
    shared.counts.rate_limited.fetch_add(1, Ordering::Relaxed);
    refusal(shared, &Problem::rate_limited())
}
