//! What each path does.

use axum::extract::{RawQuery, State as Extract};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use okta_auth::oauth::{Callback, OAuthClient};
use reqwest::Url;
use tower_sessions::Session;

use crate::session::{self, User};

#[derive(Clone, Debug)]
pub struct State {
    pub oauth: OAuthClient,
    /// This app's first page.
    pub home: Url,
}

pub async fn home(session: Session) -> Result<Html<String>, Failure> {
    Ok(match session::user(&session).await? {
        Some(user) => page(&format!(
            "Hello, {}. <a href=\"/protected\">Protected page</a>, <a href=\"/logout\">log out</a>",
            escaped(&user.name)
        )),
        None => page("Nobody is logged in. <a href=\"/login\">Log in</a>"),
    })
}

pub async fn login(app: Extract<State>, session: Session) -> Result<Redirect, Failure> {
    let login = app
        .oauth
        .login()
        .scopes(["openid", "profile", "email"])
        .start()
        .await?;
    session::begin(&session, &login).await?;
    Ok(Redirect::to(login.url()))
}

pub async fn callback(
    app: Extract<State>,
    session: Session,
    RawQuery(query): RawQuery,
) -> Result<Redirect, Failure> {
    let Some(login) = session::finish(&session).await? else {
        return Err(Failure::refused("no login has begun in this browser"));
    };
    let callback = Callback::parse(&query.unwrap_or_default())?;
    // Checks state, PKCE, nonce and the ID token's signature and claims.
    let tokens = app.oauth.exchange_code(&login, &callback).await?;
    session::log_in(&session, &User::of(tokens)?).await?;
    Ok(Redirect::to("/protected"))
}

pub async fn protected(session: Session) -> Result<Response, Failure> {
    Ok(match session::user(&session).await? {
        Some(user) => page(&format!(
            "This page is for those who are logged in, such as {}.",
            escaped(&user.subject)
        ))
        .into_response(),
        None => Redirect::to("/login").into_response(),
    })
}

pub async fn logout(app: Extract<State>, session: Session) -> Result<Redirect, Failure> {
    let user = session::user(&session).await?;
    session::log_out(&session).await?;
    let Some(user) = user else {
        return Ok(Redirect::to("/"));
    };
    let url = app
        .oauth
        .logout_url(&user.id_token)
        .post_logout_redirect_uri(app.home.as_str())
        .build()
        .await?;
    Ok(Redirect::to(url.as_str()))
}

fn page(content: &str) -> Html<String> {
    Html(format!(
        "<!doctype html><title>Login with Okta</title><p>{content}</p>"
    ))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// An error page. What went wrong is for the browser's user to read; it never holds a secret.
#[derive(Debug)]
pub struct Failure {
    status: StatusCode,
    message: String,
}

impl Failure {
    fn refused(message: &str) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            message: message.to_owned(),
        }
    }
}

impl From<okta_auth::Error> for Failure {
    fn from(error: okta_auth::Error) -> Self {
        let status = if error.is_transport() {
            StatusCode::BAD_GATEWAY
        } else {
            StatusCode::BAD_REQUEST
        };
        Self {
            status,
            message: error.to_string(),
        }
    }
}

impl From<tower_sessions::session::Error> for Failure {
    fn from(error: tower_sessions::session::Error) -> Self {
        Self {
            status: StatusCode::INTERNAL_SERVER_ERROR,
            message: error.to_string(),
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let page = page(&format!(
            "{}. <a href=\"/login\">Log in again</a>",
            escaped(&self.message)
        ));
        (self.status, page).into_response()
    }
}
