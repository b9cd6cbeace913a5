//! Logins that a browser's cookie stands for.

use crate::clock::Timestamp;
use crate::oauth::words::error::OAuthError;
use crate::oauth::words::request::OAuthRequest;
use crate::oauth::words::unguessable::unguessable;
use crate::tracked::expiring::{Expiring, ExpiringMap};
#[cfg(feature = "data")]
use crate::tracked::part::Visitor;
use serde::{Deserialize, Serialize};

/// The name of the cookie.
pub(crate) const COOKIE: &str = "sid";
/// How long a session lasts that nobody uses, in seconds: two hours, as in an org that has not changed
/// it.
const IDLE: i64 = 2 * 3600;

/// How a user proved a second factor, in the words of RFC 8176.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Method {
    /// A one-time code, of an app, a token or an e-mail.
    Otp,
    Sms,
    /// A call.
    Tel,
    /// A question.
    Kba,
    /// A key in software: a push is signed with one.
    Swk,
    /// A key in hardware.
    Hwk,
}

impl Method {
    /// The method of a type of factor.
    pub(crate) fn of(kind: &str) -> Self {
        match kind {
            "sms" => Self::Sms,
            "call" => Self::Tel,
            "question" => Self::Kba,
            "push" => Self::Swk,
            "u2f" | "webauthn" => Self::Hwk,
            _ => Self::Otp,
        }
    }

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Otp => "otp",
            Self::Sms => "sms",
            Self::Tel => "tel",
            Self::Kba => "kba",
            Self::Swk => "swk",
            Self::Hwk => "hwk",
        }
    }
}

/// A second factor that a user proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Second {
    pub(crate) method: Method,
    pub(crate) at: Timestamp,
}

/// A login.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Session {
    pub(crate) user: u64,
    /// When the user gave the password, in seconds since the epoch.
    pub(crate) since: i64,
    pub(crate) second: Option<Second>,
}

impl Session {
    /// The login of a user who gives the password now.
    pub(crate) fn by_password(user: u64, now: Timestamp) -> Self {
        Self {
            user,
            since: now.epoch_seconds(),
            second: None,
        }
    }
}

/// `amr` of a login with this second factor.
pub(crate) fn methods(second: Option<Second>) -> Vec<&'static str> {
    match second {
        None => vec!["pwd"],
        Some(second) => vec!["mfa", second.method.as_str(), "pwd"],
    }
}

/// A login with its time.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Held {
    pub(crate) session: Session,
    pub(crate) created: Timestamp,
    pub(crate) expires: Timestamp,
}

impl Expiring for Held {
    fn forgotten_from(&self) -> i64 {
        self.expires.0.timestamp_millis()
    }
}

/// The logins of the org by their ids, which are the values of cookies.
#[derive(Default)]
pub(crate) struct Sessions {
    held: ExpiringMap<String, Held>,
}

impl Sessions {
    /// The parts that are kept.
    #[cfg(feature = "data")]
    pub(crate) fn parts(&mut self, visit: &mut Visitor<'_>) {
        let Self { held } = self;
        visit("sessions", held);
    }

    /// Forgets what is due.
    pub(crate) fn sweep(&mut self, now: Timestamp) {
        self.held.sweep(now, |_, _| ());
    }

    /// Starts a session, and gives the `Set-Cookie` line that carries it.
    pub(crate) fn start(&mut self, session: Session, now: Timestamp) -> Result<String, OAuthError> {
        let id = self.open(session, now)?;
        Ok(format!("{COOKIE}={id}; Path=/; HttpOnly; SameSite=Lax"))
    }

    /// Starts a session, and gives its id.
    pub(crate) fn open(&mut self, session: Session, now: Timestamp) -> Result<String, OAuthError> {
        let id = format!("102{}", unguessable()?);
        self.keep(id.clone(), session, now);
        Ok(id)
    }

    /// Keeps a session under an id.
    pub(crate) fn keep(&mut self, id: String, session: Session, now: Timestamp) {
        let held = Held {
            session,
            created: now,
            expires: now.later(IDLE),
        };
        self.held.insert(id, held);
    }

    /// The session of the browser that sent the request. Its time begins again.
    pub(crate) fn of(&mut self, request: &OAuthRequest, now: Timestamp) -> Option<Session> {
        let id = request.cookie(COOKIE)?;
        self.refresh(id, now).map(|held| held.session)
    }

    /// A session by its id.
    pub(crate) fn get(&self, id: &str, now: Timestamp) -> Option<Held> {
        self.held.get(id).copied().filter(|held| now < held.expires)
    }

    /// All sessions that have not expired.
    pub(crate) fn all(&self, now: Timestamp) -> impl Iterator<Item = &Held> {
        self.held.values().filter(move |held| now < held.expires)
    }

    /// A session by its id, whose time begins again.
    pub(crate) fn refresh(&mut self, id: &str, now: Timestamp) -> Option<Held> {
        let held = self.held.get_mut(id).filter(|held| now < held.expires)?;
        held.expires = now.later(IDLE);
        Some(*held)
    }

    /// Ends a session. False if there is none.
    pub(crate) fn close(&mut self, id: &str) -> bool {
        self.held.remove(id).is_some()
    }

    /// Ends the session of the browser that sent the request.
    pub(crate) fn end(&mut self, request: &OAuthRequest) {
        if let Some(id) = request.cookie(COOKIE) {
            self.held.remove(id);
        }
    }

    /// Ends all sessions of a user.
    pub(crate) fn end_all(&mut self, user: u64) {
        self.held.retain(|_, held| held.session.user != user);
    }
}

/// The `Set-Cookie` line that makes a browser forget its session.
pub(crate) fn forgotten() -> String {
    format!("{COOKIE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax")
}
