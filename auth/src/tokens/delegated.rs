//! Credentials of a user who has logged in.

mod refused_tokens;
mod store;
mod user_tokens;

use std::sync::Arc;

use http::HeaderMap;

use self::store::Callback;
pub use self::store::TokenStore;
use self::user_tokens::UserTokens;
use crate::oauth::{OAuthClient, Tokens};
use crate::tokens::cache::TokenCache;
use crate::{AfterResponse, CredentialsProvider, Error, RequestContext, ResponseContext};

/// The tokens of a user, which act for the user and renew themselves with the refresh token.
///
/// - One request renews the token for all calls that need it, before it ends and once when a
///   call is refused with it (401). It goes on to its end even if the call that began it does
///   not, so a rotated refresh token is never lost on the way.
/// - Where several processes share a user's tokens, give it a [`TokenStore`]: what another one
///   has renewed is taken over, and losing a race for the refresh token does no harm.
///
/// ```no_run
/// use okta_auth::oauth::{OAuthClient, Tokens};
/// use okta_auth::{DelegatedToken, OrgUrl, Pipeline};
///
/// # fn run(oauth: OAuthClient, tokens: Tokens, save: fn(&Tokens)) -> Result<(), okta_auth::Error> {
/// let user = DelegatedToken::new(oauth, tokens)?.on_rotation(save);
/// let org = OrgUrl::parse("https://acme.okta.com")?;
/// let pipeline = Pipeline::builder(org, user).build()?;
/// # Ok(()) }
/// ```
///
/// Source: <https://developer.okta.com/docs/guides/refresh-tokens/main/>
#[derive(Debug)]
pub struct DelegatedToken(TokenCache<Arc<UserTokens>>);

impl DelegatedToken {
    /// Acts with `tokens`, which `oauth` got. With a refresh token (scope `offline_access`) they
    /// are renewed; without one, calls fail when the access token has ended.
    ///
    /// # Errors
    /// A configuration error if the tokens are bound to a DPoP key and `oauth` has no
    /// [`Dpop`](crate::Dpop).
    pub fn new(oauth: OAuthClient, tokens: Tokens) -> Result<Self, Error> {
        let clock = oauth.clock().clone();
        let held = oauth.access_token(&tokens)?;
        let source = Arc::new(UserTokens::new(oauth, tokens));
        Ok(Self(TokenCache::new(source, clock).holding(held)))
    }

    /// Calls `save` with the tokens of each renewal, whose refresh token may be a new one. It
    /// should not take long: calls wait for it. If it panics, the tokens are used nevertheless,
    /// and `save` is called with them again soon.
    #[must_use]
    pub fn on_rotation(self, save: impl Fn(&Tokens) + Send + Sync + 'static) -> Self {
        self.store(Callback::new(save))
    }

    /// Keeps the tokens in `store`, in place of [`DelegatedToken::on_rotation`].
    #[must_use]
    pub fn store(self, store: impl TokenStore) -> Self {
        self.0.source().keep_in(Arc::new(store));
        self
    }

    /// The newest tokens.
    #[must_use]
    pub fn tokens(&self) -> Tokens {
        self.0.source().tokens()
    }
}

impl CredentialsProvider for DelegatedToken {
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
