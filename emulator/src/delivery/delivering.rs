//! The task that sends what the org's hooks and its stream of signals wait for.
//!
//! A receiver has one call under way at a time, so that one that hangs holds up no other. What happens
//! meanwhile is in the next call.

use std::sync::Arc;

use tokio::task::{JoinHandle, JoinSet};

use super::{event_hooks, signals};
use crate::org::deliveries::Batch;
use crate::shared::Shared;

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

async fn send(shared: Arc<Shared>, batch: Batch) {
    let is_hook = shared.org().event_hooks.position(&batch.receiver).is_some();
    match is_hook {
        true => event_hooks::send(&shared, &batch).await,
        false => signals::send(&shared, &batch).await,
    }
}
