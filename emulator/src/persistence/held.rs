//! The org in the hands of whoever changes it.

use std::ops::{Deref, DerefMut};
use std::sync::MutexGuard;

use super::Data;
use crate::org::Org;

/// The org, locked. When it is given back, what changed is written. A request waits for that before
/// it is answered; everyone else waits here.
pub(crate) struct HeldOrg<'s> {
    // Dropped in this order: whoever waits does not hold the org.
    org: MutexGuard<'s, Org>,
    pending: Pending<'s>,
}

/// What the holder has changed.
struct Pending<'s> {
    data: Option<&'s Data>,
    batch: Option<u64>,
}

impl<'s> HeldOrg<'s> {
    pub(crate) fn new(org: MutexGuard<'s, Org>, data: Option<&'s Data>) -> Self {
        let pending = Pending { data, batch: None };
        Self { org, pending }
    }
}

impl Deref for HeldOrg<'_> {
    type Target = Org;

    fn deref(&self) -> &Org {
        &self.org
    }
}

impl DerefMut for HeldOrg<'_> {
    fn deref_mut(&mut self) -> &mut Org {
        &mut self.org
    }
}

impl Drop for HeldOrg<'_> {
    fn drop(&mut self) {
        if let Some(data) = self.pending.data {
            self.pending.batch = data.collect(&mut self.org);
        }
    }
}

impl Drop for Pending<'_> {
    fn drop(&mut self) {
        if let (Some(data), Some(batch)) = (self.data, self.batch) {
            data.settle(batch);
        }
    }
}
