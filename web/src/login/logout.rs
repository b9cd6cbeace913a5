//! The end of a session, as its user wants it.

use axum::extract::RawQuery;
use axum::response::{IntoResponse, Redirect, Response};
use http::HeaderMap;
use okta_auth::Error;
use okta_auth::oauth::IdToken;
use url::{Url, form_urlencoded};

use crate::app::{App, Visitor};
use crate::cookies;
use crate::failure::{Failure, FailureKind};
use crate::guard::SESSION_COOKIE;
use crate::guard::cross_site::{self, Origin};
use crate::random;

/// The cookie that a logout is known again by.
const COOKIE: &str = "okta-logout";

/// How long the browser may be at Okta's page, in seconds.
const LIFE: i64 = 10 * 60;

/// `POST /logout`. Where the request has a session, the layer has seen to it that it comes from a
/// page of the app. Another site's has none, and takes none from the browser.
pub(super) async fn logout(
    Visitor(visit, session): Visitor,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let app = &*visit.app;
    if cross_site::origin_of(&headers, &app.site) == Origin::Other {
        return Err(Failure::new(FailureKind::CrossSite, &headers));
    }
    let opened = visit.user(&session, &headers).await?;
    let away = |error: &(dyn std::error::Error + 'static)| {
        Failure::because(FailureKind::StoreUnavailable, &headers, error)
    };
    let tokens = match &opened {
        Some(opened) => (app.sessions.remove(&opened.id).await).map_err(|error| away(&error))?,
        None => None,
    };
    session.flush().await.map_err(|error| away(&error))?;
    let mut next = app.paths.after_logout.clone();
    let name = app.cookies.name(SESSION_COOKIE);
    let mut changed = Vec::new();
    if cookies::has(&headers, &name) {
        changed.push(app.cookies.removed(name));
    }
    if let Some(tokens) = tokens {
        app.sessions.revoke(&tokens).await;
        if let Some(id_token) = &tokens.id_token {
            match end_session(app, id_token).await {
                Ok((url, state)) => {
                    next = url.into();
                    changed.extend(
                        state.map(|state| app.cookies.set(app.cookies.name(COOKIE), state, LIFE)),
                    );
                }
                Err(error) => tracing::warn!(%error, "the user was not logged out at Okta"),
            }
        }
    }
    let mut response = Redirect::to(&next).into_response();
    cookies::add(response.headers_mut(), changed);
    Ok(response)
}

/// Okta's logout, and the state that the browser comes back with if it does.
async fn end_session(app: &App, id_token: &IdToken) -> Result<(Url, Option<String>), Error> {
    let url = app.oauth.logout_url(id_token);
    let Some(path) = &app.paths.logged_out else {
        return Ok((url.build().await?, None));
    };
    let state = random::token::<24>()?;
    let back = format!("{}{path}", app.site.origin());
    let url = url.post_logout_redirect_uri(back).state(state.as_str());
    Ok((url.build().await?, Some(state)))
}

/// The browser comes back from Okta's logout.
pub(super) async fn logged_out(
    Visitor(visit, _): Visitor,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let app = &*visit.app;
    let name = app.cookies.name(COOKIE);
    let expected = cookies::value(&headers, &name);
    let query = query.unwrap_or_default();
    let found = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "state");
    if expected.is_none() || expected.as_deref() != found.as_ref().map(|(_, state)| &**state) {
        return Err(Failure::new(FailureKind::LogoutUnknown, &headers));
    }
    let mut response = Redirect::to(&app.paths.after_logout).into_response();
    cookies::add(response.headers_mut(), [app.cookies.removed(name)]);
    Ok(response)
}
