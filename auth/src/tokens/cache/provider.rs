//! The token of a cache as the credentials of requests.

use http::header::AUTHORIZATION;
use http::{HeaderMap, StatusCode};

use super::{TokenCache, TokenSource};
use crate::{AfterResponse, CredentialsProvider, Error, Renewed, RequestContext, ResponseContext};

impl<S: TokenSource> CredentialsProvider for TokenCache<S> {
    async fn headers(&self, request: RequestContext<'_>) -> Result<HeaderMap, Error> {
        let held = self.token().await?;
        let token = &held.token;
        let mut headers = token.proofs().with(request, Some(token.text()))?;
        headers.insert(AUTHORIZATION, token.authorization().clone());
        Ok(headers)
    }

    async fn on_response(
        &self,
        request: RequestContext<'_>,
        response: ResponseContext<'_>,
    ) -> Result<AfterResponse, Error> {
        let Some(authorization) = request.headers.get(AUTHORIZATION) else {
            return Ok(AfterResponse::Keep);
        };
        if let Some(held) = self.held(authorization) {
            let after = held.token.proofs().after(request, response);
            if after != AfterResponse::Keep {
                return Ok(after);
            }
        }
        if response.status == StatusCode::UNAUTHORIZED && self.refused(authorization) {
            return Ok(AfterResponse::SendAgain(Renewed::Token));
        }
        Ok(AfterResponse::Keep)
    }
}
