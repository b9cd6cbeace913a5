//! Keeps concurrent calls within Okta's rate limits, so that they wait instead of failing.

mod books;
mod concurrency;
mod lane;
mod seconds;
mod shared;
mod tie;
mod waiting;
mod window;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use http::{HeaderMap, Method};
use tokio::time::Instant;

use self::books::{Books, Room, Sent};
use self::concurrency::{Concurrency, Place};
use self::lane::Lane;
use self::shared::{Leased, Shared};
use self::waiting::{change_or, lock, within};
use crate::http::budget::SharedBudget;
use crate::http::rate_limit::{self, ToldWindow};
use crate::{Call, OrgUrl};

/// Paces calls by what response headers tell of each rate limit bucket.
///
/// Which paths share a bucket is known from what Okta publishes, and learned from answers where it
/// publishes nothing or does another thing. Calls go out at once while the window has budget for
/// them and for those on their way; the rest wait for the window to end. So the whole budget is
/// used, and none is spent on being refused.
#[derive(Debug)]
pub(crate) struct Governor {
    settings: Settings,
    concurrency: Arc<Concurrency>,
    books: Arc<Mutex<Books>>,
    /// What other processes spend too.
    shared: Option<Arc<Shared>>,
}

#[derive(Clone, Copy, Debug)]
struct Settings {
    /// Part of each limit that may be used, above 0 and up to 1.
    share: f64,
    /// Windows that last longer than this are not waited for.
    longest: Duration,
}

/// A call on its way that counts against its bucket, until this is dropped.
#[derive(Debug)]
struct Slot {
    books: Arc<Mutex<Books>>,
    sent: Sent,
    settings: Settings,
}

/// Leave to send one request. Give it back through [`Permit::settle`], or by dropping it when
/// no answer came.
#[derive(Debug)]
pub(crate) struct Permit {
    slot: Slot,
    place: Place,
    _leased: Option<Leased>,
}

impl Governor {
    pub(crate) fn new(share: f64, longest: Duration) -> Self {
        Self {
            settings: Settings { share, longest },
            concurrency: Arc::default(),
            books: Arc::default(),
            shared: None,
        }
    }

    /// Shares the limits of `org` with whoever uses `budget`.
    pub(crate) fn sharing(mut self, budget: SharedBudget, org: OrgUrl) -> Self {
        let books = Arc::clone(&self.books);
        self.shared = Some(Arc::new(Shared::new(
            budget,
            org,
            books,
            self.settings.share,
        )));
        self
    }

    /// One with the same settings for another org, that knows of no limit yet.
    pub(crate) fn afresh(&self, org: &OrgUrl) -> Self {
        let Settings { share, longest } = self.settings;
        let afresh = Self::new(share, longest);
        match &self.shared {
            Some(shared) => afresh.sharing(shared.budget().clone(), org.clone()),
            None => afresh,
        }
    }

    /// Waits until the bucket of this call, which is for `path`, has budget. `Err` with the time
    /// left, at once, if that will be after the deadline.
    pub(crate) async fn admit(
        &self,
        method: &Method,
        call: &Call,
        path: &str,
        deadline: Option<Instant>,
    ) -> Result<Permit, Duration> {
        let lane = Lane::of(method, call, path);
        let slot = self.budget(&lane, call.bucket, deadline).await?;
        let leased = match &self.shared {
            Some(shared) => shared.permit(slot.sent, deadline).await?,
            None => None,
        };
        let place = self.concurrency.enter().await;
        Ok(Permit {
            slot,
            place,
            _leased: leased,
        })
    }

    /// Waits for the budget of a bucket.
    async fn budget(
        &self,
        lane: &Lane,
        bucket: Option<&'static str>,
        deadline: Option<Instant>,
    ) -> Result<Slot, Duration> {
        loop {
            let room = lock(&self.books).take(lane, bucket, self.settings.share);
            let (ends, again, changed) = match room {
                Room::Free(sent) => {
                    return Ok(Slot {
                        books: Arc::clone(&self.books),
                        sent,
                        settings: self.settings,
                    });
                }
                Room::None {
                    ends,
                    again,
                    changed,
                } => (ends, again, changed),
            };
            tracing::trace!("waiting for the rate limit");
            within(deadline, ends)?;
            change_or(changed, again).await;
        }
    }
}

impl Permit {
    /// Takes note of the rate limit headers of the answer.
    pub(crate) fn settle(self, headers: &HeaderMap) {
        if rate_limit::is_concurrency_limit(headers) {
            self.place.refused();
            return;
        }
        self.place.accepted();
        let Slot {
            books,
            sent,
            settings,
        } = &self.slot;
        // An end too far away is a mistake, or more than anyone waits for: the call then goes out,
        // and fails with Okta's words.
        let told = ToldWindow::from_headers(headers).filter(|told| told.left <= settings.longest);
        match told {
            Some(told) => lock(books).answered(*sent, told),
            None => lock(books).no_limit(*sent),
        }
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut books = lock(&self.books);
        books.arrived(self.sent);
        books.wake(self.sent, self.settings.share);
    }
}

#[cfg(test)]
mod tests;
