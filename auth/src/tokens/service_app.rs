//! Credentials of a service.

mod builder;

use std::sync::{Mutex, PoisonError};

use http::HeaderMap;

pub use self::builder::ServiceAppBuilder;
use crate::oauth::{ClientAuthentication, OAuthClient, Scopes, Tokens};
use crate::tokens::cache::{AccessToken, TokenCache, TokenSource};
use crate::tokens::shared::Sharing;
use crate::{AfterResponse, CredentialsProvider, Error, OrgUrl, RequestContext, ResponseContext};

/// A service app: a program that acts for itself and calls Okta's API with access tokens that it
/// gets and renews on its own (OAuth 2.0 client credentials, RFC 6749, section 4.4).
///
/// - One request gets the token for all calls that need it. It is renewed before it ends, in
///   the background, and when a call is refused with it (401), once in 10 seconds at most.
/// - The call that cannot have a token fails with OAuth's `error` and `error_description` as
///   [`Error::code`] and [`Error::summary`], and [`Error::is_credentials`] is true. Calls after it
///   fail likewise, without asking again, for 10 seconds to a minute; for 1 to 5 minutes if Okta
///   refused the client, as with `invalid_client`.
/// - Tokens are bound to a key (DPoP, RFC 9449) if Okta asks for it, which it does with the
///   error `invalid_dpop_proof`, or if [`ServiceAppBuilder::dpop`] says so.
///
/// ```no_run
/// use okta_auth::jose::SigningKey;
/// use okta_auth::oauth::ClientAuthentication;
/// use okta_auth::{OrgUrl, Pipeline, Secret, ServiceApp};
///
/// # fn run(pem: Secret) -> Result<(), okta_auth::Error> {
/// let org = OrgUrl::parse("https://acme.okta.com")?;
/// let key = SigningKey::parse(&pem)?.with_key_id("my-key");
/// let app = ServiceApp::builder(
///     &org,
///     "0oa1b2c3d4e5f6g7h8i9",
///     ClientAuthentication::private_key(key),
/// )
/// .scopes(["okta.users.read"])
/// .build()?;
/// let pipeline = Pipeline::builder(org, app).build()?;
/// # Ok(()) }
/// ```
///
/// Source: <https://developer.okta.com/docs/guides/implement-oauth-for-okta-serviceapp/main/>
#[derive(Debug)]
pub struct ServiceApp(TokenCache<ServiceTokens>);

impl ServiceApp {
    /// Starts a service app of `org`. `client_id` is that of the app integration, and
    /// `authentication` how it proves who it is: for Okta's API, by a private key.
    pub fn builder(
        org: &OrgUrl,
        client_id: impl Into<String>,
        authentication: ClientAuthentication,
    ) -> ServiceAppBuilder {
        ServiceAppBuilder::new(org, client_id.into(), authentication)
    }
}

/// Why tokens that are bound to a key cannot be shared, and what to do.
const NOT_SHARED: &str = "tokens that are bound to a key cannot be shared with processes that do \
     not have it; give all of them the same one with `dpop_keys(Dpop::with_key(…))`";

/// Where the tokens of a service app come from.
#[derive(Debug)]
struct ServiceTokens {
    /// Replaced by one that proves possession of a key when the server asks for it.
    client: Mutex<OAuthClient>,
    scopes: Scopes,
    /// Makes the replacement; `None` if there is to be none.
    may_bind: Option<ServiceAppBuilder>,
    /// With the other processes of the service app.
    sharing: Option<Sharing>,
}

impl ServiceTokens {
    fn client(&self) -> OAuthClient {
        let client = self.client.lock();
        client.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// From now on with proofs of possession.
    fn bind(&self, settings: &ServiceAppBuilder) -> Result<OAuthClient, Error> {
        let client = settings.bound_client()?;
        *self.client.lock().unwrap_or_else(PoisonError::into_inner) = client.clone();
        tracing::debug!("Okta asks for DPoP; tokens are bound to a key from now on");
        if self.sharing.is_some() && client.dpop().is_some_and(|dpop| !dpop.has_own_key()) {
            tracing::warn!("{NOT_SHARED}");
        }
        Ok(client)
    }

    async fn token(&self, client: &OAuthClient) -> Result<AccessToken, Error> {
        match &self.sharing {
            Some(sharing) => sharing.token(client, &self.scopes, self.ask(client)).await,
            None => client.access_token(&self.ask(client).await?),
        }
    }

    async fn ask(&self, client: &OAuthClient) -> Result<Tokens, Error> {
        client
            .client_credentials()
            .scopes(self.scopes.iter())
            .send()
            .await
    }
}

impl TokenSource for ServiceTokens {
    async fn fetch(&self) -> Result<AccessToken, Error> {
        let client = self.client();
        let token = self.token(&client).await;
        if let (Err(error), Some(settings), None) = (&token, &self.may_bind, client.dpop())
            && error.code() == Some("invalid_dpop_proof")
        {
            return self.token(&self.bind(settings)?).await;
        }
        token
    }

    fn refused(&self, token: &AccessToken) {
        if let Some(sharing) = &self.sharing {
            sharing.refuse(token);
        }
    }
}

impl CredentialsProvider for ServiceApp {
    async fn headers(&self, request: RequestContext<'_>) -> Result<HeaderMap, Error> {
        self.0.headers(request).await
    }

    async fn on_response(
        &self,
        request: RequestContext<'_>,
        response: ResponseContext<'_>,
    ) -> Result<AfterResponse, Error> {
        self.0.on_response(request, response).await
    }
}

#[cfg(test)]
mod tests;
