//! The one way in which a form is posted to an authorization server.

use futures::FutureExt;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderValue, Method};
use reqwest::Request;
use url::Url;

use super::OAuthClient;
use super::form::Form;
use super::members::Members;
use crate::{Call, Error, Pipeline, RawResponse, ServerMetadata};

/// The endpoints that the client itself sends requests to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Endpoint {
    Token,
    PushedRequest,
    Device,
    Backchannel,
    Introspection,
    Revocation,
    UserInfo,
}

impl Endpoint {
    /// Its URL.
    ///
    /// # Errors
    /// If the server has none.
    pub(super) fn url(self, metadata: &ServerMetadata) -> Result<&Url, Error> {
        let (name, url) = match self {
            Self::Token => return Ok(&metadata.token_endpoint),
            Self::PushedRequest => (
                "pushed_authorization_request_endpoint",
                &metadata.pushed_authorization_request_endpoint,
            ),
            Self::Device => (
                "device_authorization_endpoint",
                &metadata.device_authorization_endpoint,
            ),
            Self::Backchannel => (
                "backchannel_authentication_endpoint",
                &metadata.backchannel_authentication_endpoint,
            ),
            Self::Introspection => ("introspection_endpoint", &metadata.introspection_endpoint),
            Self::Revocation => ("revocation_endpoint", &metadata.revocation_endpoint),
            Self::UserInfo => ("userinfo_endpoint", &metadata.userinfo_endpoint),
        };
        present(metadata, name, url.as_ref())
    }

    /// What a request to it is called. Okta paces the org's server and custom ones apart.
    pub(super) const fn call(self, of_org: bool) -> Call {
        let (operation, path) = match (self, of_org) {
            (Self::Token, true) => ("token", "/oauth2/v1/token"),
            (Self::Token, false) => ("tokenCustomAS", "/oauth2/{authorizationServerId}/v1/token"),
            (Self::PushedRequest, true) => ("par", "/oauth2/v1/par"),
            (Self::PushedRequest, false) => {
                ("parCustomAS", "/oauth2/{authorizationServerId}/v1/par")
            }
            (Self::Device, true) => ("deviceAuthorize", "/oauth2/v1/device/authorize"),
            (Self::Device, false) => (
                "deviceAuthorizeCustomAS",
                "/oauth2/{authorizationServerId}/v1/device/authorize",
            ),
            (Self::Backchannel, true) => ("bcAuthorize", "/oauth2/v1/bc/authorize"),
            (Self::Backchannel, false) => (
                "bcAuthorizeCustomAS",
                "/oauth2/{authorizationServerId}/v1/bc/authorize",
            ),
            (Self::Introspection, true) => ("introspect", "/oauth2/v1/introspect"),
            (Self::Introspection, false) => (
                "introspectCustomAS",
                "/oauth2/{authorizationServerId}/v1/introspect",
            ),
            (Self::Revocation, true) => ("revoke", "/oauth2/v1/revoke"),
            (Self::Revocation, false) => (
                "revokeCustomAS",
                "/oauth2/{authorizationServerId}/v1/revoke",
            ),
            (Self::UserInfo, true) => ("userinfo", "/oauth2/v1/userinfo"),
            (Self::UserInfo, false) => (
                "userinfoCustomAS",
                "/oauth2/{authorizationServerId}/v1/userinfo",
            ),
        };
        Call::new(operation, path).small()
    }
}

/// The URL of an endpoint that not every server has.
pub(super) fn present<'a>(
    metadata: &ServerMetadata,
    name: &str,
    url: Option<&'a Url>,
) -> Result<&'a Url, Error> {
    url.ok_or_else(|| {
        Error::configuration(format!(
            "{} has no `{name}`: it does not offer this flow, or the issuer is not the one that \
             you mean",
            metadata.issuer
        ))
    })
}

/// A form that is to be posted.
#[derive(Debug)]
pub(super) struct Post {
    pub(super) endpoint: Endpoint,
    pub(super) form: Form,
    /// Whether the form may be sent again after it may have arrived.
    pub(super) repeatable: bool,
}

/// The answer to a form, with what an error about it needs to tell.
#[derive(Debug)]
pub(super) struct Reply {
    response: RawResponse,
    call: Call,
    method: Method,
}

impl Reply {
    pub(super) fn new(response: RawResponse, call: Call, method: Method) -> Self {
        Self {
            response,
            call,
            method,
        }
    }

    /// What `read` makes of the members of the body.
    pub(super) fn read<T>(
        &self,
        read: impl FnOnce(Members) -> Result<T, Error>,
    ) -> Result<T, Error> {
        Members::read(&self.response.body)
            .and_then(read)
            .map_err(|error| self.blame(error))
    }

    /// `error`, as one about this answer.
    pub(super) fn blame(&self, error: Error) -> Error {
        error
            .with_call(&self.call, &self.method)
            .with_response(&self.response)
    }
}

impl OAuthClient {
    /// Posts a form, with proof of who the client is.
    pub(super) async fn post(&self, post: Post) -> Result<Reply, Error> {
        self.post_through(self.pipeline(), post).await
    }

    /// As [`OAuthClient::post`], with the credentials of another pipeline.
    pub(super) async fn post_through(
        &self,
        pipeline: &Pipeline,
        post: Post,
    ) -> Result<Reply, Error> {
        let metadata = self.endpoints().await?;
        let url = post.endpoint.url(&metadata)?;
        let pipeline = self.at_origin_of(pipeline, url)?;
        let call = post
            .endpoint
            .call(self.issuer().is_org_server())
            .idempotent(post.repeatable);
        let make = Box::new(|| self.form_request(url, &post.form).boxed());
        let response = pipeline
            .send_made(Method::POST, url.clone(), make, &call)
            .await?;
        Ok(Reply::new(response, call, Method::POST))
    }

    /// One sending: an assertion in it is good for no other.
    async fn form_request(&self, url: &Url, form: &Form) -> Result<Request, Error> {
        let proof = self.prove(url).await?;
        let mut form = form.clone();
        form.add_missing(proof.body);
        let mut request = Request::new(Method::POST, url.clone());
        let headers = request.headers_mut();
        headers.insert(
            CONTENT_TYPE,
            HeaderValue::from_static("application/x-www-form-urlencoded"),
        );
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        if let Some(authorization) = proof.authorization {
            headers.insert(AUTHORIZATION, authorization);
        }
        *request.body_mut() = Some(form.encoded().into());
        Ok(request)
    }
}

#[cfg(test)]
mod tests;
