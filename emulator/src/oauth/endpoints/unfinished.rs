//! Logins that wait for what the user does next, by the handle in the path of their pages.

use axum::response::{IntoResponse, Response};

use crate::oauth::memory::pending::Pending;
use crate::oauth::words::error::OAuthError;
use crate::oauth::words::request::OAuthRequest;
use crate::org::Org;
use crate::pages;

/// What waits under the handle in the path, `/login/{handle}` and below.
pub(super) fn waiting(org: &Org, handle: &str) -> Option<Pending> {
    let pending = org.oauth.waiting.get(handle);
    pending
        .filter(|pending| !pending.has_expired(org.now))
        .cloned()
}

/// The handle in the path.
pub(super) fn handle(request: &OAuthRequest) -> &str {
    request.path.split('/').nth(2).unwrap_or_default()
}

/// The page has expired, or was never there.
pub(crate) fn gone() -> Response {
    let text = "This page has expired. Go back to the application and try again.";
    pages::error(&OAuthError::invalid_request(text)).into_response()
}
