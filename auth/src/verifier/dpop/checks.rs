//! What proofs have to pass.

use std::time::Duration;

use super::fault::ProofError;
use super::nonces::DpopNonces;
use crate::Error;
use crate::jose::Algorithm;
use crate::verifier::replay::{ReplayCache, SeenId, SharedCache};

/// The widest window, in seconds.
const WIDEST: i64 = 600;

/// What a resource server demands of DPoP proofs, besides what RFC 9449, section 4.3 does.
///
/// ```
/// use std::time::Duration;
/// use okta_auth::Issuer;
/// use okta_auth::verifier::{DpopChecks, Verifier};
///
/// # fn main() -> Result<(), okta_auth::Error> {
/// # let issuer = Issuer::parse("https://acme.okta.com/oauth2/default")?;
/// let verifier = Verifier::builder(issuer)
///     .audience("api://default")
///     .dpop(DpopChecks::new().window(Duration::from_secs(60)))
///     .build()?;
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct DpopChecks {
    pub(super) algorithms: Vec<Algorithm>,
    /// In seconds.
    pub(super) window: i64,
    pub(super) nonces: Option<DpopNonces>,
    seen: SharedCache,
}

impl DpopChecks {
    /// All algorithms of [`Algorithm`], a window of 2 minutes, no nonces, proofs remembered in
    /// memory.
    #[must_use]
    pub fn new() -> Self {
        Self {
            algorithms: Algorithm::ALL.to_vec(),
            window: 120,
            nonces: None,
            seen: SharedCache::in_memory(),
        }
    }

    /// The algorithms that proofs may be signed by.
    #[must_use]
    pub fn algorithms(mut self, algorithms: impl IntoIterator<Item = Algorithm>) -> Self {
        self.algorithms = algorithms.into_iter().collect();
        self
    }

    /// How far `iat` of a proof may be from now, before and after, in whole seconds, up to 10
    /// minutes. Default 2 minutes.
    #[must_use]
    pub fn window(mut self, window: Duration) -> Self {
        self.window = i64::try_from(window.as_secs())
            .unwrap_or(WIDEST)
            .min(WIDEST);
        self
    }

    /// Demands a nonce of this server in each proof. Default: none.
    #[must_use]
    pub fn nonces(mut self, nonces: DpopNonces) -> Self {
        self.nonces = Some(nonces);
        self
    }

    /// Where proofs are remembered. Default: a
    /// [`MemoryReplayCache`](crate::verifier::MemoryReplayCache).
    #[must_use]
    pub fn replay_cache(mut self, cache: impl ReplayCache) -> Self {
        self.seen = SharedCache::new(cache);
        self
    }

    /// Only what is on both lists.
    pub(in crate::verifier) fn limit_algorithms(&mut self, allowed: &[Algorithm]) {
        self.algorithms.retain(|known| allowed.contains(known));
    }

    pub(in crate::verifier) fn allowed(&self) -> &[Algorithm] {
        &self.algorithms
    }

    /// The nonce to hand out now.
    pub(in crate::verifier) fn nonce(&self, now: i64) -> Option<String> {
        self.nonces.as_ref().map(|nonces| nonces.issue(now))
    }

    pub(super) fn check_time(&self, issued_at: i64, now: i64) -> Result<(), ProofError> {
        if issued_at < now.saturating_sub(self.window) {
            return Err(ProofError::TooOld { issued_at, now });
        }
        if issued_at > now.saturating_add(self.window) {
            return Err(ProofError::InFuture { issued_at, now });
        }
        Ok(())
    }

    /// Whether `proof` was not here before.
    pub(super) async fn is_new(&self, proof: SeenId) -> Result<bool, Error> {
        self.seen.insert(proof).await
    }
}

impl Default for DpopChecks {
    fn default() -> Self {
        Self::new()
    }
}
