//! The shop that users log in to, as browsers see it.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "../support/mod.rs"]
mod support;

mod demo;
mod login;
mod looks;
mod orders;
mod sessions;
mod shop;
mod step_up;
