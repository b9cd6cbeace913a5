//! Checking tokens: are they what they say, from whom they say, for us, and still good?
//!
//! - An **access token** lets a client call an API. The API checks it for each call, with the
//!   public keys of the authorization server that issued it.
//! - An **ID token** tells a client who logged in. The client checks it once, when it comes.
//! - A **logout token** tells a client that a session is over.
//! - A **security event token** tells a receiver what has happened to a user or a device.
//!
//! ```no_run
//! use okta_auth::Issuer;
//! use okta_auth::verifier::Verifier;
//!
//! # async fn run(token: &str) -> Result<(), Box<dyn std::error::Error>> {
//! let issuer = Issuer::parse("https://acme.okta.com/oauth2/default")?;
//! let verifier = Verifier::builder(issuer).audience("api://default").build()?;
//! let claims = verifier.verify_access_token(token).await?;
//! claims.require_scope("orders:read")?;
//! println!("called by {} for {}", claims.client_id, claims.subject);
//! # Ok(()) }
//! ```
//!
//! # What is checked, in this order
//! Size; the form of the token; the header (`alg` is one of those allowed, no `crit`, `typ`);
//! the signature, by the key that `kid` names; only then the claims: `iss`, which kind of token
//! it is, `exp`, `nbf` and `iat` (with a leeway of 2 minutes), `aud`, and what is peculiar to its
//! kind. Each check has a variant of [`VerifyError`]. `none` and HMAC cannot be allowed:
//! [`Algorithm`](crate::jose::Algorithm) has neither.
//!
//! # Tokens that are bound to a key
//! A token with the claim `cnf` is good only for whoever has a key:
//! [`Verifier::verify_dpop_access_token`] wants a proof by it (RFC 9449),
//! [`Verifier::verify_with_certificate`] the client certificate of the connection (RFC 8705).
//! [`Verifier::verify_access_token`] refuses such tokens.
//!
//! # The server's keys
//! They are fetched when the first token comes, once for all tasks that wait for them, and kept
//! for as long as `Cache-Control` says, between 1 minute and 24 hours (1 hour if it says nothing).
//! When four fifths of that time are over they are renewed in the background. A `kid` that is not
//! known makes the verifier ask again; anyone can make up tokens, so that happens six times at most,
//! and then once in 8 seconds. While the server cannot be reached, keys serve for up to 24 hours
//! beyond their time, and nobody is told that a key is unknown: [`VerifyError::Keys`] says that it
//! cannot be known. A failure is remembered, for 10 seconds at first and a minute at most.
//!
//! Of a set, 100 keys are read, and 4 of one id are tried. A key that has ended (`exp`), is revoked
//! (`revoked`) or is for something else (`use`, `key_ops`, `alg`) is not used.
//!
//! Source: <https://developer.okta.com/docs/guides/validate-access-tokens/>, RFC 8725

mod binding;
mod builder;
mod challenge;
pub(crate) mod claims;
mod dpop;
mod error;
mod id_token;
mod json;
mod jws;
mod key_ring;
mod keys;
mod kind;
mod lifetime;
mod logout;
mod replay;
mod rules;
mod security_event;
mod subject_id;
mod verified;

use std::sync::Arc;

use serde::de::DeserializeOwned;

pub use self::builder::VerifierBuilder;
pub use self::challenge::Challenge;
pub use self::claims::{AccessTokenClaims, IdTokenClaims, LogoutTokenClaims};
pub use self::dpop::{DpopChecks, DpopNonces, DpopRequest, ProofError};
pub use self::error::VerifyError;
pub use self::id_token::IdTokenChecks;
use self::kind::Kind;
pub use self::replay::{MemoryReplayCache, ReplayCache, SeenId};
use self::rules::{Rules, check_audience};
pub use self::security_event::SecurityEvent;
pub use self::subject_id::SubjectId;
use crate::Issuer;

