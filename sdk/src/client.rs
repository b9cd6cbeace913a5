//! The client.

use std::fmt;
use std::sync::Arc;

use http::Method;
use okta_auth::{Credentials, OrgUrl, Pipeline};

use crate::codec::Strictness;
use crate::generated::wire::Wire;
use crate::raw::RawRequest;
use crate::{ClientBuilder, Config, Error};

/// A client of one Okta org.
///
/// Cheap to clone: clones share connections, credentials and what is known of the rate limits.
/// Each part of the API has a handle on it, such as `client.users()`.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    pipeline: Pipeline,
    wire: Wire,
    strictness: Strictness,
    allow_http: bool,
}

impl Client {
    /// Starts a client with settings given in code.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// A client with the settings of `~/.okta/okta.yaml`, `./okta.yaml` and the environment
    /// (`OKTA_CLIENT_ORGURL`, `OKTA_CLIENT_TOKEN` and so on); later ones win.
    ///
    /// # Errors
    /// A configuration error that names the source of a missing or bad value.
    pub fn from_env() -> Result<Self, Error> {
        Self::from_config(&Config::load()?)
    }

    /// A client with the settings of `config`.
    ///
    /// # Errors
    /// A configuration error that names what is missing or wrong.
    pub fn from_config(config: &Config) -> Result<Self, Error> {
        ClientBuilder::from_config(config)?.build()
    }

    /// A client of another org that shares this one's connections, timeouts, retries, observers and
    /// strictness. It has credentials of its own, and what is known of the rate limits of one org
    /// stays with that org. So a program that serves many orgs has one pool of connections.
    ///
    /// ```
    /// use okta_sdk::{ApiToken, Client};
    ///
    /// # fn run() -> Result<(), okta_sdk::Error> {
    /// let acme = Client::builder()
    ///     .org_url("https://acme.okta.com")
    ///     .api_token("00abc")
    ///     .build()?;
    /// let globex = acme.with_org("https://globex.okta.com", ApiToken::new("00def")?)?;
    /// # Ok(()) }
    /// # run().unwrap();
    /// ```
    ///
    /// A [`ServiceApp`](crate::ServiceApp) asks for its tokens over connections of its own, unless
    /// it is given these: `.requests(|requests| requests.transport(pool.clone()))`, where `pool` is
    /// `acme.pipeline().transport()`.
    ///
    /// # Errors
    /// A configuration error if `url` is not one of an org, or is `http` where this client's is
    /// `https`, or the other way round.
    pub fn with_org(
        &self,
        url: impl AsRef<str>,
        credentials: impl Into<Credentials>,
    ) -> Result<Self, Error> {
        let org = match self.0.allow_http {
            true => OrgUrl::parse_allowing_http(url.as_ref()),
            false => OrgUrl::parse(url.as_ref()),
        }?;
        let pipeline = self.0.pipeline.with_org(org, credentials)?;
        Ok(Self::new(pipeline, self.0.strictness, self.0.allow_http))
    }

    pub(crate) fn new(pipeline: Pipeline, strictness: Strictness, allow_http: bool) -> Self {
        let wire = Wire {
            client: pipeline.http().clone(),
            baseurl: pipeline.org_url().as_str().to_owned(),
        };
        Self(Arc::new(Inner {
            pipeline,
            wire,
            strictness,
            allow_http,
        }))
    }

    /// The org that requests go to.
    #[must_use]
    pub fn org_url(&self) -> &OrgUrl {
        self.0.pipeline.org_url()
    }

    /// The pipeline that requests go through: credentials, retries and rate limits.
    #[must_use]
    pub fn pipeline(&self) -> &Pipeline {
        &self.0.pipeline
    }

    /// Starts a request to an endpoint that has no method here, with the same credentials,
    /// retries, errors and paging. `path` starts with a slash and comes encoded, such as
    /// `/api/v1/users/me`; it may have a query.
    pub fn request(&self, method: Method, path: &str) -> RawRequest {
        RawRequest::new(self.clone(), method, path)
    }

    /// What becomes of values that do not fit.
    pub(crate) fn strictness(&self) -> Strictness {
        self.0.strictness
    }

    #[allow(dead_code)] // unused if no feature is on
    pub(crate) fn wire(&self) -> &Wire {
        &self.0.wire
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Client")
            .field("pipeline", &self.0.pipeline)
            .finish()
    }
}
