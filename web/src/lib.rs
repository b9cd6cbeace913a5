//! Okta for web applications on axum: login, sessions, logout, and APIs whose callers bring an
//! access token ([`api`]).
//!
//! [`OktaLogin`] brings the routes and the layer; its page has an example. Handlers ask for what
//! they need:
//!
//! | extractor | what it is | without a session |
//! |---|---|---|
//! | [`User`] | who has logged in | a page leads to the login, anything else is 401 |
//! | [`UserSession`] | the same, with the access token for APIs | the same |
//! | `Option<User>`, `Option<UserSession>` | the same, for everyone | `None` |
//! | [`CsrfToken`] | the token for forms in old browsers | an empty one |
//! | `tower_sessions::Session` | the app's own data of the browser | a new one |
//!
//! [`RequireAcr`] and [`RequireRecentLogin`] are layers for routes that take a stronger or a more
//! recent login.
//!
//! # Terms
//! - The **browser's session** is that of `tower-sessions`: an id in a cookie, and data in a store.
//!   It exists from when the app puts something into it, or the user logs in.
//! - The **user's session** is an entry in a [`TokenVault`]: who has logged in, and the tokens. The
//!   browser's session holds its id. It is over when the entry is gone, whatever else is kept.
//! - A **pending login** has begun and not ended. It is in a sealed cookie and nowhere else.
//!
//! # Features
//! `rustls` (default): TLS of requests to Okta. Without it, turn on a TLS feature of `reqwest` in
//! your own crate. `redis` and `postgres`: `RedisVault` and `PostgresVault`, for an app of several
//! processes; `sqlite`: `SqliteVault`, for several on one machine. `hooks`: the module `hooks`, which
//! receives what Okta sends. `utoipa`: what [`api::RequireToken`] asks for, in OpenAPI documents.

#![cfg_attr(docsrs, feature(doc_cfg))]
#![forbid(unsafe_code)]

pub mod api;
mod app;
mod begin;
mod cookies;
mod extract;
mod failure;
mod guard;
#[cfg(feature = "hooks")]
pub mod hooks;
mod login;
mod pending;
mod random;
mod return_path;
mod sessions;
mod site;
mod step_up;
mod user;
mod vault;

pub use self::extract::{CsrfToken, LoginRejection, UserSession};
pub use self::failure::{Failure, FailureKind};
pub use self::guard::{Guarded, Kept, OktaLayer};
pub use self::login::{OktaLogin, OktaLoginBuilder};
pub use self::sessions::{AccessToken, AccessTokenError, SessionInfo, Sessions};
pub use self::step_up::{RequireAcr, RequireRecentLogin, SteppedUp};
pub use self::user::User;
#[cfg(feature = "postgres")]
pub use self::vault::PostgresVault;
#[cfg(feature = "redis")]
pub use self::vault::RedisVault;
#[cfg(feature = "sqlite")]
pub use self::vault::SqliteVault;
pub use self::vault::{MemoryVault, TokenVault, VaultEntry};

#[cfg(feature = "postgres")]
pub use deadpool_postgres;

/// The examples of the README compile.
#[cfg(all(doctest, feature = "hooks", feature = "postgres", feature = "utoipa"))]
#[doc = include_str!("../README.md")]
struct Readme;
