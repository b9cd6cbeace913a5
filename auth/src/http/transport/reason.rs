//! Why no connection was made, read off the chain of errors that says so.

use std::error::Error as StdError;
use std::io::{self, ErrorKind};
use std::iter;

use crate::error::ConnectFailure;

/// Chains of errors are shorter.
const MOST_SOURCES: usize = 16;

/// The first reason in the chain that starts at `error`.
pub(super) fn of(error: &(dyn StdError + 'static)) -> Option<ConnectFailure> {
    iter::successors(Some(error), |&error| error.source())
        .take(MOST_SOURCES)
        .find_map(one)
}

fn one(error: &(dyn StdError + 'static)) -> Option<ConnectFailure> {
    tls(error).or_else(|| match error.downcast_ref::<io::Error>() {
        // What an I/O error wraps is not its source, but stands in its place.
        Some(io) => io
            .get_ref()
            .and_then(|inner| one(inner))
            .or_else(|| of_kind(io.kind())),
        None => of_text(&error.to_string()),
    })
}

fn of_kind(kind: ErrorKind) -> Option<ConnectFailure> {
    match kind {
        ErrorKind::ConnectionRefused => Some(ConnectFailure::Refused),
        ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable => {
            Some(ConnectFailure::Unreachable)
        }
        _ => None,
    }
}

/// The HTTP library says this in words only; its types are private.
fn of_text(text: &str) -> Option<ConnectFailure> {
    if text.starts_with("dns error") || text == "invalid dns name" {
        Some(ConnectFailure::Dns)
    } else if text.contains("proxy authorization required") {
        Some(ConnectFailure::ProxyAuthentication)
    } else if text == "tunnel error: unsuccessful" {
        Some(ConnectFailure::Proxy)
    } else if text == "error resolving for socks proxy" {
        Some(ConnectFailure::Dns)
    } else {
        text.strip_prefix("SOCKS error: ").and_then(of_socks)
    }
}

/// RFC 1928, sections 3 and 6, and RFC 1929.
fn of_socks(text: &str) -> Option<ConnectFailure> {
    match text {
        "server does not support user/pass authentication" | "credentials not accepted" => {
            Some(ConnectFailure::ProxyAuthentication)
        }
        "general server failure"
        | "connection not allowed"
        | "network unreachable"
        | "host unreachable"
        | "connection refused"
        | "ttl expired" => Some(ConnectFailure::Proxy),
        _ => None,
    }
}

#[cfg(feature = "rustls")]
fn tls(error: &(dyn StdError + 'static)) -> Option<ConnectFailure> {
    use rustls::{CertificateError, Error};
    Some(match error.downcast_ref::<Error>()? {
        Error::InvalidCertificate(CertificateError::UnknownIssuer) => {
            ConnectFailure::UnknownAuthority
        }
        Error::InvalidCertificate(_) => ConnectFailure::Certificate,
        _ => ConnectFailure::Tls,
    })
}

/// Other libraries have types of their own.
#[cfg(not(feature = "rustls"))]
fn tls(_: &(dyn StdError + 'static)) -> Option<ConnectFailure> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_found_however_deep_it_is() {
        let refused = io::Error::from(ErrorKind::ConnectionRefused);
        let wrapped = io::Error::other(io::Error::other(refused));
        assert_eq!(of(&wrapped), Some(ConnectFailure::Refused));
        let unreachable = io::Error::from(ErrorKind::HostUnreachable);
        assert_eq!(of(&unreachable), Some(ConnectFailure::Unreachable));
        assert_eq!(of(&io::Error::other("no idea")), None);
    }

    #[cfg(feature = "rustls")]
    #[test]
    fn certificates_are_judged_by_type() {
        use rustls::{CertificateError, Error};
        for (error, reason) in [
            (
                CertificateError::UnknownIssuer,
                ConnectFailure::UnknownAuthority,
            ),
            (CertificateError::Expired, ConnectFailure::Certificate),
            (
                CertificateError::NotValidForName,
                ConnectFailure::Certificate,
            ),
        ] {
            let error = io::Error::other(Error::InvalidCertificate(error));
            assert_eq!(of(&error), Some(reason));
        }
        let handshake = io::Error::other(Error::HandshakeNotComplete);
        assert_eq!(of(&handshake), Some(ConnectFailure::Tls));
    }
}
