//! Settings of a client.

use super::client::Inner;
use super::{ClientAuthentication, OAuthClient, redirect_uri};
use crate::clock::ServerClock;
use crate::credentials::NoCredentials;
use crate::dpop::DpopProofs;
use crate::jose::Algorithm;
use crate::metadata::{BrowserEndpoints, Discovery};
use crate::verifier::Verifier;
use crate::{Clock, Dpop, Error, Issuer, Pipeline, PipelineBuilder, ServerMetadata};

/// Collects the settings of an [`OAuthClient`].
#[derive(Clone, Debug)]
pub struct OAuthClientBuilder {
    issuer: Issuer,
    client_id: String,
    authentication: ClientAuthentication,
    redirect_uri: Option<String>,
    dpop: Option<Dpop>,
    clock: Clock,
    metadata: Option<ServerMetadata>,
    browser: BrowserEndpoints,
    algorithms: Vec<Algorithm>,
    pipeline: PipelineBuilder,
}

impl OAuthClient {
    /// Starts a client of `issuer`. `client_id` is that of the app integration.
    pub fn builder(issuer: Issuer, client_id: impl Into<String>) -> OAuthClientBuilder {
        OAuthClientBuilder::new(issuer, client_id.into())
    }
}

impl OAuthClientBuilder {
    pub(super) fn new(issuer: Issuer, client_id: String) -> Self {
        Self {
            pipeline: Pipeline::builder(issuer.org_url(), NoCredentials),
            issuer,
            client_id,
            authentication: ClientAuthentication::none(),
            redirect_uri: None,
            dpop: None,
            clock: Clock::system(),
            metadata: None,
            browser: BrowserEndpoints::default(),
            algorithms: vec![Algorithm::Rs256],
        }
    }

    /// How the client proves who it is. Default: not at all.
    #[must_use]
    pub fn authentication(mut self, authentication: ClientAuthentication) -> Self {
        self.authentication = authentication;
        self
    }

    /// Where the browser comes back to after a login, exactly as the app integration has it.
    ///
    /// # Errors
    /// A configuration error if it is not an absolute URL, has a fragment, or would be reached
    /// by `http` at another machine.
    pub fn redirect_uri(mut self, uri: &str) -> Result<Self, Error> {
        self.redirect_uri = Some(redirect_uri::check("redirect URI", uri)?);
        Ok(self)
    }

    /// Binds all tokens to a key. An answer with a token that is bound to none is then refused.
    #[must_use]
    pub fn dpop(mut self, dpop: Dpop) -> Self {
        self.dpop = Some(dpop);
        self
    }

    /// What time it is. Default: the machine's clock.
    #[must_use]
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// The server's metadata, which is then not asked for.
    #[must_use]
    pub fn metadata(mut self, metadata: ServerMetadata) -> Self {
        self.metadata = Some(metadata);
        self
    }

    /// Where browsers go to log in, in place of what the server says: for an org whose login page is
    /// at its custom domain, while its issuer is at the org's own URL. It may be at any host, for
    /// browsers bring no secret there; whatever carries one goes to the issuer's origin all the same.
    ///
    /// # Errors
    /// A configuration error if it is not an absolute https URL (http for this machine), or has a
    /// user name or a fragment.
    ///
    /// Source: <https://developer.okta.com/docs/guides/custom-url-domain/main/>
    pub fn authorization_endpoint(mut self, url: &str) -> Result<Self, Error> {
        let url = BrowserEndpoints::parse("authorization endpoint", url)?;
        self.browser.authorization = Some(url);
        Ok(self)
    }

    /// Where browsers go to log out, in place of what the server says: at the host where they have
    /// logged in, for their session is there. The URL that [`OAuthClient::logout_url`] makes has the
    /// user's ID token in it.
    ///
    /// # Errors
    /// As [`OAuthClientBuilder::authorization_endpoint`].
    pub fn end_session_endpoint(mut self, url: &str) -> Result<Self, Error> {
        let url = BrowserEndpoints::parse("end session endpoint", url)?;
        self.browser.end_session = Some(url);
        Ok(self)
    }

    /// What ID tokens may be signed with. Default: RS256 alone, which is what Okta signs with.
    #[must_use]
    pub fn id_token_algorithms(mut self, algorithms: impl IntoIterator<Item = Algorithm>) -> Self {
        self.algorithms = algorithms.into_iter().collect();
        self
    }

    /// Changes how requests are sent: timeouts, retries, proxy, user agent. The server's metadata
    /// and keys, which logins wait for, are given up on after 5 seconds for an attempt, one retry
    /// and 15 seconds in all, or earlier if these settings say so.
    ///
    /// ```
    /// # use okta_auth::{Issuer, oauth::OAuthClient};
    /// # let issuer = Issuer::parse("https://acme.okta.com/oauth2/default").unwrap();
    /// let builder = OAuthClient::builder(issuer, "0oa1b2c3d4")
    ///     .requests(|requests| requests.max_retries(0));
    /// ```
    #[must_use]
    pub fn requests(mut self, change: impl FnOnce(PipelineBuilder) -> PipelineBuilder) -> Self {
        self.pipeline = change(self.pipeline);
        self
    }

    /// Builds the client. Nothing is sent yet.
    ///
    /// # Errors
    /// A configuration error for a client id or secret that cannot be one, for metadata of
    /// another issuer, for an empty list of algorithms, and for what [`PipelineBuilder::build`]
    /// refuses.
    pub fn build(self) -> Result<OAuthClient, Error> {
        let open = self.pipeline.clone().build()?;
        self.build_with(open)
    }

    /// As [`OAuthClientBuilder::build`], over a pipeline without credentials that is there
    /// already.
    pub(crate) fn build_with(self, open: Pipeline) -> Result<OAuthClient, Error> {
        self.check_client_id()?;
        self.authentication.check()?;
        let clock = ServerClock::new(self.clock.clone());
        let verifier = Verifier::builder(self.issuer.clone())
            .client_id(self.client_id.as_str())
            .algorithms(self.algorithms)
            .clock(self.clock);
        // Calls and logins wait for what is asked through it.
        let prompt = open.prompt();
        let (issuer, time) = (self.issuer.clone(), clock.local().clone());
        let mut discovery =
            Discovery::with_browser_endpoints(issuer, prompt.clone(), time, self.browser);
        if let Some(metadata) = self.metadata {
            discovery = discovery.know(metadata)?;
        }
        Ok(OAuthClient::new(Inner {
            pipeline: open.with_credentials(DpopProofs::new(None, clock.clone())),
            verifier: verifier.discovery(discovery.clone()).build_with(prompt)?,
            discovery,
            issuer: self.issuer,
            client_id: self.client_id,
            authentication: self.authentication,
            redirect_uri: self.redirect_uri,
            dpop: self.dpop.map(|dpop| dpop.with_server_clock(clock.clone())),
            clock,
        }))
    }

    fn check_client_id(&self) -> Result<(), Error> {
        let id = &self.client_id;
        let refuse = |why| {
            Err(Error::configuration(format!(
                "the client id {why}; write the one that Okta shows in the app integration, such \
                 as 0oa1b2c3d4e5f6g7h8i9"
            )))
        };
        if id.is_empty() {
            return refuse("is empty");
        }
        if id.contains(['{', '}', '<', '>']) {
            return refuse("is still a placeholder");
        }
        if id.contains(|c: char| c.is_whitespace() || c.is_control()) {
            return refuse("has white space in it");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
