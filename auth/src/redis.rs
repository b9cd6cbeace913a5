//! What several processes share, kept in Redis (feature `redis`): ids that are good once, the access
//! token of a service app, and an org's rate limits.
//!
//! One [`RedisConnection`] serves them all. Redis 6 or newer is required, or a server that speaks
//! its protocol, such as Valkey.
//!
//! ```no_run
//! use okta_auth::redis::{RedisConnection, RedisReplayCache};
//! use okta_auth::verifier::{DpopChecks, Verifier};
//! use okta_auth::{Issuer, Secret};
//!
//! # async fn run(redis_url: Secret) -> Result<(), okta_auth::Error> {
//! // Such as redis://user:password@redis.internal:6379/0
//! let redis = RedisConnection::open(&redis_url)?;
//! let replays = RedisReplayCache::new(&redis);
//! let verifier = Verifier::builder(Issuer::parse("https://acme.okta.com/oauth2/default")?)
//!     .audience("api://default")
//!     .dpop(DpopChecks::new().replay_cache(replays))
//!     .build()?;
//! # Ok(()) }
//! ```
//!
//! # TLS
//! `rediss://` needs a TLS library that the crate `redis` is told to use: add `redis` 1 with the
//! feature `tokio-rustls-comp` to your own crate. Or make the connection yourself and give it to
//! [`RedisConnection::with_manager`].

mod connection;
mod failure;
mod link;
mod rate_budget;
mod replay;
mod tokens;

pub use self::connection::RedisConnection;
pub use self::rate_budget::RedisRateBudget;
pub use self::replay::RedisReplayCache;
pub use self::tokens::RedisTokenStore;
