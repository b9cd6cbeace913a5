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
use serde_json::Value;

/// Type, provider, first characters of its id, and the name of its vendor.
pub(crate) const KINDS: [Kind; 13] = [
    ("call", "OKTA", "clf", "OKTA"),
    ("email", "OKTA", "emf", "OKTA"),
    ("push", "OKTA", "opf", "OKTA"),
    ("question", "OKTA", "ufs", "OKTA"),
    ("sms", "OKTA", "sms", "OKTA"),
    ("token", "RSA", "rsa", "RSA"),
    ("token", "SYMANTEC", "sym", "SYMANTEC"),
    ("token:hardware", "YUBICO", "ykf", "YUBICO"),
    ("token:hotp", "CUSTOM", "chf", "CUSTOM"),
    ("token:software:totp", "GOOGLE", "uft", "GOOGLE"),
    ("token:software:totp", "OKTA", "ost", "OKTA"),
    ("u2f", "FIDO", "fuf", "FIDO"),
    ("webauthn", "FIDO", "fwf", "FIDO"),
];

/// Type, provider and vendor of each kind of factor.
pub(crate) fn kinds() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    KINDS
        .iter()
        .map(|(kind, provider, _, vendor)| (*kind, *provider, *vendor))
}

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

    /// What its user calls it, without what others should not read.
    pub(crate) fn name(&self) -> String {
        let profile = |name: &str| self.profile.get(name).and_then(Value::as_str);
        let phone = || {
            let digits = profile("phoneNumber").unwrap_or_default().chars().rev();
            let last: Vec<char> = digits.filter(char::is_ascii_digit).take(4).collect();
            last.into_iter().rev().collect::<String>()
        };
        match (self.kind, self.provider) {
            ("token:software:totp", "GOOGLE") => "Google Authenticator".to_owned(),
            ("token:software:totp", _) => "Okta Verify: code".to_owned(),
            ("push", _) => "Okta Verify: request".to_owned(),
            ("sms", _) => format!("Text message to the phone that ends in {}", phone()),
            ("call", _) => format!("Call to the phone that ends in {}", phone()),
            ("email", _) => {
                let email = profile("email").unwrap_or_default();
                let (name, host) = email.split_once('@').unwrap_or((email, ""));
                let first = name.chars().next().unwrap_or_default();
                format!("E-mail to {first}…@{host}")
            }
            ("question", _) => "Security question".to_owned(),
            ("u2f" | "webauthn", _) => "Security key".to_owned(),
            _ => format!("{} token", self.vendor),
        }
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
