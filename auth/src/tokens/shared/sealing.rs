//! Tokens that only those can read who have the key.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use secrecy::zeroize::Zeroizing;

use crate::{Error, Secret};

/// The length of a key in bytes.
const KEY: usize = 32;

/// The first byte of what is sealed: how it was.
const VERSION: u8 = 1;

/// Before the name of an entry in what is authenticated with it, so that what this key seals is of
/// no use elsewhere.
const DOMAIN: &[u8] = b"okta-sdk shared token 1 ";

/// The bytes of the life of a token, which go before it.
const LIFE: usize = size_of::<u32>();

/// The longest token that is shared, in bytes.
const MOST_TOKEN: usize = 64 * 1024;

/// The key that shared tokens are sealed with. `Debug` does not show it.
#[derive(Clone)]
pub struct SealingKey(Arc<RandomizedNonceKey>);

impl SealingKey {
    /// A key of 32 bytes that nobody can guess, such as from `openssl rand 32`. All processes that
    /// share tokens need the same key.
    ///
    /// # Errors
    /// A configuration error if it is of another length.
    pub fn new(key: impl AsRef<[u8]>) -> Result<Self, Error> {
        let key = key.as_ref();
        let wrong = || {
            Error::configuration(format!(
                "the key that seals shared tokens has {} bytes; write {KEY} random ones",
                key.len()
            ))
        };
        if key.len() != KEY {
            return Err(wrong());
        }
        let key = RandomizedNonceKey::new(&AES_256_GCM, key).map_err(|_| wrong())?;
        Ok(Self(Arc::new(key)))
    }
}

impl fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// A token that was sealed, and how long it was good when it was new.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Sealed {
    pub(super) token: Secret,
    pub(super) life: Duration,
}

/// The key that seals, and those that only open.
#[derive(Clone, Debug)]
pub(super) struct SealingKeys {
    first: SealingKey,
    older: Vec<SealingKey>,
}

impl SealingKeys {
    pub(super) fn new(first: SealingKey) -> Self {
        let older = Vec::new();
        Self { first, older }
    }

    pub(super) fn older(&mut self, key: SealingKey) {
        self.older.push(key);
    }

    /// The bytes of an entry under `name`; `None` for what is too long.
    pub(super) fn seal(&self, name: &str, sealed: &Sealed) -> Option<Vec<u8>> {
        let token = sealed.token.expose().as_bytes();
        let life = u32::try_from(sealed.life.as_secs()).unwrap_or(u32::MAX);
        if token.len() > MOST_TOKEN {
            return None;
        }
        // As long as it gets: a text that grows leaves its beginnings behind.
        let mut text = Vec::with_capacity(LIFE + token.len() + AES_256_GCM.tag_len());
        text.extend(life.to_be_bytes());
        text.extend(token);
        let key = &self.first.0;
        let nonce = key.seal_in_place_append_tag(aad(name), &mut text).ok()?;
        Some([&[VERSION][..], nonce.as_ref(), &text].concat())
    }

    /// What was sealed under `name`; `None` if it does not open with any key.
    pub(super) fn open(&self, name: &str, entry: &[u8]) -> Option<Sealed> {
        let (version, rest) = entry.split_first()?;
        let (nonce, text) = rest.split_first_chunk::<NONCE_LEN>()?;
        let mut keys = [&self.first].into_iter().chain(&self.older);
        (*version == VERSION)
            .then(|| keys.find_map(|key| open(key, name, nonce, text)))
            .flatten()
    }
}

fn open(key: &SealingKey, name: &str, nonce: &[u8; NONCE_LEN], text: &[u8]) -> Option<Sealed> {
    let mut text = Zeroizing::new(text.to_vec());
    let nonce = Nonce::assume_unique_for_key(*nonce);
    let opened = key.0.open_in_place(nonce, aad(name), &mut text).ok()?;
    let (life, token) = opened.split_first_chunk::<LIFE>()?;
    Some(Sealed {
        token: std::str::from_utf8(token).ok()?.into(),
        life: Duration::from_secs(u32::from_be_bytes(*life).into()),
    })
}

fn aad(name: &str) -> Aad<Vec<u8>> {
    Aad::from([DOMAIN, name.as_bytes()].concat())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn key(byte: u8) -> SealingKey {
        SealingKey::new([byte; KEY]).unwrap()
    }

    fn token(text: &str) -> Sealed {
        Sealed {
            token: text.into(),
            life: Duration::from_secs(3600),
        }
    }

    #[test]
    fn a_token_opens_under_its_name_alone() {
        let keys = SealingKeys::new(key(1));
        let entry = keys.seal("a", &token("t-1")).unwrap();
        assert_eq!(keys.open("a", &entry), Some(token("t-1")));
        assert_eq!(keys.open("b", &entry), None);
        assert_eq!(keys.open("", &entry), None);
    }

    #[test]
    fn an_entry_shows_no_token_and_is_another_one_each_time() {
        let keys = SealingKeys::new(key(1));
        let entries = [(); 2].map(|()| keys.seal("a", &token("the-token")).unwrap());
        assert_ne!(entries[0], entries[1]);
        for entry in entries {
            let is_plain = entry.windows(5).any(|part| part == b"token");
            assert!(!is_plain);
        }
    }

    #[test]
    fn whatever_is_changed_does_not_open() {
        let keys = SealingKeys::new(key(1));
        let entry = keys.seal("a", &token("t-1")).unwrap();
        for at in 0..entry.len() {
            let mut changed = entry.clone();
            changed[at] ^= 1;
            assert_eq!(keys.open("a", &changed), None, "byte {at}");
            assert_eq!(keys.open("a", &entry[..at]), None, "{at} bytes");
        }
        let longer = [&entry[..], &[0]].concat();
        assert_eq!(keys.open("a", &longer), None);
    }

    #[test]
    fn an_older_key_opens_and_the_first_one_seals() {
        let (old, new) = (SealingKeys::new(key(1)), SealingKeys::new(key(2)));
        let mut both = new.clone();
        both.older(key(1));
        let entry = old.seal("a", &token("t-1")).unwrap();
        assert_eq!(both.open("a", &entry), Some(token("t-1")));
        assert_eq!(new.open("a", &entry), None);
        let entry = both.seal("a", &token("t-2")).unwrap();
        assert_eq!(new.open("a", &entry), Some(token("t-2")));
        assert_eq!(old.open("a", &entry), None);
    }

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
        assert_eq!(format!("{:?}", key(7)), "[redacted]");
    }

    #[test]
    fn a_token_that_is_too_long_is_not_sealed() {
        let keys = SealingKeys::new(key(1));
        assert!(keys.seal("a", &token(&"t".repeat(MOST_TOKEN))).is_some());
        assert!(
            keys.seal("a", &token(&"t".repeat(MOST_TOKEN + 1)))
                .is_none()
        );
    }
}
