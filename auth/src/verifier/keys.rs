//! Where a verifier has its keys from.

mod budget;

use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, SystemTime};

use http::Method;
use reqwest::Request;
use tracing::warn;

use self::budget::Budget;
use super::VerifyError;
use super::jws::Jws;
use super::key_ring::KeyRing;
use super::lifetime::lifetime;
use crate::fetch::SharedFetch;
use crate::jose::{Algorithm, JwkSet};
use crate::metadata::Discovery;
use crate::{Call, Clock, Error, Pipeline};

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
    fetch: SharedFetch<KeyRing>,
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
    /// Requests for keys that are not known: anyone can make up their ids.
    for_unknown: Budget,
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
        let fetch = SharedFetch::new(clock.clone());
        let inner = Inner {
            discovery,
            pipeline,
            algorithms,
            clock,
            state: RwLock::default(),
        };
        Self {
            inner: Arc::new(inner),
            fetch,
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
        // While the server cannot be asked, nobody knows whether it has the key.
        match self.ring_after(&ring).await.map_err(VerifyError::Keys)? {
            Some(newer) => newer.check(jws),
            None => checked,
        }
    }

    async fn ring(&self) -> Result<Arc<KeyRing>, Error> {
        let held = self.inner.read().held.clone();
        let Some(held) = held else {
            // Its failures are remembered apart from those of the keys.
            self.inner.discovery.metadata().await?;
            return self.renewed(None).await;
        };
        match held.age(self.inner.clock.now()) {
            Age::Fresh => Ok(held.ring),
            Age::Aging => {
                // It has begun; nobody need wait for it.
                drop(self.renewed(Some(&held.ring)));
                Ok(held.ring)
            }
            Age::Stale => Ok(self.renewed(Some(&held.ring)).await.unwrap_or(held.ring)),
            Age::Gone => self.renewed(Some(&held.ring)).await,
        }
    }

    /// Keys newer than `ring`, which lacks one; `None` if they were asked for too often of late.
    async fn ring_after(&self, ring: &Arc<KeyRing>) -> Result<Option<Arc<KeyRing>>, Error> {
        let now = self.inner.clock.now();
        let renewed = {
            let mut state = self.inner.write();
            if let Some(held) = &state.held
                && !Arc::ptr_eq(&held.ring, ring)
            {
                return Ok(Some(Arc::clone(&held.ring)));
            }
            if let Some(error) = self.fetch.remembered() {
                return Err(error);
            }
            // The work under way cannot end unseen: it would have to take this lock.
            if !self.fetch.is_under_way() && !state.for_unknown.spend(now) {
                return Ok(None);
            }
            self.renewed(Some(ring))
        };
        renewed.await.map(Some)
    }

    /// The keys that come after `seen`; asking for them has begun when this returns.
    fn renewed(
        &self,
        seen: Option<&Arc<KeyRing>>,
    ) -> impl Future<Output = Result<Arc<KeyRing>, Error>> + use<> {
        let inner = Arc::clone(&self.inner);
        let seen = seen.cloned();
        self.fetch.get(async move {
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
        let (ring, lifetime) = self.request().await.inspect_err(
            |error| warn!(%error, "the keys of the authorization server cannot be obtained"),
        )?;
        let held = Held {
            ring: Arc::new(ring),
            fetched_at: self.clock.now(),
            lifetime,
        };
        let ring = Arc::clone(&held.ring);
        self.write().held = Some(held);
        Ok(ring)
    }

    async fn request(&self) -> Result<(KeyRing, Duration), Error> {
        let metadata = self.discovery.metadata().await?;
        let call = Call::new("oauthKeys", "/v1/keys").small();
        let request = Request::new(Method::GET, metadata.jwks_uri.clone());
        let response = self.pipeline.send(request, &call).await?;
        let refuse = |why: &str| {
            Error::decode("$.keys", why, None)
                .with_call(&call, &Method::GET)
                .with_response(&response)
        };
        let set: JwkSet = serde_json::from_slice(&response.body)
            .map_err(|_| refuse("the answer is not a JWK set"))?;
        let ring = KeyRing::new(&set, &self.algorithms, self.clock.clone());
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

#[cfg(test)]
mod tests;
