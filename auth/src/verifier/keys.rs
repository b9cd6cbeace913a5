//! Where a verifier has its keys from.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, SystemTime};

use http::Method;
use reqwest::Request;
use tracing::warn;

use super::VerifyError;
use super::jws::Jws;
use super::key_ring::KeyRing;
use super::lifetime::lifetime;
use crate::fetch::SingleFlight;
use crate::jose::{Algorithm, JwkSet};
use crate::metadata::Discovery;
use crate::{Call, Clock, Error, Pipeline};

/// Shortest time between two requests that keys unknown to the server can cause, and before the
/// next attempt after one that failed while there are keys to go on with.
const PAUSE: Duration = Duration::from_secs(30);

/// How long keys serve beyond their lifetime while no newer ones can be obtained.
const STALE: Duration = Duration::from_secs(24 * 60 * 60);

/// The keys that signatures are checked by.
#[derive(Debug)]
pub(super) enum Keys {
    /// Given once and for all.
    Given(Arc<KeyRing>),
    /// Fetched from the server.
    Fetched(KeyCache),
}

impl Keys {
    /// The keys that are held, whatever their age.
    pub(super) fn held(&self) -> Option<Arc<KeyRing>> {
        match self {
            Self::Given(ring) => Some(Arc::clone(ring)),
            Self::Fetched(cache) => {
                let state = cache.inner.read();
                state.held.as_ref().map(|held| Arc::clone(&held.ring))
            }
        }
    }

    /// The keys as they are now; those that are due are renewed.
    pub(super) async fn current(&self) -> Result<Arc<KeyRing>, VerifyError> {
        match self {
            Self::Given(ring) => Ok(Arc::clone(ring)),
            Self::Fetched(cache) => cache.ring().await.map_err(VerifyError::Keys),
        }
    }

    pub(super) async fn check(&self, jws: &Jws<'_>) -> Result<(), VerifyError> {
        match self {
            Self::Given(ring) => ring.check(jws),
            Self::Fetched(cache) => cache.check(jws).await,
        }
    }
}

/// The keys that a server publishes, kept for as long as it says.
#[derive(Debug)]
pub(super) struct KeyCache {
    inner: Arc<Inner>,
    flight: SingleFlight<KeyRing>,
}

#[derive(Debug)]
struct Inner {
    discovery: Discovery,
    pipeline: Pipeline,
    algorithms: Vec<Algorithm>,
    clock: Clock,
    state: RwLock<State>,
}

#[derive(Debug, Default)]
struct State {
    held: Option<Held>,
    failed_at: Option<SystemTime>,
    asked_for_unknown_at: Option<SystemTime>,
}

#[derive(Clone, Debug)]
struct Held {
    ring: Arc<KeyRing>,
    fetched_at: SystemTime,
    lifetime: Duration,
}

/// What age makes of keys.
enum Age {
    /// To be used.
    Fresh,
    /// To be used, and to be renewed meanwhile.
    Aging,
    /// To be used only if newer ones cannot be obtained.
    Stale,
    /// Not to be used.
    Gone,
}

impl Held {
    fn age(&self, now: SystemTime) -> Age {
        // Keys from the future mean that the clock was set back: their age is unknown.
        let Ok(age) = now.duration_since(self.fetched_at) else {
            return Age::Stale;
        };
        if age < self.lifetime / 5 * 4 {
            Age::Fresh
        } else if age < self.lifetime {
            Age::Aging
        } else if age < self.lifetime + STALE {
            Age::Stale
        } else {
            Age::Gone
        }
    }
}

impl KeyCache {
    pub(super) fn new(
        discovery: Discovery,
        pipeline: Pipeline,
        algorithms: Vec<Algorithm>,
        clock: Clock,
    ) -> Self {
        let inner = Inner {
            discovery,
            pipeline,
            algorithms,
            clock,
            state: RwLock::default(),
        };
        Self {
            inner: Arc::new(inner),
            flight: SingleFlight::new(),
        }
    }

    /// Checks the signature of `jws`. A key that is not known yet is looked for once more, as it
    /// may be new.
    async fn check(&self, jws: &Jws<'_>) -> Result<(), VerifyError> {
        let ring = self.ring().await.map_err(VerifyError::Keys)?;
        let checked = ring.check(jws);
        if !matches!(checked, Err(VerifyError::UnknownKeyId { .. })) {
            return checked;
        }
        match self.ring_after(&ring).await {
            Some(newer) => newer.check(jws),
            None => checked,
        }
    }

