//! Why an emulator did not start.

use std::io;

/// Why an emulator did not start.
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
    /// The seed asks for what the org's rules forbid.
    #[error("the seed's {what} cannot be created: {reason}")]
    Seed {
        /// Which entry, such as `user isaac@example.com`.
        what: String,
        /// The rule that it breaks.
        reason: String,
    },
}
