//! What the server remembers of a browser.

use okta_auth::oauth::{IdToken, Login, Tokens};
use tower_sessions::Session;
use tower_sessions::session::Error;

const LOGIN: &str = "login";
const TOKENS: &str = "tokens";

/// Remembers a login that has begun in this browser, in place of an earlier one.
pub async fn begin(session: &Session, login: &Login) -> Result<(), Error> {
    session.insert(LOGIN, login).await
}

/// Takes the login that has begun in this browser: it can come back once.
pub async fn finish(session: &Session) -> Result<Option<Login>, Error> {
    session.remove(LOGIN).await
}

/// From now on the session is that of the user whose tokens these are. Its id changes, so that
/// one that was planted in the browser before is worth nothing.
pub async fn log_in(session: &Session, tokens: &Tokens) -> Result<(), Error> {
    session.cycle_id().await?;
    session.insert(TOKENS, tokens).await
}

/// The user who is logged in.
pub async fn user(session: &Session) -> Result<Option<IdToken>, Error> {
    let tokens: Option<Tokens> = session.get(TOKENS).await?;
    Ok(tokens.and_then(|tokens| tokens.id_token))
}

/// Forgets all of it.
pub async fn log_out(session: &Session) -> Result<(), Error> {
    session.flush().await
}
