//! How far a call came before it failed.

use std::fmt;

use super::{Error, Kind};

/// The longest code of a server that goes into a span, in bytes.
const MOST_LABEL: usize = 64;

/// What a call was doing when it failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Stage {
    /// It waited for a window of the rate limit.
    RateLimit,
    /// It waited for credentials, such as a token that was being renewed.
    Credentials,
    /// It was making a connection. Of a call that was cut then, [`Error::may_have_arrived`] is true
    /// all the same: the request may have gone out on another connection that had become free.
    Connect,
    /// It was sending the request, or waiting for the answer or for the rest of it.
    Answer,
    /// It waited before sending the request again.
    Retry,
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::RateLimit => "waiting for the rate limit",
            Self::Credentials => "waiting for credentials",
            Self::Connect => "connecting",
            Self::Answer => "waiting for the answer",
            Self::Retry => "waiting before a retry",
        })
    }
}

/// How far a call has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Progress {
    /// How many requests were given to the transport.
    pub(crate) attempts: u32,
    pub(crate) stage: Stage,
    /// Whether one of them may have had an effect.
    pub(crate) may_have_arrived: bool,
}

impl Progress {
    pub(crate) const START: Self = Self {
        attempts: 0,
        stage: Stage::RateLimit,
        may_have_arrived: false,
    };
}

impl fmt::Display for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.attempts, self.may_have_arrived) {
            (0, _) => f.write_str("nothing was sent"),
            (1, true) => f.write_str("1 attempt, which may have arrived"),
            (1, false) => f.write_str("1 attempt, which has had no effect"),
            (attempts, true) => write!(f, "{attempts} attempts, which may have arrived"),
            (attempts, false) => write!(f, "{attempts} attempts, which have had no effect"),
        }
    }
}

/// Whether a server's text may stand where a word of ours would.
fn is_word(text: &str) -> bool {
    text.len() <= MOST_LABEL && text.bytes().all(|byte| byte.is_ascii_graphic())
}

impl Error {
    pub(crate) fn with_progress(mut self, progress: Progress) -> Self {
        self.0.progress.get_or_insert(progress);
        self
    }

    /// How often the call's request was sent; 0 if it failed before that. An attempt that found no
    /// connection counts.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.progress.map_or(0, |progress| progress.attempts)
    }

    /// What the call was doing when it failed; `None` if it failed before it began or after its
    /// answer was read.
    #[must_use]
    pub fn stage(&self) -> Option<Stage> {
        self.0.progress.map(|progress| progress.stage)
    }

    /// Whether Okta may have done what was asked, although the call failed: one of the attempts
    /// broke off after it may have arrived, was answered with a server error, or was answered well
    /// and could not be read. False if nothing was sent, no connection was made, or Okta refused
    /// each attempt (4xx): the call may then be made again whatever it is.
    #[must_use]
    pub fn may_have_arrived(&self) -> bool {
        let answered = self
            .0
            .status
            .is_some_and(|status| !status.is_client_error());
        answered || self.0.progress.is_some_and(|it| it.may_have_arrived)
    }

    /// How far it came, where the message does not tell it: there was no answer.
    pub(super) fn untold_progress(&self) -> Option<Progress> {
        let told = match self.0.kind {
            Kind::Timeout | Kind::Transport { .. } => false,
            Kind::Credentials | Kind::RateLimited => self.attempts() == 0,
            _ => true,
        };
        self.0.progress.filter(|_| !told)
    }

    /// A word for what has failed: Okta's code where it gave one.
    pub(crate) fn label(&self) -> &str {
        if let Some(code) = self.code().filter(|code| is_word(code)) {
            return code;
        }
        match self.0.kind {
            Kind::Configuration => "configuration",
            Kind::Argument => "argument",
            Kind::Credentials => "credentials",
            Kind::Timeout => "timeout",
            Kind::Transport { .. } => "transport",
            Kind::TooLarge => "too_large",
            Kind::Api { .. } => "status",
            Kind::RateLimited => "rate_limit",
            Kind::Decode { .. } => "decode",
            Kind::Pagination => "pagination",
            Kind::Other => "other",
        }
    }
}
