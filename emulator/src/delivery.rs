//! Calls to the services behind hooks. The org is never held meanwhile.

mod delivering;
mod destinations;
mod event_hooks;
mod failure;
pub(crate) mod inline_hooks;
mod service;
pub(crate) mod signals;

use std::sync::OnceLock;
use std::time::Duration;

use reqwest::Client;
use reqwest::redirect::Policy;

pub(crate) use delivering::Delivering;
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

/// An id that no other call has, of this start of the emulator or another: services recognise by it
/// what they have received.
fn random_uuid() -> String {
    let bits = u128::from_be_bytes(random_bytes());
    format!(
        "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
        bits >> 96,
        (bits >> 80) & 0xffff,
        (bits >> 64) & 0xfff,
        ((bits >> 48) & 0x3fff) | 0x8000,
        bits & 0xffff_ffff_ffff,
    )
}

/// What makes the id of a call one that no other has.
fn random_bytes() -> [u8; 16] {
    let mut bytes = [0; 16];
    if getrandom::fill(&mut bytes).is_err() {
        tracing::error!("the system gives no random bytes");
    }
    bytes
}
