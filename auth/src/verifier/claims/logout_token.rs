//! Logout tokens.

use std::time::SystemTime;

use serde_json::{Map, Value};

use super::Reader;
use crate::verifier::error::VerifyError;

/// What a verified logout token says: whose session, or which, is over.
///
/// The verifier remembers each [`id`](LogoutTokenClaims::id) for as long as the token is good, and
/// refuses one that comes again.
///
/// Source: OpenID Connect Back-Channel Logout 1.0, section 2.4
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct LogoutTokenClaims {
    /// Who issued it, `iss`.
    pub issuer: String,
    /// The clients that it is for, `aud`.
    pub audience: Vec<String>,
    /// When its life ends, `exp`.
    pub expires_at: SystemTime,
    /// When it was issued, `iat`.
    pub issued_at: SystemTime,
    /// The token's id, `jti`.
    pub id: String,
    /// Whose sessions are over, `sub`. There is a subject or a session id, or both.
    pub subject: Option<String>,
    /// Which session is over, `sid`; none if all of the subject's are.
    pub session_id: Option<String>,
    /// All other claims.
    pub extra: Map<String, Value>,
}

impl LogoutTokenClaims {
    /// Takes the claims apart; `issuer`, `audience`, times and `events` have been checked.
    pub(crate) fn read(mut claims: Reader, checked: super::Checked) -> Result<Self, VerifyError> {
        let missing = |claim| VerifyError::MissingClaim { claim };
        let (subject, session_id) = (claims.filled("sub")?, claims.filled("sid")?);
        if subject.is_none() && session_id.is_none() {
            return Err(missing("sub or sid"));
        }
        Ok(Self {
            issuer: checked.issuer,
            audience: checked.audience,
            expires_at: checked.expires_at,
            issued_at: checked.issued_at,
            id: claims.filled("jti")?.ok_or_else(|| missing("jti"))?,
            subject,
            session_id,
            extra: claims.into_rest(),
        })
    }
}
