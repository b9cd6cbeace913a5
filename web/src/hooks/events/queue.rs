//! Events that are taken and not yet handled.

use std::sync::Arc;
use std::time::Duration;

use okta_auth::Error;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::HookEvent;
use crate::hooks::handler::{self, Handler};
use crate::random;
use crate::vault::SharedVault;

pub(super) struct Limits {
    pub(super) capacity: u32,
    pub(super) concurrency: usize,
    pub(super) time: Duration,
    pub(super) remembered: Duration,
}

#[derive(Clone)]
pub(super) struct Queue(Arc<Shared>);

struct Shared {
    handler: Handler<HookEvent>,
    vault: SharedVault,
    limits: Limits,
    /// A permit for each event that may be here.
    room: Arc<Semaphore>,
    /// A permit for each event that may be handled at a time.
    handled: Semaphore,
}

/// An event that this process alone is to handle.
struct Claimed {
    event: HookEvent,
    name: String,
    holder: String,
}

impl Queue {
    pub(super) fn new(handler: Handler<HookEvent>, vault: SharedVault, limits: Limits) -> Self {
        // More than a semaphore can count is as good as no limit.
        let room = usize::try_from(limits.capacity).unwrap_or(Semaphore::MAX_PERMITS);
        let handled = limits.concurrency.min(Semaphore::MAX_PERMITS);
        Self(Arc::new(Shared {
            handler,
            vault,
            room: Arc::new(Semaphore::new(room.min(Semaphore::MAX_PERMITS))),
            handled: Semaphore::new(handled),
            limits,
        }))
    }

    /// Takes all events that did not come before, or none.
    pub(super) async fn take(&self, events: Vec<HookEvent>) -> Result<(), Error> {
        let full = |_| Error::credentials("the queue of events has no room, or is being drained");
        let count = u32::try_from(events.len()).unwrap_or(u32::MAX);
        let room = Arc::clone(&self.0.room);
        let mut room = room.try_acquire_many_owned(count).map_err(full)?;
        for claimed in self.0.claim(events).await? {
            if let Some(permit) = room.split(1) {
                let shared = Arc::clone(&self.0);
                tokio::spawn(async move { shared.handle(claimed, permit).await });
            }
        }
        Ok(())
    }

    /// Waits for all permits, which come back as events are handled. Nobody gets one meanwhile.
    pub(super) async fn drain(&self) {
        if let Ok(all) = self.0.room.acquire_many(self.0.limits.capacity).await {
            self.0.room.close();
            drop(all);
        }
    }
}

impl Shared {
    async fn claim(&self, events: Vec<HookEvent>) -> Result<Vec<Claimed>, Error> {
        let mut claimed = Vec::with_capacity(events.len());
        for event in events {
            match self.claim_one(event).await {
                Ok(one) => claimed.extend(one),
                Err(error) => {
                    for one in &claimed {
                        self.release(one).await;
                    }
                    return Err(error);
                }
            }
        }
        Ok(claimed)
    }

    async fn claim_one(&self, event: HookEvent) -> Result<Option<Claimed>, Error> {
        let name = random::hash(&["event hook", &event.id]);
        // One for each event: a vault lets a holder claim again what it has.
        let holder = random::token::<16>()?;
        let claim = self.vault.claim(&name, &holder, self.limits.remembered);
        Ok(claim.await?.then_some(Claimed {
            event,
            name,
            holder,
        }))
    }

    async fn release(&self, claimed: &Claimed) {
        let released = self.vault.release(&claimed.name, &claimed.holder).await;
        if let Err(error) = released {
            let id = &claimed.event.id;
            tracing::warn!(%error, id, "the id of an event is still remembered");
        }
    }

    async fn handle(&self, claimed: Claimed, _room: OwnedSemaphorePermit) {
        let Ok(_permit) = self.handled.acquire().await else {
            return;
        };
        let event = claimed.event.clone();
        let handled = handler::call(&self.handler, event, self.limits.time).await;
        let Err(failure) = handled else {
            return;
        };
        let id = &claimed.event.id;
        let kind = claimed.event.log.event_type.as_deref();
        tracing::error!(failure, id, kind, "an event was not handled");
        self.release(&claimed).await;
    }
}
