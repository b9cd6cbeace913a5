//! Each token is handled once, also where several processes receive it.

use std::time::Duration;

use super::OktaSignal;
use crate::hooks::handler::{self, Handler};
use crate::random;
use crate::vault::SharedVault;

pub(super) struct Once {
    pub(super) handler: Handler<OktaSignal>,
    pub(super) vault: SharedVault,
    pub(super) time_limit: Duration,
    pub(super) remembered: Duration,
}

impl Once {
    /// Has the handler handle a signal that was not handled before. An error says why it must come
    /// again.
    ///
    /// A token can come again while it is handled, and must not be acknowledged then, because the
    /// handler may still fail. So a token has two names in the vault: one while it is handled, and
    /// one for having been handled. The second gets its full life at the end. Should this process
    /// die before, it ends sooner than the first, so that nobody finds it alone.
    pub(super) async fn handle(&self, signal: OktaSignal) -> Result<(), String> {
        let (issuer, id) = (&*signal.issuer, &*signal.id);
        let under_way = random::hash(&["signal under way", issuer, id]);
        let handled = random::hash(&["signal", issuer, id]);
        // One for each call: a vault lets a holder claim again what it has.
        let holder = random::token::<16>().map_err(|error| error.to_string())?;
        let while_handled = self.time_limit.saturating_mul(4);
        if !self.claim(&under_way, &holder, while_handled).await? {
            return Err("it is being handled already".to_owned());
        }
        let ended = self.handle_claimed(signal, &handled, &holder).await;
        self.release(&under_way, &holder).await;
        ended
    }

    async fn handle_claimed(
        &self,
        signal: OktaSignal,
        name: &str,
        holder: &str,
    ) -> Result<(), String> {
        let while_handled = self.time_limit.saturating_mul(2);
        let claim = self.claim(name, holder, while_handled);
        let claimed = tokio::time::timeout(self.time_limit, claim).await;
        if !claimed.map_err(|_| "the vault took too long".to_owned())?? {
            return Ok(());
        }
        let handled = handler::call(&self.handler, signal, self.time_limit).await;
        if handled.is_err() {
            self.release(name, holder).await;
        } else if let Err(failure) = self.claim(name, holder, self.remembered).await {
            // It was handled; what can follow is that it is handled twice.
            tracing::warn!(failure, "the id of a security event is soon forgotten");
        }
        handled
    }

    async fn claim(&self, name: &str, holder: &str, life: Duration) -> Result<bool, String> {
        let claim = self.vault.claim(name, holder, life).await;
        claim.map_err(|error| error.to_string())
    }

    async fn release(&self, name: &str, holder: &str) {
        if let Err(error) = self.vault.release(name, holder).await {
            tracing::warn!(%error, "the id of a security event is still remembered");
        }
    }
}
