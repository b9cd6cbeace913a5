//! Access tokens that several processes of one service app share.

mod place;
mod refused;
mod sealing;
mod sharing;
mod store;

use std::sync::Arc;

pub(super) use self::sharing::Sharing;
use self::store::Store;
pub use self::store::{SharedEntry, SharedTokenStore};
use crate::{SealingKey, SealingKeys};

/// Lets the processes of one service app share their access token, so that fifty of them ask Okta
/// for one token and not for fifty. Give it to
/// [`ServiceAppBuilder::shared_tokens`](crate::ServiceAppBuilder::shared_tokens).
///
/// - Tokens are sealed here (AES-256-GCM, NIST SP 800-38D), under a key that the store never sees:
///   whoever reads the store learns neither tokens nor clients, and an entry that was changed, or
///   moved to another name, does not open. It is then ignored with a warning, and replaced.
/// - Processes share a token if they have the same issuer, client id, scopes and, with DPoP, key.
/// - One process at a time asks for a token. The others wait for it for 3 seconds, and then ask for
///   themselves.
/// - A token that was refused (401) is not taken from the store again.
/// - If the store fails, there is a warning, and the process asks for itself.
///
/// ```
/// use okta_auth::{Error, ServiceAppBuilder, SealingKey, SharedTokenStore, SharedTokens};
///
/// fn share(
///     app: ServiceAppBuilder,
///     store: impl SharedTokenStore,
///     keys: [[u8; 32]; 2],
/// ) -> Result<ServiceAppBuilder, Error> {
///     let [new, old] = keys;
///     let shared = SharedTokens::new(store, SealingKey::new(new)?).older_key(SealingKey::new(old)?);
///     Ok(app.shared_tokens(shared))
/// }
/// ```
#[derive(Clone, Debug)]
pub struct SharedTokens {
    store: Arc<dyn Store>,
    keys: SealingKeys,
}

impl SharedTokens {
    /// Shares over `store` what is sealed with `key`.
    #[must_use]
    pub fn new(store: impl SharedTokenStore, key: SealingKey) -> Self {
        Self {
            store: Arc::new(store),
            keys: SealingKeys::new(key),
        }
    }

    /// Opens also what was sealed with `key`, which is being replaced. To replace a key: first give
    /// the new one to all processes as the older one, then make it the first one everywhere, then
    /// leave the old one out.
    #[must_use]
    pub fn older_key(mut self, key: SealingKey) -> Self {
        self.keys = self.keys.older_key(key);
        self
    }
}
