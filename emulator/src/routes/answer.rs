//! Between the org's operations and HTTP.

use axum::body::{Bytes, to_bytes};
use axum::extract::Request;
use axum::http::header;
use axum::http::request::Parts;
use axum::response::Response;

use crate::body::Body;
use crate::call::{MAX_BODY, Reply};
use crate::checked;
use crate::document::{Operation, document};
use crate::problem::Problem;
use crate::refusals::refusal;
use crate::shared::Shared;

/// A request with its whole body.
pub(super) async fn received(request: Request) -> Result<(Parts, Bytes), Problem> {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, MAX_BODY).await;
    Ok((parts, body.map_err(|_| Problem::malformed())?))
}

/// A path that is not UTF-8 once decoded names nothing.
pub(super) fn undecodable(path: &str) -> Problem {
    Problem::not_found(path, "Path")
}

/// What an operation of the document is sent, checked against it.
pub(super) fn read(
    operation: Option<&'static Operation>,
    parts: &Parts,
    body: Bytes,
) -> Result<Body, Problem> {
    let body = Body::read(operation, &parts.headers, body);
    if let Some(operation) = operation {
        checked::check(operation, &parts.headers, &body)?;
    }
    Ok(body)
}

/// The operation of the document that a request is of.
pub(super) fn described(parts: &Parts) -> Option<&'static Operation> {
    let place = document().place(parts.uri.path())?;
    document().operation_at(&place, parts.method.as_str())
}

/// What became of a request, as a response.
pub(super) fn respond(shared: &Shared, outcome: Result<Reply, Problem>) -> Response {
    match outcome {
        Ok(reply) => answer(reply),
        Err(problem) => refusal(shared, &problem),
    }
}

/// What an operation answers, as a response.
fn answer(reply: Reply) -> Response {
    let mut response = Response::builder().status(reply.status);
    for link in reply.links {
        response = response.header(header::LINK, link);
    }
    if let Some(tag) = reply.entity_tag {
        response = response.header(header::ETAG, tag);
    }
    if let Some(encoding) = reply.transfer_encoding {
        response = response.header("content-transfer-encoding", encoding);
    }
    let response = match reply.body {
        Some(body) => response
            .header(header::CONTENT_TYPE, reply.content_type)
            .body(body.into()),
        None => response.body(axum::body::Body::empty()),
    };
    response.unwrap_or_default()
}
