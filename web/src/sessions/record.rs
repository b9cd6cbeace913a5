//! Tokens as they are stored, before they are sealed.

use std::time::{Duration, SystemTime};

use okta_auth::oauth::Tokens;
use okta_auth::{Dpop, Secret};
use serde::{Deserialize, Serialize};

/// The tokens of a session, and what became of the last refresh.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct StoredTokens {
    tokens: Tokens,
    /// The thumbprint of the key that they are bound to. The key itself is the OAuth client's own.
    dpop_key: Option<String>,
    /// When a refresh failed that may succeed later.
    #[serde(default)]
    failed_at: Option<SystemTime>,
}

impl StoredTokens {
    pub(super) fn new(tokens: &Tokens) -> Self {
        Self {
            dpop_key: tokens
                .dpop_key
                .as_ref()
                .map(|key| key.thumbprint().to_owned()),
            tokens: tokens.clone(),
            failed_at: None,
        }
    }

    /// The same, when a refresh has failed at `time`.
    pub(super) fn failed_at(mut self, time: SystemTime) -> Self {
        self.failed_at = Some(time);
        self
    }

    /// Whether a refresh has failed within `span` before `now`.
    pub(super) fn has_failed_within(&self, span: Duration, now: SystemTime) -> bool {
        self.failed_at
            .and_then(|failed_at| now.duration_since(failed_at).ok())
            .is_some_and(|age| age < span)
    }

    /// The tokens, with their key; `None` if the client has another one now.
    pub(super) fn into_tokens(self, dpop: Option<&Dpop>) -> Option<Tokens> {
        let mut tokens = self.tokens;
        if let Some(thumbprint) = self.dpop_key {
            let key = dpop.map(Dpop::key)?;
            if key.thumbprint() != thumbprint {
                tracing::warn!("the tokens of a session are bound to a key that is gone");
                return None;
            }
            tokens.dpop_key = Some(key);
        }
        Some(tokens)
    }

    pub(super) fn to_json(&self) -> serde_json::Result<Secret> {
        serde_json::to_string(self).map(Secret::from)
    }

    pub(super) fn from_json(text: &str) -> serde_json::Result<Self> {
        serde_json::from_str(text)
    }
}
