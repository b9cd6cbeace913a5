//! Logins that a browser's cookie stands for.

use std::collections::HashMap;

use crate::oauth::words::error::OAuthError;
use crate::oauth::words::request::OAuthRequest;
use crate::oauth::words::unguessable::unguessable;

/// The name of the cookie.
const COOKIE: &str = "sid";

/// A login.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Session {
    pub(crate) user: u64,
    /// When the user gave the password, in seconds since the epoch.
    pub(crate) since: i64,
}

/// The logins of the org by cookie.
#[derive(Default)]
pub(crate) struct Sessions(HashMap<String, Session>);

impl Sessions {
    /// Starts a session, and gives the `Set-Cookie` line that carries it.
    pub(crate) fn start(&mut self, session: Session) -> Result<String, OAuthError> {
        let id = unguessable()?;
        let line = format!("{COOKIE}={id}; Path=/; HttpOnly; SameSite=Lax");
        self.0.insert(id, session);
        Ok(line)
    }

    /// The session of the browser that sent the request.
    pub(crate) fn of(&self, request: &OAuthRequest) -> Option<Session> {
        self.0.get(request.cookie(COOKIE)?).copied()
    }

    /// Ends the session of the browser that sent the request.
    pub(crate) fn end(&mut self, request: &OAuthRequest) {
        if let Some(id) = request.cookie(COOKIE) {
            self.0.remove(id);
        }
    }

    /// Ends all sessions of a user.
    pub(crate) fn end_all(&mut self, user: u64) {
        self.0.retain(|_, session| session.user != user);
    }
}

/// The `Set-Cookie` line that makes a browser forget its session.
pub(crate) fn forgotten() -> String {
    format!("{COOKIE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax")
}
