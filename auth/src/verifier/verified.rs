//! Access tokens that were good before.

use std::fmt;
use std::sync::{Arc, Weak};

use quick_cache::sync::Cache;

use super::claims::AccessTokenClaims;
use super::key_ring::KeyRing;
use crate::jose::sha256;

/// Claims of tokens whose signature was good, by the SHA-256 hash of the token.
pub(super) struct VerifiedTokens(Cache<TokenHash, Arc<Verified>>);

type TokenHash = [u8; 32];

/// A token that was good.
pub(super) struct Verified {
    /// The server's keys at that time. When they are renewed a key may be gone, so the token is
    /// checked again.
    keys: Weak<KeyRing>,
    claims: AccessTokenClaims,
}

impl Verified {
    pub(super) fn was_checked_by(&self, keys: &Arc<KeyRing>) -> bool {
        Weak::ptr_eq(&self.keys, &Arc::downgrade(keys))
    }

    /// The claims. Their times are to be checked again.
    pub(super) fn claims(&self) -> AccessTokenClaims {
        self.claims.clone()
    }
}

impl VerifiedTokens {
    /// Up to `capacity` tokens, the most used ones.
    pub(super) fn new(capacity: usize) -> Self {
        Self(Cache::new(capacity))
    }

    pub(super) fn hash(token: &str) -> TokenHash {
        sha256(token)
    }

    pub(super) fn get(&self, token: &TokenHash) -> Option<Arc<Verified>> {
        self.0.get(token)
    }

    pub(super) fn forget(&self, token: &TokenHash) {
        self.0.remove(token);
    }

    /// Keeps the claims of a token that is good. `keys` are those from before it was checked.
    pub(super) fn keep(&self, token: TokenHash, keys: &Arc<KeyRing>, claims: AccessTokenClaims) {
        let keys = Arc::downgrade(keys);
        self.0.insert(token, Arc::new(Verified { keys, claims }));
    }
}

impl fmt::Debug for VerifiedTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("VerifiedTokens")
    }
}
