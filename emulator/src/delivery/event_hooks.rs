//! Events on their way to event hooks, <https://developer.okta.com/docs/concepts/event-hooks/>.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{Failure, Service, random_uuid};
use crate::org::deliveries::Batch;
use crate::org::events::{self, Caller, Target};
use crate::shared::Shared;
use crate::view;

/// Sends a batch, unless its hook is switched off or gone by now.
pub(super) async fn send(shared: &Arc<Shared>, batch: &Batch) {
    let hook = {
        let org = shared.org();
        let hook = org.event_hooks.position(&batch.receiver);
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
        record(shared, target.clone(), reason).await;
    }
    let told = request(shared, batch);
    if let Err(failure) = service.tell(&shared.outgoing, &told).await {
        if let Failure::NotAllowed(_) = failure {
            tracing::warn!(hook = batch.receiver, "{failure}");
        }
        record(shared, target, failure.to_string()).await;
    }
}

fn request(shared: &Shared, batch: &Batch) -> Value {
    let events = batch.events.iter().map(|event| view::event(event));
    json!({
        "eventType": "com.okta.event_hook",
        "eventTypeVersion": "1.0",
        "cloudEventsVersion": "0.1",
        "contentType": "application/json",
        "source": format!("{}/api/v1/eventHooks/{}", shared.org_url, batch.receiver),
        "eventId": random_uuid(),
        "eventTime": shared.clock.stamp(),
        "data": { "events": events.collect::<Vec<_>>() },
    })
}

/// Writes to the System Log that a delivery failed, off the threads that serve requests: an org that
/// is kept waits until it is written.
async fn record(shared: &Arc<Shared>, hook: Target, reason: String) {
    let shared = shared.clone();
    let recorded = tokio::task::spawn_blocking(move || {
        let mut org = shared.org();
        org.begin(shared.clock.stamp(), Caller::system());
        org.record_outcome(events::EVENT_HOOK_DELIVERY, [hook], Some(&reason));
    });
    if let Err(error) = recorded.await {
        tracing::error!(%error, "a failed delivery is not in the System Log");
    }
}
