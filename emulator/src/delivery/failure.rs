//! Why a service was not called, or did not answer as it should.

use std::fmt;

/// Why a service was not called, or did not answer as it should.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// What the hook names is no URL of a service.
    NoUrl,
    /// No setting allows to call this host.
    NotAllowed(String),
    /// There is no key to sign with.
    Unsigned,
    Unreachable,
    TimedOut,
    /// A status that does not say that all went well.
    Status(u16),
    TooLong,
    NotJson,
    /// The verification challenge was not repeated.
    Unverified,
}

impl Failure {
    /// Whether a second try may do better.
    pub(super) fn is_passing(&self) -> bool {
        match self {
            Self::Unreachable | Self::TimedOut => true,
            Self::Status(status) => *status >= 500,
            _ => false,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoUrl => f.write_str("the URI of the hook is no http or https URL"),
            Self::NotAllowed(host) => write!(
                f,
                "the emulator does not call {host}: it calls loopback addresses, and hosts that it \
                 was started for with Builder::allow_calls_to or --allow-calls-to"
            ),
            Self::Unsigned => f.write_str("the org has no key to sign with"),
            Self::Unreachable => f.write_str("the service could not be reached"),
            Self::TimedOut => f.write_str("the service did not answer in time"),
            Self::Status(status) => write!(f, "the service answered with status {status}"),
            Self::TooLong => f.write_str("the answer of the service is too long"),
            Self::NotJson => f.write_str("the answer of the service is no JSON"),
            Self::Unverified => {
                f.write_str("The endpoint did not answer the verification challenge")
            }
        }
    }
}
