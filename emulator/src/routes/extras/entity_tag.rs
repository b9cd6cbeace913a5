//! Entity tags: an update with `If-Match` is refused once somebody else has changed the object. The
//! document says which operations have them.
//!
//! Source: <https://developer.okta.com/docs/api/#conditional-requests-and-entity-tags>.

use aws_lc_rs::digest::{SHA256, digest};
use axum::http::{HeaderMap, header};
use serde_json::Value;

use crate::call::Call;
use crate::document::Operation;
use crate::modelled::Modelled;
use crate::org::Org;
use crate::problem::Problem;
use crate::routes::reading::read;

/// Whether answers of an operation have a tag.
pub(super) fn is_answered(operation: &Operation) -> bool {
    let mut names = operation.answer.headers.iter();
    names.any(|name| name.eq_ignore_ascii_case(header::ETAG.as_str()))
}

/// Refuses a request whose `If-Match` names another state of the object than the present one.
pub(super) fn check(
    org: &mut Org,
    modelled: &Modelled,
    operation: &Operation,
    headers: &HeaderMap,
    call: &Call,
) -> Result<(), Problem> {
    if !operation.has_header(header::IF_MATCH.as_str()) {
        return Ok(());
    }
    let given = headers.get_all(header::IF_MATCH).iter();
    let given: Vec<&str> = given.filter_map(|value| value.to_str().ok()).collect();
    if given.is_empty() {
        return Ok(());
    }
    // What is not there is refused by the operation itself.
    let Some(present) = read(org, modelled, &call.base, &call.path) else {
        return Ok(());
    };
    let present = of(&present);
    let mut tags = given.iter().flat_map(|value| value.split(','));
    match tags.any(|tag| tag.trim() == "*" || opaque(tag) == opaque(&present)) {
        true => Ok(()),
        false => Err(Problem::precondition_failed()),
    }
}

/// The tag of an object. It is weak: answers that differ in what is embedded have the same.
pub(super) fn of(object: &Value) -> String {
    let digest = digest(&SHA256, object.to_string().as_bytes());
    let start = digest.as_ref().first_chunk().copied().unwrap_or_default();
    format!("W/\"{:016x}\"", u64::from_be_bytes(start))
}

/// A tag without what says that it is weak: Okta's tags are, and `If-Match` takes them.
fn opaque(tag: &str) -> &str {
    let tag = tag.trim();
    tag.strip_prefix("W/").unwrap_or(tag)
}
