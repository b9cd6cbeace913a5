//! Problems as responses.

use std::sync::atomic::Ordering;

use axum::body::Body;
use axum::http::header;
use axum::response::Response;
use serde_json::Value;

use crate::problem::Problem;
use crate::shared::Shared;

/// A problem as a response.
pub(crate) fn refusal(shared: &Shared, problem: &Problem) -> Response {
    enveloped(problem.status, &problem.envelope(&shared.error_id()))
}

/// An envelope that is already written.
pub(crate) fn enveloped(status: u16, envelope: &Value) -> Response {
    let response = Response::builder()
        .status(status)
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(envelope.to_string()));
    response.unwrap_or_default()
}

/// 429, counted.
pub(crate) fn too_many(shared: &Shared) -> Response {
    shared.counts.rate_limited.fetch_add(1, Ordering::Relaxed);
    refusal(shared, &Problem::rate_limited())
}
