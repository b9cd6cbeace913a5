//! Texts that only those can read who have the key.

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use secrecy::zeroize::Zeroizing;

use crate::{Error, Secret};

/// The length of a key in bytes.
const KEY: usize = 32;

/// The first byte of what is sealed: how it was.
const VERSION: u8 = 1;

/// A key that seals texts, so that whoever stores or carries them can neither read nor change them
/// (AES-256-GCM with random nonces, NIST SP 800-38D). `Debug` does not show it.
///
/// Replace a key before it has sealed 4 billion texts (section 8.3 there).
#[derive(Clone)]
pub struct SealingKey(Arc<RandomizedNonceKey>);

impl SealingKey {
    /// A key of 32 bytes that nobody can guess, such as from `openssl rand 32`. All processes that
    /// share what is sealed need the same key.
    ///
    /// # Errors
    /// A configuration error if it is of another length.
    pub fn new(key: impl AsRef<[u8]>) -> Result<Self, Error> {
        let key = key.as_ref();
        let wrong = || {
            Error::configuration(format!(
                "the key that seals has {} bytes; write {KEY} random ones",
                key.len()
            ))
        };
        if key.len() != KEY {
            return Err(wrong());
        }
        let key = RandomizedNonceKey::new(&AES_256_GCM, key).map_err(|_| wrong())?;
        Ok(Self(Arc::new(key)))
    }

    /// A new key, which is gone when the process ends: for tests and for programs that can lose
    /// what they have sealed.
    ///
    /// # Errors
    /// If the machine gives no random numbers.
    pub fn generate() -> Result<Self, Error> {
        Self::new(crate::jose::random::<KEY>()?)
    }
}

impl fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// The key that seals, and older ones that only open.
///
/// To replace a key: first give the new one to all processes as the older one, then make it the
/// first one everywhere, then leave the old one out.
///
/// ```
/// use okta_auth::{SealingKey, SealingKeys};
///
/// # fn main() -> Result<(), okta_auth::Error> {
/// let keys = SealingKeys::new(SealingKey::generate()?).older_key(SealingKey::new([7; 32])?);
/// let sealed = keys.seal(b"note of joe", b"a text")?;
/// assert_eq!(keys.open(b"note of joe", &sealed).unwrap().expose(), "a text");
/// assert!(keys.open(b"note of ann", &sealed).is_none());
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct SealingKeys {
    first: SealingKey,
    older: Vec<SealingKey>,
}

impl SealingKeys {
    /// Seals with `key`, and opens what was sealed with it.
    #[must_use]
    pub fn new(key: SealingKey) -> Self {
        let (first, older) = (key, Vec::new());
        Self { first, older }
    }

    /// Opens also what was sealed with `key`.
    #[must_use]
    pub fn older_key(mut self, key: SealingKey) -> Self {
        self.older.push(key);
        self
    }

    /// Seals `text`. `context` says what it is and whose: it is not stored, and what was sealed for
    /// one context does not open in another.
    ///
    /// # Errors
    /// If the machine gives no random numbers.
    pub fn seal(&self, context: &[u8], text: &[u8]) -> Result<Vec<u8>, Error> {
        // As long as it gets: a text that grows leaves its beginnings behind.
        let mut sealed = Vec::with_capacity(text.len() + AES_256_GCM.tag_len());
        sealed.extend(text);
        let key = &self.first.0;
        let nonce = key
            .seal_in_place_append_tag(Aad::from(context), &mut sealed)
            .map_err(|error| Error::other("the key did not seal", error))?;
        Ok([&[VERSION][..], nonce.as_ref(), &sealed].concat())
    }

    /// What was sealed for `context`; `None` if it does not open with any key, or is no text.
    #[must_use]
    pub fn open(&self, context: &[u8], sealed: &[u8]) -> Option<Secret> {
        self.open_with(context, sealed, |opened| {
            std::str::from_utf8(opened).ok().map(Secret::from)
        })
    }

    /// What `read` makes of the bytes that were sealed for `context`.
    pub(crate) fn open_with<T>(
        &self,
        context: &[u8],
        sealed: &[u8],
        read: impl Fn(&[u8]) -> Option<T>,
    ) -> Option<T> {
        let (version, rest) = sealed.split_first()?;
        let (nonce, text) = rest.split_first_chunk::<NONCE_LEN>()?;
        if *version != VERSION {
            return None;
        }
        let mut keys = [&self.first].into_iter().chain(&self.older);
        keys.find_map(|key| {
            let mut text = Zeroizing::new(text.to_vec());
            let nonce = Nonce::assume_unique_for_key(*nonce);
            let opened = key.0.open_in_place(nonce, Aad::from(context), &mut text);
            opened.ok().and_then(|opened| read(opened))
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_key_of_another_length_is_refused_with_advice_and_none_is_shown() {
        for length in [0, 16, 31, 33, 64] {
            let error = SealingKey::new(vec![7; length]).unwrap_err();
            assert!(error.is_configuration(), "{error}");
            assert!(
                error.to_string().contains("write 32 random ones"),
                "{error}"
            );
        }
        let key = SealingKey::new([7; KEY]).unwrap();
        assert_eq!(format!("{key:?}"), "[redacted]");
    }

    #[test]
    fn a_text_opens_in_its_context_alone_and_bytes_are_no_text() {
        let keys = SealingKeys::new(SealingKey::generate().unwrap());
        let sealed = keys.seal(b"a", b"text").unwrap();
        assert_eq!(keys.open(b"a", &sealed).unwrap().expose(), "text");
        assert!(keys.open(b"b", &sealed).is_none());
        assert!(keys.open(b"", &sealed).is_none());
        let sealed = keys.seal(b"a", &[255]).unwrap();
        assert!(keys.open(b"a", &sealed).is_none());
        let other = SealingKeys::new(SealingKey::generate().unwrap());
        assert!(other.open(b"a", &sealed).is_none());
    }
}
