//! A server's keys, parsed.

use super::VerifyError;
use super::error::unchecked;
use super::jws::Jws;
use crate::Clock;
use crate::jose::{Algorithm, Jwk, JwkSet, VerifyingKey};

/// Most keys of an id that are tried for a token. Two may share an id while one replaces the
/// other; more would only make each token cost more.
const MOST_CANDIDATES: usize = 4;

/// A set of keys, each parsed once for each algorithm that it may be used for.
#[derive(Debug)]
pub(super) struct KeyRing {
    clock: Clock,
    keys: Vec<Key>,
    /// The ids of all keys in the set, also of those that are of no use.
    ids: Vec<String>,
}

#[derive(Debug)]
struct Key {
    id: Option<String>,
    algorithm: Algorithm,
    /// In seconds since 1970.
    expires_at: Option<i64>,
    key: VerifyingKey,
}

impl Key {
    /// Whether this may have signed with `algorithm` as the key that is named `id`, if one is.
    fn fits(&self, id: Option<&str>, algorithm: Algorithm, now: i64) -> bool {
        self.algorithm == algorithm
            && (id.is_none() || self.id.as_deref() == id)
            && self.expires_at.is_none_or(|end| now < end)
    }
}

impl KeyRing {
    /// `clock` tells when keys end.
    pub(super) fn new(set: &JwkSet, algorithms: &[Algorithm], clock: Clock) -> Self {
        let parse = |jwk: &Jwk, algorithm: Algorithm| {
            let key = jwk
                .can_verify(algorithm)
                .then(|| VerifyingKey::new(jwk, algorithm));
            Some(Key {
                id: jwk.key_id().map(str::to_owned),
                algorithm,
                expires_at: jwk.expires_at(),
                key: key.flatten()?,
            })
        };
        let pairs = set
            .keys
            .iter()
            .flat_map(|jwk| algorithms.iter().map(move |algorithm| (jwk, *algorithm)));
        Self {
            clock,
            keys: pairs
                .filter_map(|(jwk, algorithm)| parse(jwk, algorithm))
                .collect(),
            ids: set
                .keys
                .iter()
                .filter_map(|jwk| jwk.key_id().map(str::to_owned))
                .collect(),
        }
    }

    /// Whether no key can be used.
    pub(super) fn is_empty(&self) -> bool {
        let now = self.clock.unix_seconds();
        !self
            .keys
            .iter()
            .any(|key| key.fits(None, key.algorithm, now))
    }

    /// Checks the signature of `jws` by the key that it names. Where a set has several keys of
    /// that id, any of the first four may have signed.
    pub(super) fn check(&self, jws: &Jws<'_>) -> Result<(), VerifyError> {
        let algorithm = jws.header.algorithm;
        let key_id = jws.header.key_id.as_deref();
        let now = self.clock.unix_seconds();
        let fitting = || {
            let keys = self.keys.iter();
            keys.filter(move |key| key.fits(key_id, algorithm, now))
        };
        match (key_id, fitting().count()) {
            (None, 1) | (Some(_), 1..) => {}
            (None, fitting) => return Err(VerifyError::NoKeyId { fitting }),
            (Some(key_id), 0) => return Err(self.unusable(key_id, algorithm)),
        }
        let verifies = |key: &Key| key.key.verify(jws.signed, &jws.signature);
        if fitting().take(MOST_CANDIDATES).any(verifies) {
            Ok(())
        } else {
            Err(VerifyError::Signature)
        }
    }

    fn unusable(&self, key_id: &str, algorithm: Algorithm) -> VerifyError {
        let is_known = self.ids.iter().any(|id| id == key_id);
        let key_id = unchecked(key_id);
        if is_known {
            VerifyError::UnfitKey { key_id, algorithm }
        } else {
            VerifyError::UnknownKeyId { key_id }
        }
    }
}
