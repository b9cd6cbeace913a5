//! What every request passes on its way in and every answer on its way out: the record of
//! requests, faults, rate limits, the token, and the headers that Okta always sends.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::clock::Timestamp;
use crate::document::document;
use crate::faults::{ErrorBody, Fault, RateLimitShape};
use crate::oauth::api_access::{self, ApiRequest, Denial};
use crate::org::Org;
use crate::org::events::{self, Actor, Caller};
use crate::problem::Problem;
use crate::rate_limits::Standing;
use crate::routes::base;
use crate::server::Shared;
use crate::socket::Plug;

/// How long a concurrency limit suggests to wait, in seconds; a bucket's reset is the end of its
/// window.
const CONCURRENCY_PAUSE: i64 = 1;

/// The id that `X-Okta-Request-Id` and the System Log give a request.
#[derive(Clone)]
struct RequestId(String);

pub(crate) async fn front(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(plug): ConnectInfo<Plug>,
    mut request: Request,
    next: Next,
) -> Response {
    let now = shared.clock.stamp();
    let id = shared.request_id();
    let path = request.uri().path().to_owned();
    shared
        .requests
        .record(request.method(), request.uri(), request.headers());
    shared.counts.requests.fetch_add(1, Ordering::Relaxed);
    let standing = shared.limiter().count(&path, now);
    let fault = shared.faults.take(request.method().as_str(), &path);
    if fault.is_some() {
        shared.counts.faults.fetch_add(1, Ordering::Relaxed);
    }
    request.extensions_mut().insert(RequestId(id.clone()));

    let mut limits = limit_headers(standing);
    let mut response = match &fault {
        Some(Fault::ConnectionReset) => {
            plug.pull();
            Response::default()
        }
        Some(Fault::ServerError { status, body }) => server_error(&shared, *status, *body),
        Some(Fault::RateLimited(shape)) => {
            limits = shaped_headers(*shape, standing, now);
            too_many(&shared)
        }
        _ if standing.exceeded => too_many(&shared),
        _ if needs_token(&path) => match admit(&shared, &mut request) {
            Ok(()) => next.run(request).await,
            Err(denial) => denied(&shared, denial),
        },
        _ => next.run(request).await,
    };
    match fault {
        Some(Fault::Latency(latency)) => tokio::time::sleep(latency).await,
        Some(Fault::ResponseLost) => plug.pull(),
        Some(Fault::TruncatedBody) => response = truncated(response).await,
        _ => {}
    }

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
    response
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
    let envelope = problem.envelope(&shared.error_id());
    let response = Response::builder()
        .status(problem.status)
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
    let mut response = refusal(shared, &denial.problem);
    if let Some(challenge) = denial.challenge {
        challenge.write(response.headers_mut());
    }
    response
}

/// The space after the scheme may be missing: Okta takes that, and Okta's Python SDK sends it.
fn has_api_token(shared: &Shared, headers: &HeaderMap) -> bool {
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

type LimitHeaders = Vec<(&'static str, i64)>;

const LIMIT: &str = "x-rate-limit-limit";
const REMAINING: &str = "x-rate-limit-remaining";
const RESET: &str = "x-rate-limit-reset";

fn limit_headers(standing: Standing) -> LimitHeaders {
    vec![
        (LIMIT, standing.limit.into()),
        (REMAINING, standing.remaining.into()),
        (RESET, standing.reset),
    ]
}

fn shaped_headers(shape: RateLimitShape, standing: Standing, now: Timestamp) -> LimitHeaders {
    let exhausted = Standing {
        remaining: 0,
        ..standing
    };
    match shape {
        RateLimitShape::Bucket => limit_headers(exhausted),
        RateLimitShape::Concurrency => {
            let reset = now.epoch_seconds() + CONCURRENCY_PAUSE;
            limit_headers(Standing {
                limit: 0,
                remaining: 0,
                reset,
                ..standing
            })
        }
        RateLimitShape::NoHeaders => Vec::new(),
        RateLimitShape::TwoResets => {
            let mut headers = limit_headers(exhausted);
            headers.insert(2, (RESET, standing.reset + 60));
            headers
        }
    }
}

fn server_error(shared: &Shared, status: u16, body: ErrorBody) -> Response {
    match body {
        ErrorBody::Json => refusal(shared, &Problem::server_fault(status)),
        ErrorBody::Html => {
            let page = "<html><head><title>Something went wrong</title></head>\
                        <body><h1>The service is not available</h1></body></html>";
            let response = Response::builder()
                .status(status)
                .header(header::CONTENT_TYPE, "text/html;charset=utf-8")
                .body(Body::from(page));
            response.unwrap_or_default()
        }
    }
}

/// The first half of the body under the length of the whole; then the connection ends.
async fn truncated(response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    let whole = to_bytes(body, usize::MAX).await.unwrap_or_default();
    parts
        .headers
        .insert(header::CONTENT_LENGTH, HeaderValue::from(whole.len()));
    let half = whole.slice(..whole.len() / 2);
    let chunks = futures::stream::unfold(Some(half), |half| async move {
        match half {
            Some(half) => Some((Ok::<Bytes, Infallible>(half), None)),
            None => {
                // What was written must leave before the end is noticed.
                tokio::task::yield_now().await;
                None
            }
        }
    });
    Response::from_parts(parts, Body::from_stream(chunks))
}
