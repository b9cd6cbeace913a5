//! Requests that a user answers on another device, while the client asks again and again: RFC 8628
//! section 3.5, which backchannel requests follow, too.

use crate::clock::Timestamp;
use crate::oauth::memory::approval::{Approval, Terms};
use crate::oauth::memory::sessions::Session;
use crate::oauth::words::error::OAuthError;
use crate::oauth::words::server::Server;
use crate::oauth::words::unguessable::unguessable;
use crate::tracked::expiring::Expiring;
use serde::{Deserialize, Serialize};

/// How long a client that still asks is told that the request has expired, in seconds.
const REMEMBERED: i64 = 600;
/// How long a client waits between two questions at first, in seconds.
pub(crate) const INTERVAL: i64 = 5;

/// What the client asked for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Request {
    pub(crate) server: Server,
    pub(crate) client_id: String,
    pub(crate) scopes: Vec<String>,
}

impl Request {
    pub(crate) fn approved_by(
        &self,
        session: Session,
        terms: Terms,
    ) -> Result<Approval, OAuthError> {
        Ok(Approval {
            server: self.server,
            client_id: self.client_id.clone(),
            user: Some(session.user),
            scopes: self.scopes.clone(),
            authenticated: session.since,
            second: session.second,
            nonce: None,
            acr: None,
            family: unguessable()?,
            terms,
        })
    }
}

/// What the user has said so far.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) enum Answer {
    Pending,
    Approved(Session),
    Denied,
}

/// The client learns that its request has expired, and later that nobody knows it.
impl Expiring for Decision {
    fn forgotten_from(&self) -> i64 {
        self.expires.saturating_add(REMEMBERED * 1000)
    }
}

/// A decision that the client waits for.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Decision {
    pub(crate) answer: Answer,
    /// Milliseconds since the epoch.
    expires: i64,
    /// Milliseconds.
    interval: i64,
    /// When the client last asked.
    asked: Option<i64>,
}

impl Decision {
    /// A decision that must fall within `lifetime` seconds.
    pub(crate) fn pending(now: Timestamp, lifetime: i64) -> Self {
        Self {
            answer: Answer::Pending,
            expires: now.0.timestamp_millis() + lifetime * 1000,
            interval: INTERVAL * 1000,
            asked: None,
        }
    }

    /// Whether the user can still answer.
    pub(crate) fn is_open(&self, now: Timestamp) -> bool {
        matches!(self.answer, Answer::Pending) && now.0.timestamp_millis() < self.expires
    }

    /// Who approved. Each question that comes too early makes the interval five seconds longer.
    pub(crate) fn poll(&mut self, now: Timestamp) -> Result<Session, OAuthError> {
        let now = now.0.timestamp_millis();
        let early = self.asked.is_some_and(|asked| now < asked + self.interval);
        self.asked = Some(now);
        let refused = |error, description: &str| Err(OAuthError::new(400, error, description));
        match self.answer {
            _ if now >= self.expires => refused("expired_token", "The request has expired."),
            Answer::Approved(session) => Ok(session),
            Answer::Denied => refused("access_denied", "The user denied the request."),
            Answer::Pending if early => {
                self.interval += INTERVAL * 1000;
                refused("slow_down", "The client asks too often.")
            }
            Answer::Pending => refused(
                "authorization_pending",
                "The device authorization is pending. Please try again later.",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::time::Duration;

    use chrono::DateTime;

    use super::*;
    use crate::clock::Clock;

    #[test]
    fn impatience_makes_the_interval_longer() {
        let clock = Clock::fixed(DateTime::from_timestamp(1_000, 0).unwrap());
        let mut decision = Decision::pending(clock.stamp(), 60);
        let mut after = |seconds, answer: Option<Answer>| {
            clock.advance(Duration::from_secs(seconds));
            if let Some(answer) = answer {
                decision.answer = answer;
            }
            decision.poll(clock.stamp()).map_err(|error| error.error)
        };
        assert_eq!(after(0, None).unwrap_err(), "authorization_pending");
        assert_eq!(after(5, None).unwrap_err(), "authorization_pending");
        assert_eq!(after(4, None).unwrap_err(), "slow_down");
        assert_eq!(after(9, None).unwrap_err(), "slow_down");
        assert_eq!(after(15, None).unwrap_err(), "authorization_pending");
        let session = Session::by_password(7, clock.stamp());
        assert_eq!(after(1, Some(Answer::Approved(session))).unwrap().user, 7);
        assert_eq!(after(1, Some(Answer::Denied)).unwrap_err(), "access_denied");
        assert_eq!(after(60, None).unwrap_err(), "expired_token");
    }
}
