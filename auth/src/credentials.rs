//! What proves to Okta who is calling.

use std::fmt::Debug;
use std::future::Future;
use std::sync::Arc;

use futures::FutureExt;
use futures::future::BoxFuture;
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use url::Url;

use crate::secret::secret_header;
use crate::{Error, Secret};

/// The request that credentials are wanted for. `Debug` leaves out the query and the headers.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct RequestContext<'a> {
    /// The method.
    pub method: &'a Method,
    /// The final URL, as it goes over the wire.
    pub url: &'a Url,
    /// 1 for the first sending of a call, then one more each time it is sent again.
    pub attempt: u32,
    /// The request's own headers; with a response, also those that the credentials gave.
    pub headers: &'a HeaderMap,
}

impl Debug for RequestContext<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RequestContext")
            .field("method", &self.method)
            .field("path", &self.url.path())
            .field("attempt", &self.attempt)
            .finish_non_exhaustive()
    }
}

/// The answer to a request that carried the credentials. `Debug` shows the status only.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct ResponseContext<'a> {
    /// The status.
    pub status: StatusCode,
    /// All headers.
    pub headers: &'a HeaderMap,
    /// The whole body.
    pub body: &'a [u8],
}

impl Debug for ResponseContext<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ResponseContext")
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

/// What a credentials provider makes of a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AfterResponse {
    /// Nothing has changed: the response stands.
    Keep,
    /// The credentials are new: send the request again. Heeded for 4xx only, and once a call for
    /// each thing that is new; it does not count as a retry.
    SendAgain(Renewed),
}

/// What of the credentials is new after a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Renewed {
    /// The token.
    Token,
    /// The server's nonce (RFC 9449, section 8).
    Nonce,
    /// What is known of the server's clock.
    Clock,
    /// How the server wants the URL in a proof spelled (RFC 9449, section 4.3).
    ProofUrl,
}

/// Gives the headers that authenticate a request.
///
/// It is asked again for each sending, so that proofs bound to one request (DPoP, RFC 9449) are
/// never sent twice, and it sees each response, so that nonces and rejected tokens reach it. Its
/// headers are marked sensitive and only ever sent to the org's own origin.
///
/// ```
/// use okta_auth::{CredentialsProvider, Error, RequestContext};
/// use http::{HeaderMap, HeaderValue, header::AUTHORIZATION};
///
/// #[derive(Debug)]
/// struct FromVault;
///
/// impl CredentialsProvider for FromVault {
///     async fn headers(&self, _: RequestContext<'_>) -> Result<HeaderMap, Error> {
///         let token = HeaderValue::from_static("Bearer from-the-vault");
///         Ok(HeaderMap::from_iter([(AUTHORIZATION, token)]))
///     }
/// }
/// ```
pub trait CredentialsProvider: Debug + Send + Sync + 'static {
    /// The headers for one sending of a request.
    ///
    /// # Errors
    /// If the credentials cannot be obtained; see [`Error::credentials`]. The call ends
    /// with that error and nothing is sent.
    fn headers(
        &self,
        request: RequestContext<'_>,
    ) -> impl Future<Output = Result<HeaderMap, Error>> + Send;

    /// Told of every response. Does nothing unless overridden.
    ///
    /// # Errors
    /// As [`CredentialsProvider::headers`].
    fn on_response(
        &self,
        request: RequestContext<'_>,
        response: ResponseContext<'_>,
    ) -> impl Future<Output = Result<AfterResponse, Error>> + Send {
        let _ = (request, response);
        async { Ok(AfterResponse::Keep) }
    }
}

/// Any [`CredentialsProvider`], shared. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Credentials(Arc<dyn Provider>);

impl Credentials {
    pub(crate) async fn headers(&self, request: RequestContext<'_>) -> Result<HeaderMap, Error> {
        let mut headers = self.0.headers(request).await?;
        for value in headers.values_mut() {
            value.set_sensitive(true);
        }
        Ok(headers)
    }

    pub(crate) async fn on_response(
        &self,
        request: RequestContext<'_>,
        response: ResponseContext<'_>,
    ) -> Result<AfterResponse, Error> {
        self.0.on_response(request, response).await
    }
}

impl<T: CredentialsProvider> From<T> for Credentials {
    fn from(provider: T) -> Self {
        Self(Arc::new(provider))
    }
}

/// The twin of [`CredentialsProvider`] that can be a trait object.
trait Provider: Debug + Send + Sync {
    fn headers<'a>(
        &'a self,
        request: RequestContext<'a>,
    ) -> BoxFuture<'a, Result<HeaderMap, Error>>;

    fn on_response<'a>(
        &'a self,
        request: RequestContext<'a>,
        response: ResponseContext<'a>,
    ) -> BoxFuture<'a, Result<AfterResponse, Error>>;
}

impl<T: CredentialsProvider> Provider for T {
    fn headers<'a>(
        &'a self,
        request: RequestContext<'a>,
    ) -> BoxFuture<'a, Result<HeaderMap, Error>> {
        CredentialsProvider::headers(self, request).boxed()
    }

    fn on_response<'a>(
        &'a self,
        request: RequestContext<'a>,
        response: ResponseContext<'a>,
    ) -> BoxFuture<'a, Result<AfterResponse, Error>> {
        CredentialsProvider::on_response(self, request, response).boxed()
    }
}

