//! Event hooks: events of the System Log, as they happen.

mod delivery;
mod queue;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::body::{Body, to_bytes};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get};
use futures::FutureExt;
use http::{HeaderMap, Request, StatusCode};
use okta_auth::{Error, Secret};
use serde_json::json;

pub use self::delivery::HookEvent;
use self::delivery::{Delivery, ReadError};
use self::queue::Queue;
use super::HandlerResult;
use super::handler::Handler;
use super::secret::HeaderCheck;
use crate::vault::{MemoryVault, SharedVault, TokenVault};

const CHALLENGE: &str = "x-okta-verification-challenge";

/// The longest challenge, in bytes.
const LONGEST_CHALLENGE: usize = 1024;

/// Receives the deliveries of event hooks. Clones are one receiver.
#[derive(Clone)]
pub struct EventHooks(Arc<Receiver>);

struct Receiver {
    check: HeaderCheck,
    body_limit: usize,
    queue: Queue,
}

/// Builds [`EventHooks`].
#[must_use]
pub struct EventHooksBuilder {
    header: Option<String>,
    secrets: Vec<Secret>,
    body_limit: usize,
    capacity: u32,
    concurrency: usize,
    time_limit: Duration,
    remembered: Duration,
    vault: SharedVault,
    handler: Handler<HookEvent>,
}

impl EventHooks {
    /// A receiver of the hook whose `authScheme` has the value `secret`. `handler` gets each event
    /// that did not come before, after Okta has its answer.
    ///
    /// When the handler fails, panics or takes longer than
    /// [its limit](EventHooksBuilder::time_limit), that is logged with the event's id, and the id is
    /// forgotten, so that the event is handled if it comes again. But Okta had its answer and need
    /// not send it again; the events that were in the queue when the process ended do not come again
    /// either. If none may be missed, read the System Log as well, which has them all.
    pub fn builder<F, A>(secret: Secret, handler: F) -> EventHooksBuilder
    where
        F: Fn(HookEvent) -> A + Send + Sync + 'static,
        A: Future<Output = HandlerResult> + Send + 'static,
    {
        EventHooksBuilder {
            header: None,
            secrets: vec![secret],
            body_limit: 1024 * 1024,
            capacity: 1000,
            concurrency: 8,
            time_limit: Duration::from_secs(60),
            remembered: Duration::from_secs(24 * 60 * 60),
            vault: Arc::new(MemoryVault::new()),
            handler: Arc::new(move |event| handler(event).boxed()),
        }
    }

    /// The route that Okta calls: `GET` for the verification, and `POST` for the deliveries.
    pub fn route<S: Clone + Send + Sync + 'static>(&self) -> MethodRouter<S> {
        let receiver = Arc::clone(&self.0);
        get(verified).post(move |request: Request<Body>| async move {
            receiver
                .receive(request)
                .await
                .unwrap_or_else(IntoResponse::into_response)
        })
    }

    /// Takes no more events, which is answered with 503, and returns when all that were taken are
    /// handled. Call it after the server has stopped; a time-out around it is safe.
    pub async fn drain(&self) {
        self.0.queue.drain().await;
    }
}

impl EventHooksBuilder {
    /// A second secret that is accepted, for as long as the hook's is being replaced.
    pub fn also_accept(mut self, secret: Secret) -> Self {
        self.secrets.push(secret);
        self
    }

    /// The header that holds the secret: the key of the hook's `authScheme`. Default:
    /// `Authorization`.
    pub fn header(mut self, name: impl Into<String>) -> Self {
        self.header = Some(name.into());
        self
    }

