//! What all requests share.

use std::fmt;
#[cfg(feature = "data")]
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::clock::Clock;
use crate::delivery::Outgoing;
use crate::entrance::Entrance;
use crate::faults::Faults;
use crate::org::Org;
use crate::org::ids::{scramble, text62};
use crate::pages::unlocking::Control;
use crate::rate_limits::Limiter;
use crate::requests::Requests;

#[cfg(feature = "data")]
use crate::persistence::Data;
#[cfg(feature = "data")]
pub(crate) use crate::persistence::HeldOrg;

/// The org, locked.
#[cfg(not(feature = "data"))]
pub(crate) type HeldOrg<'s> = MutexGuard<'s, Org>;

/// What all requests share.
pub(crate) struct Shared {
    pub(crate) org_url: String,
    pub(crate) entrance: Entrance,
    pub(crate) token: String,
    /// The position of the user to whom the token belongs.
    pub(crate) administrator: u64,
    pub(crate) clock: Clock,
    pub(crate) faults: Faults,
    pub(crate) requests: Requests,
    pub(crate) control: Control,
    pub(crate) counts: Counts,
    /// How services behind hooks are called.
    pub(crate) outgoing: Outgoing,
    pub(crate) limiter: Mutex<Limiter>,
    pub(crate) org: Mutex<Org>,
    /// Where the org is kept, if it is.
    #[cfg(feature = "data")]
    pub(crate) data: Option<Arc<Data>>,
}

/// Tokens and client secrets are not for logs.
impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Org")
            .field("org_url", &self.org_url)
            .finish_non_exhaustive()
    }
}

/// What was counted so far.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    pub(crate) requests: AtomicU64,
    pub(crate) rate_limited: AtomicU64,
    pub(crate) faults: AtomicU64,
    pub(crate) not_emulated: AtomicU64,
    pub(crate) ids: AtomicU64,
}

impl Shared {
    /// The org, locked. What its holder changes is kept.
    pub(crate) fn org(&self) -> HeldOrg<'_> {
        let org = self.org.lock().unwrap_or_else(PoisonError::into_inner);
        #[cfg(feature = "data")]
        let org = HeldOrg::new(org, self.data.as_deref());
        org
    }

    pub(crate) fn limiter(&self) -> MutexGuard<'_, Limiter> {
        self.limiter.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// An id for `X-Okta-Request-Id`: 32 hexadecimal digits.
    pub(crate) fn request_id(&self) -> String {
        let serial = self.counts.ids.fetch_add(1, Ordering::Relaxed);
        format!("{:016x}{:016x}", scramble(serial), scramble(!serial))
    }

    /// An id for `errorId`.
    pub(crate) fn error_id(&self) -> String {
        let serial = self.counts.ids.fetch_add(1, Ordering::Relaxed);
        format!(
            "oae{}{}",
            text62(scramble(serial)),
            text62(scramble(!serial))
        )
    }
}
