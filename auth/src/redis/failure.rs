//! What goes wrong with Redis, without the password of its URL.

use redis::{ErrorKind, RedisError, ServerErrorKind};

use crate::Error;
use crate::error::one_line;

/// A URL that is refused. What the library says of it may have parts of the password in it.
pub(super) fn of_url(url: &str) -> Error {
    let is_tls = ["rediss:", "valkeys:"]
        .iter()
        .any(|scheme| url.starts_with(scheme));
    Error::configuration(match is_tls {
        true => {
            "the URL of Redis asks for TLS and cannot be used; add the crate `redis` 1 with the \
             feature `tokio-rustls-comp` to your Cargo.toml, and write a URL such as \
             rediss://user:password@host:6379/0"
        }
        false => {
            "the URL of Redis cannot be used; write one such as \
             redis://user:password@host:6379/0, or unix:///run/redis.sock"
        }
    })
}

pub(super) fn of_command(error: &RedisError) -> Error {
    let reason = one_line(&error.to_string());
    match error.is_timeout() {
        true => Error::timeout(format!("Redis did not answer in time: {reason}")),
        false => Error::other(format!("Redis failed: {reason}"), error.category()),
    }
}

/// Whether the connection is of no use after this error: it has ended or was never made, its server
/// does not answer, has refused it at the beginning, or takes no writes since another one leads.
pub(super) fn ends_connection(error: &RedisError) -> bool {
    let is_refused = matches!(error.code(), Some("NOAUTH" | "WRONGPASS"));
    let is_of_connection = matches!(
        error.kind(),
        ErrorKind::AuthenticationFailed
            | ErrorKind::InvalidClientConfig
            | ErrorKind::RESP3NotSupported
            | ErrorKind::Server(ServerErrorKind::ReadOnly | ServerErrorKind::ResponseError)
    );
    error.is_io_error() || is_refused || is_of_connection
}
