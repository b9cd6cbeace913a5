//! Who calls.

use std::sync::Arc;

use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, header};

use crate::org::Org;
use crate::org::events::{self, Actor, Caller};
use crate::shared::Shared;

/// The id that `X-Okta-Request-Id` and the System Log give a request.
#[derive(Clone)]
pub(crate) struct RequestId(pub(crate) String);

/// Who calls, for the System Log: whoever has the access token, else the org's administrator, to
/// whom the API token belongs.
pub(crate) fn caller(shared: &Shared, parts: &Parts, org: &Org) -> Caller {
    let text = |name| {
        let value = parts
            .headers
            .get(name)
            .and_then(|value: &HeaderValue| value.to_str().ok());
        value.unwrap_or_default().to_owned()
    };
    let id = parts
        .extensions
        .get::<RequestId>()
        .map(|id| id.0.clone())
        .unwrap_or_default();
    let request = events::Request {
        id,
        path: parts.uri.path().to_owned(),
        user_agent: text(header::USER_AGENT),
        address: "127.0.0.1".to_owned(),
    };
    let holder = parts.extensions.get::<Arc<Actor>>().cloned();
    let actor = holder
        .or_else(|| org.actor(shared.administrator))
        .unwrap_or_else(|| Caller::system().actor);
    Caller {
        actor,
        request: Arc::new(request),
    }
}

/// The space after the scheme may be missing: Okta takes that, and Okta's Python SDK sends it.
pub(crate) fn has_api_token(shared: &Shared, headers: &HeaderMap) -> bool {
    let value = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    ["SSWS", "Bearer"].iter().any(|scheme| {
        value
            .and_then(|value| value.split_at_checked(scheme.len()))
            .is_some_and(|(given, token)| {
                given.eq_ignore_ascii_case(scheme) && token.trim() == shared.token
            })
    })
}
