//! Whose turn it is at an org.

use std::fmt;
use std::sync::Arc;

use okta_sdk::transport::{Answer, SendError, SharedTransport, Transport};
use okta_sdk::{Call, Client, ClientBuilder};

use crate::error::Error;
use crate::journal::Term;

/// The right to work on an org, for a while. Cheap to clone.
#[derive(Clone)]
pub struct Lease {
    term: Arc<Term>,
    epoch: i64,
}

impl fmt::Debug for Lease {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lease")
            .field("epoch", &self.epoch)
            .field("left", &self.term.left())
            .finish()
    }
}

impl Lease {
    pub(super) const fn new(term: Arc<Term>, epoch: i64) -> Self {
        Self { term, epoch }
    }

    /// The number of the lease: later ones of an org are greater.
    #[must_use]
    pub const fn epoch(&self) -> i64 {
        self.epoch
    }

    /// Whether it is good, by this machine's clock.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.term.left().is_some()
    }

    /// A client that sends nothing once the lease is over: each request is looked at when it is sent,
    /// each of its repetitions, too.
    ///
    /// # Errors
    /// What is wrong with the client's settings.
    pub fn fence(&self, client: ClientBuilder) -> Result<Client, Error> {
        let beneath = client.clone().build()?.pipeline().transport().clone();
        let fenced = Fenced {
            beneath,
            lease: self.clone(),
        };
        Ok(client.transport(fenced).build()?)
    }
}

/// Sends while the lease is good.
#[derive(Debug)]
struct Fenced {
    beneath: SharedTransport,
    lease: Lease,
}

impl Transport for Fenced {
    async fn send(&self, request: reqwest::Request, call: &Call) -> Result<Answer, SendError> {
        if !self.lease.is_good() {
            return Err(okta_sdk::Error::credentials("the lease of the org has run out").into());
        }
        self.beneath.send(request, call).await
    }
}
