//! A client of one authorization server.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use url::Url;

use super::ClientAuthentication;
use super::client_authentication::Proof;
use crate::clock::ServerClock;
use crate::dpop::DpopProofs;
use crate::metadata::{Discovery, origin_of};
use crate::verifier::Verifier;
use crate::{Clock, Dpop, Error, Issuer, Pipeline, ServerMetadata};

/// A client of an authorization server: all flows begin here. Cheap to clone; clones share
/// connections and what is known of the server.
///
/// The endpoints come from the server's metadata, which is fetched when it is first needed.
/// Requests go to the issuer's origin only.
///
/// [The module](crate::oauth) has an example, and says which flow is for what.
#[derive(Clone)]
pub struct OAuthClient(Arc<Inner>);

pub(super) struct Inner {
    pub(super) issuer: Issuer,
    pub(super) client_id: String,
    pub(super) authentication: ClientAuthentication,
    pub(super) redirect_uri: Option<String>,
    pub(super) dpop: Option<Dpop>,
    pub(super) clock: ServerClock,
    /// Sends what carries no proof of possession.
    pub(super) pipeline: Pipeline,
    pub(super) discovery: Discovery,
    pub(super) verifier: Verifier,
}

impl OAuthClient {
    pub(super) fn new(inner: Inner) -> Self {
        Self(Arc::new(inner))
    }

    /// The authorization server.
    #[must_use]
    pub fn issuer(&self) -> &Issuer {
        &self.0.issuer
    }

    /// The client's id.
    #[must_use]
    pub fn client_id(&self) -> &str {
        &self.0.client_id
    }

    /// What binds tokens to a key, if anything does.
    #[must_use]
    pub fn dpop(&self) -> Option<&Dpop> {
        self.0.dpop.as_ref()
    }

    /// The authorization server's endpoints and abilities, asked for once.
    ///
    /// # Errors
    /// If they cannot be obtained, are of another issuer, or name endpoints at another origin.
    pub async fn metadata(&self) -> Result<Arc<ServerMetadata>, Error> {
        self.0.discovery.metadata().await
    }

    /// The endpoints that this client sends requests to: those of the metadata, or its aliases for
    /// clients with a certificate.
    pub(super) async fn endpoints(&self) -> Result<Arc<ServerMetadata>, Error> {
        let metadata = self.metadata().await?;
        let aliased = (self.authentication().is_certificate())
            .then(|| metadata.by_certificate())
            .flatten();
        Ok(aliased.map_or(metadata, Arc::new))
    }

    /// `pipeline`, or the same for the host of an alias.
    pub(super) fn at_origin_of<'a>(
        &self,
        pipeline: &'a Pipeline,
        url: &Url,
    ) -> Result<Cow<'a, Pipeline>, Error> {
        if !self.authentication().is_certificate() || pipeline.org_url().is_origin_of(url) {
            return Ok(Cow::Borrowed(pipeline));
        }
        pipeline.at(origin_of(url)?).map(Cow::Owned)
    }

    /// The clock that lifetimes are measured by.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        self.0.clock.local()
    }

    /// Where the browser comes back to after a login, if that was set.
    #[must_use]
    pub fn redirect_uri(&self) -> Option<&str> {
        self.0.redirect_uri.as_deref()
    }

    pub(crate) fn server_clock(&self) -> &ServerClock {
        &self.0.clock
    }

    /// By the server's clock, as far as it is known, in seconds since 1970.
    pub(super) fn seconds_from_now(&self, distance: Duration) -> i64 {
        let distance = i64::try_from(distance.as_secs()).unwrap_or(i64::MAX);
        self.0.clock.unix_seconds().saturating_add(distance)
    }

    pub(super) fn authentication(&self) -> &ClientAuthentication {
        &self.0.authentication
    }

    pub(super) fn verifier(&self) -> &Verifier {
        &self.0.verifier
    }

    pub(super) fn pipeline(&self) -> &Pipeline {
        &self.0.pipeline
    }

    /// The pipeline for requests that prove possession of a key.
    pub(super) fn proving(&self, dpop: Option<Dpop>) -> Pipeline {
        let proofs = DpopProofs::new(dpop, self.0.clock.clone());
        self.0.pipeline.with_credentials(proofs)
    }

    /// What proves who the client is, in one request to `url`.
    pub(super) async fn prove(&self, url: &Url) -> Result<Proof, Error> {
        let inner = &*self.0;
        inner
            .authentication
            .proof(&inner.client_id, &inner.issuer, url, &inner.clock)
            .await
    }

    /// That the client can prove who it is, which `flow` needs.
    pub(super) fn require_confidential(&self, flow: &str) -> Result<(), Error> {
        if self.authentication().is_none() {
            return Err(Error::configuration(format!(
                "{flow} is for clients that prove who they are; set `authentication` to a client \
                 secret or a private key"
            )));
        }
        Ok(())
    }
}

impl fmt::Debug for OAuthClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        f.debug_struct("OAuthClient")
            .field("issuer", &inner.issuer)
            .field("client_id", &inner.client_id)
            .field("authentication", &inner.authentication)
            .field("redirect_uri", &inner.redirect_uri)
            .finish_non_exhaustive()
    }
}