    /// The longest body, in bytes. Default: 1 MiB.
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.body_limit = bytes;
        self
    }

    /// How many events may wait or be handled at a time. Default: 1000. A delivery that has more
    /// than this never fits.
    pub fn capacity(mut self, events: u32) -> Self {
        self.capacity = events;
        self
    }

    /// How many events are handled at a time. Default: 8.
    pub fn concurrency(mut self, events: usize) -> Self {
        self.concurrency = events;
        self
    }

    /// How long the handler may take for an event. Default: 60 seconds.
    pub fn time_limit(mut self, limit: Duration) -> Self {
        self.time_limit = limit;
        self
    }

    /// How long the id of an event is remembered, so that it is handled once. Default: 24 hours.
    pub fn remember_for(mut self, time: Duration) -> Self {
        self.remembered = time;
        self
    }

    /// Where the ids of events are kept: a vault that several processes share, such as
    /// `RedisVault` or `PostgresVault`, by features. Hooks that share a vault handle an event once among
    /// them. Default: a [`MemoryVault`] of its own for 100,000 ids. When a vault is full, deliveries
    /// are answered with 503 until it has forgotten some.
    pub fn vault(mut self, vault: impl TokenVault) -> Self {
        self.vault = Arc::new(vault);
        self
    }

    /// The receiver.
    ///
    /// # Errors
    /// If a secret is empty or no header can have it, if the header's name is none, or if a limit is
    /// zero.
    pub fn build(self) -> Result<EventHooks, Error> {
        let check = HeaderCheck::new(self.header.as_deref(), &self.secrets)?;
        let limits = [self.time_limit, self.remembered];
        let is_zero = self.body_limit == 0 || self.capacity == 0 || self.concurrency == 0;
        if is_zero || limits.contains(&Duration::ZERO) {
            return Err(Error::configuration(
                "a limit of the event hooks is zero, so that no event could be handled; leave it \
                 out for its default",
            ));
        }
        let queue = Queue::new(
            self.handler,
            self.vault,
            queue::Limits {
                capacity: self.capacity,
                concurrency: self.concurrency,
                time: self.time_limit,
                remembered: self.remembered,
            },
        );
        Ok(EventHooks(Arc::new(Receiver {
            check,
            body_limit: self.body_limit,
            queue,
        })))
    }
}

impl Receiver {
    async fn receive(&self, request: Request<Body>) -> Result<Response, StatusCode> {
        if !self.check.passes(request.headers()) {
            tracing::warn!("a delivery of events without the hook's secret was refused");
            return Err(StatusCode::UNAUTHORIZED);
        }
        let body = to_bytes(request.into_body(), self.body_limit).await;
        let body = body.map_err(|_| StatusCode::PAYLOAD_TOO_LARGE)?;
        let delivery = Delivery::read(&body).map_err(|ReadError| {
            tracing::warn!("a delivery of events could not be read");
            StatusCode::BAD_REQUEST
        })?;
        // In a task of its own: when Okta hangs up, this future ends wherever it is, and events
        // that were claimed and not queued would be lost.
        let queue = self.queue.clone();
        let queued = tokio::spawn(async move { queue.take(delivery.events()).await }).await;
        match queued {
            Ok(Ok(())) => Ok(StatusCode::OK.into_response()),
            Ok(Err(refusal)) => {
                tracing::warn!(%refusal, "a delivery of events was not taken");
                Err(StatusCode::SERVICE_UNAVAILABLE)
            }
            Err(error) => {
                tracing::error!(%error, "a delivery of events was not taken");
                Err(StatusCode::SERVICE_UNAVAILABLE)
            }
        }
    }
}

/// Okta's challenge, repeated. It needs no secret: whoever asks learns what they sent.
async fn verified(headers: HeaderMap) -> Response {
    let challenge = headers.get(CHALLENGE);
    let challenge = challenge.and_then(|value| value.to_str().ok());
    match challenge {
        Some(challenge) if challenge.len() <= LONGEST_CHALLENGE => {
            Json(json!({ "verification": challenge })).into_response()
        }
        _ => StatusCode::BAD_REQUEST.into_response(),
    }
}

impl fmt::Debug for EventHooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventHooks").finish_non_exhaustive()
    }
}

impl fmt::Debug for EventHooksBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventHooksBuilder").finish_non_exhaustive()
    }
}
