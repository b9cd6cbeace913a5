//! Answers of the endpoints: JSON for programs, and the three ways by which a browser carries an
//! answer back to the client.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use url::form_urlencoded::Serializer;

use crate::oauth::words::error::OAuthError;
use crate::oauth::words::response_mode::ResponseMode;
use crate::pages;

/// 200 with JSON.
pub(crate) fn json(body: &Value) -> Response {
    let kind = [(header::CONTENT_TYPE, "application/json")];
    (kind, body.to_string()).into_response()
}

/// 302 to another page, which does not learn where the browser came from.
pub(crate) fn redirect(to: &str) -> Result<Response, OAuthError> {
    let to = HeaderValue::try_from(to).map_err(|_| OAuthError::server_error())?;
    let policy = HeaderValue::from_static("no-referrer");
    let headers = [(header::LOCATION, to), (header::REFERRER_POLICY, policy)];
    Ok((StatusCode::FOUND, headers).into_response())
}

/// The browser carries a code back.
pub(crate) fn code(
    mode: ResponseMode,
    uri: &str,
    state: &str,
    code: &str,
) -> Result<Response, OAuthError> {
    carry(mode, uri, &[("code", code), ("state", state)])
}

/// The browser carries an error back.
pub(crate) fn error(
    mode: ResponseMode,
    uri: &str,
    state: &str,
    error: &OAuthError,
) -> Result<Response, OAuthError> {
    let mut parameters = vec![
        ("error", error.error),
        ("error_description", error.description.as_str()),
    ];
    if !state.is_empty() {
        parameters.push(("state", state));
    }
    carry(mode, uri, &parameters)
}

fn carry(
    mode: ResponseMode,
    uri: &str,
    parameters: &[(&str, &str)],
) -> Result<Response, OAuthError> {
    let encoded = || {
        Serializer::new(String::new())
            .extend_pairs(parameters)
            .finish()
    };
    match mode {
        ResponseMode::Query => {
            let mark = if uri.contains('?') { '&' } else { '?' };
            redirect(&format!("{uri}{mark}{}", encoded()))
        }
        ResponseMode::Fragment => redirect(&format!("{uri}#{}", encoded())),
        ResponseMode::FormPost => Ok(pages::post(uri, parameters).into_response()),
    }
}
