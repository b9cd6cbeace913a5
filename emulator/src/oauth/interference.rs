//! What faults do to the authorization servers.

use axum::http::HeaderMap;

use super::request::authorization;
use crate::org::Org;

/// The access token of a request has expired.
pub(crate) fn expire_presented(org: &mut Org, headers: &HeaderMap) {
    let tokens = ["DPoP", "Bearer"].map(|scheme| authorization(headers, scheme));
    for token in tokens.into_iter().flatten() {
        org.oauth.tokens.expire(token);
    }
}

/// Both servers sign with new keys and no longer publish the old ones.
pub(crate) fn replace_keys(org: &mut Org) {
    org.oauth.keys.rotate();
    org.oauth.keys.retire_old();
}
