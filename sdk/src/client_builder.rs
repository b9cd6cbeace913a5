//! Settings of a client.

mod http;

use std::time::Duration;

use okta_auth::budget::SharedBudget;
use okta_auth::oauth::ClientAuthentication;
use okta_auth::transport::SharedTransport;
use okta_auth::{
    ApiToken, Attempt, AttemptEnd, BearerToken, Credentials, Dpop, Observer, Observers, OrgUrl,
    Pipeline, PipelineBuilder, Proxy, Secret, ServiceApp,
};
#[cfg(feature = "rustls")]
use okta_auth::{ClientCertificate, RootCertificates};

use self::http::HttpChanges;
use crate::codec::Strictness;
use crate::{Client, Error};

/// Collects the settings of a [`Client`].
///
/// ```
/// # fn run() -> Result<(), okta_sdk::Error> {
/// let okta = okta_sdk::Client::builder()
///     .org_url("https://acme.okta.com")
///     .api_token("00abc")
///     .user_agent_extra("my-app/1.2")
///     .build()?;
/// # Ok(()) }
/// # run().unwrap();
/// ```
#[derive(Clone, Debug, Default)]
#[must_use = "a builder does nothing until it is built"]
pub struct ClientBuilder {
    org_url: Option<String>,
    allow_http: bool,
    login: Option<Login>,
    dpop: Option<bool>,
    dpop_key_rotation: Option<Duration>,
    connect_timeout: Option<Duration>,
    attempt_timeout: Option<Duration>,
    request_timeout: Option<Duration>,
    max_response_bytes: Option<usize>,
    compression: Option<bool>,
    max_retries: Option<u32>,
    max_backoff: Option<Duration>,
    rate_limit_share: Option<Option<f64>>,
    org_limit: Option<u32>,
    rate_budget: Option<SharedBudget>,
    user_agent_extra: Option<String>,
    proxy: Option<Proxy>,
    #[cfg(feature = "rustls")]
    root_certificates: Option<RootCertificates>,
    #[cfg(feature = "rustls")]
    client_certificate: Option<ClientCertificate>,
    http: HttpChanges,
    transport: Option<SharedTransport>,
    observers: Observers,
    strictness: Strictness,
}

#[derive(Clone, Debug)]
enum Login {
    ApiToken(Secret),
    BearerToken(Secret),
    Service(Service),
    Credentials(Credentials),
}

/// What a service app is made of, until its org is known.
#[derive(Clone, Debug)]
pub(crate) struct Service {
    pub(crate) client_id: String,
    pub(crate) authentication: ClientAuthentication,
    pub(crate) scopes: Vec<String>,
}

impl ClientBuilder {
    /// The org, such as `https://acme.okta.com`; without `-admin`, without a path. Required.
    pub fn org_url(mut self, url: impl Into<String>) -> Self {
        self.org_url = Some(url.into());
        self
    }

    /// Allows an `http` org URL of a host that is not this machine. For tests only: everyone on
    /// the way can read the token.
    pub fn allow_http(mut self, allow: bool) -> Self {
        self.allow_http = allow;
        self
    }

    /// Authenticates with an API token (`SSWS`).
    pub fn api_token(mut self, token: impl Into<Secret>) -> Self {
        self.login = Some(Login::ApiToken(token.into()));
        self
    }

    /// Authenticates with an OAuth 2.0 access token that you have. It is not renewed.
    pub fn bearer_token(mut self, token: impl Into<Secret>) -> Self {
        self.login = Some(Login::BearerToken(token.into()));
        self
    }

