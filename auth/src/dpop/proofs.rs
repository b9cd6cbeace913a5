//! Proofs with the requests of a pipeline.

use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

use super::{Dpop, nonces};
use crate::clock::ServerClock;
use crate::error::OktaError;
use crate::{
    AfterResponse, CredentialsProvider, Error, Renewed, RequestContext, ResponseContext, Secret,
};

const DPOP: HeaderName = HeaderName::from_static("dpop");

/// Okta's SDKs tell with this header that their calls carry proofs.
const EXTENDED_USER_AGENT: HeaderName = HeaderName::from_static("x-okta-user-agent-extended");

const SCHEME: &str = "DPoP ";

/// The credentials of requests to OAuth endpoints: a proof, if there are to be any. The client
/// and its tokens are in the request itself.
///
/// Proofs belong on requests to the token endpoint, with the key of [`Dpop::for_new_token`], and
/// on those that carry a token, with the key that it is bound to. A pushed authorization request
/// takes none: it would bind the code to a key that may be gone when the user comes back.
#[derive(Clone, Debug)]
pub(crate) struct DpopProofs {
    dpop: Option<Dpop>,
    clock: ServerClock,
}

impl DpopProofs {
    /// `clock` is what the requests are dated by; it is set when the server says that a proof or
    /// a client assertion is not of its time.
    pub(crate) fn new(dpop: Option<Dpop>, clock: ServerClock) -> Self {
        Self {
            dpop: dpop.map(|dpop| dpop.with_server_clock(clock.clone())),
            clock,
        }
    }

    /// The scheme of `Authorization` for tokens.
    pub(crate) fn scheme(&self) -> &'static str {
        match self.dpop {
            Some(_) => SCHEME,
            None => "Bearer ",
        }
    }

    /// What a response says about proofs. A request that was refused for its time, its nonce or
    /// the spelling of its URL can be sent again, with others.
    pub(crate) fn after(
        &self,
        request: RequestContext<'_>,
        response: ResponseContext<'_>,
    ) -> AfterResponse {
        let with_token = token_of(request.headers).is_some();
        let new_nonce = self
            .dpop
            .as_ref()
            .is_some_and(|dpop| dpop.remember_nonce(request.url, response.headers, with_token));
        if !matches!(
            response.status,
            StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED
        ) {
            return AfterResponse::Keep;
        }
        let error = OktaError::read(response.headers, response.body);
        let wants_nonce = error.names("use_dpop_nonce");
        let bad_proof = error.names("invalid_dpop_proof");
        let has_nonce = self.dpop.is_some() && nonces::in_headers(response.headers).is_some();
        if (wants_nonce && has_nonce) || (bad_proof && new_nonce) {
            return AfterResponse::SendAgain(Renewed::Nonce);
        }
        let may_be_misdated = bad_proof || error.names("invalid_client");
        if may_be_misdated && self.clock.set_by(response.headers) {
            return AfterResponse::SendAgain(Renewed::Clock);
        }
        if bad_proof && self.respells(request) {
            return AfterResponse::SendAgain(Renewed::ProofUrl);
        }
        AfterResponse::Keep
    }

    /// Whether the proof that `request` carried can be made again with its URL spelled otherwise.
    fn respells(&self, request: RequestContext<'_>) -> bool {
        let proof = request.headers.get(DPOP);
        let proof = proof.and_then(|proof| proof.to_str().ok());
        match (&self.dpop, proof) {
            (Some(dpop), Some(proof)) => dpop.respell(request.url, proof),
            _ => false,
        }
    }

    /// What goes with `request`, which carries `token`.
    pub(crate) fn with(
        &self,
        request: RequestContext<'_>,
        token: Option<&Secret>,
    ) -> Result<HeaderMap, Error> {
        let mut headers = HeaderMap::new();
        let Some(dpop) = &self.dpop else {
            return Ok(headers);
        };
        let proof = dpop.proof(request.method, request.url, token)?;
        let proof = HeaderValue::try_from(proof)
            .map_err(|error| Error::other("the proof cannot be sent in a header", error))?;
        headers.insert(DPOP, proof);
        if token.is_some() {
            headers.insert(EXTENDED_USER_AGENT, HeaderValue::from_static("isDPoP:true"));
        }
        Ok(headers)
    }
}

impl CredentialsProvider for DpopProofs {
    async fn headers(&self, request: RequestContext<'_>) -> Result<HeaderMap, Error> {
        self.with(request, token_of(request.headers).as_ref())
    }

    async fn on_response(
        &self,
        request: RequestContext<'_>,
        response: ResponseContext<'_>,
    ) -> Result<AfterResponse, Error> {
        Ok(self.after(request, response))
    }
}

/// The access token that a request carries with a proof.
fn token_of(headers: &HeaderMap) -> Option<Secret> {
    let authorization = headers.get(AUTHORIZATION)?.to_str().ok()?;
    authorization.strip_prefix(SCHEME).map(Secret::from)
}
