//! A running emulator.

use std::fmt;
use std::sync::atomic::Ordering;
use std::sync::{Arc, OnceLock};

use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::clock::Clock;
use crate::control::AuthorizationServers;
use crate::delivery::Delivering;
use crate::faults::Faults;
use crate::oauth::memory::keys::{self, KeyName};
use crate::org::authorization_servers::DEFAULT;
use crate::org::credentials::PASSWORD;
use crate::org::messages::SentMessage;
use crate::org::samples::{SampleClient, Samples};
use crate::requests::RecordedRequest;
use crate::seed::Seed;
use crate::shared::Shared;

/// An Okta org that answers on a loopback port until it is dropped.
pub struct Emulator {
    shared: Arc<Shared>,
    seed: Seed,
    samples: OnceLock<Samples>,
    service: OnceLock<SampleClient>,
    stop: Option<oneshot::Sender<()>>,
    serving: Option<JoinHandle<()>>,
    /// Ends with the emulator.
    _delivering: Delivering,
}

impl fmt::Debug for Emulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Emulator")
            .field("org_url", &self.shared.org_url)
            .finish_non_exhaustive()
    }
}

/// What an emulator has done and holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stats {
    /// Requests that arrived, refused ones included.
    pub requests: u64,
    /// Requests that were answered with 429.
    pub rate_limited: u64,
    /// Requests that were hit by an injected fault.
    pub faults: u64,
    /// Requests for what the emulator does not have, answered with 501.
    pub not_emulated: u64,
    /// Users in the org, in whatever status.
    pub users: usize,
    /// Groups in the org, Everyone included.
    pub groups: usize,
    /// Applications in the org.
    pub apps: usize,
    /// Entries of the System Log.
    pub events: usize,
}

impl Emulator {
    /// An emulator whose server runs.
    pub(crate) fn serving(
        shared: Arc<Shared>,
        seed: Seed,
        stop: oneshot::Sender<()>,
        serving: JoinHandle<()>,
        delivering: Delivering,
    ) -> Self {
        Self {
            shared,
            seed,
            samples: OnceLock::new(),
            service: OnceLock::new(),
            stop: Some(stop),
            serving: Some(serving),
            _delivering: delivering,
        }
    }

    /// The org's URL, such as `http://127.0.0.1:41234`, without a slash at the end.
    pub fn org_url(&self) -> &str {
        &self.shared.org_url
    }

    /// The API token, of the org's super administrator. Send it as `Authorization: SSWS …`.
    pub fn token(&self) -> &str {
        &self.shared.token
    }

    /// The issuer of the custom authorization server `default`: `{org_url}/oauth2/default`. The
    /// issuer of the org's own server is the org's URL.
    pub fn issuer(&self) -> String {
        format!("{}/oauth2/{DEFAULT}", self.org_url())
    }

