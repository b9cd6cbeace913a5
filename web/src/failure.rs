//! What is answered when something is refused or fails: a page or JSON, in fixed words.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::response::{Html, IntoResponse, Response};
use http::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, StatusCode};
use serde_json::json;

use crate::random;

/// Why a request was refused or failed. Each has its own status and words, which tell nothing of
/// what came from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FailureKind {
    /// The callback has no `state`, has a parameter twice, or is no callback at all. 400.
    CallbackMalformed,
    /// The callback answers no login that this browser has begun, or one that took too long. 400.
    LoginUnknown,
    /// The callback came before: its code has been sent to Okta already. 400.
    LoginUsed,
    /// Okta or the user said no. 403.
    LoginRefused,
    /// Okta's answer to the login was not good. 400.
    LoginFailed,
    /// The user has to log in. 401.
    LoginRequired,
    /// The user has logged out at Okta since. 403.
    LoggedOut,
    /// The browser comes from a logout that did not begin here. 400.
    LogoutUnknown,
    /// The user has to log in more strongly, or again. 403.
    StepUpRequired,
    /// Another site had the browser send the request. 403.
    CrossSite,
    /// The user may not do this. 403.
    Forbidden,
    /// Okta could not be asked. 502.
    OktaUnavailable,
    /// The store of sessions could not be asked. 503.
    StoreUnavailable,
    /// The app is not set up as it should be. 500.
    NotSetUp,
}

impl FailureKind {
    /// The status that is answered.
    #[must_use]
    pub fn status(self) -> StatusCode {
        match self {
            Self::CallbackMalformed
            | Self::LoginUnknown
            | Self::LoginUsed
            | Self::LoginFailed
            | Self::LogoutUnknown => StatusCode::BAD_REQUEST,
            Self::LoginRequired => StatusCode::UNAUTHORIZED,
            Self::LoginRefused
            | Self::LoggedOut
            | Self::StepUpRequired
            | Self::CrossSite
            | Self::Forbidden => StatusCode::FORBIDDEN,
            Self::OktaUnavailable => StatusCode::BAD_GATEWAY,
            Self::StoreUnavailable => StatusCode::SERVICE_UNAVAILABLE,
            Self::NotSetUp => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The name in JSON, in logs, and for tests, such as `login_unknown`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::CallbackMalformed => "callback_malformed",
            Self::LoginUnknown => "login_unknown",
            Self::LoginUsed => "login_used",
            Self::LoginRefused => "login_refused",
            Self::LoginFailed => "login_failed",
            Self::LoginRequired => "login_required",
            Self::LoggedOut => "logged_out",
            Self::LogoutUnknown => "logout_unknown",
            Self::StepUpRequired => "step_up_required",
            Self::CrossSite => "cross_site",
            Self::Forbidden => "forbidden",
            Self::OktaUnavailable => "okta_unavailable",
            Self::StoreUnavailable => "store_unavailable",
            Self::NotSetUp => "not_set_up",
        }
    }

    /// What a person is told.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::CallbackMalformed => "The answer to the login could not be read.",
            Self::LoginUnknown => "This login did not begin in this browser, or took too long.",
            Self::LoginUsed => "This login has been used already.",
            Self::LoginRefused => "You were not logged in.",
            Self::LoginFailed => "The login did not succeed.",
            Self::LoginRequired => "You have to log in.",
            Self::LoggedOut => "You have logged out in the meantime.",
            Self::LogoutUnknown => "This logout did not begin in this browser.",
            Self::StepUpRequired => "You have to log in again for this.",
            Self::CrossSite => "Another site sent this request, so it was refused.",
            Self::Forbidden => "You may not do this.",
            Self::OktaUnavailable => "The login service cannot be reached.",
            Self::StoreUnavailable => "Sessions cannot be read at the moment.",
            Self::NotSetUp => "This app is not set up correctly.",
        }
    }
}

/// An answer that something was refused or failed. It becomes a page, or JSON (`error`,
/// `error_description`, `id`) where the request prefers that by `Accept`. Its id is in the log too,
/// beside the cause, which the answer does not tell. For a page of your own, see
/// [`error_page`](crate::OktaLoginBuilder::error_page).
#[derive(Clone, Debug)]
#[must_use]
pub struct Failure {
    kind: FailureKind,
    id: String,
    as_json: bool,
}

impl Failure {
    /// The answer to a request with these headers.
    pub fn new(kind: FailureKind, headers: &HeaderMap) -> Self {
        let id = random::token::<9>().unwrap_or_default();
        tracing::info!(id, code = kind.code(), "a request was refused or failed");
        Self::with_id(kind, headers, id)
    }

    /// The same, with what caused it for the log.
    pub fn because(
        kind: FailureKind,
        headers: &HeaderMap,
        cause: &(dyn StdError + 'static),
    ) -> Self {
        let id = random::token::<9>().unwrap_or_default();
        tracing::warn!(
            id,
            code = kind.code(),
            cause,
            "a request was refused or failed"
        );
        Self::with_id(kind, headers, id)
    }

    fn with_id(kind: FailureKind, headers: &HeaderMap, id: String) -> Self {
        let as_json = prefers_json(headers);
        Self { kind, id, as_json }
    }

    /// Why.
    #[must_use]
    pub fn kind(&self) -> FailureKind {
        self.kind
    }

    /// The id that the answer and the log have in common.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let Self { kind, id, as_json } = &self;
        let (status, text) = (kind.status(), kind.text());
        if *as_json {
            let body = json!({"error": kind.code(), "error_description": text, "id": id});
            return (status, Json(body)).into_response();
        }
        let page = format!(
            "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<meta \
             name=\"viewport\" content=\"width=device-width\">\n<title>{text}</title>\n<h1>{text}\
             </h1>\n<p>Error id: <code>{id}</code></p>\n<p><a href=\"/\">To the first page</a></p>\n\
             </html>\n"
        );
        let mut response = (status, Html(page)).into_response();
        // The layer finds it there and may write the app's own page.
        response.extensions_mut().insert(self);
        response
    }
}

/// What the app writes in place of this crate's pages.
#[derive(Clone)]
pub(crate) struct ErrorPage(Arc<dyn Fn(&Failure) -> String + Send + Sync>);

impl ErrorPage {
    pub(crate) fn new(write: impl Fn(&Failure) -> String + Send + Sync + 'static) -> Self {
        Self(Arc::new(write))
    }

    /// Replaces the body of a response that is the page of a failure. Status, cookies and all other
    /// headers stay.
    pub(crate) fn replace(&self, response: &mut Response) {
        let Some(failure) = response.extensions_mut().remove::<Failure>() else {
            return;
        };
        *response.body_mut() = Body::from((self.0)(&failure));
        let headers = response.headers_mut();
        headers.remove(CONTENT_LENGTH);
        let html = HeaderValue::from_static("text/html; charset=utf-8");
        headers.insert(CONTENT_TYPE, html);
    }
}

impl fmt::Debug for ErrorPage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ErrorPage")
    }
}

/// Whether the request asks for JSON and for no page.
pub(crate) fn prefers_json(headers: &HeaderMap) -> bool {
    let values = headers.get_all(ACCEPT).into_iter();
    let mut named = false;
    for value in values.filter_map(|value| value.to_str().ok()) {
        if value.contains("text/html") {
            return false;
        }
        named |= value.contains("json");
    }
    named
}
