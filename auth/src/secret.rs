//! A string that stays out of logs.

use std::fmt;

use bytes::Bytes;
use http::HeaderValue;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer};

/// A password, token, client secret or private key.
///
/// `Debug` prints `[redacted]`, there is no `Display` and no `Serialize`, and the memory is
/// wiped on drop. Whoever really needs the text says so with [`Secret::expose`].
///
/// ```
/// let token = okta_auth::Secret::from("00abc");
/// assert_eq!(format!("{token:?}"), "[redacted]");
/// assert_eq!(token.expose(), "00abc");
/// ```
#[derive(Clone)]
pub struct Secret(SecretString);

impl Secret {
    /// The text itself. Keep it out of logs, errors and snapshots.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

/// The value of a header that holds a secret: `parts` put together, marked sensitive, and wiped
/// from memory when the last copy of the value goes. `None` if a header cannot have such a value.
pub(crate) fn secret_header(parts: &[&str]) -> Option<HeaderValue> {
    // All at once: a text that grows leaves its beginnings behind.
    let mut text = String::with_capacity(parts.iter().map(|part| part.len()).sum());
    text.extend(parts.iter().copied());
    let bytes = Bytes::from_owner(Wiped(text.into()));
    let mut value = HeaderValue::from_maybe_shared(bytes).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// The bytes of a secret text, which are wiped when they are dropped.
struct Wiped(SecretString);

impl AsRef<[u8]> for Wiped {
    fn as_ref(&self) -> &[u8] {
        self.0.expose_secret().as_bytes()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(SecretString::from(text))
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self(SecretString::from(text))
    }
}

impl PartialEq for Secret {
    /// Looks at every byte whatever the first difference is, so that the time taken tells
    /// nothing but the length.
    fn eq(&self, other: &Self) -> bool {
        let (a, b) = (self.expose().as_bytes(), other.expose().as_bytes());
        let difference = a.iter().zip(b).fold(0u8, |seen, (x, y)| seen | (x ^ y));
        a.len() == b.len() && std::hint::black_box(difference) == 0
    }
}

impl Eq for Secret {}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::from)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn debug_never_shows_the_text() {
        let secret = Secret::from("hunter2".to_owned());
        assert_eq!(
            format!("{secret:?} {:?}", Some(&secret)),
            "[redacted] Some([redacted])"
        );
    }

    #[test]
    fn equality_is_that_of_the_text() {
        assert_eq!(Secret::from("abc"), Secret::from("abc"));
        for other in ["abd", "ab", "abcd", ""] {
            assert_ne!(Secret::from("abc"), Secret::from(other));
        }
    }

    #[test]
    fn a_header_is_made_of_its_parts_and_sensitive() {
        let value = secret_header(&["SSWS", " ", "00abc"]).unwrap();
        assert_eq!(value, "SSWS 00abc");
        assert!(value.is_sensitive() && value.clone().is_sensitive());
        assert!(secret_header(&["SSWS ", "00\nabc"]).is_none());
    }

    #[test]
    fn reads_from_a_json_string() {
        let secret: Secret = serde_json::from_str(r#""s3cret""#).unwrap();
        assert_eq!(secret.expose(), "s3cret");
    }
}
