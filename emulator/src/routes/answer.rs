//! Between the org's operations and HTTP.

use axum::body::{Bytes, to_bytes};
use axum::extract::Request;
use axum::http::header;
use axum::http::request::Parts;
use axum::response::Response;

use crate::call::{MAX_BODY, Reply};
use crate::problem::Problem;

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

/// What an operation answers, as a response.
pub(super) fn answer(reply: Reply) -> Response {
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
