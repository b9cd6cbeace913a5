//! Proof of possession: tokens that are worth nothing without a key (RFC 9449).

mod key;
mod nonces;
mod proof;
mod proofs;
mod spelling;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use http::{HeaderMap, Method};
use url::Url;

pub use self::key::DpopKey;
use self::nonces::Nonces;
pub(crate) use self::proofs::DpopProofs;
use self::spelling::Spellings;
use crate::clock::ServerClock;
use crate::jose::{Algorithm, SigningKey};
use crate::{Clock, Error, Secret};

/// How long a key is used for new tokens.
const KEY_LIFE: Duration = Duration::from_secs(24 * 60 * 60);

/// Proves possession of a key with each request, so that a stolen token is of no use (DPoP, RFC
/// 9449).
///
/// - A **proof** is a JWT about one request: its method, its URL, the time, the token that it
///   goes with, and a number that is never used again. It travels in the header `DPoP`.
/// - The **key** that signs proofs is made here and has nothing to do with the client's own. An
///   access token is bound to the key whose proof it was asked for with. The key is replaced
///   every 24 hours; a token keeps the key that it is bound to, and so does its refresh token.
/// - A **nonce** is what a server wants to find in proofs, so that none can be made in advance.
///   Each response may bring a new one.
///
/// Give it to what gets tokens, and nothing else is
/// to be done. [`Dpop::proof`] is for requests that are sent otherwise. Clones share keys and
/// nonces.
///
/// Source: <https://developer.okta.com/docs/guides/dpop/oktaresourceserver/main/>
#[derive(Clone, Debug)]
pub struct Dpop {
    current: Arc<Mutex<Current>>,
    /// `None` if there is one key for good.
    rotation: Option<Rotation>,
    nonces: Arc<Nonces>,
    spellings: Arc<Spellings>,
    clock: ServerClock,
}

/// The key for new tokens.
#[derive(Debug)]
struct Current {
    key: DpopKey,
    /// When the first token was bound to it.
    since: Option<SystemTime>,
}

#[derive(Clone, Copy, Debug)]
struct Rotation {
    algorithm: Algorithm,
    every: Duration,
}

impl Dpop {
    /// With a new key for ES256, which all of Okta's servers take.
    ///
    /// # Errors
    /// If the machine gives no random numbers.
    pub fn new() -> Result<Self, Error> {
        Self::with_algorithm(Algorithm::Es256)
    }

    /// With a new key for `algorithm`. An RSA key takes a tenth of a second to make.
    ///
    /// # Errors
    /// If the machine gives no random numbers.
    pub fn with_algorithm(algorithm: Algorithm) -> Result<Self, Error> {
        let key = DpopKey::generate(algorithm)?;
        Ok(Self {
            rotation: Some(Rotation {
                algorithm,
                every: KEY_LIFE,
            }),
            ..Self::of(key)
        })
    }

    /// With a key of your own that is never replaced, so that tokens bound to it can be stored
    /// and used after a restart. Its id is not sent.
    #[must_use]
    pub fn with_key(key: SigningKey) -> Self {
        Self::of(DpopKey::new(key))
    }

    fn of(key: DpopKey) -> Self {
        Self {
            current: Arc::new(Mutex::new(Current { key, since: None })),
            rotation: None,
            nonces: Arc::default(),
            spellings: Arc::default(),
            clock: ServerClock::new(Clock::system()),
        }
    }

    /// How long after its first use a key gives way to a new one, for tokens that are got from
    /// then on. Default 24 hours. Does nothing to a key of your own.
    #[must_use]
    pub fn rotate_key_every(mut self, life: Duration) -> Self {
        if let Some(rotation) = &mut self.rotation {
            rotation.every = life;
        }
        self
    }

    /// The clock that proofs are dated by, until a server says that it is wrong. Default: the
    /// machine's. An OAuth client brings its own.
    #[must_use]
    pub fn clock(self, clock: Clock) -> Self {
        self.with_server_clock(ServerClock::new(clock))
    }

    pub(crate) fn with_server_clock(mut self, clock: ServerClock) -> Self {
        self.clock = clock;
        self
    }

    /// The key of new tokens.
    #[must_use]
    pub fn key(&self) -> DpopKey {
        self.current().key.clone()
    }

    /// Whether the key is [of your own](Dpop::with_key), and stays: tokens bound to it can be
    /// stored.
    #[must_use]
    pub fn has_own_key(&self) -> bool {
        self.rotation.is_none()
    }

    /// The same nonces, spellings and clock, with `key` only: for what is bound to it.
    pub(crate) fn bound_to(&self, key: DpopKey) -> Self {
        Self {
            nonces: Arc::clone(&self.nonces),
            spellings: Arc::clone(&self.spellings),
            clock: self.clock.clone(),
            ..Self::of(key)
        }
    }

    /// As [`Dpop::bound_to`], with the key for a token that is about to be asked for: the
    /// current one, or a new one if that is too old.
    pub(crate) fn for_new_token(&self) -> Result<Self, Error> {
        let now = self.clock.local().now();
        let mut current = self.current();
        let since = *current.since.get_or_insert(now);
        if let Some(Rotation { algorithm, every }) = self.rotation
            && now.duration_since(since).is_ok_and(|age| age >= every)
        {
            *current = Current {
                key: DpopKey::generate(algorithm)?,
                since: Some(now),
            };
        }
        Ok(self.bound_to(current.key.clone()))
    }

    /// A proof for one sending of a request, for its header `DPoP`: `url` is the URL as it is
    /// sent, `access_token` the token that goes with it as `Authorization: DPoP …`.
    ///
    /// # Errors
    /// If the machine gives no random numbers.
    pub fn proof(
        &self,
        method: &Method,
        url: &Url,
        access_token: Option<&Secret>,
    ) -> Result<String, Error> {
        let nonce = self.nonces.get(url, access_token.is_some());
        proof::Proof {
            method,
            htu: &self.spellings.htu(url),
            issued_at: self.clock.unix_seconds(),
            access_token,
            nonce: nonce.as_deref(),
        }
        .signed_by(&self.key())
    }

    /// Keeps the nonce that a response from `url` brings in `DPoP-Nonce`; true if it is a new
    /// one. `with_token`: the request carried an access token, so that the nonce is that of a
    /// resource server (RFC 9449, section 9).
    pub fn remember_nonce(&self, url: &Url, headers: &HeaderMap, with_token: bool) -> bool {
        self.nonces.learn(url, with_token, headers)
    }

    /// Learns from a request to `url` whose `proof` was refused; true if another one can be
    /// tried.
    pub(crate) fn respell(&self, url: &Url, proof: &str) -> bool {
        self.spellings.refused(url, proof)
    }

    fn current(&self) -> MutexGuard<'_, Current> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
