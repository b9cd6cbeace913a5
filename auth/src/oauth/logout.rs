//! Ending the session at Okta.

use url::Url;

use super::endpoint::present;
use super::form::Form;
use super::{IdToken, OAuthClient, redirect_uri};
use crate::{Error, Secret};

/// The URL of a logout, about to be built. Made by [`OAuthClient::logout_url`].
#[must_use = "`build` gives the URL"]
#[derive(Clone, Debug)]
pub struct LogoutUrl<'a> {
    client: &'a OAuthClient,
    id_token: &'a IdToken,
    redirect_uri: Option<String>,
    state: Option<Secret>,
}

impl OAuthClient {
    /// Where to send the browser so that the user is logged out at Okta, not only from your app
    /// (OpenID Connect RP-Initiated Logout 1.0). It is for the browser, not for a request of your
    /// own.
    ///
    /// Source: <https://developer.okta.com/docs/guides/sign-users-out/>
    pub fn logout_url<'a>(&'a self, id_token: &'a IdToken) -> LogoutUrl<'a> {
        LogoutUrl {
            client: self,
            id_token,
            redirect_uri: None,
            state: None,
        }
    }
}

impl LogoutUrl<'_> {
    /// Where the browser goes then: one of the app integration's sign-out redirect URIs, exactly.
    /// Default: Okta's own page.
    pub fn post_logout_redirect_uri(mut self, uri: impl Into<String>) -> Self {
        self.redirect_uri = Some(uri.into());
        self
    }

    /// What that request is to repeat as `state`.
    pub fn state(mut self, state: impl Into<Secret>) -> Self {
        self.state = Some(state.into());
        self
    }

    /// Builds the URL. It holds the ID token: keep it out of logs.
    ///
    /// # Errors
    /// A configuration error for a URI that no browser can come back to, or if the server has no
    /// logout; if the server's metadata cannot be obtained.
    pub async fn build(self) -> Result<Url, Error> {
        let redirect_uri = self
            .redirect_uri
            .map(|uri| redirect_uri::check("post-logout redirect URI", &uri))
            .transpose()?;
        let form = Form::default()
            .with("id_token_hint", self.id_token.raw.clone())
            .with("client_id", self.client.client_id())
            .with_some("post_logout_redirect_uri", redirect_uri)
            .with_some("state", self.state);
        let metadata = self.client.metadata().await?;
        let endpoint = metadata.end_session_endpoint.as_ref();
        let mut url = present(&metadata, "end_session_endpoint", endpoint)?.clone();
        url.query_pairs_mut().extend_pairs(form.pairs());
        Ok(url)
    }
}
