//! Values that note what changed in them since it was last written. What large collections note is
//! which of their entries; while nothing is kept, they note nothing.

pub(crate) mod expiring;
mod map;
#[cfg(feature = "data")]
pub(crate) mod part;
pub(crate) mod word;

use std::fmt;
use std::ops::{Deref, DerefMut};

pub(crate) use map::{TrackedMap, TrackedSet};

/// A value that is written as a whole.
#[derive(Default)]
pub(crate) struct Tracked<T> {
    value: T,
    /// Whether it may have changed: it was lent to be changed.
    changed: bool,
}

impl<T> From<T> for Tracked<T> {
    fn from(value: T) -> Self {
        Self {
            value,
            changed: false,
        }
    }
}

impl<T> Deref for Tracked<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> DerefMut for Tracked<T> {
    fn deref_mut(&mut self) -> &mut T {
        self.changed = true;
        &mut self.value
    }
}

impl<T: fmt::Debug> fmt::Debug for Tracked<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.value.fmt(f)
    }
}
