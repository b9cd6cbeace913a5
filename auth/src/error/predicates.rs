//! What kind of failure it is.

use http::StatusCode;

use super::{Error, Kind, OktaError};

impl Error {
    /// What was asked for does not exist (404), or may not be seen with these credentials.
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        self.is_api_with(StatusCode::NOT_FOUND)
    }

    /// The rate limit is used up: Okta answered 429 and the retries ended, or the call was held
    /// back. See [`Error::retry_after`].
    #[must_use]
    pub fn is_rate_limited(&self) -> bool {
        matches!(self.0.kind, Kind::RateLimited) || self.is_api_with(StatusCode::TOO_MANY_REQUESTS)
    }

    /// Okta refused the credentials (401) or what they may do (403); see
    /// [`Error::missing_scope`].
    #[must_use]
    pub fn is_auth(&self) -> bool {
        self.is_api_with(StatusCode::UNAUTHORIZED) || self.is_api_with(StatusCode::FORBIDDEN)
    }

    /// The connection, the response or the whole call took too long.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        matches!(self.0.kind, Kind::Timeout)
    }

    /// It exists already or stands against what exists: 409, or Okta's validation error
    /// (`E0000001`) with a cause that says that a value is taken.
    #[must_use]
    pub fn is_conflict(&self) -> bool {
        self.is_api_with(StatusCode::CONFLICT)
            || self.okta().is_some_and(OktaError::is_duplicate_value)
    }

    /// No complete answer came: no connection, a broken one, or a timeout.
    #[must_use]
    pub fn is_transport(&self) -> bool {
        matches!(self.0.kind, Kind::Transport { .. } | Kind::Timeout)
    }

    /// The body of a successful answer is longer than it may be: see
    /// [`PipelineBuilder::max_response_bytes`](crate::PipelineBuilder::max_response_bytes). It was
    /// not read to its end, and the call was not repeated.
    #[must_use]
    pub fn is_too_large(&self) -> bool {
        matches!(self.0.kind, Kind::TooLarge)
    }

    /// A successful answer could not be understood; see [`Error::json_path`].
    #[must_use]
    pub fn is_decode(&self) -> bool {
        matches!(self.0.kind, Kind::Decode { .. })
    }

    /// A setting is missing or wrong.
    #[must_use]
    pub fn is_configuration(&self) -> bool {
        matches!(self.0.kind, Kind::Configuration)
    }

    /// An argument of the call cannot be sent.
    #[must_use]
    pub fn is_invalid_argument(&self) -> bool {
        matches!(self.0.kind, Kind::Argument)
    }

    /// The credentials for the request could not be obtained; the request was not sent. If that is
    /// because Okta refused them, [`Error::status`], [`Error::code`] and [`Error::summary`] are
    /// those of its answer.
    #[must_use]
    pub fn is_credentials(&self) -> bool {
        matches!(self.0.kind, Kind::Credentials)
    }

    /// A list could not be walked to its end.
    #[must_use]
    pub fn is_pagination(&self) -> bool {
        matches!(self.0.kind, Kind::Pagination)
    }

    fn is_api_with(&self, status: StatusCode) -> bool {
        matches!(self.0.kind, Kind::Api { .. }) && self.0.status == Some(status)
    }
}
