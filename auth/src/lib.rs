//! Who calls Okta, and how: credentials, OAuth flows, token verification, and the HTTP pipeline of
//! the Okta SDK for Rust. It knows no type of Okta's API, only requests and bytes.
//!
//! ```
//! use okta_auth::verifier::{Verifier, VerifyError};
//! use okta_auth::{Issuer, jose::JwkSet};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let issuer = Issuer::parse("https://acme.okta.com/oauth2/default")?;
//! let verifier = Verifier::builder(issuer).audience("api://default").build()?;
//! let refused = verifier.verify_access_token("not a token").await;
//! assert!(matches!(refused, Err(VerifyError::Parts { found: 1 })));
//! # Ok(()) }
//! ```
//!
//! # Terms
//! - An **org** is a customer's own Okta, at a URL such as `https://acme.okta.com` ([`OrgUrl`]).
//! - **Credentials** prove to the org who calls its API: an API token ([`ApiToken`]), an access
//!   token that you have ([`BearerToken`]), a service that gets its own ([`ServiceApp`]), or a user
//!   who has logged in ([`DelegatedToken`]).
//! - An **authorization server** issues tokens; its **issuer** URL names it ([`Issuer`]). An
//!   **access token** opens an API, an **ID token** says who has logged in, a **refresh token** is
//!   good for new ones. How to get them is in [`oauth`].
//! - **Verifying** a token is finding out whether it is what it says, without asking Okta
//!   ([`verifier`]). **Introspection** is asking Okta ([`oauth::OAuthClient::introspect`]).
//! - **DPoP** ties tokens to a key, so that a stolen one is of no use ([`Dpop`]).
//! - The **pipeline** is the way of every request: credentials, rate limits, sending, retries,
//!   errors, pages ([`Pipeline`]).
//!
//! # Calling the API as a service
//! ```no_run
//! use okta_auth::jose::SigningKey;
//! use okta_auth::oauth::ClientAuthentication;
//! use okta_auth::{Call, OrgUrl, Pipeline, Secret, ServiceApp};
//!
//! # async fn run(private_key: Secret) -> Result<(), Box<dyn std::error::Error>> {
//! let org = OrgUrl::parse("https://acme.okta.com")?;
//! let key = SigningKey::parse(&private_key)?.with_key_id("my-key");
//! let authentication = ClientAuthentication::private_key(key);
//! let app = ServiceApp::builder(&org, "0oa1b2c3d4e5f6g7h8i9", authentication)
//!     .scopes(["okta.users.read"])
//!     .build()?;
//! let pipeline = Pipeline::builder(org, app).build()?;
//!
//! let url = pipeline.org_url().as_url().join("/api/v1/users/me")?;
//! let request = reqwest::Request::new(reqwest::Method::GET, url);
//! let call = Call::new("getUser", "/api/v1/users/{userId}");
//! let response = pipeline.send(request, &call).await?;
//! println!("{} bytes, request {:?}", response.body.len(), response.request_id());
//! # Ok(()) }
//! ```
//!
//! # Features
//! `rustls` (default): TLS with the platform's certificate verifier. Without it, turn on a TLS
//! feature of `reqwest` in your own crate. Signatures are aws-lc-rs either way.
//!
//! `fips`: signatures, hashes and TLS by the FIPS 140-3 module of AWS-LC. Building it takes CMake and
//! Go, and TLS then offers what the module is validated for only.
//!
//! `pkcs12`: client certificates in PKCS#12 files. `socks`: proxies that speak SOCKS 5, those of the
//! environment among them.
//!
//! `opentelemetry`: the observer `OpenTelemetry`, which measures requests and propagates traces.
//!
//! `redis`: the module `redis`, for what several processes share.

#![cfg_attr(docsrs, feature(doc_cfg))]
#![forbid(unsafe_code)]

mod clock;
mod credentials;
mod dpop;
mod error;
mod fetch;
mod http;
mod issuer;
pub mod jose;
mod metadata;
pub mod oauth;
mod org_url;
#[cfg(feature = "redis")]
pub mod redis;
mod sealing;
mod secret;
#[cfg(test)]
mod testing;
mod tokens;
pub mod verifier;

pub use self::clock::Clock;
pub use self::credentials::{
    AfterResponse, ApiToken, BearerToken, Credentials, CredentialsProvider, Renewed,
    RequestContext, ResponseContext,
};
pub use self::dpop::{Dpop, DpopKey};
pub use self::error::{ConnectFailure, Error, ErrorBody, Stage};
#[cfg(feature = "opentelemetry")]
pub use self::http::OpenTelemetry;
pub use self::http::{
    AddedHeaders, Attempt, AttemptEnd, AttemptFailure, Call, Cursor, CursorKey, Observer,
    Observers, PageStream, Pipeline, PipelineBuilder, Proxy, RateLimit, RawResponse, SignedCursor,
    budget, link, transport,
};
#[cfg(feature = "rustls")]
pub use self::http::{ClientCertificate, RootCertificates};
pub use self::issuer::Issuer;
pub use self::metadata::{EndpointAliases, ServerMetadata};
pub use self::org_url::OrgUrl;
pub use self::sealing::{SealingKey, SealingKeys};
pub use self::secret::Secret;
pub use self::tokens::{
    DelegatedToken, ServiceApp, ServiceAppBuilder, SharedEntry, SharedTokenStore, SharedTokens,
    TokenStore,
};
pub use self::verifier::{
    AccessTokenClaims, Challenge, DpopChecks, DpopRequest, IdTokenChecks, IdTokenClaims,
    LogoutTokenClaims, MemoryReplayCache, ReplayCache, SecurityEvent, SubjectId, Verifier,
    VerifierBuilder, VerifyError,
};

/// The example of the README runs.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