    /// The password of the administrator and of every active user of the seed. It is no secret:
    /// the login page shows it.
    pub fn password(&self) -> &'static str {
        PASSWORD
    }

    /// The org's authorization servers: keys, nonces, and answers in the place of users.
    pub fn oauth(&self) -> AuthorizationServers<'_> {
        AuthorizationServers::new(&self.shared)
    }

    /// A web application for everyone: `client_secret_basic`, authorization code and refresh token,
    /// redirect URI `http://localhost:8000/callback`. Loopback hosts may use any port.
    ///
    /// The org has the sample applications from the first call of one of these methods on.
    pub fn web_app(&self) -> &SampleClient {
        &self.samples().web
    }

    /// A native application for everyone, without secret: authorization code with PKCE, device code
    /// and rotating refresh tokens; the same redirect URIs as [`web_app`](Self::web_app).
    pub fn native_app(&self) -> &SampleClient {
        &self.samples().native
    }

    /// A service application: `private_key_jwt` and client credentials, with grants for the scopes
    /// of users, groups, apps, roles and logs. Its RSA key is made at the first call in a process.
    pub fn service_app(&self) -> &SampleClient {
        self.service.get_or_init(|| {
            let samples = self.samples();
            let missing = self.shared.org().oauth.keys.missing(vec![KeyName::Sample]);
            for name in missing {
                // Made here, the org is not locked meanwhile. Whether that failed shows below.
                drop(keys::key(name));
            }
            let keyed = Samples::keyed_service(&mut self.shared.org());
            keyed.unwrap_or_else(|problem| {
                tracing::error!(?problem, "the sample service app has no key");
                samples.service.clone()
            })
        })
    }

    /// An application for everyone that is trusted with more: `client_secret_basic`, password,
    /// token exchange, CIBA and refresh token.
    pub fn trusted_app(&self) -> &SampleClient {
        &self.samples().trusted
    }

    fn samples(&self) -> &Samples {
        self.samples.get_or_init(|| {
            let mut org = self.shared.org();
            org.now = self.shared.clock.stamp();
            Samples::planted(&mut org).unwrap_or_else(|problem| {
                tracing::error!(?problem, "the sample applications could not be created");
                Samples::default()
            })
        })
    }

    /// What the org held at the start.
    pub fn seed(&self) -> &Seed {
        &self.seed
    }

    /// The org's clock, to be moved forward past a rate-limit window.
    pub fn clock(&self) -> &Clock {
        &self.shared.clock
    }

    /// The org's faults, to be changed at any time.
    pub fn faults(&self) -> &Faults {
        &self.shared.faults
    }

    /// The latest ten thousand requests, oldest first, refused ones included.
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.shared.requests.all()
    }

    /// The code that a factor takes now: that of the user's authenticator app, or what the last text
    /// message, call or e-mail said. None if the factor has no code, or there is no such factor.
    pub fn passcode(&self, factor_id: &str) -> Option<String> {
        let org = self.shared.org();
        org.passcode(org.factors.position(factor_id)?, self.shared.clock.stamp())
    }

    /// The user accepts or rejects the pushes of a factor that wait for an answer. Says how many there
    /// were.
    pub fn answer_pushes(&self, factor_id: &str, accept: bool) -> usize {
        let mut org = self.shared.org();
        let now = self.shared.clock.stamp();
        let factor = org.factors.position(factor_id);
        factor.map_or(0, |factor| org.challenges.answer(factor, accept, now))
    }

    /// What the org has sent to people, oldest first: links to activate an account or to reset a
    /// password, and codes of factors. The latest ten thousand are kept. Nothing leaves the process.
    pub fn messages(&self) -> Vec<SentMessage> {
        let org = self.shared.org();
        let messages = org.outbox.all().cloned();
        messages.map(|message| message.at(self.org_url())).collect()
    }

    /// Forgets the messages so far.
    pub fn clear_messages(&self) {
        self.shared.org().outbox.clear();
    }

    /// Waits until event hooks and the receiver of security event tokens were told of all that has
    /// happened so far, or could not be told.
    pub async fn hooks_delivered(&self) {
        let deliveries = self.shared.org().deliveries.clone();
        deliveries.all_done().await;
    }

    /// Forgets the requests so far.
    pub fn clear_requests(&self) {
        self.shared.requests.clear();
    }

    /// What the org has done and holds.
    pub fn stats(&self) -> Stats {
        let (counts, org) = (&self.shared.counts, self.shared.org());
        Stats {
            requests: counts.requests.load(Ordering::Relaxed),
            rate_limited: counts.rate_limited.load(Ordering::Relaxed),
            faults: counts.faults.load(Ordering::Relaxed),
            not_emulated: counts.not_emulated.load(Ordering::Relaxed),
            users: org.users.len(),
            groups: org.groups.len(),
            apps: org.apps.len(),
            events: org.log.len(),
        }
    }

    /// Stops taking requests and waits for those under way. Dropping an emulator stops it, too, without
    /// the wait. A directory that the org is kept in can be opened again after either.
    pub async fn shutdown(mut self) {
        drop(self.stop.take());
        if let Some(serving) = self.serving.take()
            && let Err(error) = serving.await
        {
            tracing::error!(%error, "the emulator did not stop in order");
        }
    }

    /// What the requests of this emulator share.
    #[cfg(test)]
    pub(crate) fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }
}

/// The directory is closed at once. What requests under way still change is answered with 500.
#[cfg(feature = "data")]
impl Drop for Emulator {
    fn drop(&mut self) {
        if let Some(data) = &self.shared.data {
            data.close();
        }
    }
}
