//! Okta's management API, typed.
//!
//! ```no_run
//! use okta_sdk::Client;
//! use okta_sdk::models::{CreateUserRequest, UserProfile};
//!
//! # async fn run() -> Result<(), okta_sdk::Error> {
//! let okta = Client::from_env()?; // ~/.okta/okta.yaml, ./okta.yaml, OKTA_CLIENT_ORGURL…
//!
//! let profile = UserProfile::new()
//!     .first_name("Isaac")
//!     .last_name("Brock")
//!     .email("isaac@example.com")
//!     .login("isaac@example.com");
//! let user = okta.users().create(CreateUserRequest::new(profile)).activate(true).await?;
//! println!("created {}", user.id);
//!
//! let mut active = okta.users().list().search(r#"status eq "ACTIVE""#).limit(200).stream();
//! while let Some(user) = active.try_next().await? {
//!     println!("{}", user.id);
//! }
//! # Ok(()) }
//! ```
//!
//! - Each part of the API has a handle on the [`Client`], and each operation a method there. Its
//!   documentation names Okta's operation, and searching for Okta's name finds it.
//! - What an operation needs is an argument, what it may have is a setter. `.await` gives the
//!   value; `.send()` gives a [`Response`] with status, headers and request id. A list is not
//!   awaited: it has `.all()`, `.first_page()`, `.stream()` and `.pages()`.
//! - What Okta sends is kept: unknown properties, unknown enum values and unknown kinds of
//!   objects are read, shown and written back. See [`models`].
//! - A failed call gives an [`Error`] with Okta's code, summary, causes and request id. Rate
//!   limits and passing failures are waited out and retried where that is safe.
//! - [`search`] writes expressions for `search` and `filter`, and [`testing`] answers requests from
//!   a script.
//! - [`shortcuts`] lists tasks that are one call here and several requests to Okta.
//! - [`Client::request`] reaches endpoints that have no method here.
//!
//! # Features
//!
//! One for each part of Okta's API; `users`, `groups`, `applications` and `admin-roles` are on by
//! default, and `full` turns all on: `access-controls`, `admin-roles`, `applications`,
//! `authenticators`, `authorization-servers`, `customizations`, `devices`,
//! `external-identity-sources`, `groups`, `hooks`, `org-management`, `rate-limits`, `realms`,
//! `schemas`, `service-accounts`, `signal-sharing`, `system-log`, `users`.
//!
//! `rustls` (default) is for TLS; without it, turn on a TLS feature of `reqwest` in your crate.
//! `opentelemetry` has the observer `OpenTelemetry`, which measures requests and propagates traces.

// Without any part of the API there is nobody to use what they share.
#![cfg_attr(
    not(feature = "_part"),
    allow(dead_code, unused_imports, unused_macros)
)]

mod argument;
mod body;
mod call;
mod client;
mod client_builder;
mod codec;
mod config;
mod id;
#[cfg(any(
    feature = "access-controls",
    feature = "applications",
    feature = "groups"
))]
mod keys;
pub mod models;
mod operation;
mod output;
mod paging;
mod path;
mod raw;
mod request;
mod response;
#[cfg(feature = "admin-roles")]
mod roles;
mod scopes;
pub mod search;
pub mod shortcuts;
#[cfg(feature = "system-log")]
mod system_log;
mod template;
pub mod testing;
mod upload;

// Generated code has a formatter of its own.
#[rustfmt::skip]
#[allow(
    deprecated, // what Okta deprecates stays callable
    unused_imports, // all files of a kind begin alike
    clippy::all,
)]
mod generated {
    pub(crate) mod models;
    pub(crate) mod resources;
    pub(crate) mod templates;
    pub(crate) mod wire;
}

/// Handles of the parts of the API, and the calls of their operations.
pub mod resources {
    pub use crate::generated::resources::*;
}

/// What several identifiers name together, such as a user in a group.
///
/// Where a path holds more than one identifier, a call takes them by name, so that they cannot be
/// swapped: each field is text or an [`Id`].
///
/// ```no_run
/// # #[cfg(all(feature = "groups", feature = "users"))]
/// # async fn run(okta: okta_sdk::Client) -> Result<(), okta_sdk::Error> {
/// use okta_sdk::paths::GroupUser;
///
/// let user = okta.users().get("isaac.brock@example.com").await?;
/// let path = GroupUser { group_id: "00g1", user_id: &user.id };
/// okta.groups().assign_user(path).await?;
/// # Ok(()) }
/// ```
///
/// Bare ones do not compile, and neither does an `Option`:
///
/// ```compile_fail
/// # async fn run(okta: okta_sdk::Client) -> Result<(), okta_sdk::Error> {
/// okta.groups().assign_user("00u1", "00g1").await?;
/// # Ok(()) }
/// ```
///
/// ```compile_fail
/// # async fn run(okta: okta_sdk::Client) -> Result<(), okta_sdk::Error> {
/// okta.users().get(None::<&str>).await?;
/// # Ok(()) }
/// ```
pub mod paths {
    pub use crate::generated::resources::paths::*;
}

pub use bytes::Bytes;
pub use http::header::HeaderName;
pub use http::{HeaderMap, Method, StatusCode};
#[cfg(feature = "opentelemetry")]
pub use okta_auth::OpenTelemetry;
pub use okta_auth::{
    AddedHeaders, AfterResponse, ApiToken, Attempt, AttemptEnd, AttemptFailure, BearerToken,
    Credentials, CredentialsProvider, Cursor, CursorKey, DelegatedToken, Dpop, Error, ErrorBody,
    Issuer, Observer, Observers, OrgUrl, Pipeline, Proxy, RateLimit, RawResponse, Renewed,
    RequestContext, ResponseContext, Secret, ServiceApp, SignedCursor, Stage, jose, oauth,
    transport, verifier,
};

pub use self::body::Body;
pub use self::client::Client;
pub use self::client_builder::ClientBuilder;
pub use self::config::{AuthorizationMode, Config};
pub use self::id::{Id, NoId};
pub use self::operation::Operation;
pub use self::output::{Output, Text};
pub use self::paging::{Items, Page, Pages};
pub use self::path::PathParameter;
pub use self::raw::RawRequest;
pub use self::request::CallFuture;
pub use self::response::Response;
pub use self::scopes::required_scopes;
#[cfg(feature = "system-log")]
pub use self::system_log::Tail;
pub use self::upload::FilePart;