/// An Okta API token, sent as `Authorization: SSWS …`.
///
/// Source: <https://developer.okta.com/docs/guides/create-an-api-token/main/>
#[derive(Clone, Debug)]
pub struct ApiToken(Authorization);

impl ApiToken {
    /// Takes the token as Okta showed it, with or without `SSWS ` before it.
    ///
    /// # Errors
    /// A configuration error if the token is empty, a placeholder such as `{apiToken}`, or holds
    /// white space or other characters that no token has.
    pub fn new(token: impl Into<Secret>) -> Result<Self, Error> {
        Authorization::new("SSWS", "API token", &token.into()).map(Self)
    }
}

impl CredentialsProvider for ApiToken {
    async fn headers(&self, _: RequestContext<'_>) -> Result<HeaderMap, Error> {
        Ok(self.0.headers())
    }
}

/// An OAuth 2.0 access token that was obtained elsewhere, sent as `Authorization: Bearer …`
/// (RFC 6750). It is not renewed.
#[derive(Clone, Debug)]
pub struct BearerToken(Authorization);

impl BearerToken {
    /// Takes the access token, with or without `Bearer ` before it.
    ///
    /// # Errors
    /// As [`ApiToken::new`].
    pub fn new(token: impl Into<Secret>) -> Result<Self, Error> {
        Authorization::new("Bearer", "access token", &token.into()).map(Self)
    }
}

impl CredentialsProvider for BearerToken {
    async fn headers(&self, _: RequestContext<'_>) -> Result<HeaderMap, Error> {
        Ok(self.0.headers())
    }
}

/// For what anyone may ask: discovery documents and public keys.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NoCredentials;

impl CredentialsProvider for NoCredentials {
    async fn headers(&self, _: RequestContext<'_>) -> Result<HeaderMap, Error> {
        Ok(HeaderMap::new())
    }
}

/// A ready-made `Authorization` header, which is wiped from memory with its last copy.
#[derive(Clone, Debug)]
struct Authorization(HeaderValue);

impl Authorization {
    fn new(scheme: &str, what: &str, token: &Secret) -> Result<Self, Error> {
        let token = token.expose().trim();
        let token = token
            .strip_prefix(scheme)
            .map_or(token, |rest| match rest.trim_start() {
                bare if bare.len() < rest.len() => bare,
                _ => token,
            });
        let refuse = |why| Err(Error::configuration(format!("the {what} {why}")));
        if token.is_empty() {
            return refuse("is empty; write the text that Okta gave you");
        }
        if token.contains(['{', '}']) {
            return refuse("is still a placeholder; write the text that Okta gave you");
        }
        if !token.bytes().all(|byte| byte.is_ascii_graphic()) {
            return refuse(
                "has white space or non-ASCII characters in it; write it as Okta gave it",
            );
        }
        match secret_header(&[scheme, " ", token]) {
            Some(value) => Ok(Self(value)),
            None => refuse("cannot be sent in a header; write it as Okta gave it"),
        }
    }

    fn headers(&self) -> HeaderMap {
        HeaderMap::from_iter([(AUTHORIZATION, self.0.clone())])
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn authorization(credentials: impl Into<Credentials>) -> HeaderValue {
        let (method, url) = (Method::GET, Url::parse("https://acme.okta.com").unwrap());
        let request = RequestContext {
            method: &method,
            url: &url,
            attempt: 1,
            headers: &HeaderMap::new(),
        };
        let credentials = credentials.into();
        let headers = credentials
            .headers(request)
            .now_or_never()
            .unwrap()
            .unwrap();
        headers.get(AUTHORIZATION).unwrap().clone()
    }

    #[test]
    fn each_scheme_is_written_once() {
        for token in ["00abc", " 00abc\n", "SSWS 00abc"] {
            assert_eq!(authorization(ApiToken::new(token).unwrap()), "SSWS 00abc");
        }
        assert_eq!(
            authorization(ApiToken::new("SSWSabc").unwrap()),
            "SSWS SSWSabc"
        );
        for token in ["ey.J.x", "Bearer ey.J.x"] {
            assert_eq!(
                authorization(BearerToken::new(token).unwrap()),
                "Bearer ey.J.x"
            );
        }
    }

    #[test]
    fn a_token_that_cannot_be_one_is_refused_and_not_repeated() {
        for token in [
            "",
            "  ",
            "{apiToken}",
            "00 abc-leak",
            "00\nabc-leak",
            "00ä-leak",
        ] {
            let error = ApiToken::new(token).unwrap_err();
            assert!(error.is_configuration());
            assert!(!format!("{error} {error:?}").contains("leak"));
        }
    }

    #[test]
    fn nothing_shows_the_token() {
        let credentials = Credentials::from(ApiToken::new("00abc").unwrap());
        assert!(!format!("{credentials:?}").contains("00abc"));
        let header = authorization(BearerToken::new("00abc").unwrap());
        assert!(header.is_sensitive());
    }
}
