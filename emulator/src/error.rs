//! What goes wrong outside of requests.

use std::io;
#[cfg(feature = "data")]
use std::path::PathBuf;

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
    /// A fault rule has members or values that no rule has.
    #[error("the fault rule {rule:?} cannot be read: {reason}")]
    FaultSyntax {
        /// What was to be a rule.
        rule: String,
        /// What is wrong with it.
        reason: String,
    },
    /// This is no error of Okta's.
    #[error("the error code {code:?} cannot be used: {reason}")]
    ErrorCode {
        /// The code that was given.
        code: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The rate limits are not such that the org could keep to them.
    #[error("the rate limits cannot be used: {reason}")]
    RateLimits {
        /// What is wrong with them, and what to write.
        reason: String,
    },
    /// A certificate could not be made, or the given one cannot be used.
    #[error("the certificate cannot be used: {reason}")]
    Certificate {
        /// What is wrong with it.
        reason: String,
    },
    /// What was given is no origin of web pages.
    #[error("{origin:?} is no origin; write it as https://app.example.com, without a path")]
    Origin {
        /// What was given.
        origin: String,
    },
    /// What was kept in a directory cannot be read, or nothing can be kept there.
    #[cfg(feature = "data")]
    #[error("the org cannot be kept in {directory:?}: {reason}")]
    Data {
        /// The directory that was given.
        directory: PathBuf,
        /// What is wrong with it, and what to do.
        reason: String,
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
