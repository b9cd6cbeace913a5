//! `/par`: the client hands over its request before the browser comes, RFC 9126.

use axum::response::Response;
use serde_json::json;

use crate::oauth::clients::authentication::authenticated;
use crate::oauth::endpoints::authorization;
use crate::oauth::endpoints::response;
use crate::oauth::memory::pushed::PushedRequest;
use crate::oauth::words::error::OAuthError;
use crate::oauth::words::request::{Form, OAuthRequest};
use crate::oauth::words::unguessable::unguessable;
use crate::org::Org;

/// `POST /par`.
pub(crate) fn push(org: &mut Org, request: &OAuthRequest) -> Result<Response, OAuthError> {
    let client = authenticated(org, request)?;
    let form = request.form.pushed_by(&client.id);
    if form.get("request_uri").is_some() {
        return Err(OAuthError::invalid_request(
            "The 'request_uri' parameter must not be pushed.",
        ));
    }
    authorization::redirect_uri(&client, &form)?;
    authorization::validated(org, request.server, &client, &form, true)?;
    let uri = format!("urn:okta:{}", unguessable()?);
    let pushed = PushedRequest {
        server: request.server,
        form,
        client_id: client.id,
        expires: org.now.epoch_seconds() + PushedRequest::LIFETIME,
    };
    org.oauth.pushed.insert(uri.clone(), pushed);
    let mut response =
        response::json(&json!({ "request_uri": uri, "expires_in": PushedRequest::LIFETIME }));
    *response.status_mut() = org.oauth.settings.pushed_status;
    Ok(response)
}

/// The parameters behind a `request_uri`, which is good once.
pub(crate) fn take(org: &mut Org, request: &OAuthRequest, uri: &str) -> Result<Form, OAuthError> {
    let client_id = request.form.require("client_id")?;
    let now = org.now.epoch_seconds();
    let known = org.oauth.pushed.get(uri).is_some_and(|pushed| {
        pushed.server == request.server && pushed.client_id == client_id && now < pushed.expires
    });
    let pushed = known.then(|| org.oauth.pushed.remove(uri)).flatten();
    pushed.map(|pushed| pushed.form).ok_or_else(|| {
        OAuthError::invalid_request(
            "The 'request_uri' is invalid, has expired, was used or belongs to another client.",
        )
    })
}
