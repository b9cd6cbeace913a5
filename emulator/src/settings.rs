//! How an emulator can be reached, and how strict it is.

use std::net::SocketAddr;

use crate::entrance::{Entrance, TrustedOrigins};
use crate::error::Error;
use crate::oauth::AuthorizationServers;
use crate::server::Builder;
use crate::tls::Acceptor;
#[cfg(feature = "tls")]
use crate::tls::Tls;

/// The part of a [`Builder`] that is about callers.
#[derive(Clone, Debug, Default)]
pub(crate) struct Settings {
    #[cfg(feature = "tls")]
    tls: Option<Tls>,
    is_behind_proxy: bool,
    trusted_origins: Vec<String>,
    registered_authentication: bool,
    pushed_with_200: bool,
}

impl Settings {
    /// How the org at this address is reached.
    pub(crate) fn entrance(&self, address: SocketAddr) -> Result<Entrance, Error> {
        Ok(Entrance {
            scheme: self.scheme(),
            host: address.to_string(),
            is_behind_proxy: self.is_behind_proxy,
            origins: TrustedOrigins::read(&self.trusted_origins)?,
        })
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

impl Builder {
    /// Speaks `https` with this certificate, and nothing else. Links, issuers and audiences begin with
    /// `https`, too.
    #[cfg(feature = "tls")]
    #[must_use]
    pub fn tls(mut self, tls: Tls) -> Self {
        self.settings.tls = Some(tls);
        self
    }

    /// Follows `X-Forwarded-Proto` and `X-Forwarded-Host` of a proxy in front: links, issuers and
    /// audiences are those of the URL that the proxy's callers know. Without this, the headers do not
    /// count.
    #[must_use]
    pub fn behind_proxy(mut self) -> Self {
        self.settings.is_behind_proxy = true;
        self
    }

    /// Lets web pages of this origin, such as `https://app.example.com`, call the API and read its
    /// answers, as a trusted origin of Okta's does (CORS). May be called more than once.
    #[must_use]
    pub fn trusted_origin(mut self, origin: &str) -> Self {
        self.settings.trusted_origins.push(origin.to_owned());
        self
    }

    /// Refuses clients that prove themselves by another method than they are registered for:
    /// [`AuthorizationServers::require_registered_authentication`].
    ///
    /// [`AuthorizationServers::require_registered_authentication`]:
    ///     crate::AuthorizationServers::require_registered_authentication
    #[must_use]
    pub fn registered_authentication(mut self) -> Self {
        self.settings.registered_authentication = true;
        self
    }

    /// Answers pushed requests with 200 in place of 201:
    /// [`AuthorizationServers::answer_pushed_requests_with_200`].
    ///
    /// [`AuthorizationServers::answer_pushed_requests_with_200`]:
    ///     crate::AuthorizationServers::answer_pushed_requests_with_200
    #[must_use]
    pub fn pushed_requests_with_200(mut self) -> Self {
        self.settings.pushed_with_200 = true;
        self
    }
}
