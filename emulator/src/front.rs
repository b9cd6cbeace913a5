//! What every request passes on its way in and every answer on its way out: the record of
//! requests, faults, rate limits, the token, and the headers that Okta always sends.

mod faulty;
mod limits;

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes, HttpBody, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::call::MAX_BODY;
use crate::caller::{RequestId, has_api_token};
use crate::clock::Timestamp;
use crate::document::document;
use crate::faults::Misfortune;
use crate::oauth::endpoints::api_access::{self, ApiRequest, Challenge, Denial};
use crate::refusals::{refusal, too_many};
use crate::requests::RecordedAnswer;
use crate::shared::Shared;
use crate::socket::Plug;
use limits::LimitHeaders;

pub(crate) async fn front(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(plug): ConnectInfo<Plug>,
    request: Request,
    next: Next,
) -> Response {
    let (now, started) = (shared.clock.stamp(), Instant::now());
    let id = shared.request_id();
    let (number, mut request) = recorded(&shared, request, now).await;
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
    if plug.is_pulled() {
        return response;
    }
    answer_recorded(&shared, number, response, started.elapsed()).await
}

/// The request with its number, once it is in the record.
async fn recorded(shared: &Shared, request: Request, now: Timestamp) -> (u64, Request) {
    let (parts, body) = request.into_parts();
    match to_bytes(body, MAX_BODY).await {
        Ok(body) => {
            let number = shared.requests.record(&parts, &body, now);
            (number, Request::from_parts(parts, Body::from(body)))
        }
        Err(error) => {
            let number = shared.requests.record(&parts, b"", now);
            let broken = futures::stream::iter([Err::<Bytes, axum::Error>(error)]);
            let request = Request::from_parts(parts, Body::from_stream(broken));
            (number, request)
        }
    }
}

/// The response, once it is in the record. A body whose length nobody knows is one that a fault breaks
/// off; it is left alone.
async fn answer_recorded(
    shared: &Shared,
    number: u64,
    response: Response,
    elapsed: Duration,
) -> Response {
    let (parts, body) = response.into_parts();
    let record = |body: &[u8]| {
        let answer = RecordedAnswer::new(parts.status.as_u16(), &parts.headers, body, elapsed);
        shared.requests.answer(number, answer);
    };
    if body.size_hint().exact().is_none() {
        record(b"");
        return Response::from_parts(parts, body);
    }
    match to_bytes(body, usize::MAX).await {
        Ok(body) => {
            record(&body);
            Response::from_parts(parts, Body::from(body))
        }
        Err(error) => {
            tracing::error!(%error, "a response without a body");
            Response::from_parts(parts, Body::empty())
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

/// Whether users call this themselves, before they have anything to show: they log in here, and their
/// browsers' cookies are looked at.
fn is_for_users(path: &str) -> bool {
    let below = |parent: &str| {
        let rest = path.strip_prefix(parent);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    path == "/api/v1/sessions" || below("/api/v1/sessions/me") || below("/api/v1/authn")
}

fn needs_token(path: &str) -> bool {
    let path = path.trim_end_matches('/');
    if is_for_users(path) {
        return false;
    }
    path.starts_with("/api/")
        || path == "/oauth2/v1/global-token-revocation"
        || document()
            .place(path)
            .is_some_and(|place| !document().is_public(&place))
}

/// Lets a request in that has the API token, or an access token with the right scope. Leaves a note
/// of who the access token's holder is.
fn admit(shared: &Shared, request: &mut Request) -> Result<(), Denial> {
    if has_api_token(shared, request.headers()) && shared.org().knows_api_token() {
        return Ok(());
    }
    let base = shared.entrance.base(request.headers());
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
