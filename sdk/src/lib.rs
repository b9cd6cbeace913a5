//! Okta's management API, typed: a client with retries, rate limits and lists as streams, and models
//! that keep what Okta sends.
//!
//! ```
//! use okta_sdk::models::{CreateUserRequest, UserProfile};
//! use okta_sdk::testing::Script;
//! use serde_json::json;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), okta_sdk::Error> {
//! # #[cfg(feature = "users")] {
//! // Of your org: `Client::from_env()?`, which reads okta.yaml and `OKTA_CLIENT_…`.
//! let script = Script::new()
//!     .answer("createUser", 200, json!({"id": "00u1", "status": "PROVISIONED"}))
//!     .answer("listUsers", 200, json!([{"id": "00u1"}, {"id": "00u2"}]));
//! let okta = script.client()?;
//!
//! let profile = UserProfile::new()
//!     .first_name("Isaac")
//!     .last_name("Brock")
//!     .email("isaac@example.com")
//!     .login("isaac@example.com");
//! let user = okta.users().create(CreateUserRequest::new(profile)).activate(true).await?;
//! assert_eq!(user.id, "00u1");
//!
//! let mut active = okta.users().list().search(r#"status eq "ACTIVE""#).limit(200).stream();
//! while let Some(user) = active.try_next().await? {
//!     println!("{}", user.id);
//! }
//! # } Ok(()) }
//! ```
//!
//! # Where to start
//!
//! | to | see |
//! |---|---|
//! | connect to an org | [`Client::from_env`], [`Client::builder`], [`Config`] |
//! | find an operation | [`resources`]; searching for Okta's operation id finds its method |
//! | build a body, read a response | [`models`] |
//! | name several identifiers of one path | [`paths`] |
//! | read lists: all, the first page, a stream, pages | [`Items`], [`Pages`], [`Cursor`] |
//! | read status, headers, request id, rate limit | [`Response`] |
//! | handle failures | [`Error`] |
//! | write `search` and `filter` | [`search`] |
//! | do a task of several requests in one call | [`shortcuts`] |
//! | call an endpoint that has no method here | [`Client::request`] |
//! | test without Okta | [`testing`], or the crate `okta-emulator` |
//! | log users in, obtain and verify tokens | [`oauth`], [`verifier`], or the crate `okta-auth` alone |
//! | measure and trace requests | [`ClientBuilder::on_response`], [`Observer`] |
//!
//! # Rules
//!
//! - Required values of an operation are arguments, optional ones are setters. `.await` returns the
//!   value; `.send()` returns a [`Response`]. A list is not awaited: it has `.all()`,
//!   `.first_page()`, `.stream()` and `.pages()`.
//! - What Okta sends is kept: unknown properties, enum values and variants of unions are read, shown
//!   and written back. See [`models`].
//! - Rate limits and transient failures are waited out and retried where that is safe. A `POST` is
//!   not repeated once it may have arrived.
//! - No token, key or password is in an [`Error`], in `Debug` output or in a `tracing` span.
//!
//! # Features
//!
//! `users`, `groups`, `applications` and `admin-roles` are enabled by default. `full` enables every
//! part of the management API; `governance` and `myaccount` come from documents of their own.
//!
//! | feature | operations | handles |
//! |---|---|---|
//! | `access-controls` | 67 | `api_tokens`, `attack_protection`, `behaviors`, `captchas`, `network_zones`, `policies`, `sessions`, `threat_insight`, `trusted_origins` |
//! | `admin-roles` | 89 | `custom_roles`, `governance_bundles`, `resource_sets`, `role_targets`, `roles`, `subscriptions` |
//! | `applications` | 88 | `api_service_integrations`, `application_connections`, `application_credentials`, `application_features`, `application_grants`, `application_groups`, `application_tokens`, `application_users`, `applications`, `federated_claims`, `group_push_mappings`, `interclient_trust_mappings` |
//! | `authenticators` | 31 | `authenticators`, `push_providers`, `webauthn_preregistration` |
//! | `authorization-servers` | 48 | `authorization_server_claims`, `authorization_server_clients`, `authorization_server_keys`, `authorization_server_policies`, `authorization_server_scopes`, `authorization_servers` |
//! | `customizations` | 89 | `brands`, `custom_pages`, `domains`, `email_domains`, `email_servers`, `email_templates`, `sms_templates`, `telephony_providers`, `themes`, `well_known_uris` |
//! | `devices` | 23 | `device_assurance`, `device_integrations`, `device_posture_checks`, `devices` |
//! | `external-identity-sources` | 68 | `agent_pools`, `directories`, `identity_providers`, `identity_sources` |
//! | `groups` | 19 | `group_owners`, `group_rules`, `groups` |
//! | `hooks` | 23 | `event_hooks`, `hook_keys`, `inline_hooks` |
//! | `org-management` | 42 | `disaster_recovery`, `features`, `okta_support`, `org_settings`, `orgs` |
//! | `rate-limits` | 10 | `rate_limits` |
//! | `realms` | 14 | `realm_assignments`, `realms` |
//! | `schemas` | 17 | `linked_objects`, `schemas`, `ui_schemas` |
//! | `service-accounts` | 10 | `okta_managed_user_accounts`, `service_accounts` |
//! | `signal-sharing` | 16 | `security_event_tokens`, `security_events_providers`, `ssf_streams` |
//! | `system-log` | 8 | `log_streams`, `system_log` |
//! | `users` | 70 | `authenticator_enrollments`, `profile_mappings`, `user_factors`, `user_grants`, `user_tokens`, `user_types`, `users` |
//! | `governance` | 162 | `access_requests`, `campaign_reviews`, `campaigns`, `delegates`, `entitlement_bundles`, `entitlement_grants`, `entitlement_settings`, `entitlements`, `governance_labels`, `governance_operations`, `my_access_requests`, `my_access_reviews`, `my_governance_settings`, `my_request_catalogs`, `my_request_tasks`, `my_security_access_reviews`, `org_governance_settings`, `principal_access`, `principal_entitlements`, `principal_settings`, `request_catalogs`, `request_conditions`, `request_sequences`, `request_settings`, `request_tasks`, `request_types`, `resource_collections`, `resource_owners`, `risk_rules`, `security_access_reviews` |
//! | `myaccount` | 40 | `my_app_authenticators`, `my_applications`, `my_authenticators`, `my_emails`, `my_organization`, `my_password`, `my_phones`, `my_profile`, `my_sessions`, `my_webauthn` |
//!
//! `rustls` (default) is TLS; without it, turn on a TLS feature of `reqwest` in your crate.
//! `fips` uses the FIPS 140-3 module of AWS-LC, which takes CMake and Go to build.
//! `pkcs12` reads client certificates in PKCS#12 files, `socks` speaks SOCKS 5 to proxies.
//! `opentelemetry` has the observer `OpenTelemetry`, which measures requests and propagates traces.
//! `redis` has the module `redis`, for what several processes share.

