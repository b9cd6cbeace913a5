//! Asking an authorization server for its metadata.

use std::sync::{Arc, OnceLock};

use http::Method;
use reqwest::Request;

use super::{BrowserEndpoints, ServerMetadata};
use crate::fetch::SharedFetch;
use crate::{Call, Clock, Error, Issuer, Pipeline};

/// The metadata of one authorization server: asked for when it is first needed, once for all who
/// need it at that time, and then kept. A failure is remembered for a while. Cheap to clone; clones
/// share it.
#[derive(Clone, Debug)]
pub(crate) struct Discovery(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    issuer: Issuer,
    pipeline: Pipeline,
    given: BrowserEndpoints,
    known: OnceLock<Arc<ServerMetadata>>,
    fetch: SharedFetch<ServerMetadata>,
}

impl Discovery {
    /// Will ask `issuer` through `pipeline`, which goes to its origin. `clock` measures how long a
    /// failure is remembered.
    pub(crate) fn new(issuer: Issuer, pipeline: Pipeline, clock: Clock) -> Self {
        Self::with_browser_endpoints(issuer, pipeline, clock, BrowserEndpoints::default())
    }

    /// As [`Discovery::new`], with the endpoints that a developer has `given` for browsers.
    pub(crate) fn with_browser_endpoints(
        issuer: Issuer,
        pipeline: Pipeline,
        clock: Clock,
        given: BrowserEndpoints,
    ) -> Self {
        Self(Arc::new(Inner {
            issuer,
            pipeline,
            given,
            known: OnceLock::new(),
            fetch: SharedFetch::new(clock),
        }))
    }

    /// Knows `metadata`, and asks nobody.
    ///
    /// # Errors
    /// As [`ServerMetadata::from_json`], if `metadata` is not that of the issuer.
    pub(crate) fn know(self, metadata: ServerMetadata) -> Result<Self, Error> {
        let metadata = metadata.of(&self.0.issuer, &self.0.given)?;
        // It was made just now, so nobody else has filled it.
        let _ = self.0.known.set(Arc::new(metadata));
        Ok(self)
    }

    /// The metadata.
    ///
    /// # Errors
    /// If it cannot be obtained: no response, an error status, or a document that
    /// [`ServerMetadata::from_json`] refuses.
    pub(crate) async fn metadata(&self) -> Result<Arc<ServerMetadata>, Error> {
        if let Some(metadata) = self.0.known.get() {
            return Ok(Arc::clone(metadata));
        }
        let inner = Arc::clone(&self.0);
        let work = async move {
            // Another flight may have landed just before this one began.
            if let Some(metadata) = inner.known.get() {
                return Ok(Arc::clone(metadata));
            }
            let metadata = Arc::new(inner.request().await?);
            Ok(Arc::clone(inner.known.get_or_init(|| metadata)))
        };
        self.0.fetch.get(work).await
    }
}

impl Inner {
    /// OpenID Connect Discovery 1.0, section 4; a server that knows no OpenID Connect has the
    /// document of RFC 8414, at the place where Okta has it.
    async fn request(&self) -> Result<ServerMetadata, Error> {
        match self.request_from("openid-configuration").await {
            Err(error) if error.is_not_found() => {
                self.request_from("oauth-authorization-server").await
            }
            result => result,
        }
    }

    async fn request_from(&self, name: &'static str) -> Result<ServerMetadata, Error> {
        let call = Call::new("getWellKnownConfiguration", "/.well-known").small();
        let request = Request::new(Method::GET, self.issuer.well_known(name));
        let response = self.pipeline.send(request, &call).await?;
        let metadata = ServerMetadata::read(&response.body)
            .and_then(|metadata| metadata.of(&self.issuer, &self.given));
        metadata.map_err(|error| {
            error
                .with_call(&call, &Method::GET)
                .with_response(&response)
        })
    }
}
