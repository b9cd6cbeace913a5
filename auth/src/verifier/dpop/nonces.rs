//! Nonces of a resource server, so that no proof can be made in advance.

use std::fmt;
use std::time::Duration;

use aws_lc_rs::{constant_time, hmac};

use crate::jose::{base64url, random};
use crate::{Error, Secret};

/// How long a nonce is handed out.
const PERIOD: i64 = 300;

/// Nonces that clients must put into their proofs (RFC 9449, section 9). A nonce is handed out for
/// 5 minutes and taken for 5 to 10 more. Nothing is stored: a nonce is a keyed hash of its time.
///
/// ```
/// use okta_auth::verifier::{DpopChecks, DpopNonces};
///
/// # fn main() -> Result<(), okta_auth::Error> {
/// let checks = DpopChecks::new().nonces(DpopNonces::new()?);
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct DpopNonces {
    key: hmac::Key,
    /// In seconds, at least 1.
    period: i64,
}

impl DpopNonces {
    /// Nonces of this process, with a random key.
    ///
    /// # Errors
    /// If the machine gives no random numbers.
    pub fn new() -> Result<Self, Error> {
        Ok(Self::of(&random::<32>()?))
    }

    /// Nonces that several processes share: all that have `key` take each other's.
    ///
    /// # Errors
    /// A configuration error for a key of fewer than 32 bytes.
    pub fn with_key(key: &Secret) -> Result<Self, Error> {
        let key = key.expose().as_bytes();
        if key.len() < 32 {
            return Err(Error::configuration(
                "the key of DPoP nonces has fewer than 32 bytes; write at least 32 random ones",
            ));
        }
        Ok(Self::of(key))
    }

    fn of(key: &[u8]) -> Self {
        Self {
            key: hmac::Key::new(hmac::HMAC_SHA256, key),
            period: PERIOD,
        }
    }

    /// How long a nonce is handed out, in whole seconds, at least one. It is taken for one to two
    /// periods more.
    #[must_use]
    pub fn rotate_every(mut self, period: Duration) -> Self {
        self.period = i64::try_from(period.as_secs()).unwrap_or(i64::MAX).max(1);
        self
    }

    /// The nonce to hand out at `now`, in seconds since 1970.
    pub(in crate::verifier) fn issue(&self, now: i64) -> String {
        self.nonce(now.div_euclid(self.period))
    }

    /// Whether `nonce` was handed out not long before `now`. Processes with the same key may be
    /// one period ahead.
    pub(in crate::verifier) fn takes(&self, nonce: &str, now: i64) -> bool {
        let current = now.div_euclid(self.period);
        (current.saturating_sub(1)..=current.saturating_add(1)).any(|period| {
            let expected = self.nonce(period);
            constant_time::verify_slices_are_equal(expected.as_bytes(), nonce.as_bytes()).is_ok()
        })
    }

    fn nonce(&self, period: i64) -> String {
        base64url::encode(hmac::sign(&self.key, &period.to_be_bytes()))
    }
}

impl fmt::Debug for DpopNonces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DpopNonces")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_nonce_is_taken_for_a_while_and_only_by_those_who_have_the_key() {
        let key = Secret::from("0123456789abcdef0123456789abcdef");
        let nonces = DpopNonces::with_key(&key).unwrap();
        let nonce = nonces.issue(6000);
        assert_eq!(nonces.issue(6299), nonce);
        assert_ne!(nonces.issue(6300), nonce);
        for (now, good) in [(5699, false), (5700, true), (6599, true), (6600, false)] {
            assert_eq!(nonces.takes(&nonce, now), good, "{now}");
        }
        let shared = DpopNonces::with_key(&key).unwrap();
        assert!(shared.takes(&nonce, 6000));
        assert!(!DpopNonces::new().unwrap().takes(&nonce, 6000));
        let slow = shared.rotate_every(Duration::ZERO);
        assert!(slow.takes(&slow.issue(i64::MAX), i64::MAX));
        assert!(!nonces.takes("", 6000));
        assert!(DpopNonces::with_key(&"short".into()).is_err());
        assert!(!format!("{nonces:?}").contains("0123"));
    }
}
