//! Tokens of links in e-mails, by which people choose a password.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::tracked::TrackedMap;

/// What a link in an e-mail is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Purpose {
    Activation,
    PasswordReset,
}

impl Purpose {
    /// The path of the page, with a slash at the end.
    pub(crate) fn path(self) -> &'static str {
        match self {
            Self::Activation => "/welcome/",
            Self::PasswordReset => "/signin/reset-password/",
        }
    }

    /// How long the link is good, in seconds: a week, and an hour, as in an org that has not changed it.
    pub(crate) fn lifetime(self) -> i64 {
        match self {
            Self::Activation => 7 * 24 * 60 * 60,
            Self::PasswordReset => 60 * 60,
        }
    }
}

/// Who may choose a password by a token, and until when.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Ticket {
    /// The position of the user.
    pub(crate) user: u64,
    pub(crate) purpose: Purpose,
    /// In seconds since the epoch.
    pub(crate) expires: i64,
}

/// Tokens of links. A user has one for each purpose: a new one takes the place of the one before.
#[derive(Default)]
pub(crate) struct Tickets {
    tickets: TrackedMap<String, Ticket>,
    /// The token of each user for each purpose.
    of_users: BTreeMap<(u64, Purpose), String>,
}

/// Tokens are not for logs.
impl fmt::Debug for Tickets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tickets")
            .field("count", &self.tickets.len())
            .finish()
    }
}

impl Tickets {
    pub(crate) fn issue(&mut self, token: String, ticket: Ticket) {
        let holder = (ticket.user, ticket.purpose);
        if let Some(old) = self.of_users.insert(holder, token.clone()) {
            self.tickets.remove(&old);
        }
        self.tickets.insert(token, ticket);
    }

    /// What a token is good for now.
    pub(crate) fn of(&self, token: &str, now: Timestamp) -> Option<Ticket> {
        let ticket = self.tickets.get(token)?;
        (now.epoch_seconds() < ticket.expires).then_some(*ticket)
    }

    /// Ends all tokens of a user.
    pub(crate) fn forget(&mut self, user: u64) {
        for purpose in [Purpose::Activation, Purpose::PasswordReset] {
            if let Some(token) = self.of_users.remove(&(user, purpose)) {
                self.tickets.remove(&token);
            }
        }
    }
}

#[cfg(feature = "data")]
mod part {
    use super::Tickets;
    use crate::tracked::part::{Changes, Damage, Part, decoded};

    impl Part for Tickets {
        fn watch(&mut self, all: bool) {
            self.tickets.watch(all);
        }

        fn collect(&mut self, changes: &mut Changes) {
            self.tickets.collect(changes);
        }

        fn restore(&mut self, key: &[u8], value: &[u8]) -> Result<(), Damage> {
            self.issue(decoded(key)?, decoded(value)?);
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use chrono::DateTime;

    use super::*;

    fn good(tickets: &Tickets, token: &str) -> bool {
        let now = Timestamp(DateTime::from_timestamp_millis(0).unwrap());
        tickets.of(token, now).is_some()
    }

    #[test]
    fn a_user_has_one_token_for_each_purpose() {
        let mut tickets = Tickets::default();
        let ticket = |user, purpose| Ticket {
            user,
            purpose,
            expires: 1,
        };
        tickets.issue("first".to_owned(), ticket(1, Purpose::Activation));
        tickets.issue("reset".to_owned(), ticket(1, Purpose::PasswordReset));
        tickets.issue("other".to_owned(), ticket(2, Purpose::Activation));
        tickets.issue("second".to_owned(), ticket(1, Purpose::Activation));
        assert!(!good(&tickets, "first") && good(&tickets, "second"));
        tickets.forget(1);
        assert!(!good(&tickets, "second") && !good(&tickets, "reset"));
        assert!(good(&tickets, "other"));
        assert_eq!((tickets.tickets.len(), tickets.of_users.len()), (1, 1));
        assert!(!format!("{tickets:?}").contains("other"));
    }
}
