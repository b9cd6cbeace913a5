//! The JSON of an error response, kept whole.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The JSON object of an error response: Okta's envelope, or OAuth's (RFC 6749, section 5.2).
///
/// It holds all that came, also what no accessor knows, and serializes as it came. `Debug` shows
/// the names of the properties alone, since an answer may repeat what was sent.
///
/// Source: <https://developer.okta.com/docs/reference/error-codes/>
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ErrorBody(Map<String, Value>);

impl ErrorBody {
    pub(super) fn oauth(code: &str, description: Option<&str>) -> Self {
        let members = [("error", Some(code)), ("error_description", description)];
        let given = members
            .into_iter()
            .filter_map(|(name, text)| Some((name.to_owned(), Value::from(text?))));
        Self(given.collect())
    }

    /// Okta's `errorCode`, or OAuth's `error`.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.text("errorCode").or_else(|| self.text("error"))
    }

    /// Okta's `errorSummary`, or OAuth's `error_description`.
    #[must_use]
    pub fn summary(&self) -> Option<&str> {
        self.text("errorSummary")
            .or_else(|| self.text("error_description"))
    }

    /// Okta's `errorId`, of this occurrence of the error.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.text("errorId")
    }

    /// The `errorSummary` of each of Okta's `errorCauses`.
    pub fn causes(&self) -> impl Iterator<Item = &str> {
        let causes = self.0.get("errorCauses").and_then(Value::as_array);
        causes
            .into_iter()
            .flatten()
            .filter_map(|cause| cause.get("errorSummary")?.as_str())
    }

    /// Any property, by its JSON name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.get(name)?.as_str()
    }
}

impl fmt::Debug for ErrorBody {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_set().entries(self.0.keys()).finish()
    }
}
