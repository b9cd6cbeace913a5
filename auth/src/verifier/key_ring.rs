//! A server's keys, parsed.

use super::VerifyError;
use super::error::unchecked;
use super::jws::Jws;
use crate::jose::{Algorithm, Jwk, JwkSet, VerifyingKey};

/// A set of keys, each parsed once for each algorithm that it may be used for.
#[derive(Debug)]
pub(super) struct KeyRing {
    keys: Vec<Key>,
    /// The ids of all keys in the set, also of those that are of no use.
    ids: Vec<String>,
}

#[derive(Debug)]
struct Key {
    id: Option<String>,
    algorithm: Algorithm,
    key: VerifyingKey,
}

impl KeyRing {
    pub(super) fn new(set: &JwkSet, algorithms: &[Algorithm]) -> Self {
        let parse = |jwk: &Jwk, algorithm: Algorithm| {
            let key = jwk
                .can_verify(algorithm)
                .then(|| VerifyingKey::new(jwk, algorithm));
            Some(Key {
                id: jwk.key_id().map(str::to_owned),
                algorithm,
                key: key.flatten()?,
            })
        };
        let pairs = set
            .keys
            .iter()
            .flat_map(|jwk| algorithms.iter().map(move |algorithm| (jwk, *algorithm)));
        Self {
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
        self.keys.is_empty()
    }

    /// Checks the signature of `jws` by the key that it names. Where a set has several keys of
    /// that id, any may have signed.
    pub(super) fn check(&self, jws: &Jws<'_>) -> Result<(), VerifyError> {
        let algorithm = jws.header.algorithm;
        let key_id = jws.header.key_id.as_deref();
        let fitting = || {
            self.keys.iter().filter(move |key| {
                key.algorithm == algorithm && (key_id.is_none() || key.id.as_deref() == key_id)
            })
        };
        match (key_id, fitting().count()) {
            (None, 1) | (Some(_), 1..) => {}
            (None, fitting) => return Err(VerifyError::NoKeyId { fitting }),
            (Some(key_id), 0) => return Err(self.unusable(key_id, algorithm)),
        }
        if fitting().any(|key| key.key.verify(jws.signed, &jws.signature)) {
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
