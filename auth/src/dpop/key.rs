//! The keys that tokens are bound to.

use std::fmt;
use std::sync::Arc;

use serde_json::{Value, json};

use crate::Error;
use crate::jose::{Algorithm, SigningKey};

/// A key that access tokens are bound to. Cheap to clone; `Debug` shows its thumbprint alone.
#[derive(Clone)]
pub struct DpopKey(Arc<Inner>);

struct Inner {
    key: SigningKey,
    /// The header of every proof but for `alg`, which signing adds.
    header: Value,
    thumbprint: String,
}

impl DpopKey {
    pub(super) fn new(key: SigningKey) -> Self {
        let jwk = key.bare_public_jwk();
        Self(Arc::new(Inner {
            header: json!({"typ": "dpop+jwt", "jwk": jwk.to_json()}),
            thumbprint: jwk.thumbprint(),
            key,
        }))
    }

    pub(super) fn generate(algorithm: Algorithm) -> Result<Self, Error> {
        SigningKey::generate(algorithm).map(Self::new)
    }

    /// The thumbprint of the public key (RFC 7638), which tokens bound to it carry as `jkt` in
    /// their claim `cnf`.
    #[must_use]
    pub fn thumbprint(&self) -> &str {
        &self.0.thumbprint
    }

    /// The proof with these claims.
    pub(super) fn sign(&self, claims: &Value) -> Result<String, Error> {
        self.0.key.token(self.0.header.clone(), claims)
    }
}

impl PartialEq for DpopKey {
    fn eq(&self, other: &Self) -> bool {
        self.thumbprint() == other.thumbprint()
    }
}

impl Eq for DpopKey {}

impl fmt::Debug for DpopKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DpopKey({})", self.thumbprint())
    }
}
