//! What is good once.

use serde::{Deserialize, Serialize};

use crate::tracked::expiring::Expiring;

/// That something was used. It is remembered until it would be refused for its age.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Once {
    /// Seconds since the epoch.
    until: i64,
}

impl Once {
    /// It is refused for its age from `until` on, in seconds since the epoch.
    pub(crate) fn until(until: i64) -> Self {
        Self { until }
    }
}

impl Expiring for Once {
    fn forgotten_from(&self) -> i64 {
        self.until.saturating_mul(1000)
    }
}
