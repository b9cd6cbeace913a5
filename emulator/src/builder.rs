//! How an emulator starts.

#[cfg(feature = "data")]
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::connect_info::IntoMakeServiceWithConnectInfo;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::clock::Clock;
use crate::control;
use crate::control::AuthorizationServers;
use crate::delivery::Delivering;
use crate::error::Error;
use crate::faults::Faults;
use crate::listener::Listener;
use crate::org::Org;
use crate::org::ids::Ids;
use crate::org::log::Log;
use crate::org::reconciliation::Reconciliation;
use crate::pages::unlocking::Control;
#[cfg(feature = "data")]
use crate::persistence::{Data, Opened};
use crate::rate_limits::{Limiter, RateLimits};
use crate::requests::Requests;
use crate::seed::{Seed, Start};
use crate::server::Emulator;
use crate::settings::Settings;
use crate::shared::{Counts, Shared};
use crate::socket::Plug;
#[cfg(feature = "tls")]
use crate::tls::Tls;

/// How an emulator starts.
#[derive(Clone, Debug, Default)]
pub struct Builder {
    seed: Seed,
    port: u16,
    rate_limits: Option<RateLimits>,
    clock: Clock,
    faults: Faults,
    lax_profiles: bool,
    policy_reconciliation: Duration,
    log_size: Option<usize>,
    settings: Settings,
    #[cfg(feature = "data")]
    data: Option<PathBuf>,
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

    /// How long policies of a type are put in order after one of them was changed. Until then, further
    /// changes of them are refused with 423 and `E0000239`, as Okta does. Default: no time.
    #[must_use]
    pub fn policy_reconciliation(mut self, lasts: Duration) -> Self {
        self.policy_reconciliation = lasts;
        self
    }

    /// How many events the System Log keeps; the oldest go. Default: 100,000.
    #[must_use]
    pub fn log_size(mut self, events: usize) -> Self {
        self.log_size = Some(events);
        self
    }

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

    /// Shows the pages at `/` to every caller, by whatever name. Without this, they are for browsers on
    /// this machine, which call it `localhost` or by a loopback address.
    #[must_use]
    pub fn open_pages(mut self) -> Self {
        self.settings.has_open_pages = true;
        self
    }

    /// Lets web pages of this origin, such as `https://app.example.com`, call the API and read its
    /// answers, as a trusted origin of Okta's does (CORS). May be called more than once.
    #[must_use]
    pub fn trusted_origin(mut self, origin: &str) -> Self {
        self.settings.trusted_origins.push(origin.to_owned());
        self
    }

    /// Lets hooks lead to this host, a name or an address without a port, such as `hooks.test`. May be
    /// called more than once.
    ///
    /// Without this, the emulator calls services on loopback addresses only: whoever can write to its
    /// API could make it call any host otherwise.
    #[must_use]
    pub fn allow_calls_to(mut self, host: &str) -> Self {
        self.settings.callable_hosts.push(host.to_owned());
        self
    }

    /// How long a service behind a hook may take to answer. Default: 3 seconds, as at Okta.
    #[must_use]
    pub fn hook_timeout(mut self, timeout: Duration) -> Self {
        self.settings.hook_timeout = Some(timeout);
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

    /// Keeps what the org holds in this directory, across restarts. A directory that has an org is gone
    /// on with: its token, users, log and all stay, and the seed of this builder is not planted.
    ///
    /// Each change is written before the request is answered, so that it survives the end of the
    /// process, but not that of the machine. A method of [`Emulator`] that changes the org returns
    /// when that is written. The record of requests, faults, counters and the state of rate limits are
    /// not kept. A directory can be open once at a time.
    ///
    /// Issuers of tokens have the port in them: choose a [`port`](Self::port).
    #[cfg(feature = "data")]
    #[must_use]
    pub fn data(mut self, directory: impl Into<PathBuf>) -> Self {
        self.data = Some(directory.into());
        self
    }

    /// Starts the emulator on the current Tokio runtime.
    ///
    /// # Errors
    ///
    /// [`Error::Listen`] if the port is taken, [`Error::Seed`] if the seed breaks a rule of the
    /// org, [`Error::RateLimits`] and [`Error::Origin`] if the org cannot keep to a setting,
    /// [`Error::Data`] if the directory cannot be used.
    pub async fn start(self) -> Result<Emulator, Error> {
        let limits = self.rate_limits.as_ref().unwrap_or(&self.seed.rate_limits);
        limits.check()?;
        let listening = |source| Error::Listen {
            port: self.port,
            source,
        };
        let listener = TcpListener::bind(("127.0.0.1", self.port))
            .await
            .map_err(listening)?;
        let address = listener.local_addr().map_err(listening)?;
        let entrance = self.settings.entrance(address)?;
        let Held {
            org,
            start,
            #[cfg(feature = "data")]
            data,
        } = self.held()?;
        let shared = Arc::new(Shared {
            org_url: format!("{}://{address}", entrance.scheme),
            entrance,
            token: start.token,
            administrator: start.administrator,
            clock: self.clock,
            faults: self.faults,
            requests: Requests::default(),
            control: Control::default(),
            counts: Counts::default(),
            outgoing: self.settings.outgoing(),
            limiter: Mutex::new(Limiter::new(limits.clone())),
            org: Mutex::new(org),
            #[cfg(feature = "data")]
            data,
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
        let delivering = Delivering::begin(shared.clone());
        Ok(Emulator::serving(
            shared, start.seed, stop, serving, delivering,
        ))
    }
}

/// What an emulator holds when it starts.
struct Held {
    org: Org,
    start: Start,
    #[cfg(feature = "data")]
    data: Option<Arc<Data>>,
}

impl Builder {
    #[cfg(not(feature = "data"))]
    fn held(&self) -> Result<Held, Error> {
        let mut org = self.empty();
        let start = self.planted(&mut org)?;
        Ok(Held { org, start })
    }

    /// The org of the directory, or a new one.
    #[cfg(feature = "data")]
    fn held(&self) -> Result<Held, Error> {
        let mut org = self.empty();
        let Some(directory) = &self.data else {
            let start = self.planted(&mut org)?;
            let data = None;
            return Ok(Held { org, start, data });
        };
        let mut opened = Opened::at(directory)?;
        let start = match opened.start.take() {
            Some(start) => {
                opened.read(directory, &mut org, &self.clock)?;
                start
            }
            None => {
                let start = self.planted(&mut org)?;
                opened.begin(directory, &mut org, &start)?;
                start
            }
        };
        let data = Some(opened.keep(&self.clock));
        Ok(Held { org, start, data })
    }

    fn empty(&self) -> Org {
        let mut org = Org::new(self.clock.stamp());
        org.lax_profiles = self.lax_profiles;
        org.reconciliation = Reconciliation::lasting(self.policy_reconciliation);
        org.log = Log::of_size(self.log_size.unwrap_or(Log::SIZE));
        org
    }

    fn planted(&self, org: &mut Org) -> Result<Start, Error> {
        let token = self.seed.token.clone().unwrap_or_else(|| {
            // As long as Okta's, and the same in every run.
            format!("00{}", Ids::default().secret(40))
        });
        Ok(Start {
            token,
            administrator: self.seed.plant(org)?,
            seed: self.seed.clone(),
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
}
