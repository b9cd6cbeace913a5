//! Reading signed tokens: JWS in compact form, RFC 7515, section 3.1.

use std::sync::{Arc, PoisonError, RwLock};

use serde_json::Value;

use super::error::{VerifyError, unchecked};
use super::json::{self, Members};
use crate::jose::{Algorithm, base64url};

/// A token taken apart; nothing in it has been checked yet.
pub(super) struct Jws<'a> {
    pub(super) header: Arc<Header>,
    /// What the signature is of.
    pub(super) signed: &'a [u8],
    pub(super) signature: base64url::Bytes,
    claims: &'a str,
}

/// The part of a header that counts. Keys and addresses of keys in a header (`jwk`, `jku`, `x5u`,
/// `x5c`) are not read: whoever forges a token writes them.
#[derive(Debug)]
pub(super) struct Header {
    /// The header as it came, in base64url.
    text: Box<str>,
    pub(super) algorithm: Algorithm,
    pub(super) key_id: Option<String>,
    pub(super) token_type: Option<String>,
}

/// The header of the last token whose signature was good. Nearly all tokens of a server have the
/// same one, to the letter, so it is not read again for each.
#[derive(Debug, Default)]
pub(super) struct LastHeader(RwLock<Option<Arc<Header>>>);

impl LastHeader {
    /// What to give [`Jws::parse`].
    pub(super) fn get(&self) -> Option<Arc<Header>> {
        self.0
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Keeps the header of a token whose signature is good, unless it is `before`.
    pub(super) fn keep(&self, header: &Arc<Header>, before: Option<&Arc<Header>>) {
        if before.is_none_or(|before| !Arc::ptr_eq(before, header)) {
            let mut last = self.0.write().unwrap_or_else(PoisonError::into_inner);
            *last = Some(Arc::clone(header));
        }
    }
}

/// The three parts of a token, in base64url.
pub(super) struct Parts<'a> {
    pub(super) header: &'a str,
    pub(super) claims: &'a str,
    pub(super) signature: &'a str,
    /// What the signature is of.
    pub(super) signed: &'a [u8],
}

impl<'a> Parts<'a> {
    /// Cuts `token` if it has up to `limit` bytes.
    pub(super) fn split(token: &'a str, limit: usize) -> Result<Self, VerifyError> {
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
            header,
            claims,
            signature,
            signed: &token.as_bytes()[..header.len() + 1 + claims.len()],
        })
    }

    /// The members of the header.
    pub(super) fn header(&self) -> Result<Members, VerifyError> {
        json::object(&decode(self.header, "header")?, "header")
    }

    /// The claims. To be read once the signature has been checked.
    pub(super) fn claims(&self) -> Result<Members, VerifyError> {
        claims(self.claims)
    }

    pub(super) fn signature(&self) -> Result<base64url::Bytes, VerifyError> {
        let part = "signature";
        base64url::decode_short(self.signature).ok_or(VerifyError::Base64 { part })
    }
}

impl<'a> Jws<'a> {
    /// Takes `token` apart if it has up to `limit` bytes and is signed by one of `allowed`. Its
    /// header may be `known`.
    pub(super) fn parse(
        token: &'a str,
        limit: usize,
        allowed: &[Algorithm],
        known: Option<&Arc<Header>>,
    ) -> Result<Self, VerifyError> {
        let parts = Parts::split(token, limit)?;
        let header = match known.filter(|known| *known.text == *parts.header) {
            Some(known) => Arc::clone(known),
            None => Arc::new(Header::read(&parts, allowed)?),
        };
        Ok(Self {
            header,
            signed: parts.signed,
            signature: parts.signature()?,
            claims: parts.claims,
        })
    }

    /// The claims. To be read once the signature has been checked.
    pub(super) fn claims(&self) -> Result<Members, VerifyError> {
        claims(self.claims)
    }
}

impl Header {
    fn read(parts: &Parts<'_>, allowed: &[Algorithm]) -> Result<Self, VerifyError> {
        let mut members = parts.header()?;
        if members.has("crit") {
            return Err(VerifyError::Critical);
        }
        let name = text(&mut members, "alg")?;
        let is_named =
            |known: &&Algorithm| name.as_deref().is_some_and(|name| known.is_named(name));
        let Some(algorithm) = allowed.iter().find(is_named) else {
            return Err(VerifyError::Algorithm {
                allowed: allowed.to_vec(),
                found: name.as_deref().map(unchecked),
            });
        };
        Ok(Self {
            text: parts.header.into(),
            algorithm: *algorithm,
            key_id: text(&mut members, "kid")?,
            token_type: text(&mut members, "typ")?,
        })
    }
}

fn claims(text: &str) -> Result<Members, VerifyError> {
    json::object(&decode(text, "claims")?, "claims")
}

fn decode(text: &str, part: &'static str) -> Result<Vec<u8>, VerifyError> {
    base64url::decode(text).ok_or(VerifyError::Base64 { part })
}

fn text(members: &mut Members, name: &'static str) -> Result<Option<String>, VerifyError> {
    match members.remove(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(VerifyError::HeaderType { name }),
    }
}