    /// Authenticates as a service app, which gets its own access tokens and renews them (OAuth
    /// 2.0 client credentials): its client id, its key, and the scopes that it asks for, such as
    /// `["okta.users.read"]`. For Okta's API the key has to be a private key.
    ///
    /// ```no_run
    /// use okta_sdk::Secret;
    /// use okta_sdk::jose::SigningKey;
    /// use okta_sdk::oauth::ClientAuthentication;
    ///
    /// # fn run(pem: Secret) -> Result<(), okta_sdk::Error> {
    /// let key = SigningKey::parse(&pem)?.with_key_id("my-key");
    /// let okta = okta_sdk::Client::builder()
    ///     .org_url("https://acme.okta.com")
    ///     .service_app(
    ///         "0oa1b2c3d4e5f6g7h8i9",
    ///         ClientAuthentication::private_key(key),
    ///         ["okta.users.read", "okta.groups.manage"],
    ///     )
    ///     .build()?;
    /// # Ok(()) }
    /// ```
    ///
    /// Source: <https://developer.okta.com/docs/guides/implement-oauth-for-okta-serviceapp/main/>
    pub fn service_app<I>(
        self,
        client_id: impl Into<String>,
        authentication: ClientAuthentication,
        scopes: I,
    ) -> Self
    where
        I: IntoIterator,
        I::Item: Into<String>,
    {
        self.service(Service {
            client_id: client_id.into(),
            authentication,
            scopes: scopes.into_iter().map(Into::into).collect(),
        })
    }

    pub(crate) fn service(mut self, service: Service) -> Self {
        self.login = Some(Login::Service(service));
        self
    }

    /// Whether the tokens of the service app are bound to a key (DPoP). Default: when Okta asks
    /// for it.
    pub fn dpop(mut self, enabled: bool) -> Self {
        self.dpop = Some(enabled);
        self
    }

    /// How long a DPoP key is used for new tokens. Default 24 hours.
    pub fn dpop_key_rotation(mut self, life: Duration) -> Self {
        self.dpop_key_rotation = Some(life);
        self
    }

    /// Authenticates with credentials of any kind, your own
    /// [`CredentialsProvider`](crate::CredentialsProvider) included.
    pub fn credentials(mut self, credentials: impl Into<Credentials>) -> Self {
        self.login = Some(Login::Credentials(credentials.into()));
        self
    }

