//! What users have to answer to prove a factor: codes that were sent, and pushes.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::tracked::expiring::{Expiring, ExpiringMap};
#[cfg(feature = "data")]
use crate::tracked::part::Visitor;

/// How long a code or a push can be answered, in seconds.
const LIFETIME: i64 = 300;
/// How long whoever asks for a push learns that its time is over, in seconds.
const REMEMBERED: i64 = 300;

/// A code that was sent.
#[derive(Serialize, Deserialize)]
struct SentCode {
    code: String,
    expires: Timestamp,
}

impl Expiring for SentCode {
    fn forgotten_from(&self) -> i64 {
        self.expires.0.timestamp_millis()
    }
}

/// A push that was sent.
#[derive(Serialize, Deserialize)]
struct Push {
    /// The position of the factor.
    factor: u64,
    /// Whether the user accepted it, once the user has answered.
    accepted: Option<bool>,
    expires: Timestamp,
}

impl Expiring for Push {
    fn forgotten_from(&self) -> i64 {
        self.expires.later(REMEMBERED).0.timestamp_millis()
    }
}

/// What became of a push.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PushResult {
    Waiting,
    Accepted,
    Rejected,
    TimedOut,
}

/// Codes and pushes that were sent.
#[derive(Default)]
pub(crate) struct Challenges {
    /// The last code of each factor, by the position of the factor.
    codes: ExpiringMap<u64, SentCode>,
    pushes: ExpiringMap<String, Push>,
}

/// Codes are not for logs.
impl fmt::Debug for Challenges {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Challenges").finish_non_exhaustive()
    }
}

impl Challenges {
    /// The parts that are kept.
    #[cfg(feature = "data")]
    pub(crate) fn parts(&mut self, visit: &mut Visitor<'_>) {
        let Self { codes, pushes } = self;
        visit("sent codes", codes);
        visit("pushes", pushes);
    }

    /// Forgets what is due.
    pub(crate) fn sweep(&mut self, now: Timestamp) {
        self.codes.sweep(now, |_, _| ());
        self.pushes.sweep(now, |_, _| ());
    }

    /// Notes a code that was sent; the one before is good no longer.
    pub(crate) fn send_code(&mut self, factor: u64, code: String, now: Timestamp) {
        let expires = now.later(LIFETIME);
        self.codes.insert(factor, SentCode { code, expires });
    }

    /// The code of a factor that was sent last, while it is good.
    pub(crate) fn code(&self, factor: u64, now: Timestamp) -> Option<&str> {
        let sent = self.codes.get(&factor).filter(|sent| now < sent.expires)?;
        Some(&sent.code)
    }

    /// The code of a factor is good no longer.
    pub(crate) fn spend_code(&mut self, factor: u64) {
        self.codes.remove(&factor);
    }

    /// Notes a push that was sent.
    pub(crate) fn send_push(&mut self, id: String, factor: u64, now: Timestamp) {
        let push = Push {
            factor,
            accepted: None,
            expires: now.later(LIFETIME),
        };
        self.pushes.insert(id, push);
    }

    /// The user answers all pushes of a factor that wait. Says how many there were.
    pub(crate) fn answer(&mut self, factor: u64, accepted: bool, now: Timestamp) -> usize {
        let waiting = self.pushes.iter().filter(|(_, push)| {
            push.factor == factor && push.accepted.is_none() && now < push.expires
        });
        let waiting: Vec<String> = waiting.map(|(id, _)| id.clone()).collect();
        for id in &waiting {
            if let Some(push) = self.pushes.get_mut(id) {
                push.accepted = Some(accepted);
            }
        }
        waiting.len()
    }

    /// What became of a push of a factor; none if there was no such push.
    pub(crate) fn push(&self, id: &str, factor: u64, now: Timestamp) -> Option<PushResult> {
        let push = self.pushes.get(id).filter(|push| push.factor == factor)?;
        Some(match push.accepted {
            Some(true) => PushResult::Accepted,
            Some(false) => PushResult::Rejected,
            None if now < push.expires => PushResult::Waiting,
            None => PushResult::TimedOut,
        })
    }
}
