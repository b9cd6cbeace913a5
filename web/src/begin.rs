//! The beginning of a login.

use std::sync::Arc;
use std::time::Duration;

use axum::response::{IntoResponse, Redirect, Response};
use http::HeaderMap;
use okta_auth::Error;

use crate::app::App;
use crate::cookies;
use crate::failure::{Failure, FailureKind};
use crate::pending::Pending;
use crate::return_path::ReturnPath;

/// What a login asks for beyond what each does.
#[derive(Clone, Debug, Default)]
pub(crate) struct Asked {
    /// In place of the usual ones.
    pub(crate) acr_values: Option<Arc<[String]>>,
    pub(crate) max_age: Option<Duration>,
    pub(crate) login_hint: Option<String>,
}

/// Sends the browser to Okta to log in.
pub(crate) async fn begin(
    app: &App,
    headers: &HeaderMap,
    return_to: ReturnPath,
    asked: Asked,
) -> Result<Response, Failure> {
    let failed = |error: Error| Failure::because(kind_of(&error), headers, &error);
    let request = &app.request;
    let mut login = app
        .oauth
        .login()
        .scopes(&request.scopes)
        .pushed(request.pushed);
    for resource in &request.resources {
        login = login.resource(resource);
    }
    let acr_values = asked.acr_values.as_deref().unwrap_or(&request.acr_values);
    if !acr_values.is_empty() {
        login = login.acr_values(acr_values);
    }
    if let Some(max_age) = asked.max_age {
        login = login.max_age(max_age);
    }
    if let Some(username) = asked.login_hint {
        login = login.login_hint(username);
    }
    if request.by_form_post {
        login = login.form_post();
    }
    let login = login.start().await.map_err(failed)?;
    let mut response = Redirect::to(login.url()).into_response();
    let pending = Pending { login, return_to };
    let changed = app.pending.begin(headers, pending).map_err(failed)?;
    cookies::add(response.headers_mut(), changed);
    Ok(response)
}

fn kind_of(error: &Error) -> FailureKind {
    if error.is_configuration() || error.is_invalid_argument() {
        FailureKind::NotSetUp
    } else {
        FailureKind::OktaUnavailable
    }
}
