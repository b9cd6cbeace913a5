//! APIs whose callers bring an access token.
//!
//! [`RequireToken`] is the layer that checks the token, and the extractors say what it says.
//!
//! ```
//! use axum::Router;
//! use axum::routing::get;
//! use okta_auth::Verifier;
//! use okta_web::api::{Caller, RequireToken, Scope, Scoped};
//!
//! /// Reading orders.
//! struct OrdersRead;
//!
//! impl Scope for OrdersRead {
//!     const NAME: &'static str = "orders:read";
//! }
//!
//! // Nobody gets here whose token has not the scope.
//! async fn orders(scoped: Scoped<OrdersRead>) -> String {
//!     format!("orders of {}", scoped.caller().subject())
//! }
//!
//! async fn me(caller: Caller) -> String {
//!     caller.subject().to_owned()
//! }
//!
//! fn app(verifier: Verifier) -> Router {
//!     Router::new()
//!         .route("/orders", get(orders))
//!         .route("/me", get(me))
//!         .route_layer(RequireToken::verifier(verifier))
//! }
//! ```
//!
//! # Answers
//! | what is wrong | status | `WWW-Authenticate` |
//! |---|---|---|
//! | no token | 401 | `Bearer`, and `DPoP` where proofs can be checked; no error |
//! | two tokens, or none that can be read | 400 | `error="invalid_request"` |
//! | the token is not good | 401 | `error="invalid_token"` |
//! | the DPoP proof is not good | 401 | `DPoP error="invalid_dpop_proof"`, or `use_dpop_nonce` with the header `DPoP-Nonce` |
//! | a scope is missing | 403 | `error="insufficient_scope"`, with the scope |
//! | the login was too weak or too long ago | 401 | `error="insufficient_user_authentication"` |
//! | Okta cannot be asked | 503 | none |
//!
//! The body is JSON: `error`, `error_description`, and `required_scope` where a scope is missing.

mod caller;
mod credentials;
mod extract;
mod layer;
#[cfg(feature = "utoipa")]
mod openapi;
mod refusal;

pub use self::caller::Caller;
pub use self::extract::{Claims, Groups, Scope, Scoped, Scopes};
pub use self::layer::{ClientCertificate, RequireToken, TokenChecked};
#[cfg(feature = "utoipa")]
pub use self::openapi::{BEARER, OPEN_ID_CONNECT};
pub use self::refusal::ApiError;
