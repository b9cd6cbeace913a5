//! Why there was no connection.

use std::fmt;

use super::{Error, Kind};

/// Why no connection could be made. `Display` is a clause such as `the connection was refused`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConnectFailure {
    /// The server's certificate is signed by an authority that this machine does not know, such as
    /// that of a company's proxy that looks into connections. Not retried.
    UnknownAuthority,
    /// The server's certificate is not valid: expired, or for another name. Not retried.
    Certificate,
    /// TLS failed for another reason.
    Tls,
    /// The proxy asks for a user name and password, or refuses those that it got (407, or what SOCKS 5
    /// has for it). Not retried.
    ProxyAuthentication,
    /// The proxy would not connect to the server.
    Proxy,
    /// The name of the server, or of the proxy, has no address.
    Dns,
    /// Nobody listens at the address.
    Refused,
    /// There is no way to the address.
    Unreachable,
}

impl ConnectFailure {
    /// Whether it stays as it is until somebody changes a setting.
    pub(crate) fn is_final(self) -> bool {
        matches!(
            self,
            Self::UnknownAuthority | Self::Certificate | Self::ProxyAuthentication
        )
    }
}

impl fmt::Display for ConnectFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::UnknownAuthority => {
                "the server's certificate is signed by an authority that this machine does not know"
            }
            Self::Certificate => "the server's certificate is not valid",
            Self::Tls => "TLS failed",
            Self::ProxyAuthentication => "the proxy requires a user name and password",
            Self::Proxy => "the proxy would not connect to the server",
            Self::Dns => "the name of the host was not found",
            Self::Refused => "the connection was refused",
            Self::Unreachable => "the host cannot be reached",
        })
    }
}

impl Error {
    /// Why no connection was made, if that is what failed and can be told.
    #[must_use]
    pub fn connect_failure(&self) -> Option<ConnectFailure> {
        match self.response().kind {
            Kind::Transport { connect } => connect,
            _ => None,
        }
    }
}
