//! An Okta org in process: tests, examples and demonstrations talk to it where there is no Okta
//! account.
//!
//! [`Emulator::start`] opens an org on a free loopback port, with a token and a few people,
//! groups and applications. Its rules are Okta's: the lifecycle of users and its error codes,
//! `search` and `filter` expressions, cursors in `Link` headers, rate-limit buckets, a System Log
//! of what happened. [`Emulator::faults`] injects errors of networks and servers.
//!
//! ```
//! use okta_emulator::{Emulator, Fault};
//!
//! # #[tokio::main]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let okta = Emulator::start().await?;
//! let users = format!("{}/api/v1/users", okta.org_url());
//! let authorization = format!("SSWS {}", okta.token());
//! okta.faults().inject(Fault::ConnectionReset);
//!
//! let client = reqwest::Client::new();
//! let get = || client.get(&users).header("authorization", &authorization).send();
//! assert!(get().await.is_err()); // the fault applies to one request
//! assert_eq!(get().await?.status(), 200);
//! assert_eq!(okta.requests().len(), 2);
//! # Ok(())
//! # }
//! ```
//!
//! Modelled by hand are users, user types and profile schemas, linked objects, factors
//! ([`Emulator::passcode`] is the code that one takes), groups with their owners, group rules,
//! applications, their assignments, their keys with certificates and their grants of API scopes, the keys
//! of identity providers, certificate signing requests of both, administrator roles with targets, custom
//! roles, resource sets, policies (kept, not evaluated), event hooks, the System Log.
//! [`Emulator::messages`] is what people would find in their mailboxes and on their phones: the links by
//! which they activate their accounts and reset their passwords, and codes.
//!
//! Event hooks are told what happens ([`Emulator::hooks_delivered`] waits for that), and inline hooks are
//! asked about tokens and about passwords that another system knows, where their services are on this
//! machine or on hosts that [`Builder::allow_calls_to`] names.
//!
//! The org's URL, opened in a browser on the same machine, leads to pages that show all this: what the
//! org holds, its log and its requests as they come, faults to switch on ([`Builder::open_pages`]).
//!
//! All other operations of Okta's management document are kept by a generic store: objects are created,
//! listed, changed, switched on and off, and gone once they are deleted. They are in the System Log
//! where Okta has an event for it. Pages of active trusted origins may call the API; apart from that,
//! nothing acts by these objects. Requests are checked against the document. A profile may have the
//! attributes that its schema declares; [`Builder::lax_profiles`] takes any. What is not emulated answers
//! 501, and [`Stats::not_emulated`] counts it.
//!
//! # OAuth 2.0 and OpenID Connect
//!
//! The org has its own authorization server, whose issuer is the org's URL and whose access tokens open
//! the management API, and the custom server `default` at [`Emulator::issuer`], whose audience is
//! `api://default`. Custom servers that are made through `/api/v1/authorizationServers` have endpoints of
//! their own. Their scopes, claims, access policies and keys count from the next request on: a server
//! without a policy issues nothing. Every active OIDC application is a client, also one that was made
//! through `/api/v1/apps`. [`Emulator::web_app`] and its siblings are clients of every kind, and
//! [`Emulator::oauth`] answers in the place of users.
//!
//! ```
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use okta_emulator::Emulator;
//!
//! let okta = Emulator::start().await?;
//! let discovery = format!("{}/.well-known/openid-configuration", okta.issuer());
//! let client_id = &okta.native_app().client_id;
//! // From now on, /authorize redirects with a code at once, without a login page.
//! okta.oauth().log_in_automatically(Some("grace@example.com"))?;
//! # Ok(())
//! # }
//! ```
//!
//! - `/api/v1/authn` logs in as classic clients do: a session token for `/authorize`, factors with codes
//!   that are checked, expired and forgotten passwords. Ten wrong passwords lock a user out, or as many
//!   as the password policy says. Sessions are seen and ended at `/api/v1/sessions`.
//! - Grants: authorization code with PKCE (S256), refresh token with rotation, client credentials,
//!   device code, token exchange of access tokens, CIBA in poll mode, password.
//! - Clients authenticate with `client_secret_basic`, `client_secret_post`, `private_key_jwt` (RSA,
//!   P-256, P-384, P-521) or not at all.
//! - DPoP at the token endpoints, at the API and at `/userinfo`. As at Okta, proofs at the token
//!   endpoints need a nonce; [`AuthorizationServers::require_dpop_nonce`] turns that off. `htu` is
//!   compared with the decoded path, as clients report of Okta;
//!   [`AuthorizationServers::compare_dpop_url_by_rfc`] has the RFC's form. A bad proof is answered
//!   with 400 `invalid_dpop_proof`, at the API as well.
//! - As at Okta, a client with a secret may send it in the header or in the body;
//!   [`Builder::registered_authentication`] refuses what is not registered.
//! - Cross-app access: the org server makes an identity assertion (ID-JAG) of an ID token, and the
//!   custom server takes it as a JWT bearer grant.
//! - Refresh tokens and consents are seen and revoked through the management API, below applications,
//!   users and authorization servers. A seed may have some.
//! - Pushed requests, introspection, revocation, global token revocation, logout, keys and their
//!   rotation. Login, consent and device pages work in a browser.
//! - The management API takes access tokens of the org server, and checks scopes and proofs.
//!
//! Left out: implicit and hybrid responses, signed `request` objects, `client_secret_jwt`, SAML and
//! other JWT bearer grants, native single sign-on, and factors at the login page.
//! Unlike at Okta, redirect URIs on loopback hosts match with any port (RFC 8252, section 7.3).

#![cfg_attr(docsrs, feature(doc_cfg))]

mod body;
mod builder;
mod call;
mod caller;
mod checked;
mod clock;
mod control;
mod cors;
mod delivery;
mod document;
mod entrance;
mod error;
mod expression;
mod expression_language;
mod faults;
mod front;
mod listener;
mod model;
mod modelled;
mod oauth;
mod object;
mod org;
mod pages;
mod paging;
#[cfg(feature = "data")]
mod persistence;
mod problem;
mod rate_limits;
mod refusals;
mod requests;
mod routes;
mod seed;
mod selection;
mod server;
mod settings;
mod shared;
mod socket;
mod store;
mod tls;
mod tracked;
mod view;

pub use builder::Builder;
pub use clock::Clock;
pub use control::AuthorizationServers;
pub use error::Error;
pub use faults::{ErrorBody, ErrorCode, Fault, FaultRule, Faults, RateLimitShape};
pub use org::messages::{Channel, SentMessage};
pub use org::samples::SampleClient;
pub use rate_limits::RateLimits;
pub use requests::{RecordedAnswer, RecordedRequest};
pub use seed::{Seed, SeedApp, SeedGroup, SeedUser};
pub use server::{Emulator, Stats};
#[cfg(feature = "tls")]
pub use tls::Tls;

/// The example of the README runs.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
