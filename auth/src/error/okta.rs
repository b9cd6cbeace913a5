//! What an error response says, in its body and its headers.

use http::HeaderMap;

use super::{ErrorBody, challenge};

/// What an error response says, as far as it can be understood.
#[derive(Clone, Debug)]
pub(crate) struct OktaError {
    /// `None` if the body is no JSON object, such as a gateway's HTML.
    pub(crate) body: Option<ErrorBody>,
    pub(crate) causes: Vec<String>,
    /// The `error` of a challenge, for answers that have no body.
    challenge: Option<String>,
    pub(crate) missing_scope: Option<String>,
}

impl OktaError {
    pub(crate) fn read(headers: &HeaderMap, body: &[u8]) -> Self {
        let body: Option<ErrorBody> = serde_json::from_slice(body).ok();
        let causes = body.iter().flat_map(ErrorBody::causes);
        Self {
            causes: causes.map(str::to_owned).collect(),
            body,
            challenge: challenge::error(headers),
            missing_scope: challenge::missing_scope(headers),
        }
    }

    /// What an OAuth error says (RFC 6749, section 4.1.2.1).
    pub(super) fn oauth(code: &str, description: Option<&str>) -> Self {
        Self {
            causes: Vec::new(),
            body: Some(ErrorBody::oauth(code, description)),
            challenge: None,
            missing_scope: None,
        }
    }

    pub(crate) fn code(&self) -> Option<&str> {
        let code = self.body.as_ref().and_then(ErrorBody::code);
        code.or(self.challenge.as_deref())
    }

    /// Whether the body or a challenge names this code: Okta's envelope has one of its own where
    /// `WWW-Authenticate` has OAuth's.
    pub(crate) fn names(&self, code: &str) -> bool {
        self.code() == Some(code) || self.challenge.as_deref() == Some(code)
    }

    pub(crate) fn summary(&self) -> Option<&str> {
        self.body.as_ref()?.summary()
    }

    /// Okta reports a taken login, group name or label as a validation error; only the text of
    /// the cause tells it from others.
    pub(crate) fn is_duplicate_value(&self) -> bool {
        self.code() == Some("E0000001")
            && self
                .causes
                .iter()
                .any(|cause| cause.contains("already exists"))
    }
}
