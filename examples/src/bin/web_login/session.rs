//! What the server remembers of a browser.

use okta_auth::oauth::{IdToken, Login, Tokens};
use serde::{Deserialize, Serialize};
use tower_sessions::Session;
use tower_sessions::session::Error;

const LOGIN: &str = "login";
const USER: &str = "user";

/// The user of a browser, as the verified ID token had it when the user logged in.
#[derive(Debug, Serialize, Deserialize)]
pub struct User {
    pub subject: String,
    pub name: String,
    /// For the logout.
    pub id_token: IdToken,
}

impl User {
    /// # Errors
    /// If nobody says who has logged in.
    pub fn of(tokens: Tokens) -> Result<Self, okta_auth::Error> {
        let missing = || okta_auth::Error::credentials("no ID token came");
        let id_token = tokens.id_token.ok_or_else(missing)?;
        let claims = id_token.claims()?;
        Ok(Self {
            subject: claims.subject.clone(),
            name: claims.name().unwrap_or(&claims.subject).to_owned(),
            id_token,
        })
    }
}

/// Remembers a login that has begun in this browser, in place of an earlier one.
pub async fn begin(session: &Session, login: &Login) -> Result<(), Error> {
    session.insert(LOGIN, login).await
}

/// Takes the login that has begun in this browser: it can come back once.
pub async fn finish(session: &Session) -> Result<Option<Login>, Error> {
    session.remove(LOGIN).await
}

/// From now on the session is that of `user`. Its id changes, so that
/// one that was planted in the browser before is worth nothing.
pub async fn log_in(session: &Session, user: &User) -> Result<(), Error> {
    session.cycle_id().await?;
    session.insert(USER, user).await
}

/// The user who is logged in.
pub async fn user(session: &Session) -> Result<Option<User>, Error> {
    session.get(USER).await
}

/// Forgets all of it.
pub async fn log_out(session: &Session) -> Result<(), Error> {
    session.flush().await
}