/// Checks tokens of one authorization server. Cheap to clone; clones share the server's keys. See
/// the [module](self) for what is checked.
#[derive(Clone, Debug)]
pub struct Verifier(Arc<Rules>);

impl Verifier {
    /// Starts a verifier of tokens of `issuer`.
    #[must_use]
    pub fn builder(issuer: Issuer) -> VerifierBuilder {
        VerifierBuilder::new(issuer)
    }

    /// The authorization server whose tokens this checks.
    #[must_use]
    pub fn issuer(&self) -> &Issuer {
        &self.0.issuer
    }

    /// Checks an access token of a custom authorization server, as an API does for each call;
    /// `token` is what follows `Bearer ` in the `Authorization` header.
    ///
    /// # Errors
    /// The first check that the token does not pass. Always [`VerifyError::OrgServerToken`] for
    /// tokens of the org authorization server: only Okta can check those. [`VerifyError::Bound`]
    /// for tokens that are bound to a key, by whatever method: whoever stole one could send it as
    /// a bearer token.
    pub async fn verify_access_token(&self, token: &str) -> Result<AccessTokenClaims, VerifyError> {
        let claims = self.0.access_token(token).await?;
        binding::check_unbound(&claims.extra)?;
        Ok(claims)
    }

    /// Checks an access token that is bound to a DPoP key, and that `request` proves possession of
    /// that key (RFC 9449, sections 4.3 and 7); `token` is what follows `DPoP ` in the
    /// `Authorization` header.
    ///
    /// ```no_run
    /// # use http::{HeaderMap, Method};
    /// # use okta_auth::verifier::{DpopRequest, Verifier, VerifyError};
    /// # async fn run(verifier: &Verifier, token: &str, headers: &HeaderMap)
    /// # -> Result<(), VerifyError> {
    /// let request = DpopRequest::new(&Method::GET, "https://api.acme.com/orders").headers(headers);
    /// let claims = verifier.verify_dpop_access_token(token, request).await?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// The first check that the token does not pass, then the first that the proof does not:
    /// [`VerifyError::NotBound`], [`VerifyError::Proof`], [`VerifyError::DpopNonce`],
    /// [`VerifyError::ReplayCache`].
    pub async fn verify_dpop_access_token(
        &self,
        token: &str,
        request: DpopRequest<'_>,
    ) -> Result<AccessTokenClaims, VerifyError> {
        let rules = &*self.0;
        let claims = rules.access_token(token).await?;
        let thumbprint = binding::thumbprint(&claims.extra)?;
        dpop::check(&request, token, thumbprint, &rules.dpop, &rules.clock).await?;
        Ok(claims)
    }

    /// Checks an access token that is bound to a client certificate (RFC 8705, section 3). `der`
    /// is the certificate of the TLS connection, as DER. Behind a proxy that ends TLS, take it from
    /// the proxy only, and have the proxy remove what a client sends in its place.
    ///
    /// # Errors
    /// The first check that the token does not pass; [`VerifyError::NotBound`],
    /// [`VerifyError::Certificate`].
    pub async fn verify_with_certificate(
        &self,
        token: &str,
        der: &[u8],
    ) -> Result<AccessTokenClaims, VerifyError> {
        let claims = self.0.access_token(token).await?;
        binding::check_certificate(&claims.extra, der)?;
        Ok(claims)
    }

    /// The nonce that proofs need now, for the header `DPoP-Nonce` of any response, so that
    /// clients have it before they need it. `None` if no nonces were
    /// [set up](DpopChecks::nonces).
    #[must_use]
    pub fn dpop_nonce(&self) -> Option<String> {
        self.0.dpop.nonce(self.0.clock.unix_seconds())
    }

    /// What to answer `error` with in `WWW-Authenticate`: as [`VerifyError::challenge`], with the
    /// algorithms of proofs where one is wanted.
    #[must_use]
    pub fn challenge(&self, error: &VerifyError) -> Option<Challenge> {
        let challenge = error.challenge()?;
        if challenge.wants_proof() {
            return Some(challenge.algorithms(self.0.dpop.allowed()));
        }
        Some(challenge)
    }

