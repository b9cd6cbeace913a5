//! Authorization codes.

use crate::oauth::memory::approval::Approval;
use crate::tracked::expiring::Expiring;
use serde::{Deserialize, Serialize};

/// A code that `/authorize` gave.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Code {
    pub(crate) approval: Approval,
    pub(crate) redirect_uri: String,
    /// The S256 challenge.
    pub(crate) challenge: Option<String>,
    /// Seconds since the epoch.
    pub(crate) expires: i64,
    pub(crate) used: bool,
}

/// A code that has expired is refused as one that nobody knows, used or not.
impl Expiring for Code {
    fn forgotten_from(&self) -> i64 {
        self.expires.saturating_mul(1000)
    }
}

impl Code {
    /// How long a code is good, in seconds.
    pub(crate) const LIFETIME: i64 = 300;
}
