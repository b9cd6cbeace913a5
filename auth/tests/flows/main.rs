//! Every flow, against a server that listens on a socket and says what each test wants it to.
//! What takes time (waits before retries, polling) is tested beside the code, with paused time.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod about_tokens;
mod client_authentication;
mod code_exchange;
mod custom_domain;
mod dpop;
mod elsewhere;
mod exchange;
mod faults;
mod introspection_cache;
mod login;
mod login_age;
mod new_grants;
mod refresh;
mod secrets;
mod server;
mod stored_id_token;
mod threads;
mod token_grants;