    /// Checks an ID token, as a client does after a login; `checks` says what this very login
    /// asked for.
    ///
    /// # Errors
    /// The first check that the token does not pass.
    pub async fn verify_id_token(
        &self,
        token: &str,
        checks: &IdTokenChecks,
    ) -> Result<IdTokenClaims, VerifyError> {
        let rules = &*self.0;
        let client_id = rules.client_id()?;
        let (mut claims, algorithm) = rules.signed_claims(token, Kind::Id).await?;
        let checked = rules.check(&mut claims, Kind::Id, std::slice::from_ref(client_id))?;
        let claims = IdTokenClaims::read(claims, checked)?;
        checks.check_parties(&claims, client_id)?;
        checks.check_nonce(&claims)?;
        checks.check_access_token(&claims, algorithm)?;
        checks.check_device_secret(&claims, algorithm)?;
        checks.check_login(&claims, rules.clock.unix_seconds(), rules.leeway)?;
        Ok(claims)
    }

    /// Checks a logout token, as a client does when one is posted to it (OpenID Connect
    /// Back-Channel Logout 1.0, section 2.6). It is good once and for a short time: see
    /// [`VerifierBuilder::replay_cache`] and [`VerifierBuilder::logout_token_max_age`].
    ///
    /// # Errors
    /// The first check that the token does not pass; [`VerifyError::Replayed`] for one that was
    /// taken before.
    pub async fn verify_logout_token(&self, token: &str) -> Result<LogoutTokenClaims, VerifyError> {
        let rules = &*self.0;
        let client_id = rules.client_id()?;
        let (mut claims, _) = rules.signed_claims(token, Kind::Logout).await?;
        let checked = rules.check(&mut claims, Kind::Logout, std::slice::from_ref(client_id))?;
        let claims = LogoutTokenClaims::read(claims, checked)?;
        rules.check_first_use(&claims).await?;
        Ok(claims)
    }

    /// Checks a security event token, as a receiver does when a transmitter pushes or hands out
    /// one (RFC 8417; OpenID Shared Signals Framework 1.0, section 4.1). The issuer is the
    /// transmitter; [`audience`](VerifierBuilder::audience) is the receiver's, as the stream has
    /// it. `E` is the type of the claim `events`: a generated one, a struct of your own with a
    /// member for each event's URI, or a map.
    ///
    /// Such a token has no end, and transmitters send one again until it is acknowledged. So it
    /// is for the receiver to do nothing for an [`id`](SecurityEvent::id) that it has seen.
    ///
    /// ```no_run
    /// use std::collections::HashMap;
    /// use okta_auth::verifier::{Verifier, VerifyError};
    ///
    /// # async fn run(verifier: Verifier, body: &str) -> Result<(), VerifyError> {
    /// type Events = HashMap<String, serde_json::Value>;
    /// let event = verifier.verify_security_event::<Events>(body).await?;
    /// for uri in event.events.keys() {
    ///     println!("{uri} about {:?}", event.subject_id);
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// The first check that the token does not pass.
    pub async fn verify_security_event<E: DeserializeOwned>(
        &self,
        token: &str,
    ) -> Result<SecurityEvent<E>, VerifyError> {
        let rules = &*self.0;
        if rules.audiences.is_empty() {
            return Err(VerifyError::NotSetUp {
                setting: "audience",
            });
        }
        let (mut claims, _) = rules.signed_claims(token, Kind::SecurityEvent).await?;
        let issuer = rules.check_issuer(&mut claims)?;
        Kind::SecurityEvent.check_marks(&mut claims)?;
        let issued_at = rules.check_event_times(&mut claims)?;
        let audience = check_audience(&mut claims, &rules.audiences)?;
        SecurityEvent::read(claims, issuer, audience, issued_at)
    }
}