#![cfg_attr(docsrs, feature(doc_cfg))]
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
    pub mod resources;
    pub(crate) mod templates;
    pub(crate) mod wire;
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
#[cfg(feature = "redis")]
pub use okta_auth::redis;
pub use okta_auth::{
    AddedHeaders, AfterResponse, ApiToken, Attempt, AttemptEnd, AttemptFailure, BearerToken, Call,
    ConnectFailure, Credentials, CredentialsProvider, Cursor, CursorKey, DelegatedToken, Dpop,
    Error, ErrorBody, Issuer, Observer, Observers, OrgUrl, Pipeline, Proxy, RateLimit, RawResponse,
    Renewed, RequestContext, ResponseContext, SealingKey, Secret, ServiceApp, SharedTokens,
    SignedCursor, Stage, budget, jose, oauth, transport, verifier,
};
#[cfg(feature = "rustls")]
pub use okta_auth::{ClientCertificate, RootCertificates};

pub use self::body::Body;
pub use self::client::Client;
pub use self::client_builder::ClientBuilder;
pub use self::config::{AuthorizationMode, Config, UnknownSetting};
pub use self::generated::resources;
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

/// The example of the README runs.
#[cfg(all(doctest, feature = "users"))]
#[doc = include_str!("../README.md")]
struct Readme;
