//! How an emulator can be reached, and how strict it is.

use std::net::SocketAddr;
use std::time::Duration;

use crate::control::AuthorizationServers;
use crate::delivery::{Destinations, Outgoing};
use crate::entrance::{Entrance, TrustedOrigins};
use crate::error::Error;
use crate::tls::Acceptor;
#[cfg(feature = "tls")]
use crate::tls::Tls;

/// The part of a `Builder` that is about callers.
#[derive(Clone, Debug, Default)]
pub(crate) struct Settings {
    #[cfg(feature = "tls")]
    pub(crate) tls: Option<Tls>,
    pub(crate) is_behind_proxy: bool,
    pub(crate) has_open_pages: bool,
    pub(crate) trusted_origins: Vec<String>,
    pub(crate) registered_authentication: bool,
    pub(crate) pushed_with_200: bool,
    pub(crate) callable_hosts: Vec<String>,
    pub(crate) hook_timeout: Option<Duration>,
}

impl Settings {
    /// How the org at this address is reached.
    pub(crate) fn entrance(&self, address: SocketAddr) -> Result<Entrance, Error> {
        Ok(Entrance {
            scheme: self.scheme(),
            host: address.to_string(),
            is_behind_proxy: self.is_behind_proxy,
            has_open_pages: self.has_open_pages,
            origins: TrustedOrigins::read(&self.trusted_origins)?,
        })
    }

    /// How services behind hooks are called.
    pub(crate) fn outgoing(&self) -> Outgoing {
        let timeout = self.hook_timeout.unwrap_or(Outgoing::TIMEOUT);
        Outgoing::new(Destinations::with(&self.callable_hosts), timeout)
    }

    pub(crate) fn apply(&self, servers: AuthorizationServers<'_>) {
        servers.require_registered_authentication(self.registered_authentication);
        servers.answer_pushed_requests_with_200(self.pushed_with_200);
    }

    #[cfg(feature = "tls")]
    fn scheme(&self) -> &'static str {
        if self.tls.is_some() { "https" } else { "http" }
    }

    #[cfg(not(feature = "tls"))]
    fn scheme(&self) -> &'static str {
        "http"
    }

    #[cfg(feature = "tls")]
    pub(crate) fn acceptor(&self) -> Acceptor {
        self.tls.as_ref().map(Tls::acceptor).unwrap_or_default()
    }

    #[cfg(not(feature = "tls"))]
    pub(crate) fn acceptor(&self) -> Acceptor {
        Acceptor::default()
    }
}
