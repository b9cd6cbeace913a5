//! How an access token is used.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// How an access token is sent to an API: `token_type` of a token response (RFC 6749, section
/// 7.1). Upper and lower case are the same.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TokenType {
    /// As `Authorization: Bearer …` (RFC 6750).
    Bearer,
    /// As `Authorization: DPoP …`, with a proof (RFC 9449).
    Dpop,
    /// Not at all: what a token exchange gave is no access token (RFC 8693, section 2.2.1).
    NotApplicable,
    /// Some other way.
    Other(String),
}

impl TokenType {
    /// As the server wrote it, but for upper and lower case: `Bearer`, `DPoP`, `N_A`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Bearer => "Bearer",
            Self::Dpop => "DPoP",
            Self::NotApplicable => "N_A",
            Self::Other(name) => name,
        }
    }

    /// Whether a request can carry such a token.
    pub(super) fn is_usable(&self) -> bool {
        matches!(self, Self::Bearer | Self::Dpop)
    }
}

impl From<&str> for TokenType {
    fn from(name: &str) -> Self {
        let known = [Self::Bearer, Self::Dpop, Self::NotApplicable];
        known
            .into_iter()
            .find(|known| known.as_str().eq_ignore_ascii_case(name))
            .unwrap_or_else(|| Self::Other(name.to_owned()))
    }
}

impl fmt::Display for TokenType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for TokenType {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for TokenType {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|name| name.as_str().into())
    }
}
