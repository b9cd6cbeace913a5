//! Logins that a browser's cookie stands for.

use std::collections::HashMap;

use super::error::OAuthError;
use super::request::OAuthRequest;
use super::unguessable;

/// The name of the cookie.
const COOKIE: &str = "sid";

/// A login.
#[derive(Clone, Copy, Debug)]
pub(super) struct Session {
    pub(super) user: u64,
    /// When the user gave the password, in seconds since the epoch.
    pub(super) since: i64,
}

/// The logins of the org by cookie.
#[derive(Default)]
pub(super) struct Sessions(HashMap<String, Session>);

impl Sessions {
    /// Starts a session, and gives the `Set-Cookie` line that carries it.
    pub(super) fn start(&mut self, session: Session) -> Result<String, OAuthError> {
        let id = unguessable()?;
        let line = format!("{COOKIE}={id}; Path=/; HttpOnly; SameSite=Lax");
        self.0.insert(id, session);
        Ok(line)
    }

    /// The session of the browser that sent the request.
    pub(super) fn of(&self, request: &OAuthRequest) -> Option<Session> {
        self.0.get(request.cookie(COOKIE)?).copied()
    }

    /// Ends the session of the browser that sent the request.
    pub(super) fn end(&mut self, request: &OAuthRequest) {
        if let Some(id) = request.cookie(COOKIE) {
            self.0.remove(id);
        }
    }

    /// Ends all sessions of a user.
    pub(super) fn end_all(&mut self, user: u64) {
        self.0.retain(|_, session| session.user != user);
    }
}

/// The `Set-Cookie` line that makes a browser forget its session.
pub(super) fn forgotten() -> String {
    format!("{COOKIE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax")
}
