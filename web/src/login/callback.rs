//! The end of a login.

use std::time::Duration;

use axum::extract::RawQuery;
use axum::response::{IntoResponse, Redirect, Response};
use http::HeaderMap;
use okta_auth::Error;
use okta_auth::oauth::{Callback, Tokens};
use tower_sessions::Session;
use tower_sessions::session::Error as SessionError;

use crate::app::{App, SESSION_KEY, Visit, Visitor};
use crate::cookies;
use crate::failure::{Failure, FailureKind};
use crate::pending::Pending;
use crate::random;
use crate::sessions::{Begun, Opened, SessionId};

/// How long it is known that a login's code was sent: longer than a login may take, by a minute for
/// clocks that differ.
const KNOWN: Duration = Duration::from_secs(11 * 60);

/// `GET /callback?code=…&state=…`
pub(super) async fn queried(
    visitor: Visitor,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    answer(visitor, &headers, &query.unwrap_or_default()).await
}

/// `POST /callback`, with the same in a form.
pub(super) async fn posted(visitor: Visitor, headers: HeaderMap, form: String) -> Response {
    answer(visitor, &headers, &form).await
}

async fn answer(visitor: Visitor, headers: &HeaderMap, text: &str) -> Response {
    let Visitor(visit, session) = visitor;
    let callback = match Callback::parse(text) {
        Ok(callback) => callback,
        Err(error) => {
            return Failure::because(FailureKind::CallbackMalformed, headers, &error)
                .into_response();
        }
    };
    // First the state: until it fits nothing is looked up, stored or taken away.
    let Some((pending, removed)) = visit.app.pending.find(headers, callback.state()) else {
        return Failure::new(FailureKind::LoginUnknown, headers).into_response();
    };
    let ended = end(&visit, &session, headers, &pending, &callback).await;
    let is_over =
        !matches!(&ended, Err(failure) if failure.kind() == FailureKind::StoreUnavailable);
    let mut response = ended.into_response();
    if is_over {
        cookies::add(response.headers_mut(), removed);
    }
    response
}

/// Ends a login that this browser has begun.
async fn end(
    visit: &Visit,
    session: &Session,
    headers: &HeaderMap,
    pending: &Pending,
    callback: &Callback,
) -> Result<Redirect, Failure> {
    let app = &*visit.app;
    let away = |error: Error| Failure::because(FailureKind::StoreUnavailable, headers, &error);
    let back = Redirect::to(pending.return_to.as_str());
    let earlier = visit.user(session, headers).await?;
    let login = format!(
        "login {}",
        random::hash(&["state", callback.state().expose()])
    );
    if !app.sessions.claim_once(&login, KNOWN).await.map_err(away)? {
        // A page that was reloaded: the user is logged in, or the first one failed.
        return match earlier {
            Some(_) => Ok(back),
            None => Err(Failure::new(FailureKind::LoginUsed, headers)),
        };
    }
    let exchanged = app.oauth.exchange_code(&pending.login, callback).await;
    let tokens = exchanged.map_err(|error| Failure::because(kind_of(&error), headers, &error))?;
    let opened = match app.sessions.begin(&tokens).await.map_err(away) {
        Ok(Begun::Session(opened)) => opened,
        Ok(Begun::Barred) => {
            app.sessions.revoke(&tokens).await;
            return Err(Failure::new(FailureKind::LoggedOut, headers));
        }
        Err(failure) => {
            app.sessions.revoke(&tokens).await;
            return Err(failure);
        }
    };
    if let Err(error) = enter(app, session, earlier.as_ref(), &opened).await {
        give_up(app, &opened.id, &tokens).await;
        return Err(Failure::because(
            FailureKind::StoreUnavailable,
            headers,
            &error,
        ));
    }
    if let Some(earlier) = earlier {
        leave(app, &earlier).await;
    }
    Ok(back)
}

/// Makes the browser's session the user's, under a new id. What an earlier user left in it goes.
async fn enter(
    app: &App,
    session: &Session,
    earlier: Option<&Opened>,
    opened: &Opened,
) -> Result<(), SessionError> {
    let is_same = earlier.is_some_and(|earlier| earlier.user.is_same_person_as(&opened.user));
    if is_same {
        session.cycle_id().await?;
    } else {
        app.forget(session).await?;
    }
    session.insert(SESSION_KEY, opened.id.as_str()).await?;
    session.save().await
}

/// Ends a session that no browser has come to know.
async fn give_up(app: &App, id: &SessionId, tokens: &Tokens) {
    if let Err(error) = app.sessions.remove(id).await {
        tracing::warn!(%error, "a session that nobody has was not removed");
    }
    app.sessions.revoke(tokens).await;
}

/// Ends the session that the browser had before.
async fn leave(app: &App, earlier: &Opened) {
    match app.sessions.remove(&earlier.id).await {
        Ok(Some(tokens)) => app.sessions.revoke(&tokens).await,
        Ok(None) => {}
        Err(error) => tracing::warn!(%error, "an earlier session was not removed"),
    }
}

fn kind_of(error: &Error) -> FailureKind {
    if error.is_transport()
        || error.is_timeout()
        || error.status().is_some_and(|s| s.as_u16() >= 500)
    {
        return FailureKind::OktaUnavailable;
    }
    if error.is_configuration() {
        return FailureKind::NotSetUp;
    }
    match error.code() {
        Some("access_denied" | "login_required" | "consent_required" | "interaction_required") => {
            FailureKind::LoginRefused
        }
        Some("temporarily_unavailable" | "server_error") => FailureKind::OktaUnavailable,
        _ => FailureKind::LoginFailed,
    }
}
