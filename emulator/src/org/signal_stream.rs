//! The stream over which the org sends security event tokens, and what events of the System Log are in
//! it, <https://developer.okta.com/docs/reference/ssf-transmitter-set-payload/>.

use serde::{Deserialize, Serialize};

use super::events::{self, Event, EventKind};

/// A session of a user has ended.
pub(crate) const SESSION_REVOKED: &str =
    "https://schemas.openid.net/secevent/caep/event-type/session-revoked";
/// A password or a factor of a user has changed.
pub(crate) const CREDENTIAL_CHANGE: &str =
    "https://schemas.openid.net/secevent/caep/event-type/credential-change";

/// What Okta sends.
pub(crate) const SUPPORTED: [&str; 2] = [SESSION_REVOKED, CREDENTIAL_CHANGE];

/// The stream of an org, which has one at most.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct SignalStream {
    pub(crate) id: String,
    /// URIs of types of events, as they were asked for.
    pub(crate) requested: Vec<String>,
    pub(crate) method: String,
    pub(crate) endpoint: String,
    /// What each call has in `Authorization`.
    pub(crate) authorization: Option<String>,
    pub(crate) audience: String,
}

/// The authorization is a secret.
impl std::fmt::Debug for SignalStream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignalStream")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

impl SignalStream {
    /// The types of events that are sent: those of the ones asked for that there are.
    pub(crate) fn delivered(&self) -> impl Iterator<Item = &'static str> {
        let is_requested = |uri: &&str| self.requested.iter().any(|requested| requested == *uri);
        SUPPORTED.into_iter().filter(is_requested)
    }

    /// Whether the receiver is told of this event.
    pub(crate) fn is_told_of(&self, event: &Event) -> bool {
        let signal = signal_of(event.kind).filter(|_| event.failure.is_none());
        signal.is_some_and(|signal| self.delivered().any(|uri| uri == signal.uri()))
    }
}

/// What an event of the System Log says to a receiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signal {
    SessionRevoked,
    /// `change_type`, of a password.
    Password(&'static str),
    /// `change_type`, of a factor.
    Factor(&'static str),
    /// `change_type`, of all factors.
    AllFactors(&'static str),
}

impl Signal {
    pub(crate) fn uri(self) -> &'static str {
        match self {
            Self::SessionRevoked => SESSION_REVOKED,
            _ => CREDENTIAL_CHANGE,
        }
    }
}

/// The signal that Okta makes of events of that kind.
pub(crate) fn signal_of(kind: EventKind) -> Option<Signal> {
    Some(match kind {
        events::SESSION_ENDED => Signal::SessionRevoked,
        events::PASSWORD_RESET | events::PASSWORD_UPDATED => Signal::Password("revoke"),
        events::FACTOR_ACTIVATED => Signal::Factor("create"),
        events::FACTOR_DEACTIVATED => Signal::Factor("delete"),
        events::FACTORS_RESET => Signal::AllFactors("revoke"),
        _ => return None,
    })
}
