//! Starting and stopping an emulator.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use axum::Router;
use axum::extract::connect_info::IntoMakeServiceWithConnectInfo;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::clock::Clock;
use crate::control;
use crate::entrance::Entrance;
use crate::error::Error;
use crate::faults::Faults;
use crate::oauth::{AuthorizationServers, PASSWORD, SampleClient, Samples, Server};
use crate::org::Org;
use crate::org::ids::{Ids, scramble, text62};
use crate::rate_limits::{Limiter, RateLimits};
use crate::requests::{RecordedRequest, Requests};
use crate::seed::Seed;
use crate::settings::Settings;
use crate::socket::{Listener, Plug};

/// An Okta org that answers on a loopback port until it is dropped.
pub struct Emulator {
    shared: Arc<Shared>,
    seed: Seed,
    samples: OnceLock<Samples>,
    service: OnceLock<SampleClient>,
    stop: Option<oneshot::Sender<()>>,
    serving: Option<JoinHandle<()>>,
}

/// What all requests share.
pub(crate) struct Shared {
    pub(crate) org_url: String,
    pub(crate) entrance: Entrance,
    pub(crate) token: String,
    /// The position of the user to whom the token belongs.
    pub(crate) administrator: u64,
    pub(crate) clock: Clock,
    pub(crate) faults: Faults,
    pub(crate) requests: Requests,
    pub(crate) counts: Counts,
    limiter: Mutex<Limiter>,
    org: Mutex<Org>,
}

/// Tokens and client secrets are not for logs.
impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Org")
            .field("org_url", &self.org_url)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Emulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Emulator")
            .field("org_url", &self.shared.org_url)
            .finish_non_exhaustive()
    }
}

#[derive(Debug, Default)]
pub(crate) struct Counts {
    pub(crate) requests: AtomicU64,
    pub(crate) rate_limited: AtomicU64,
    pub(crate) faults: AtomicU64,
    pub(crate) not_emulated: AtomicU64,
    ids: AtomicU64,
}

impl Shared {
    pub(crate) fn org(&self) -> MutexGuard<'_, Org> {
        self.org.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn limiter(&self) -> MutexGuard<'_, Limiter> {
        self.limiter.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// An id for `X-Okta-Request-Id`: 32 hexadecimal digits.
    pub(crate) fn request_id(&self) -> String {
        let serial = self.counts.ids.fetch_add(1, Ordering::Relaxed);
        format!("{:016x}{:016x}", scramble(serial), scramble(!serial))
    }

    /// An id for `errorId`.
    pub(crate) fn error_id(&self) -> String {
        let serial = self.counts.ids.fetch_add(1, Ordering::Relaxed);
        format!(
            "oae{}{}",
            text62(scramble(serial)),
            text62(scramble(!serial))
        )
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

/// How an emulator starts.
#[derive(Clone, Debug, Default)]
pub struct Builder {
    seed: Seed,
    port: u16,
    rate_limits: Option<RateLimits>,
    clock: Clock,
    faults: Faults,
    lax_profiles: bool,
    pub(crate) settings: Settings,
}

impl Builder {
    /// What the org holds from the start. Default: [`Seed::default`].
    #[must_use]
    pub fn seed(mut self, seed: Seed) -> Self {
        self.seed = seed;
        self
    }

    /// The loopback port; 0, the default, takes a free one.
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Rate limits in place of the seed's.
    #[must_use]
    pub fn rate_limits(mut self, limits: RateLimits) -> Self {
        self.rate_limits = Some(limits);
        self
    }

    /// The org's clock. Default: the clock of the machine.
    #[must_use]
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Faults from the first request on.
    #[must_use]
    pub fn faults(mut self, faults: Faults) -> Self {
        self.faults = faults;
        self
    }

    /// Lets profiles of users and groups have attributes that no schema declares, which Okta refuses.
    /// What the users of the seed have is declared.
    #[must_use]
    pub fn lax_profiles(mut self) -> Self {
        self.lax_profiles = true;
        self
    }

    /// Starts the emulator on the current Tokio runtime.
    ///
    /// # Errors
    ///
    /// [`Error::Listen`] if the port is taken, [`Error::Seed`] if the seed breaks a rule of the
    /// org, [`Error::RateLimits`] and [`Error::Origin`] if the org cannot keep to a setting.
    pub async fn start(self) -> Result<Emulator, Error> {
        let limits = self.rate_limits.as_ref().unwrap_or(&self.seed.rate_limits);
        limits.check()?;
        let mut org = Org::new(self.clock.stamp());
        org.lax_profiles = self.lax_profiles;
        let administrator = self.seed.plant(&mut org)?;
        let listening = |source| Error::Listen {
            port: self.port,
            source,
        };
        let listener = TcpListener::bind(("127.0.0.1", self.port))
            .await
            .map_err(listening)?;
        let address = listener.local_addr().map_err(listening)?;
        let entrance = self.settings.entrance(address)?;
        let shared = Arc::new(Shared {
            org_url: format!("{}://{address}", entrance.scheme),
            entrance,
            token: self.seed.token.clone().unwrap_or_else(|| {
                // As long as Okta's, and the same in every run.
                format!("00{}", Ids::default().secret(40))
            }),
            administrator,
            clock: self.clock,
            faults: self.faults,
            requests: Requests::default(),
            counts: Counts::default(),
            limiter: Mutex::new(Limiter::new(limits.clone())),
            org: Mutex::new(org),
        });
        self.settings.apply(AuthorizationServers::new(&shared));
        let service: IntoMakeServiceWithConnectInfo<Router, Plug> =
            control::router(&shared).into_make_service_with_connect_info();
        let listener = Listener {
            tcp: listener,
            acceptor: self.settings.acceptor(),
        };
        let (stop, stopped) = oneshot::channel::<()>();
        let serving = tokio::spawn(async move {
            let server = axum::serve(listener, service)
                // A dropped sender stops the server as a sent message does.
                .with_graceful_shutdown(async move { drop(stopped.await) });
            if let Err(error) = server.await {
                tracing::error!(%error, "the emulator stopped");
            }
        });
        tracing::debug!(org_url = shared.org_url, "emulator started");
        Ok(Emulator {
            shared,
            seed: self.seed,
            samples: OnceLock::new(),
            service: OnceLock::new(),
            stop: Some(stop),
            serving: Some(serving),
        })
    }
}

impl Emulator {
    /// Starts an org with the default seed on a free loopback port.
    ///
    /// # Errors
    ///
    /// [`Error::Listen`] if no port can be opened.
    pub async fn start() -> Result<Self, Error> {
        Self::builder().start().await
    }

    /// Configures an org before it starts.
    pub fn builder() -> Builder {
        Builder::default()
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
        Server::Default.issuer(self.org_url())
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
            let keyed = samples.keyed_service(&mut self.shared.org());
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
        let factor = org.factors.get(org.factors.position(factor_id)?)?;
        factor.code(self.shared.clock.stamp())
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

    /// Stops taking requests and waits for those under way. Dropping an emulator stops it, too,
    /// without the wait.
    pub async fn shutdown(mut self) {
        drop(self.stop.take());
        if let Some(serving) = self.serving.take()
            && let Err(error) = serving.await
        {
            tracing::error!(%error, "the emulator did not stop in order");
        }
    }
}
