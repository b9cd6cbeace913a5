//! The verifier, through its public face: each check has tokens that differ from a good one in
//! one point and fail at that check, and no other.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "verifier/access_tokens.rs"]
mod access_tokens;
#[path = "verifier/bound.rs"]
mod bound;
#[path = "verifier/dpop.rs"]
mod dpop;
#[path = "verifier/forms.rs"]
mod forms;
#[path = "verifier/id_tokens.rs"]
mod id_tokens;
#[path = "verifier/keys.rs"]
mod keys;
#[path = "verifier/logout_tokens.rs"]
mod logout_tokens;
#[path = "verifier/made.rs"]
mod made;
#[path = "verifier/proofs.rs"]
mod proofs;
#[path = "verifier/remembered.rs"]
mod remembered;
#[path = "verifier/rfc.rs"]
mod rfc;
#[path = "verifier/security_events.rs"]
mod security_events;
#[path = "verifier/server.rs"]
mod server;
#[path = "verifier/settings.rs"]
mod settings;
#[path = "verifier/step_up.rs"]
mod step_up;
#[path = "verifier/strict.rs"]
mod strict;
