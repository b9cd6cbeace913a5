//! How long policies are put in order after a change.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::clock::Timestamp;
use crate::problem::Problem;

/// After a change Okta puts all policies of its type in order, and refuses further changes of them until
/// that is done. Here it takes as long as the org is told, no time by default.
#[derive(Debug, Default)]
pub(crate) struct Reconciliation {
    lasts: Duration,
    /// When it is done, in milliseconds since the epoch, by the type of the policies.
    done: BTreeMap<&'static str, i64>,
}

impl Reconciliation {
    pub(crate) fn lasting(lasts: Duration) -> Self {
        Self {
            lasts,
            done: BTreeMap::new(),
        }
    }

    /// Whether policies of a type can be changed now.
    pub(crate) fn check(&self, kind: &str, now: Timestamp) -> Result<(), Problem> {
        let done = self.done.get(kind);
        match done.is_none_or(|done| *done <= now.0.timestamp_millis()) {
            true => Ok(()),
            false => Err(Problem::locked()),
        }
    }

    /// Policies of a type have changed.
    pub(crate) fn begin(&mut self, kind: &'static str, now: Timestamp) {
        let lasts = i64::try_from(self.lasts.as_millis()).unwrap_or(i64::MAX);
        let done = now.0.timestamp_millis().saturating_add(lasts);
        self.done.insert(kind, done);
    }
}
