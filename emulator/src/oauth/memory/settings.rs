//! What tests set.

use axum::http::StatusCode;

/// How the authorization servers deviate from what they do at first.
pub(crate) struct Settings {
    /// Seconds, in place of what the access policies say.
    pub(crate) access_token_lifetime: Option<i64>,
    /// Whether clients have to prove themselves by the method for which they are registered.
    pub(crate) registered_authentication: bool,
    /// The status of an answer of `/par`.
    pub(crate) pushed_status: StatusCode,
    /// Who is logged in at once, without a page.
    pub(crate) automatic: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            access_token_lifetime: None,
            registered_authentication: false,
            pushed_status: StatusCode::CREATED,
            automatic: None,
        }
    }
}
