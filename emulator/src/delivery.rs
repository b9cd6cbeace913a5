//! Calls to the services behind hooks. The org is never held meanwhile.

mod destinations;
pub(crate) mod event_hooks;
mod failure;
pub(crate) mod inline_hooks;
mod service;

use std::sync::OnceLock;
use std::time::Duration;

use reqwest::Client;
use reqwest::redirect::Policy;

pub(crate) use destinations::Destinations;
pub(crate) use failure::Failure;
pub(crate) use service::Service;

/// How the org calls services.
#[derive(Debug)]
pub(crate) struct Outgoing {
    destinations: Destinations,
    /// How long a service may take.
    timeout: Duration,
    /// None if it could not be made.
    client: OnceLock<Option<Client>>,
}

impl Outgoing {
    /// How long a service may take at Okta.
    pub(crate) const TIMEOUT: Duration = Duration::from_secs(3);

    pub(crate) fn new(destinations: Destinations, timeout: Duration) -> Self {
        Self {
            destinations,
            timeout,
            client: OnceLock::new(),
        }
    }

    /// The client, which follows no redirect: it could lead to a host that nobody has allowed.
    fn client(&self) -> Result<&Client, Failure> {
        let client = self.client.get_or_init(|| {
            let client = Client::builder()
                .no_proxy()
                .redirect(Policy::none())
                .timeout(self.timeout)
                .build();
            client
                .inspect_err(|error| tracing::error!(%error, "no service can be called"))
                .ok()
        });
        client.as_ref().ok_or(Failure::Unreachable)
    }
}
