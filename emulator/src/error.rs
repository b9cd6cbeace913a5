//! What goes wrong outside of requests.

use std::io;

/// Why an emulator did not start, or could not do what a test told it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The port is taken, or may not be used.
    #[error("cannot listen on 127.0.0.1:{port}; choose another port, or 0 for a free one")]
    Listen {
        /// The port that was asked for.
        port: u16,
        /// What the system said.
        source: io::Error,
    },
    /// The seed is not YAML, or has members that a seed does not have.
    #[error("the seed cannot be read: {0}")]
    SeedSyntax(#[from] serde_norway::Error),
    /// Nobody in the org has this login.
    #[error("no user of the org has the login {login:?}; create the user or choose another")]
    UnknownUser {
        /// The login that was asked for.
        login: String,
    },
    /// There is nothing to approve or deny: it never was, was answered, or has expired.
    #[error("no {what} waits for an answer; start the flow first, and answer once, in time")]
    NothingPending {
        /// What should have been waiting.
        what: &'static str,
    },
    /// The seed asks for what the org's rules forbid.
    #[error("the seed's {what} cannot be created: {reason}")]
    Seed {
        /// Which entry, such as `user isaac@example.com`.
        what: String,
        /// The rule that it breaks.
        reason: String,
    },
}
