//! Cursors that may leave the program.

use std::fmt;
use std::str::FromStr;

use aws_lc_rs::hmac::{self, HMAC_SHA256};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use super::Cursor;
use super::cursor::MOST_TEXT;
use crate::Error;

/// The least length of a key in bytes: that of the output of SHA-256 (RFC 2104, section 3).
const LEAST_KEY: usize = 32;

/// Before what is signed, so that the key's other signatures are of no use here.
const DOMAIN: &[u8] = b"okta-sdk cursor 1";

/// The longest text of a signed cursor: the longest cursor and a signature, in base64.
const MOST_SIGNED: usize = MOST_TEXT.div_ceil(3) * 4 + 64;

/// The key that cursors are signed with. `Debug` does not show it.
#[derive(Clone)]
pub struct CursorKey(hmac::Key);

impl CursorKey {
    /// A key of at least 32 bytes that nobody can guess, such as from `openssl rand 32`. All
    /// processes that are to read a cursor need the same key.
    ///
    /// # Errors
    /// A configuration error if it is shorter than 32 bytes.
    pub fn new(key: impl AsRef<[u8]>) -> Result<Self, Error> {
        let key = key.as_ref();
        if key.len() < LEAST_KEY {
            return Err(Error::configuration(format!(
                "the cursor key has {} bytes; write at least {LEAST_KEY} random ones",
                key.len()
            )));
        }
        Ok(Self(hmac::Key::new(HMAC_SHA256, key)))
    }

    fn sign(&self, cursor: &[u8], context: &[u8]) -> hmac::Tag {
        hmac::sign(&self.0, &signed_bytes(cursor, context))
    }

    /// Whether `signature` is that of `cursor`. The time that it takes tells nothing of it.
    fn has_signed(&self, cursor: &[u8], context: &[u8], signature: &[u8]) -> bool {
        hmac::verify(&self.0, &signed_bytes(cursor, context), signature).is_ok()
    }
}

impl fmt::Debug for CursorKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// The length comes first, so that the end of a context is no part of a cursor.
fn signed_bytes(cursor: &[u8], context: &[u8]) -> Vec<u8> {
    let length = (context.len() as u64).to_be_bytes();
    [DOMAIN, &length, context, cursor].concat()
}

/// A [`Cursor`] that may go to a browser and come back: whoever changes it, or makes one up, is
/// found out. Its text is of letters, digits, `-`, `_` and one dot, so that it fits into a URL.
///
/// It is signed (HMAC-SHA256), and not encrypted: whoever has it can read the path and the query
/// of the list, search expressions among them. It does not end. A cursor that is
/// [bound](Cursor::signed_for) to a session ends with it.
///
/// ```
/// use okta_auth::{Cursor, CursorKey, SignedCursor};
///
/// # fn run() -> Result<(), Box<dyn std::error::Error>> {
/// # let (from_config, cursor) = ([7; 32], "/api/v1/users?after=00u1".parse::<Cursor>()?);
/// let key = CursorKey::new(from_config)?;
/// let next = cursor.signed_for(&key, b"session 4711").to_string();
///
/// // In the next request of the browser:
/// let cursor: Cursor = next.parse::<SignedCursor>()?.verify_for(&key, b"session 4711")?;
/// # Ok(()) }
/// # run().unwrap();
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SignedCursor(String);

impl Cursor {
    /// This cursor with a signature, to be given to somebody who is not trusted.
    #[must_use]
    pub fn signed(&self, key: &CursorKey) -> SignedCursor {
        self.signed_for(key, &[])
    }

    /// As [`Cursor::signed`], for one context alone, such as the id of a session or a user: in
    /// another context the cursor is not accepted. A program that serves many orgs has to put the
    /// org into it, since a cursor does not name one.
    #[must_use]
    pub fn signed_for(&self, key: &CursorKey, context: &[u8]) -> SignedCursor {
        let text = self.as_str().as_bytes();
        let tag = key.sign(text, context);
        SignedCursor(format!(
            "{}.{}",
            URL_SAFE_NO_PAD.encode(text),
            URL_SAFE_NO_PAD.encode(tag)
        ))
    }
}

impl SignedCursor {
    /// The cursor, if it was [signed](Cursor::signed) with this key.
    ///
    /// # Errors
    /// An argument error if it was not, or for a context.
    pub fn verify(&self, key: &CursorKey) -> Result<Cursor, Error> {
        self.verify_for(key, &[])
    }

    /// The cursor, if it was [signed for](Cursor::signed_for) this context with this key.
    ///
    /// # Errors
    /// An argument error if it was not.
    pub fn verify_for(&self, key: &CursorKey, context: &[u8]) -> Result<Cursor, Error> {
        let (text, signature) = self.parts().ok_or_else(not_signed)?;
        if !key.has_signed(&text, context, &signature) {
            return Err(not_signed());
        }
        String::from_utf8(text)
            .map_err(|_| not_signed())?
            .try_into()
    }

    fn parts(&self) -> Option<(Vec<u8>, Vec<u8>)> {
        let (text, signature) = self.0.split_once('.')?;
        let decoded = |part| URL_SAFE_NO_PAD.decode(part).ok();
        Some((decoded(text)?, decoded(signature)?))
    }
}

fn not_signed() -> Error {
    Error::invalid_argument(
        "cursor",
        "is not signed with this key for this context; give the text as it was given out, or \
         start with the first page",
    )
}

