//! The layer that checks access tokens.

use std::convert::Infallible;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::extract::OriginalUri;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures::FutureExt;
use futures::future::BoxFuture;
use http::request::Parts;
use http::{HeaderValue, Request};
#[cfg(feature = "utoipa")]
use okta_auth::Issuer;
use okta_auth::oauth::{IntrospectionCache, TokenKind};
use okta_auth::verifier::{Challenge, DpopRequest, Verifier, VerifyError};
use okta_auth::{Error, Secret};
use tower_layer::Layer;
use tower_service::Service;
use url::Url;

use super::credentials::Credentials;
use super::{ApiError, Caller};

/// Lets requests pass that bring a good access token, and tells handlers what it says: see the
/// [module](super). A layer for the routes of an API, by `Router::route_layer`.
///
/// - Bearer tokens are taken that are bound to nothing.
/// - DPoP-bound tokens are taken with their proof, where the API's [`origin`](RequireToken::origin)
///   is set.
/// - Certificate-bound tokens are taken where the connection's [`ClientCertificate`] is known.
#[derive(Clone, Debug)]
pub struct RequireToken(Arc<Rules>);

#[derive(Clone, Debug)]
struct Rules {
    check: Check,
    /// Such as `https://api.example.com`.
    origin: Option<String>,
    bound_only: bool,
}

#[derive(Clone, Debug)]
enum Check {
    Here(Verifier),
    AtServer {
        cache: IntrospectionCache,
        audience: String,
    },
}

/// The certificate of the client at the other end of the TLS connection, as DER. Whatever ends TLS
/// puts it into the request's extensions; behind a proxy, take it from the proxy alone, and have
/// that remove what a client sends in its place.
#[derive(Clone, Debug)]
pub struct ClientCertificate(
    /// The certificate.
    pub Bytes,
);

/// A service behind [`RequireToken`].
#[derive(Clone, Debug)]
pub struct TokenChecked<S> {
    rules: Arc<Rules>,
    inner: S,
}

impl RequireToken {
    /// Checks tokens of a custom authorization server here, without a request to Okta.
    #[must_use]
    pub fn verifier(verifier: Verifier) -> Self {
        Self::new(Check::Here(verifier))
    }

    /// Asks the authorization server about each token, as for those of the org's own server. A token
    /// has to be for `audience`. Tokens that are bound to a key are refused: the server does not
    /// check their proof.
    #[must_use]
    pub fn introspection(cache: IntrospectionCache, audience: impl Into<String>) -> Self {
        let audience = audience.into();
        Self::new(Check::AtServer { cache, audience })
    }

    fn new(check: Check) -> Self {
        Self(Arc::new(Rules {
            check,
            origin: None,
            bound_only: false,
        }))
    }

    /// The API's origin as clients call it, such as `https://api.example.com`: what DPoP proofs are
    /// compared with. It does not come from `Host` or `X-Forwarded-*`, which anyone writes.
    ///
    /// # Errors
    /// A configuration error if it is not the origin of a URL.
    pub fn origin(self, origin: &str) -> Result<Self, Error> {
        let url = Url::parse(origin).ok();
        let url = url.filter(|url| {
            url.has_host()
                && url.path() == "/"
                && url.query().is_none()
                && url.fragment().is_none()
                && url.username().is_empty()
        });
        let url = url.ok_or_else(|| {
            Error::configuration(
                "the API's origin is not one; write scheme and host, such as \
                 https://api.example.com",
            )
        })?;
        let mut rules = Arc::unwrap_or_clone(self.0);
        rules.origin = Some(url.origin().ascii_serialization());
        Ok(Self(Arc::new(rules)))
    }

    /// Refuses bearer tokens, also good ones: a token has to be bound to a key.
    #[must_use]
    pub fn bound_only(self) -> Self {
        let mut rules = Arc::unwrap_or_clone(self.0);
        rules.bound_only = true;
        Self(Arc::new(rules))
    }
}

#[cfg(feature = "utoipa")]
impl RequireToken {
    /// Whose tokens are good.
    pub(super) fn issuer(&self) -> &Issuer {
        match &self.0.check {
            Check::Here(verifier) => verifier.issuer(),
            Check::AtServer { cache, .. } => cache.oauth().issuer(),
        }
    }

    /// Whether a token is read here, so that it has to be a JWT.
    pub(super) fn is_read_here(&self) -> bool {
        matches!(self.0.check, Check::Here(_))
    }

    /// Whether bearer tokens are taken.
    pub(super) fn takes_bearer(&self) -> bool {
        !self.0.bound_only
    }
}

