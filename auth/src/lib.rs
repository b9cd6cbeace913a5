//! The HTTP pipeline of the Okta SDK for Rust: credentials, retries, rate limits, errors and
//! paging. It knows no type of Okta's API, only requests and bytes.
//!
//! ```no_run
//! use okta_auth::{ApiToken, Call, OrgUrl, Pipeline};
//!
//! # async fn run() -> Result<(), okta_auth::Error> {
//! let org = OrgUrl::parse("https://acme.okta.com")?;
//! let pipeline = Pipeline::builder(org, ApiToken::new("00abc")?).build()?;
//! let url = pipeline.org_url().as_url().join("/api/v1/users/me").expect("a valid path");
//! let request = reqwest::Request::new(reqwest::Method::GET, url);
//! let call = Call::new("getUser", "/api/v1/users/{userId}");
//! let response = pipeline.send(request, &call).await?;
//! println!("{} bytes, request {:?}", response.body.len(), response.request_id());
//! # Ok(()) }
//! ```
//!
//! # Features
//! `rustls` (default): TLS with the platform's certificate verifier. Without it, turn on a TLS
//! feature of `reqwest` in your own crate.

mod call;
mod claims;
mod clock;
mod credentials;
mod delegated;
mod dpop;
mod error;
mod governor;
mod issuer;
pub mod jose;
pub mod link;
mod metadata;
pub mod oauth;
mod org_url;
mod paging;
mod pipeline;
mod rate_limit;
mod response;
mod retry;
mod secret;
mod service_app;
mod single_flight;
#[cfg(test)]
mod testing;
mod token_cache;
mod transport;
pub mod verifier;

pub use self::call::Call;
pub use self::claims::{AccessTokenClaims, IdTokenClaims, LogoutTokenClaims};
pub use self::clock::Clock;
pub use self::credentials::{
    AfterResponse, ApiToken, BearerToken, Credentials, CredentialsProvider, Renewed,
    RequestContext, ResponseContext,
};
pub use self::delegated::{DelegatedToken, TokenStore};
pub use self::dpop::{Dpop, DpopKey};
pub use self::error::{Error, ErrorBody};
pub use self::issuer::Issuer;
pub use self::metadata::ServerMetadata;
pub use self::org_url::OrgUrl;
pub use self::paging::{Cursor, PageStream};
pub use self::pipeline::{Pipeline, PipelineBuilder, Proxy};
pub use self::rate_limit::RateLimit;
pub use self::response::RawResponse;
pub use self::secret::Secret;
pub use self::service_app::{ServiceApp, ServiceAppBuilder};
pub use self::verifier::{IdTokenChecks, Verifier, VerifierBuilder, VerifyError};
