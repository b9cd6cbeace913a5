//! What the maintenance commands that drive the SDK share with its tests.
//!
//! They are apart from `xtask`, so that `cargo xtask codegen` builds while the SDK does not.

pub mod arrange;
pub mod caller;
pub mod conform;
pub mod corpus;
pub mod drift;
pub mod fidelity;
pub mod models;
pub mod mutations;
pub mod operations;
pub mod output;
pub mod replacing;
pub mod round_trip;
pub mod scripted;

// Generated code has a formatter of its own.
#[rustfmt::skip]
#[allow(
    deprecated, // every operation is called, those that Okta deprecates too
    unused_imports, // all files of a kind begin alike
    clippy::all,
)]
mod generated {
    pub(crate) mod calls;
    pub(crate) mod replacing;
    pub(crate) mod round_trip;
}
