//! The key that a token is bound to: the claim `cnf` (RFC 7800, section 3.1).

use serde_json::{Map, Value};

use super::error::{VerifyError, unchecked};
use crate::jose::{base64url, sha256};

/// The thumbprint of a DPoP key (RFC 9449, section 6.1).
const JKT: &str = "jkt";

/// The SHA-256 hash of a certificate (RFC 8705, section 3.1).
const X5T: &str = "x5t#S256";

/// Lets pass what is bound to nothing: the claims of a bearer token.
pub(super) fn check_unbound(claims: &Map<String, Value>) -> Result<(), VerifyError> {
    let Some(confirmation) = claims.get("cnf") else {
        return Ok(());
    };
    let names = |members: &Map<String, Value>| {
        let names: Vec<_> = members.keys().map(String::as_str).collect();
        unchecked(&names.join(", "))
    };
    let method = confirmation.as_object().map(names).unwrap_or_default();
    Err(VerifyError::Bound { method })
}

/// The thumbprint of the key that a DPoP token is bound to.
pub(super) fn thumbprint(claims: &Map<String, Value>) -> Result<&str, VerifyError> {
    only(claims, JKT)
}

/// Lets pass what is bound to the certificate `der`.
pub(super) fn check_certificate(
    claims: &Map<String, Value>,
    der: &[u8],
) -> Result<(), VerifyError> {
    let expected = only(claims, X5T)?;
    if expected == base64url::encode(sha256(der)) {
        Ok(())
    } else {
        Err(VerifyError::Certificate)
    }
}

/// The one way in which a token is confirmed. A second way would be one that nobody checks.
fn only<'a>(claims: &'a Map<String, Value>, method: &'static str) -> Result<&'a str, VerifyError> {
    let Some(confirmation) = claims.get("cnf") else {
        return Err(VerifyError::NotBound { method });
    };
    let value = confirmation
        .as_object()
        .filter(|members| members.len() == 1)
        .and_then(|members| members.get(method))
        .and_then(Value::as_str);
    value.ok_or(VerifyError::NotBound { method })
}
