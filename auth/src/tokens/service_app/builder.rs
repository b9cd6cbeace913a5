//! Settings of a service app.

use std::sync::Mutex;

use super::{NOT_SHARED, ServiceApp, ServiceTokens};
use crate::oauth::{ClientAuthentication, OAuthClient, OAuthClientBuilder, Scopes};
use crate::tokens::cache::TokenCache;
use crate::tokens::shared::{SharedTokens, Sharing};
use crate::{Clock, Dpop, Error, Issuer, OrgUrl, PipelineBuilder, ServerMetadata};

/// Collects the settings of a [`ServiceApp`].
#[derive(Clone, Debug)]
pub struct ServiceAppBuilder {
    client: OAuthClientBuilder,
    is_confidential: bool,
    scopes: Vec<String>,
    dpop: Option<bool>,
    dpop_keys: Option<Dpop>,
    shared: Option<SharedTokens>,
}

impl ServiceAppBuilder {
    pub(super) fn new(
        org: &OrgUrl,
        client_id: String,
        authentication: ClientAuthentication,
    ) -> Self {
        // The org's own server is where it always is: it need not be asked.
        let issuer = Issuer::org(org);
        let metadata = ServerMetadata::okta(&issuer);
        Self {
            is_confidential: authentication.name() != "none",
            client: OAuthClient::builder(issuer, client_id)
                .metadata(metadata)
                .authentication(authentication),
            scopes: Vec::new(),
            dpop: None,
            dpop_keys: None,
            shared: None,
        }
    }

    /// What the tokens are to allow, such as `["okta.users.read"]`. Required; each of them must
    /// have been granted to the app integration.
    ///
    /// Source: <https://developer.okta.com/docs/api/oauth2/>
    #[must_use]
    pub fn scopes<I>(mut self, scopes: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<String>,
    {
        self.scopes = scopes.into_iter().map(Into::into).collect();
        self
    }

    /// Whether tokens are bound to a key (DPoP). Default: when Okta asks for it, which takes one
    /// more request, the first time.
    #[must_use]
    pub fn dpop(mut self, enabled: bool) -> Self {
        self.dpop = Some(enabled);
        self
    }

    /// The keys that tokens are bound to, if they are bound: for another algorithm, another
    /// rotation or a key of your own. Default: [`Dpop::new`].
    #[must_use]
    pub fn dpop_keys(mut self, dpop: Dpop) -> Self {
        self.dpop_keys = Some(dpop);
        self
    }

    /// Shares the access token with the other processes of this service app. Default: each has its
    /// own. Tokens that are bound to a key (DPoP) are shared by processes with the same key, given
    /// as [`ServiceAppBuilder::dpop_keys`] with [`Dpop::with_key`].
    #[must_use]
    pub fn shared_tokens(mut self, shared: SharedTokens) -> Self {
        self.shared = Some(shared);
        self
    }

    /// What time it is. Default: the machine's clock.
    #[must_use]
    pub fn clock(mut self, clock: Clock) -> Self {
        self.client = self.client.clock(clock);
        self
    }

    /// Changes how tokens are asked for: timeouts, retries, proxy, user agent.
    ///
    /// ```
    /// # use okta_auth::{OrgUrl, ServiceApp, oauth::ClientAuthentication};
    /// # let org = OrgUrl::parse("https://acme.okta.com").unwrap();
    /// let secret = ClientAuthentication::secret_basic("the client secret");
    /// let builder = ServiceApp::builder(&org, "0oa1b2c3d4", secret)
    ///     .requests(|requests| requests.max_retries(0));
    /// ```
    #[must_use]
    pub fn requests(mut self, change: impl FnOnce(PipelineBuilder) -> PipelineBuilder) -> Self {
        self.client = self.client.requests(change);
        self
    }

    /// Builds the service app. Nothing is sent yet.
    ///
    /// # Errors
    /// A configuration error for missing or wrong scopes, for a client that does not prove who
    /// it is, for shared tokens that are bound to a key of this process alone, and for what
    /// [`OAuthClientBuilder::build`] refuses.
    pub fn build(self) -> Result<ServiceApp, Error> {
        if !self.is_confidential {
            return Err(Error::configuration(
                "a service app has to prove who it is; write \
                 `ClientAuthentication::private_key(…)`",
            ));
        }
        let scopes =
            Scopes::new(&self.scopes).map_err(|error| Error::configuration(error.to_string()))?;
        if scopes.is_empty() {
            return Err(Error::configuration(
                "a service app needs scopes; write those that its app integration was granted, \
                 such as okta.users.read",
            ));
        }
        let has_own_key = self.dpop_keys.as_ref().is_some_and(Dpop::has_own_key);
        if self.shared.is_some() && self.dpop == Some(true) && !has_own_key {
            return Err(Error::configuration(NOT_SHARED));
        }
        let client = match self.dpop {
            Some(true) => self.bound_client()?,
            _ => self.client.clone().build()?,
        };
        let clock = client.clock().clone();
        let source = ServiceTokens {
            client: Mutex::new(client),
            scopes,
            sharing: self.shared.clone().map(Sharing::new),
            may_bind: self.dpop.is_none().then_some(self),
        };
        Ok(ServiceApp(TokenCache::new(source, clock)))
    }

    /// A client whose tokens are bound to a key.
    pub(super) fn bound_client(&self) -> Result<OAuthClient, Error> {
        let dpop = match &self.dpop_keys {
            Some(dpop) => dpop.clone(),
            None => Dpop::new()?,
        };
        self.client.clone().dpop(dpop).build()
    }
}
