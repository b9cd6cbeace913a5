//! Logouts that Okta tells of: behind the browser's back, and in a frame of its logout page.

use axum::extract::RawQuery;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, StatusCode};
use okta_auth::verifier::{Verifier, VerifyError};
use okta_auth::{Error, LogoutTokenClaims};
use serde_json::json;
use url::{Url, form_urlencoded};

use crate::app::{App, Visitor};
use crate::failure::{Failure, FailureKind};

/// The longest request, in bytes.
pub(super) const LONGEST: usize = 64 * 1024;

/// `POST /backchannel-logout`: OpenID Connect Back-Channel Logout 1.0, section 2.8. It needs no
/// cookie, for it comes from Okta itself.
pub(super) async fn back_channel(
    Visitor(visit, _): Visitor,
    Extension(verifier): Extension<Verifier>,
    headers: HeaderMap,
    form: String,
) -> Response {
    let app = &*visit.app;
    let Some(token) = logout_token(&headers, &form) else {
        return refused(
            StatusCode::BAD_REQUEST,
            "the form has no logout token, or several",
        );
    };
    // A token is good once, so first a look whether its logout can be done.
    if let Err(error) = app.sessions.probe().await {
        return away(&error);
    }
    let claims = match verifier.verify_logout_token(&token).await {
        Ok(claims) => claims,
        Err(error) => return unverified(&error),
    };
    match end(app, &claims).await {
        // Also where there was no such session: its end is what was wanted.
        Ok(()) => StatusCode::OK.into_response(),
        Err(error) => away(&error),
    }
}

/// Ends the session that the token names, or all of its user's.
async fn end(app: &App, claims: &LogoutTokenClaims) -> Result<(), Error> {
    let sessions = &app.sessions;
    let index = match (&claims.session_id, &claims.subject) {
        (Some(session), _) => sessions.index_of_okta_session(&claims.issuer, session),
        (None, Some(subject)) => sessions.index_of_subject(&claims.issuer, subject),
        (None, None) => return Ok(()),
    };
    let ended = sessions.end_index(&index, claims.issued_at).await?;
    sessions.revoke_later(ended);
    Ok(())
}

/// `GET /frontchannel-logout?iss=…&sid=…`: OpenID Connect Front-Channel Logout 1.0, section 3. The
/// browser asks for it in a frame of Okta's page and sends no cookie along, so `sid` alone says
/// which session it is, and nobody can guess that.
pub(super) async fn front_channel(
    Visitor(visit, _): Visitor,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let app = &*visit.app;
    let query = query.unwrap_or_default();
    let issuer = only(&query, "iss");
    let session = only(&query, "sid");
    let (Some(issuer), Some(session)) = (issuer, session) else {
        return Err(Failure::new(FailureKind::LogoutUnknown, &headers));
    };
    if issuer != app.oauth.issuer().as_str() {
        return Err(Failure::new(FailureKind::LogoutUnknown, &headers));
    }
    let index = app.sessions.index_of_okta_session(&issuer, &session);
    let ended = app
        .sessions
        .end_index(&index, app.oauth.clock().now())
        .await;
    let ended =
        ended.map_err(|error| Failure::because(FailureKind::StoreUnavailable, &headers, &error))?;
    app.sessions.revoke_later(ended);
    let policy = format!("default-src 'none'; frame-ancestors {}", origin_of(&issuer));
    let mut response = StatusCode::OK.into_response();
    if let Ok(policy) = HeaderValue::try_from(policy) {
        response
            .headers_mut()
            .insert(CONTENT_SECURITY_POLICY, policy);
    }
    Ok(response)
}

fn origin_of(issuer: &str) -> String {
    Url::parse(issuer).map_or_else(
        |_| "'none'".to_owned(),
        |url| url.origin().ascii_serialization(),
    )
}

fn logout_token(headers: &HeaderMap, form: &str) -> Option<String> {
    let content_type = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    let kind = content_type.split(';').next()?.trim();
    kind.eq_ignore_ascii_case("application/x-www-form-urlencoded")
        .then(|| only(form, "logout_token"))
        .flatten()
}

/// A parameter that is there once, and not empty.
fn only(query: &str, name: &str) -> Option<String> {
    let mut values = form_urlencoded::parse(query.as_bytes()).filter(|(known, _)| known == name);
    let (_, value) = values.next()?;
    let is_alone = values.next().is_none() && !value.is_empty();
    is_alone.then(|| value.into_owned())
}

fn unverified(error: &VerifyError) -> Response {
    tracing::warn!(%error, "a logout token was refused");
    let status = error.status();
    if status.is_server_error() {
        return refused(status, "the logout token cannot be checked at the moment");
    }
    refused(StatusCode::BAD_REQUEST, "the logout token is not good")
}

fn away(error: &Error) -> Response {
    tracing::warn!(%error, "a logout that Okta told of was not done");
    refused(
        StatusCode::SERVICE_UNAVAILABLE,
        "sessions cannot be ended at the moment",
    )
}

fn refused(status: StatusCode, description: &str) -> Response {
    let body = json!({"error": "invalid_request", "error_description": description});
    (status, Json(body)).into_response()
}
