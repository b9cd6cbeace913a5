//! Factors of users: enrolled, activated and verified by a code, an answer or a push. Codes of
//! authenticator apps are really checked; those of text messages, calls and e-mails are made up and
//! can be read by tests. Whoever asks about a push finds that it was accepted.

use super::passcodes;
use super::profile;
use super::table::Row;
use crate::clock::Timestamp;
use crate::object::Object;
use crate::tracked::word::{self, Word};
use serde::{Deserialize, Serialize};

/// A factor of a user.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Factor {
    pub(crate) id: String,
    /// The position of the user.
    pub(crate) user: u64,
    #[serde(deserialize_with = "word::deserialize")]
    pub(crate) kind: Word,
    #[serde(deserialize_with = "word::deserialize")]
    pub(crate) provider: Word,
    #[serde(deserialize_with = "word::deserialize")]
    pub(crate) vendor: Word,
    pub(crate) active: bool,
    pub(crate) profile: Object,
    /// The key that an authenticator app shares.
    pub(crate) key: Option<Vec<u8>>,
    pub(crate) created: Timestamp,
    pub(crate) last_updated: Timestamp,
    pub(crate) answer: Option<String>,
}

impl Row for Factor {
    fn id(&self) -> &str {
        &self.id
    }
}

impl Factor {
    /// The code that an authenticator app shows now.
    pub(crate) fn app_code(&self, now: Timestamp) -> Option<String> {
        let key = self.key.as_ref();
        key.map(|key| passcodes::at(key, now.epoch_seconds()))
    }

    /// Whether a code is sent to the user, who has to say it.
    pub(crate) fn is_sent(&self) -> bool {
        matches!(self.kind, "call" | "email" | "sms")
    }

    /// Whether the user has proven the factor. `sent` is the code that was sent, while it is good.
    pub(crate) fn accepts(&self, body: &Object, sent: Option<&str>, now: Timestamp) -> bool {
        let given = |name: &str| profile::text(body, name);
        if let Some(key) = &self.key {
            return passcodes::fits(key, given("passCode"), now.epoch_seconds());
        }
        if let Some(answer) = &self.answer {
            return given("answer").eq_ignore_ascii_case(answer);
        }
        !self.is_sent() || sent == Some(given("passCode"))
    }
}

/// What came of a verification.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verified {
    /// The user is who they say.
    Success,
    /// A code is on its way.
    Challenge,
    /// A push of that id is on its way.
    Waiting(String),
}

pub(crate) type Kind = (&'static str, &'static str, &'static str, &'static str);
