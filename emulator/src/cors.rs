//! Calls of web pages: `OPTIONS` and the headers that let a page read an answer,
//! <https://developer.okta.com/docs/guides/enable-cors/main/>.

use std::sync::Arc;
use std::time::Duration;

use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, Method, header};
use tower_http::cors::{AllowHeaders, AllowOrigin, CorsLayer};

use crate::org::trusted_origins::{Trust, origin_of};
use crate::shared::Shared;

/// How long a browser may remember the answer to `OPTIONS`.
const MEMORY: Duration = Duration::from_secs(600);

/// What pages may read beside the body.
const EXPOSED: [HeaderName; 8] = [
    header::DATE,
    header::LINK,
    header::WWW_AUTHENTICATE,
    HeaderName::from_static("dpop-nonce"),
    HeaderName::from_static("x-okta-request-id"),
    HeaderName::from_static("x-rate-limit-limit"),
    HeaderName::from_static("x-rate-limit-remaining"),
    HeaderName::from_static("x-rate-limit-reset"),
];

/// Answers `OPTIONS`, and tells browsers what pages of trusted origins may do. What everybody may know
/// of the authorization servers is for all origins.
pub(crate) fn layer(shared: &Arc<Shared>) -> CorsLayer {
    let shared = shared.clone();
    let allowed = move |origin: &HeaderValue, request: &Parts| {
        is_public(request.uri.path())
            || shared.entrance.origins.has(origin)
            || is_trusted(&shared, origin)
    };
    CorsLayer::new()
        .allow_origin(AllowOrigin::predicate(allowed))
        .allow_credentials(true)
        .allow_methods([
            Method::GET,
            Method::HEAD,
            Method::POST,
            Method::PUT,
            Method::PATCH,
            Method::DELETE,
        ])
        .allow_headers(AllowHeaders::mirror_request())
        .expose_headers(EXPOSED)
        .max_age(MEMORY)
}

/// Whether the org trusts an origin by a trusted origin that was made by the API.
fn is_trusted(shared: &Shared, origin: &HeaderValue) -> bool {
    let origin = origin.to_str().ok().and_then(origin_of);
    origin.is_some_and(|origin| shared.org().store.trusts(&origin, Trust::Cors))
}

fn is_public(path: &str) -> bool {
    path.contains("/.well-known/") || path.starts_with("/oauth2/") && path.ends_with("/v1/keys")
}
