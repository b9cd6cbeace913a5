//! Events on their way to event hooks, <https://developer.okta.com/docs/concepts/event-hooks/>.
//!
//! A hook has one call under way at a time, so that a service that hangs holds up no other. What
//! happens meanwhile is in the next call.

use std::sync::Arc;

use aws_lc_rs::rand;
use serde_json::{Value, json};
use tokio::task::{JoinHandle, JoinSet};

use super::{Failure, Service};
use crate::org::deliveries::Batch;
use crate::org::events::{self, Caller, Target};
use crate::shared::Shared;
use crate::view;

/// The task that sends events. It ends when this is dropped, whatever is under way.
#[derive(Debug)]
pub(crate) struct Delivering(JoinHandle<()>);

impl Delivering {
    /// Sends what the org's hooks wait for, on the current Tokio runtime.
    pub(crate) fn begin(shared: Arc<Shared>) -> Self {
        Self(tokio::spawn(deliver(shared)))
    }
}

impl Drop for Delivering {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn deliver(shared: Arc<Shared>) {
    let deliveries = shared.org().deliveries.clone();
    let mut calls = JoinSet::new();
    loop {
        for batch in deliveries.take() {
            calls.spawn(send(shared.clone(), batch));
        }
        tokio::select! {
            () = deliveries.added() => {}
            Some(ended) = calls.join_next() => {
                if let Err(error) = ended {
                    tracing::error!(%error, "events were not delivered");
                }
            }
        }
    }
}

/// Sends a batch, unless its hook is switched off or gone by now.
async fn send(shared: Arc<Shared>, batch: Batch) {
    let hook = {
        let org = shared.org();
        let hook = org.event_hooks.position(&batch.hook);
        let hook = hook.and_then(|position| org.event_hooks.get(position));
        let hook = hook.filter(|hook| hook.is_told());
        hook.map(|hook| (Service::of(&hook.channel), hook.target()))
    };
    let Some((service, target)) = hook else {
        return;
    };
    if batch.dropped > 0 {
        let reason = format!(
            "{} events were dropped, the service is too slow",
            batch.dropped
        );
        record(&shared, target.clone(), reason).await;
    }
    let told = request(&shared, &batch);
    if let Err(failure) = service.tell(&shared.outgoing, &told).await {
        if let Failure::NotAllowed(_) = failure {
            tracing::warn!(hook = batch.hook, "{failure}");
        }
        record(&shared, target, failure.to_string()).await;
    }
}

fn request(shared: &Shared, batch: &Batch) -> Value {
    let events = batch.events.iter().map(|event| view::event(event));
    json!({
        "eventType": "com.okta.event_hook",
        "eventTypeVersion": "1.0",
        "cloudEventsVersion": "0.1",
        "contentType": "application/json",
        "source": format!("{}/api/v1/eventHooks/{}", shared.org_url, batch.hook),
        "eventId": random_uuid(),
        "eventTime": shared.clock.stamp(),
        "data": { "events": events.collect::<Vec<_>>() },
    })
}

/// An id that no other call has, of this start of the emulator or another: services recognise by it
/// what they have received.
fn random_uuid() -> String {
    let mut bytes = [0; 16];
    if rand::fill(&mut bytes).is_err() {
        tracing::error!("the system gives no random bytes");
    }
    let bits = u128::from_be_bytes(bytes);
    format!(
        "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
        bits >> 96,
        (bits >> 80) & 0xffff,
        (bits >> 64) & 0xfff,
        ((bits >> 48) & 0x3fff) | 0x8000,
        bits & 0xffff_ffff_ffff,
    )
}

/// Writes to the System Log that a delivery failed, off the threads that serve requests: an org that
/// is kept waits until it is written.
async fn record(shared: &Arc<Shared>, hook: Target, reason: String) {
    let shared = shared.clone();
    let recorded = tokio::task::spawn_blocking(move || {
        let mut org = shared.org();
        org.begin(shared.clock.stamp(), Caller::system());
        org.record_failure(events::EVENT_HOOK_DELIVERY, [hook], reason);
    });
    if let Err(error) = recorded.await {
        tracing::error!(%error, "a failed delivery is not in the System Log");
    }
}
