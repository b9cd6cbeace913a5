//! What handlers ask for.

use std::time::SystemTime;

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::response::{IntoResponse, Redirect, Response};
use http::header::ACCEPT;
use http::request::Parts;
use http::{HeaderMap, Method};
use url::form_urlencoded;

use crate::app::{Visit, requested};
use crate::failure::{Failure, FailureKind};
use crate::guard::token;
use crate::sessions::{AccessToken, AccessTokenError, Opened};
use crate::user::User;

/// The session of the user who has logged in: who it is, and the access token for calls to an API.
/// Requests without one are refused as by [`User`].
#[derive(Clone, Debug)]
pub struct UserSession {
    visit: Visit,
    opened: Opened,
}

/// What is answered where a user has to log in, or sessions cannot be looked up.
#[derive(Debug)]
pub enum LoginRejection {
    /// A browser that asks for a page is sent to this path, which begins a login.
    Login(String),
    /// Anything else is told why.
    Failure(Failure),
}

/// The token that a form of the app has in the field `csrf_token`, for browsers that do not say
/// which site a request comes from. Scripts send it in the header `x-csrf-token`. A session that is
/// new with this request has none yet, and needs none.
#[derive(Clone, Debug)]
pub struct CsrfToken(Option<String>);

impl UserSession {
    /// The user.
    #[must_use]
    pub fn user(&self) -> &User {
        &self.opened.user
    }

    /// Names this session in forms and URLs, as in the list of
    /// [`Sessions::of_user`](crate::Sessions::of_user): the app finds the one that it is asked by.
    #[must_use]
    pub fn handle(&self) -> String {
        self.opened.id.handle()
    }

    /// The user's access token, renewed if it is about to end: once, over all processes that share
    /// the vault.
    ///
    /// # Errors
    /// If the user has to log in again, or Okta or the vault cannot be asked.
    pub async fn access_token(&self) -> Result<AccessToken, AccessTokenError> {
        let sessions = &self.visit.app.sessions;
        sessions.access_token(&self.opened.id).await
    }

    /// How long ago the user logged in at Okta; `None` if Okta did not say.
    #[must_use]
    pub fn login_age(&self) -> Option<std::time::Duration> {
        let now: SystemTime = self.visit.app.oauth.clock().now();
        let auth_time = self.user().auth_time()?;
        Some(now.duration_since(auth_time).unwrap_or_default())
    }
}

impl CsrfToken {
    /// The token; empty for a session that is new.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_deref().unwrap_or_default()
    }

    /// The field of a form with it, as HTML.
    #[must_use]
    pub fn field(&self) -> String {
        // Base64url alone: nothing to escape.
        let (name, value) = (token::FIELD, self.as_str());
        format!("<input type=\"hidden\" name=\"{name}\" value=\"{value}\">")
    }
}

/// The path that logs a user in and comes back to what the request asked for.
pub(crate) fn login_path(visit: &Visit, parts: &Parts) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("return_to", requested(parts));
    format!("{}?{}", visit.app.paths.login, query.finish())
}

/// Whether a browser asks for a page, so that it can be sent elsewhere.
pub(crate) fn wants_page(method: &Method, headers: &HeaderMap) -> bool {
    let mut accepted = headers.get_all(ACCEPT).into_iter();
    matches!(*method, Method::GET | Method::HEAD)
        && accepted.any(|value| value.to_str().is_ok_and(|text| text.contains("text/html")))
}

async fn opened(parts: &Parts) -> Result<(Visit, Option<Opened>), Failure> {
    let (visit, session) = Visit::of(parts)?;
    let opened = visit.user(&session, &parts.headers).await?;
    Ok((visit, opened))
}

impl<S: Send + Sync> FromRequestParts<S> for UserSession {
    type Rejection = LoginRejection;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, LoginRejection> {
        let (visit, opened) = opened(parts).await?;
        match opened {
            Some(opened) => Ok(Self { visit, opened }),
            None if wants_page(&parts.method, &parts.headers) => {
                Err(LoginRejection::Login(login_path(&visit, parts)))
            }
            None => Err(Failure::new(FailureKind::LoginRequired, &parts.headers).into()),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for User {
    type Rejection = LoginRejection;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, LoginRejection> {
        let session = <UserSession as FromRequestParts<S>>::from_request_parts(parts, state);
        Ok(session.await?.opened.user)
    }
}

impl<S: Send + Sync> OptionalFromRequestParts<S> for UserSession {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Failure> {
        let (visit, opened) = opened(parts).await?;
        Ok(opened.map(|opened| Self { visit, opened }))
    }
}

impl<S: Send + Sync> OptionalFromRequestParts<S> for User {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Failure> {
        let (_, opened) = opened(parts).await?;
        Ok(opened.map(|opened| opened.user))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for CsrfToken {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        let (visit, session) = Visit::of(parts)?;
        let id = session.id().map(|id| id.to_string());
        let token = id.map(|id| token::of_session(&visit.app, &id)).transpose();
        let failed = |error| Failure::because(FailureKind::NotSetUp, &parts.headers, &error);
        token.map(Self).map_err(failed)
    }
}

impl From<Failure> for LoginRejection {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

impl IntoResponse for LoginRejection {
    fn into_response(self) -> Response {
        match self {
            Self::Login(path) => Redirect::to(&path).into_response(),
            Self::Failure(failure) => failure.into_response(),
        }
    }
}
