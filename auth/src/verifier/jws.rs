//! Reading signed tokens: JWS in compact form, RFC 7515, section 3.1.

use serde_json::{Map, Value};

use super::error::unchecked;
use super::{VerifyError, json};
use crate::jose::{Algorithm, base64url};

/// A token taken apart; nothing in it has been checked yet.
pub(super) struct Jws<'a> {
    pub(super) header: Header,
    /// What the signature is of.
    pub(super) signed: &'a [u8],
    pub(super) signature: Vec<u8>,
    claims: &'a str,
}

/// The part of a header that counts. Keys and addresses of keys in a header (`jwk`, `jku`, `x5u`,
/// `x5c`) are not read: whoever forges a token writes them.
pub(super) struct Header {
    pub(super) algorithm: Algorithm,
    pub(super) key_id: Option<String>,
    pub(super) token_type: Option<String>,
}

impl<'a> Jws<'a> {
    /// Takes `token` apart if it has up to `limit` bytes and is signed by one of `allowed`.
    pub(super) fn parse(
        token: &'a str,
        limit: usize,
        allowed: &[Algorithm],
    ) -> Result<Self, VerifyError> {
        if token.len() > limit {
            let length = token.len();
            return Err(VerifyError::TooLong { length, limit });
        }
        let mut parts = token.split('.');
        let (Some(header), Some(claims), Some(signature), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            let found = token.split('.').count();
            return Err(VerifyError::Parts { found });
        };
        Ok(Self {
            header: Header::read(decode(header, "header")?, allowed)?,
            signed: &token.as_bytes()[..header.len() + 1 + claims.len()],
            signature: decode(signature, "signature")?,
            claims,
        })
    }

    /// The claims. To be read once the signature has been checked.
    pub(super) fn claims(&self) -> Result<Map<String, Value>, VerifyError> {
        json::object(&decode(self.claims, "claims")?, "claims")
    }
}

impl Header {
    fn read(bytes: Vec<u8>, allowed: &[Algorithm]) -> Result<Self, VerifyError> {
        let mut members = json::object(&bytes, "header")?;
        if members.contains_key("crit") {
            return Err(VerifyError::Critical);
        }
        let name = text(&mut members, "alg")?;
        let is_named = |known: &&Algorithm| Some(known.as_str()) == name.as_deref();
        let Some(algorithm) = allowed.iter().find(is_named) else {
            return Err(VerifyError::Algorithm {
                allowed: allowed.to_vec(),
                found: name.as_deref().map(unchecked),
            });
        };
        Ok(Self {
            algorithm: *algorithm,
            key_id: text(&mut members, "kid")?,
            token_type: text(&mut members, "typ")?,
        })
    }
}

fn decode(text: &str, part: &'static str) -> Result<Vec<u8>, VerifyError> {
    base64url::decode(text).ok_or(VerifyError::Base64 { part })
}

fn text(
    members: &mut Map<String, Value>,
    name: &'static str,
) -> Result<Option<String>, VerifyError> {
    match members.remove(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(VerifyError::HeaderType { name }),
    }
}
