//! Identity assertions for other authorization servers.

use super::{Approval, Tokens};

/// What the org knows of an assertion that it has issued.
#[derive(Clone, Debug)]
pub(in crate::oauth) struct Assertion {
    /// What it is worth, and where.
    approval: Approval,
    /// Seconds since the epoch.
    expires: i64,
}

impl Assertion {
    pub(in crate::oauth) fn new(approval: Approval, expires: i64) -> Self {
        Self { approval, expires }
    }
}

impl Tokens {
    pub(in crate::oauth) fn keep_assertion(&mut self, token: String, assertion: Assertion) {
        self.assertions.insert(token, assertion);
    }

    /// What the assertion is worth at `now`, in seconds since the epoch. It is good once.
    pub(in crate::oauth) fn spend_assertion(&mut self, token: &str, now: i64) -> Option<Approval> {
        let assertion = self.assertions.remove(token)?;
        (now < assertion.expires).then_some(assertion.approval)
    }
}
