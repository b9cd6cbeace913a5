//! Writing tokens.

use serde_json::Value;

use super::base64url;

/// The header and claims of a token, encoded, with the signature still to come (RFC 7515,
/// section 5.1).
pub(crate) struct SigningInput(String);

impl SigningInput {
    pub(crate) fn new(header: &Value, claims: &Value) -> Self {
        Self(format!(
            "{}.{}",
            base64url::encode(header.to_string()),
            base64url::encode(claims.to_string())
        ))
    }

    /// What is signed.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// The token.
    pub(crate) fn with_signature(self, signature: &[u8]) -> String {
        format!("{}.{}", self.0, base64url::encode(signature))
    }
}