    async fn ring(&self) -> Result<Arc<KeyRing>, Error> {
        let now = self.inner.clock.now();
        let (held, is_pausing) = {
            let state = self.inner.read();
            (state.held.clone(), is_recent(state.failed_at, now))
        };
        let Some(held) = held else {
            return self.fetch(None).await;
        };
        match held.age(now) {
            Age::Fresh => Ok(held.ring),
            Age::Aging => {
                if !is_pausing {
                    // It has begun; nobody need wait for it.
                    drop(self.fetch(Some(&held.ring)));
                }
                Ok(held.ring)
            }
            Age::Stale if is_pausing => Ok(held.ring),
            Age::Stale => Ok(self.fetch(Some(&held.ring)).await.unwrap_or(held.ring)),
            Age::Gone => self.fetch(Some(&held.ring)).await,
        }
    }

    /// Keys newer than `ring`, which lacks one. Anyone can make up key ids, so these requests are
    /// few.
    async fn ring_after(&self, ring: &Arc<KeyRing>) -> Option<Arc<KeyRing>> {
        let now = self.inner.clock.now();
        let flight = {
            let mut state = self.inner.write();
            if let Some(held) = &state.held
                && !Arc::ptr_eq(&held.ring, ring)
            {
                return Some(Arc::clone(&held.ring));
            }
            // The work under way cannot end unseen: it would have to take this lock.
            if !self.flight.is_under_way() {
                if is_recent(state.asked_for_unknown_at, now) {
                    return None;
                }
                state.asked_for_unknown_at = Some(now);
            }
            self.fetch(Some(ring))
        };
        flight.await.ok()
    }

    /// Begins to fetch the keys that come after `seen`, unless that is under way.
    fn fetch(
        &self,
        seen: Option<&Arc<KeyRing>>,
    ) -> impl Future<Output = Result<Arc<KeyRing>, Error>> + use<> {
        let inner = Arc::clone(&self.inner);
        let seen = seen.cloned();
        self.flight.join(async move {
            if let Some(held) = &inner.read().held
                && !seen.is_some_and(|seen| Arc::ptr_eq(&held.ring, &seen))
            {
                // They came between the caller's look and this one.
                return Ok(Arc::clone(&held.ring));
            }
            inner.renew().await
        })
    }
}

impl Inner {
    async fn renew(&self) -> Result<Arc<KeyRing>, Error> {
        let fetched = self.request().await;
        let now = self.clock.now();
        let mut state = self.write();
        match fetched {
            Ok((ring, lifetime)) => {
                let ring = Arc::new(ring);
                state.failed_at = None;
                state.held = Some(Held {
                    ring: Arc::clone(&ring),
                    fetched_at: now,
                    lifetime,
                });
                Ok(ring)
            }
            Err(error) => {
                warn!(%error, "the keys of the authorization server cannot be obtained");
                state.failed_at = Some(now);
                Err(error)
            }
        }
    }

    async fn request(&self) -> Result<(KeyRing, Duration), Error> {
        let metadata = self.discovery.metadata().await?;
        let call = Call::new("oauthKeys", "/v1/keys");
        let request = Request::new(Method::GET, metadata.jwks_uri.clone());
        let response = self.pipeline.send(request, &call).await?;
        let refuse = |why: &str| {
            Error::decode("$.keys", why, None)
                .with_call(&call, &Method::GET)
                .with_response(&response)
        };
        let set: JwkSet = serde_json::from_slice(&response.body)
            .map_err(|_| refuse("the answer is not a JWK set"))?;
        let ring = KeyRing::new(&set, &self.algorithms);
        if ring.is_empty() {
            return Err(refuse(
                "no key is for an algorithm that the verifier allows",
            ));
        }
        Ok((ring, lifetime(&response.headers)))
    }

    fn read(&self) -> std::sync::RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> std::sync::RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }
}

fn is_recent(then: Option<SystemTime>, now: SystemTime) -> bool {
    then.is_some_and(|then| now.duration_since(then).is_ok_and(|passed| passed < PAUSE))
}

#[cfg(test)]
mod tests;