    /// Maximum time to make a connection. Default 10 s.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = Some(timeout);
        self
    }

    /// Maximum time for one sending, up to the last byte of its response. Default 60 s.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = Some(timeout);
        self
    }

    /// Maximum time for a whole call, with its retries and waits. Default: no limit.
    pub fn request_timeout(mut self, timeout: Duration) -> Self {
        self.request_timeout = Some(timeout);
        self
    }

    /// Maximum length of the body of an answer in bytes, after it is inflated. Default 64 MiB. The
    /// call whose answer is longer fails with [`Error::is_too_large`], and is not repeated. A list
    /// takes (`prefetch` + 1) times as much at most, and what its items take.
    pub fn max_response_bytes(mut self, bytes: usize) -> Self {
        self.max_response_bytes = Some(bytes);
        self
    }

    /// Whether answers are asked for as `gzip`. Default true.
    pub fn compression(mut self, compression: bool) -> Self {
        self.compression = Some(compression);
        self
    }

    /// How often a failed request is sent again. Default 2; 0 turns repeats off. What Okta refuses
    /// unread (429, and 423 where another request is at work) is repeated without being counted, up
    /// to the deadline of the call, or for 60 s if it has none.
    pub fn max_retries(mut self, retries: u32) -> Self {
        self.max_retries = Some(retries);
        self
    }

    /// Maximum wait before a retry. A 429 that asks for more fails at once. Default 90 s.
    pub fn max_backoff(mut self, longest: Duration) -> Self {
        self.max_backoff = Some(longest);
        self
    }

    /// Part of each rate limit that this client may use, above 0 and up to 1; `None` turns the
    /// pacing off. Default 1.
    pub fn rate_limit_share(mut self, share: impl Into<Option<f64>>) -> Self {
        self.rate_limit_share = Some(share.into());
        self
    }

    /// Maximum number of requests in any sixty seconds, whatever they are for; more wait. Default:
    /// none. It holds for this client and its clones: clients of several processes add up.
    pub fn org_limit(mut self, per_minute: impl Into<Option<u32>>) -> Self {
        self.org_limit = per_minute.into();
        self
    }

    /// Shares each rate limit of the org with all clients that have the same budget, in whatever
    /// process or machine: together they use the limit to its end, and meet no 429.
    /// `okta_sdk::redis::RedisRateBudget` (feature `redis`) is one for all that reach a Redis server.
    /// Without one, a client knows of its own calls only.
    pub fn rate_budget(mut self, budget: impl Into<SharedBudget>) -> Self {
        self.rate_budget = Some(budget.into());
        self
    }

    /// Text added to the end of the user agent, such as `my-app/1.2`.
    pub fn user_agent_extra(mut self, extra: impl Into<String>) -> Self {
        self.user_agent_extra = Some(extra.into());
        self
    }

    /// Makes a value that does not fit its field an error. Without it the field is `None`, and the
    /// value is in `extra`; see `unfit` of the models.
    pub fn strict(mut self, strict: bool) -> Self {
        self.strictness = if strict {
            Strictness::Strict
        } else {
            Strictness::Lenient
        };
        self
    }

    /// The proxy to go through. Without one, `HTTPS_PROXY` and `NO_PROXY` count.
    pub fn proxy(mut self, proxy: Proxy) -> Self {
        self.proxy = Some(proxy);
        self
    }

    /// Also trusts these certificate authorities, besides those of the system. Called again, it
    /// adds more.
    #[cfg(feature = "rustls")]
    pub fn root_certificates(mut self, roots: RootCertificates) -> Self {
        self.root_certificates = Some(match self.root_certificates {
            Some(before) => before.and(roots),
            None => roots,
        });
        self
    }

    /// Says by `certificate` who the client is, where the server or a proxy asks for it (mutual TLS).
    #[cfg(feature = "rustls")]
    pub fn client_certificate(mut self, certificate: ClientCertificate) -> Self {
        self.client_certificate = Some(certificate);
        self
    }

    /// Sends over `transport` instead of connections of its own: a
    /// [`Script`](crate::testing::Script) in tests, a [`Transport`](crate::transport::Transport) of
    /// yours, or that of another client (`client.pipeline().transport().clone()`). The connect
    /// timeout, the proxy, certificates, the user agent, compression and what
    /// [`http`](Self::http) changes are then those of the transport.
    pub fn transport(mut self, transport: impl Into<SharedTransport>) -> Self {
        self.transport = Some(transport.into());
        self
    }

    /// Tells `look` of each attempt that is about to be sent: operation, method, path template and
    /// number. It runs inline and must not block; see [`Observer`].
    ///
    /// ```
    /// let okta = okta_sdk::Client::builder()
    ///     .org_url("https://acme.okta.com")
    ///     .api_token("00abc")
    ///     .on_response(|attempt, end| {
    ///         println!("{} {:?} after {:?}", attempt.operation, end.status, end.duration);
    ///     });
    /// ```
    pub fn on_request(mut self, look: impl Fn(&Attempt<'_>) + Send + Sync + 'static) -> Self {
        self.observers = self.observers.on_request(look);
        self
    }

    /// Tells `look` of each attempt that has ended: with a status and a request id, or the kind of
    /// failure, and how long it took. It runs inline and must not block; see [`Observer`].
    pub fn on_response(
        mut self,
        look: impl Fn(&Attempt<'_>, &AttemptEnd<'_>) + Send + Sync + 'static,
    ) -> Self {
        self.observers = self.observers.on_response(look);
        self
    }

    /// Tells `observer` of each attempt, those for tokens of a service app among them.
    pub fn observer(mut self, observer: impl Observer) -> Self {
        self.observers = self.observers.with(observer);
        self
    }

    /// Builds the client. Nothing is sent yet.
    ///
    /// # Errors
    /// A configuration error that says which setting is missing or wrong, and what to write.
    pub fn build(self) -> Result<Client, Error> {
        let (org, credentials) = (self.org()?, self.credentials_of_login()?);
        let (strictness, allow_http) = (self.strictness, self.allow_http);
        let pipeline = self.tune(Pipeline::builder(org, credentials));
        let pipeline = pipeline.build()?;
        Ok(Client::new(pipeline, strictness, allow_http))
    }

    /// How requests are sent, those for tokens as well.
    fn tune(&self, mut requests: PipelineBuilder) -> PipelineBuilder {
        if let Some(timeout) = self.connect_timeout {
            requests = requests.connect_timeout(timeout);
        }
        if let Some(timeout) = self.attempt_timeout {
            requests = requests.attempt_timeout(timeout);
        }
        if let Some(timeout) = self.request_timeout {
            requests = requests.request_timeout(timeout);
        }
        if let Some(bytes) = self.max_response_bytes {
            requests = requests.max_response_bytes(bytes);
        }
        if let Some(compression) = self.compression {
            requests = requests.compression(compression);
        }
        if let Some(retries) = self.max_retries {
            requests = requests.max_retries(retries);
        }
        if let Some(longest) = self.max_backoff {
            requests = requests.max_backoff(longest);
        }
        if let Some(share) = self.rate_limit_share {
            requests = requests.rate_limit_share(share);
        }
        if let Some(limit) = self.org_limit {
            requests = requests.org_limit(limit);
        }
        if let Some(budget) = &self.rate_budget {
            requests = requests.rate_budget(budget.clone());
        }
        if let Some(extra) = &self.user_agent_extra {
            requests = requests.user_agent_extra(extra);
        }
        if let Some(proxy) = &self.proxy {
            requests = requests.proxy(proxy.clone());
        }
        #[cfg(feature = "rustls")]
        if let Some(roots) = &self.root_certificates {
            requests = requests.root_certificates(roots.clone());
        }
        #[cfg(feature = "rustls")]
        if let Some(certificate) = &self.client_certificate {
            requests = requests.client_certificate(certificate.clone());
        }
        requests = self.http.apply(requests);
        if let Some(transport) = &self.transport {
            requests = requests.transport(transport.clone());
        }
        requests.observer(self.observers.clone())
    }

    fn org(&self) -> Result<OrgUrl, Error> {
        let Some(org_url) = &self.org_url else {
            return Err(Error::configuration(
                "no org URL: set OKTA_CLIENT_ORGURL, or okta.client.orgUrl in ~/.okta/okta.yaml, for \
                 `Client::from_env()`; in code, call `org_url(\"https://acme.okta.com\")`",
            ));
        };
        match self.allow_http {
            true => OrgUrl::parse_allowing_http(org_url),
            false => OrgUrl::parse(org_url),
        }
    }

    /// What the client authenticates with.
    pub(crate) fn credentials_of_login(&self) -> Result<Credentials, Error> {
        match &self.login {
            Some(Login::ApiToken(token)) => Ok(ApiToken::new(token.clone())?.into()),
            Some(Login::BearerToken(token)) => Ok(BearerToken::new(token.clone())?.into()),
            Some(Login::Service(service)) => self.service_credentials(service),
            Some(Login::Credentials(credentials)) => Ok(credentials.clone()),
            None => Err(Error::configuration(
                "no credentials: call `api_token(…)`, `service_app(…)` or `bearer_token(…)`, or \
                 use `Client::from_env()` with OKTA_CLIENT_TOKEN set",
            )),
        }
    }

    fn service_credentials(&self, service: &Service) -> Result<Credentials, Error> {
        let (id, authentication) = (&service.client_id, &service.authentication);
        let mut app = ServiceApp::builder(&self.org()?, id, authentication.clone())
            .scopes(&service.scopes)
            .requests(|requests| self.tune(requests));
        if let Some(enabled) = self.dpop {
            app = app.dpop(enabled);
        }
        if let Some(life) = self.dpop_key_rotation {
            app = app.dpop_keys(Dpop::new()?.rotate_key_every(life));
        }
        app.build().map(Credentials::from)
    }
}
