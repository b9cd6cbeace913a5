//! Getting something from a server once for all who wait for it, and not at all for a while after
//! that has failed.

mod failure_memory;
mod shared_fetch;
mod single_flight;

pub(crate) use self::shared_fetch::SharedFetch;
