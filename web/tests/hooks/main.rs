//! What Okta sends, and what others send in its name.
#![allow(clippy::unwrap_used, clippy::panic)]

mod events;
mod inline;
mod signals;
mod stream;
