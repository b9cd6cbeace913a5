//! What the org sends to people: e-mails, text messages and calls. Nothing leaves the process; tests
//! read it.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::tracked::TrackedMap;
#[cfg(feature = "data")]
use crate::tracked::part::Visitor;
use crate::tracked::word::{self, Word};

/// How many messages are kept; older ones are forgotten.
const MOST: usize = 10_000;

/// What takes the place of what is not for logs.
const HIDDEN: &str = "[hidden]";

/// How a message goes to a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Channel {
    /// An e-mail.
    Email,
    /// A text message.
    Sms,
    /// A call that says a code.
    Call,
}

impl Channel {
    /// The channel in the words of Okta's factors: `email`, `sms` or `call`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Sms => "sms",
            Self::Call => "call",
        }
    }
}

/// A message that the org has sent. It holds secrets; `Debug` shows none of them.
#[derive(Clone, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SentMessage {
    /// When it was sent, as `2026-01-01T12:00:00.000Z`.
    pub sent: String,
    /// How it was sent.
    pub channel: Channel,
    /// The e-mail address or phone number.
    pub to: String,
    /// The id of the user.
    pub user_id: String,
    /// What it is about: the name of Okta's template, such as `UserActivation`, `PasswordResetByAdmin`,
    /// `ForgotPassword` or `EmailFactorVerification`.
    #[serde(deserialize_with = "word::deserialize")]
    pub template: Word,
    /// The page that it leads to, where the user chooses a password.
    pub link: Option<String>,
    /// The token at the end of the link.
    pub token: Option<String>,
    /// The passcode that it tells.
    pub code: Option<String>,
}

impl fmt::Debug for SentMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hidden = |secret: &Option<String>| secret.as_ref().map(|_| HIDDEN);
        f.debug_struct("SentMessage")
            .field("sent", &self.sent)
            .field("channel", &self.channel)
            .field("to", &self.to)
            .field("user_id", &self.user_id)
            .field("template", &self.template)
            .field("link", &hidden(&self.link))
            .field("token", &hidden(&self.token))
            .field("code", &hidden(&self.code))
            .finish()
    }
}

impl SentMessage {
    /// The message with its link as a whole URL.
    pub(crate) fn at(mut self, base: &str) -> Self {
        self.link = self.link.map(|path| format!("{base}{path}"));
        self
    }
}

/// The messages that were sent, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    /// By numbers in the order of sending.
    messages: TrackedMap<u64, SentMessage>,
}

impl Outbox {
    /// The parts that are kept.
    #[cfg(feature = "data")]
    pub(crate) fn parts(&mut self, visit: &mut Visitor<'_>) {
        let Self { messages } = self;
        visit("messages", messages);
    }

    pub(crate) fn send(&mut self, message: SentMessage) {
        if self.messages.len() == MOST {
            self.messages.pop_first();
        }
        let last = self.messages.keys().next_back();
        let number = last.map_or(1, |last| last + 1);
        self.messages.insert(number, message);
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &SentMessage> {
        self.messages.values()
    }

    pub(crate) fn clear(&mut self) {
        self.messages.clear();
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn message(code: &str) -> SentMessage {
        SentMessage {
            sent: "2026-01-01T00:00:00.000Z".to_owned(),
            channel: Channel::Sms,
            to: "+15551234567".to_owned(),
            user_id: "00u1".to_owned(),
            template: "SMS_VERIFY_CODE",
            link: Some("/welcome/token1".to_owned()),
            token: Some("token1".to_owned()),
            code: Some(code.to_owned()),
        }
    }

    #[test]
    fn the_outbox_is_bounded() {
        let mut outbox = Outbox::default();
        for number in 0..=MOST {
            outbox.send(message(&number.to_string()));
        }
        assert_eq!(outbox.all().count(), MOST);
        let first = outbox.all().next().unwrap();
        assert_eq!(first.code.as_deref(), Some("1"));
    }

    #[test]
    fn debug_output_has_no_secrets() {
        let shown = format!("{:?}", message("868686"));
        assert!(
            shown.contains("+15551234567") && !shown.contains("868686"),
            "{shown}"
        );
        assert!(!shown.contains("token1"), "{shown}");
    }
}
