//! Tokens that only those can read who have the key.

use std::time::Duration;

use secrecy::zeroize::Zeroizing;

use crate::{SealingKeys, Secret};

/// Before the name of an entry in its context, so that what a key seals for this is of no use
/// elsewhere.
const DOMAIN: &[u8] = b"okta-sdk shared token 1 ";

/// The bytes of the life of a token, which go before it.
const LIFE: usize = size_of::<u32>();

/// The longest token that is shared, in bytes.
const MOST_TOKEN: usize = 64 * 1024;

/// A token that was sealed, and how long it was good when it was new.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Sealed {
    pub(super) token: Secret,
    pub(super) life: Duration,
}

/// The bytes of an entry under `name`; `None` for what is too long.
pub(super) fn seal(keys: &SealingKeys, name: &str, sealed: &Sealed) -> Option<Vec<u8>> {
    let token = sealed.token.expose().as_bytes();
    let life = u32::try_from(sealed.life.as_secs()).unwrap_or(u32::MAX);
    if token.len() > MOST_TOKEN {
        return None;
    }
    // As long as it gets, and wiped when it is dropped.
    let mut text = Zeroizing::new(Vec::with_capacity(LIFE + token.len()));
    text.extend(life.to_be_bytes());
    text.extend(token);
    keys.seal(&context(name), &text).ok()
}

/// What was sealed under `name`; `None` if it does not open with any key.
pub(super) fn open(keys: &SealingKeys, name: &str, entry: &[u8]) -> Option<Sealed> {
    keys.open_with(&context(name), entry, |opened| {
        let (life, token) = opened.split_first_chunk::<LIFE>()?;
        Some(Sealed {
            token: std::str::from_utf8(token).ok()?.into(),
            life: Duration::from_secs(u32::from_be_bytes(*life).into()),
        })
    })
}

fn context(name: &str) -> Vec<u8> {
    [DOMAIN, name.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::SealingKey;

    fn keys(byte: u8) -> SealingKeys {
        SealingKeys::new(key(byte))
    }

    fn key(byte: u8) -> SealingKey {
        SealingKey::new([byte; 32]).unwrap()
    }

    fn token(text: &str) -> Sealed {
        Sealed {
            token: text.into(),
            life: Duration::from_secs(3600),
        }
    }

    #[test]
    fn a_token_opens_under_its_name_alone() {
        let keys = keys(1);
        let entry = seal(&keys, "a", &token("t-1")).unwrap();
        assert_eq!(open(&keys, "a", &entry), Some(token("t-1")));
        assert_eq!(open(&keys, "b", &entry), None);
        assert_eq!(open(&keys, "", &entry), None);
    }

    #[test]
    fn an_entry_shows_no_token_and_is_another_one_each_time() {
        let keys = keys(1);
        let entries = [(); 2].map(|()| seal(&keys, "a", &token("the-token")).unwrap());
        assert_ne!(entries[0], entries[1]);
        for entry in entries {
            let is_plain = entry.windows(5).any(|part| part == b"token");
            assert!(!is_plain);
        }
    }

    #[test]
    fn whatever_is_changed_does_not_open() {
        let keys = keys(1);
        let entry = seal(&keys, "a", &token("t-1")).unwrap();
        for at in 0..entry.len() {
            let mut changed = entry.clone();
            changed[at] ^= 1;
            assert_eq!(open(&keys, "a", &changed), None, "byte {at}");
            assert_eq!(open(&keys, "a", &entry[..at]), None, "{at} bytes");
        }
        let longer = [&entry[..], &[0]].concat();
        assert_eq!(open(&keys, "a", &longer), None);
    }

    #[test]
    fn an_older_key_opens_and_the_first_one_seals() {
        let (old, new) = (keys(1), keys(2));
        let both = new.clone().older_key(key(1));
        let entry = seal(&old, "a", &token("t-1")).unwrap();
        assert_eq!(open(&both, "a", &entry), Some(token("t-1")));
        assert_eq!(open(&new, "a", &entry), None);
        let entry = seal(&both, "a", &token("t-2")).unwrap();
        assert_eq!(open(&new, "a", &entry), Some(token("t-2")));
        assert_eq!(open(&old, "a", &entry), None);
    }

    #[test]
    fn a_token_that_is_too_long_is_not_sealed() {
        let keys = keys(1);
        assert!(seal(&keys, "a", &token(&"t".repeat(MOST_TOKEN))).is_some());
        assert!(seal(&keys, "a", &token(&"t".repeat(MOST_TOKEN + 1))).is_none());
    }
}
