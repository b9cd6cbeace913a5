//! What a fault does to a request and its answer.

use std::convert::Infallible;

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use chrono::TimeDelta;

use crate::caller::has_api_token;
use crate::clock::Timestamp;
use crate::faults::{ErrorBody, Fault};
use crate::problem::Problem;
use crate::refusals::{enveloped, refusal, too_many};
use crate::shared::Shared;
use crate::socket::Plug;

/// What stands in the place of JSON.
const PAGE: &str = "<html><head><title>Something went wrong</title></head>\
                    <body><h1>The service is not available</h1></body></html>";

/// Half a surrogate pair, as JSON writes it.
const LONE_SURROGATE: &[u8] = br"\ud83d";

/// Members with texts that people wrote.
const WRITTEN: [&[u8]; 6] = [
    b"firstName",
    b"name",
    b"label",
    b"displayName",
    b"description",
    b"displayMessage",
];

/// What happens before the org sees the request. An answer if it does not see it at all.
pub(super) fn before(
    shared: &Shared,
    fault: &Fault,
    request: &Request,
    plug: &Plug,
) -> Option<Response> {
    match fault {
        Fault::ConnectionReset => {
            plug.pull();
            Some(Response::default())
        }
        Fault::ServerError { status, body } => Some(server_error(shared, *status, *body)),
        Fault::OktaError(code) => {
            Some(enveloped(code.status(), &code.envelope(&shared.error_id())))
        }
        Fault::RateLimited(_) => Some(too_many(shared)),
        Fault::TokenExpired if has_api_token(shared, request.headers()) => {
            Some(refusal(shared, &Problem::invalid_token()))
        }
        Fault::TokenExpired => {
            shared.org().oauth.expire_presented(request.headers());
            None
        }
        Fault::KeysRotated => {
            shared.org().oauth.replace_keys();
            None
        }
        _ => None,
    }
}

/// What happens to the answer.
pub(super) async fn after(fault: &Fault, response: Response, plug: &Plug) -> Response {
    match fault {
        Fault::ResponseLost => plug.pull(),
        Fault::StaleConnection => plug.go_stale(),
        Fault::TruncatedBody => return truncated(response).await,
        Fault::NotJson => return rewritten(response, |_| PAGE.into()).await,
        Fault::LoneSurrogate => return rewritten(response, with_lone_surrogate).await,
        _ => {}
    }
    response
}

/// The time that the answer tells.
pub(super) fn clock(fault: Option<&Fault>, now: Timestamp) -> Timestamp {
    let skew = match fault {
        Some(Fault::ClockSkew(seconds)) => TimeDelta::seconds((*seconds).into()),
        _ => TimeDelta::zero(),
    };
    Timestamp(now.0.checked_add_signed(skew).unwrap_or(now.0))
}

fn server_error(shared: &Shared, status: u16, body: ErrorBody) -> Response {
    match body {
        ErrorBody::Json => refusal(shared, &Problem::server_fault(status)),
        ErrorBody::Html => {
            let response = Response::builder()
                .status(status)
                .header(header::CONTENT_TYPE, "text/html;charset=utf-8")
                .body(Body::from(PAGE));
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

/// The answer with another body. One without a body stays so.
async fn rewritten(response: Response, rewrite: fn(&Bytes) -> Bytes) -> Response {
    let (mut parts, body) = response.into_parts();
    let whole = to_bytes(body, usize::MAX).await.unwrap_or_default();
    if whole.is_empty() {
        return Response::from_parts(parts, Body::empty());
    }
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(rewrite(&whole)))
}

/// JSON with half a surrogate pair at the end of the first text that people wrote, or of the first
/// text.
fn with_lone_surrogate(json: &Bytes) -> Bytes {
    let Some(at) = text_end(json) else {
        return json.clone();
    };
    let (head, tail) = json.split_at(at);
    [head, LONE_SURROGATE, tail].concat().into()
}

/// Where the text ends that gets the surrogate.
fn text_end(json: &[u8]) -> Option<usize> {
    let (mut at, mut first, mut member) = (0, None, &json[..0]);
    while let Some(start) = find(json, at, b'"') {
        let end = string_end(json, start + 1)?;
        at = end + 1;
        if json[at..].trim_ascii_start().starts_with(b":") {
            member = &json[start + 1..end];
        } else if WRITTEN.contains(&member) {
            return Some(end);
        } else {
            first = first.or(Some(end));
        }
    }
    first
}

fn find(json: &[u8], from: usize, byte: u8) -> Option<usize> {
    let rest = json.get(from..)?;
    Some(from + rest.iter().position(|other| *other == byte)?)
}

/// Where the quote is that ends a string.
fn string_end(json: &[u8], mut at: usize) -> Option<usize> {
    loop {
        match json.get(at)? {
            b'"' => return Some(at),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_surrogate_ends_a_text_that_people_wrote() {
        for (json, expected) in [
            (
                r#"{"id":"1","name":"A\"b"}"#,
                r#"{"id":"1","name":"A\"b\ud83d"}"#,
            ),
            (r#"{"id":"1","n":2}"#, r#"{"id":"1\ud83d","n":2}"#),
            (r#"[{"name" : "x"}]"#, r#"[{"name" : "x\ud83d"}]"#),
            (r#"["a","b"]"#, r#"["a\ud83d","b"]"#),
            ("[]", "[]"),
            (r#"{"name":"broken"#, r#"{"name":"broken"#),
        ] {
            assert_eq!(with_lone_surrogate(&Bytes::from(json)), expected, "{json}");
        }
    }
}
