//! Getting something from a server once for all who wait for it.

mod single_flight;

pub(crate) use self::single_flight::SingleFlight;
