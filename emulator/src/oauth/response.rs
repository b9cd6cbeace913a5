//! Answers of the endpoints: JSON for programs, and the three ways by which a browser carries an
//! answer back to the client.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use url::form_urlencoded::Serializer;

use super::error::OAuthError;
use super::pages;
use super::request::Form;

/// 200 with JSON.
pub(super) fn json(body: &Value) -> Response {
    let kind = [(header::CONTENT_TYPE, "application/json")];
    (kind, body.to_string()).into_response()
}

/// 302 to another page, which does not learn where the browser came from.
pub(super) fn redirect(to: &str) -> Result<Response, OAuthError> {
    let to = HeaderValue::try_from(to).map_err(|_| OAuthError::server_error())?;
    let policy = HeaderValue::from_static("no-referrer");
    let headers = [(header::LOCATION, to), (header::REFERRER_POLICY, policy)];
    Ok((StatusCode::FOUND, headers).into_response())
}

/// How a browser carries the answer of `/authorize`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ResponseMode {
    Query,
    Fragment,
    FormPost,
}

impl ResponseMode {
    pub(super) fn of(form: &Form) -> Result<Self, OAuthError> {
        match form.get("response_mode") {
            None | Some("query") => Ok(Self::Query),
            Some("fragment") => Ok(Self::Fragment),
            Some("form_post") => Ok(Self::FormPost),
            Some(_) => Err(OAuthError::new(
                400,
                "unsupported_response_mode",
                "The response mode is not supported by the authorization server. Valid response \
                 modes: [query, fragment, form_post].",
            )),
        }
    }
}

/// The browser carries a code back.
pub(super) fn code(
    mode: ResponseMode,
    uri: &str,
    state: &str,
    code: &str,
) -> Result<Response, OAuthError> {
    carry(mode, uri, &[("code", code), ("state", state)])
}

/// The browser carries an error back.
pub(super) fn error(
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
