//! Security event tokens on their way to the receiver of the org's stream: RFC 8417, by push as in
//! RFC 8935.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use super::{Failure, Service, random_uuid};
use crate::oauth::memory::keys::{self, SigningKey};
use crate::oauth::words::server::Server;
use crate::org::deliveries::Batch;
use crate::org::signal_stream::SignalStream;
use crate::shared::Shared;
use crate::view;

/// The `typ` of a token.
const KIND: &str = "secevent+jwt";
/// What a receiver is sent to show that the stream works.
const VERIFICATION: &str = "https://schemas.openid.net/secevent/ssf/event-type/verification";

/// How long to wait before a token is sent again.
const PAUSES: [Duration; 2] = [Duration::from_millis(100), Duration::from_millis(400)];

/// Sends a batch, a token for each event, unless the stream is gone by now.
pub(super) async fn send(shared: &Shared, batch: &Batch) {
    let stream = {
        let org = shared.org();
        let stream = org.signal_stream.clone();
        stream.filter(|stream| stream.id == batch.receiver)
    };
    let Some(stream) = stream else {
        return;
    };
    if batch.dropped > 0 {
        tracing::warn!(
            dropped = batch.dropped,
            "the receiver of signals is too slow"
        );
    }
    for event in &batch.events {
        let Some(told) = view::signal(event, &shared.org_url) else {
            continue;
        };
        if let Err(failure) = push(shared, &stream, &told).await {
            tracing::warn!(stream = stream.id, "a signal was not delivered: {failure}");
        }
    }
}

/// Sends the receiver a verification, with the state that it asked for.
pub(crate) async fn verify(
    shared: &Shared,
    stream: &SignalStream,
    state: Option<&str>,
) -> Result<(), Failure> {
    let mut told = json!({ VERIFICATION: {} });
    if let Some(state) = state {
        told[VERIFICATION]["state"] = json!(state);
    }
    push(shared, stream, &told).await
}

/// Signs a token and sends it, again if the receiver is away for a moment.
async fn push(shared: &Shared, stream: &SignalStream, events: &Value) -> Result<(), Failure> {
    let claims = json!({
        "iss": shared.org_url,
        "aud": stream.audience,
        "iat": shared.clock.stamp().epoch_seconds(),
        "jti": random_uuid(),
        "events": events,
    });
    let token = key(shared)
        .await
        .and_then(|key| key.sign(&claims, Some(KIND)).ok());
    let token = token.ok_or(Failure::Unsigned)?;
    let service = Service::of_stream(stream);
    let mut pauses = PAUSES.into_iter();
    loop {
        match (service.push(&shared.outgoing, &token).await, pauses.next()) {
            (Err(failure), Some(pause)) if failure.is_passing() => {
                tokio::time::sleep(pause).await;
            }
            (outcome, _) => return outcome,
        }
    }
}

/// The key of the org's own server, which is made if it is not there.
async fn key(shared: &Shared) -> Option<Arc<SigningKey>> {
    let missing = {
        let org = shared.org();
        let name = org.oauth.keys.current_name(Server::Org);
        org.oauth.keys.missing(vec![name])
    };
    keys::make(missing).await.ok()?;
    shared.org().oauth.keys.current(Server::Org).ok()
}