impl fmt::Display for SignedCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Shows the length alone: the query may hold names.
impl fmt::Debug for SignedCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SignedCursor({} bytes)", self.0.len())
    }
}

/// Takes any text that may be a signed cursor; [`SignedCursor::verify`] looks whether it is one.
impl TryFrom<String> for SignedCursor {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        if text.len() > MOST_SIGNED || !text.bytes().all(plain) {
            return Err(not_signed());
        }
        Ok(Self(text))
    }
}

impl FromStr for SignedCursor {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        // Looked at before it is copied.
        if text.len() > MOST_SIGNED {
            return Err(not_signed());
        }
        text.to_owned().try_into()
    }
}

impl From<SignedCursor> for String {
    fn from(cursor: SignedCursor) -> Self {
        cursor.0
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;

    use super::*;

    fn key(byte: u8) -> CursorKey {
        CursorKey::new([byte; 32]).unwrap()
    }

    fn cursor() -> Cursor {
        "/api/v1/users?after=00u1&limit=2".parse().unwrap()
    }

    #[test]
    fn comes_back_as_it_went() {
        let signed = cursor().signed(&key(1));
        let text = signed.to_string();
        assert!(!text.contains(|c: char| !(c.is_ascii_alphanumeric() || "-_.".contains(c))));
        assert_eq!(text.parse::<SignedCursor>().unwrap(), signed);
        assert_eq!(signed.verify(&key(1)).unwrap(), cursor());
        let json = serde_json::to_string(&signed).unwrap();
        let read: SignedCursor = serde_json::from_str(&json).unwrap();
        assert_eq!(read.verify(&key(1)).unwrap(), cursor());
    }

    #[test]
    fn the_signature_is_hmac_sha256_of_length_context_and_path() {
        // From Python's `hmac`:
        // base64url(hmac(b"\x01" * 32, b"okta-sdk cursor 1" + b"\0" * 7 + b"\x02" + b"me" + b"/a"))
        let cursor: Cursor = "/a".parse().unwrap();
        let signed = cursor.signed_for(&key(1), b"me").to_string();
        assert_eq!(signed, "L2E.aadyvL6svATPjeH1N9McodijCNu_1K6zbwuNOp3YyhQ");
    }

    #[test]
    fn another_key_or_context_does_not_open_it() {
        let bound = cursor().signed_for(&key(1), b"joe");
        assert_eq!(bound.verify_for(&key(1), b"joe").unwrap(), cursor());
        for (key, context) in [
            (key(2), &b"joe"[..]),
            (key(1), b"ann"),
            (key(1), b""),
            (key(1), b"joe/"),
            (key(1), b"jo"),
        ] {
            let error = bound.verify_for(&key, context).unwrap_err();
            assert!(error.is_invalid_argument(), "{context:?}");
        }
        assert!(cursor().signed(&key(1)).verify_for(&key(1), b"x").is_err());
    }

    #[test]
    fn what_was_not_signed_is_refused() {
        let signed = cursor().signed(&key(1)).to_string();
        let (text, tag) = signed.split_once('.').unwrap();
        let other = URL_SAFE_NO_PAD.encode("/api/v1/logs");
        for forged in [
            String::new(),
            ".".to_owned(),
            text.to_owned(),
            format!("{text}."),
            format!(".{tag}"),
            format!("{other}.{tag}"),
            format!("{text}.{}", &tag[..40]),
            format!("{signed}.{tag}"),
            format!("{signed}="),
            format!("/api/v1/users.{tag}"),
        ] {
            let read = forged.parse::<SignedCursor>();
            let error = read.and_then(|it| it.verify(&key(1))).unwrap_err();
            assert!(error.is_invalid_argument(), "{forged}");
            assert!(!error.to_string().contains("api"), "{error}");
        }
    }

    #[test]
    fn length_is_bounded_and_every_cursor_fits() {
        let longest: Cursor = format!("/{}", "a".repeat(MOST_TEXT - 1)).parse().unwrap();
        let signed = longest.signed(&key(1)).to_string();
        let read: SignedCursor = signed.parse().unwrap();
        assert_eq!(read.verify(&key(1)).unwrap(), longest);
        let long = "a".repeat(MOST_SIGNED + 1);
        assert!(long.parse::<SignedCursor>().is_err());
        assert!(SignedCursor::try_from(long).is_err());
    }

    #[test]
    fn keys_are_long_and_do_not_print() {
        let error = CursorKey::new([7; 31]).unwrap_err();
        assert!(error.is_configuration() && error.to_string().contains("at least 32"));
        let text = format!("{:?} {:?}", key(1), cursor().signed(&key(1)));
        assert_eq!(text, "[redacted] SignedCursor(87 bytes)");
    }

    proptest! {
        #[test]
        fn no_change_of_a_byte_goes_unseen(at in 0usize..87, byte in 0u8..128) {
            let signed = cursor().signed(&key(1)).to_string();
            let mut bytes = signed.clone().into_bytes();
            bytes[at] = byte;
            let changed = String::from_utf8(bytes).unwrap();
            let read = changed.parse::<SignedCursor>();
            let opened = read.and_then(|it| it.verify(&key(1)));
            prop_assert_eq!(opened.is_ok(), changed == signed);
        }

        #[test]
        fn any_text_is_refused_without_a_panic(text in ".{0,200}") {
            let read = text.parse::<SignedCursor>();
            prop_assert!(read.and_then(|it| it.verify(&key(1))).is_err());
        }
    }
}
