//! The headers of every response.

use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, HeaderValue};

/// Adds what the app has not set itself. `same-origin` and not `no-referrer`, for with the latter
/// browsers write `Origin: null` in the forms of the app's own pages.
pub(super) fn add(headers: &mut HeaderMap, policy: &HeaderValue) {
    let usual = |value| HeaderValue::from_static(value);
    for (name, value) in [
        (CACHE_CONTROL, usual("no-store")),
        (REFERRER_POLICY, usual("same-origin")),
        (X_CONTENT_TYPE_OPTIONS, usual("nosniff")),
        (CONTENT_SECURITY_POLICY, policy.clone()),
    ] {
        headers.entry(name).or_insert(value);
    }
}