impl Rules {
    async fn check(&self, parts: &Parts) -> Result<Caller, ApiError> {
        match (&self.check, Credentials::of(&parts.headers)) {
            (_, Credentials::None) => Err(ApiError::no_token(self.challenges())),
            (_, Credentials::Malformed) => Err(ApiError::malformed()),
            (Check::Here(verifier), Credentials::Bearer(token)) => {
                self.bearer(verifier, token, parts).await
            }
            (Check::Here(verifier), Credentials::Dpop(token)) => {
                self.dpop(verifier, token, parts).await
            }
            (Check::AtServer { cache, audience }, Credentials::Bearer(token)) => {
                self.introspect(cache, audience, token).await
            }
            (Check::AtServer { .. }, Credentials::Dpop(_)) => Err(ApiError::invalid_token()),
        }
    }

    async fn bearer(
        &self,
        verifier: &Verifier,
        token: &str,
        parts: &Parts,
    ) -> Result<Caller, ApiError> {
        let refused = |error: VerifyError| ApiError::of(verifier, &error);
        match verifier.verify_access_token(token).await {
            Ok(_) if self.bound_only => Err(ApiError::invalid_token()),
            Ok(claims) => Ok(Caller::of_claims(claims)),
            Err(error @ VerifyError::Bound { .. }) => {
                let Some(ClientCertificate(der)) = parts.extensions.get() else {
                    return Err(refused(error));
                };
                let claims = verifier.verify_with_certificate(token, der).await;
                claims.map(Caller::of_claims).map_err(refused)
            }
            Err(error) => Err(refused(error)),
        }
    }

    async fn dpop(
        &self,
        verifier: &Verifier,
        token: &str,
        parts: &Parts,
    ) -> Result<Caller, ApiError> {
        let Some(origin) = &self.origin else {
            tracing::error!("a DPoP proof cannot be checked; set `origin` of `RequireToken`");
            return Err(ApiError::invalid_token());
        };
        // What the client called, and not what a router has left of it.
        let uri = parts.extensions.get::<OriginalUri>();
        let uri = uri.map_or(&parts.uri, |OriginalUri(uri)| uri);
        let url = format!("{origin}{}", uri.path());
        let request = DpopRequest::new(&parts.method, &url).headers(&parts.headers);
        let claims = verifier.verify_dpop_access_token(token, request).await;
        claims
            .map(Caller::of_claims)
            .map_err(|error| ApiError::of(verifier, &error).for_dpop())
    }

    async fn introspect(
        &self,
        cache: &IntrospectionCache,
        audience: &str,
        token: &str,
    ) -> Result<Caller, ApiError> {
        let token = Secret::from(token);
        let asked = cache.introspect(&token, TokenKind::AccessToken).await;
        let answer = asked.map_err(|error| {
            tracing::warn!(%error, "the server was not asked about a token");
            ApiError::unavailable()
        })?;
        let is_ours = answer.audience.iter().any(|known| known == audience);
        let is_bound = answer.extra.contains_key("cnf");
        if !answer.active || !is_ours || is_bound || self.bound_only {
            return Err(ApiError::invalid_token());
        }
        Caller::of_introspection(answer).ok_or_else(ApiError::invalid_token)
    }

    /// What would do.
    fn challenges(&self) -> Vec<Challenge> {
        let takes_proofs = self.origin.is_some() && matches!(self.check, Check::Here(_));
        let bearer = Some(Challenge::bearer());
        let dpop = takes_proofs.then(Challenge::dpop);
        [bearer, dpop].into_iter().flatten().collect()
    }

    /// The nonce for the next proof, for clients to have before they need it.
    fn nonce(&self) -> Option<HeaderValue> {
        match &self.check {
            Check::Here(verifier) => HeaderValue::try_from(verifier.dpop_nonce()?).ok(),
            Check::AtServer { .. } => None,
        }
    }
}

impl<S> Layer<S> for RequireToken {
    type Service = TokenChecked<S>;

    fn layer(&self, inner: S) -> TokenChecked<S> {
        let rules = Arc::clone(&self.0);
        TokenChecked { rules, inner }
    }
}

impl<S, B> Service<Request<B>> for TokenChecked<S>
where
    S: Service<Request<B>, Response = Response, Error = Infallible> + Clone + Send + 'static,
    S::Future: Send,
    B: Send + 'static,
{
    type Response = Response;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response, Infallible>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let rules = Arc::clone(&self.rules);
        let copy = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, copy);
        async move {
            let (mut parts, body) = request.into_parts();
            let caller = match rules.check(&parts).await {
                Ok(caller) => caller,
                Err(error) => return Ok(error.into_response()),
            };
            parts.extensions.insert(caller);
            let mut response = inner.call(Request::from_parts(parts, body)).await?;
            if let Some(nonce) = rules.nonce() {
                response.headers_mut().entry("dpop-nonce").or_insert(nonce);
            }
            Ok(response)
        }
        .boxed()
    }
}
