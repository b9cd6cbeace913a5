//! Settings of a pipeline.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use super::Pipeline;
use super::http_client::HttpSettings;
use super::inner::Inner;
use super::proxy::Proxy;
#[cfg(feature = "rustls")]
use super::tls::{ClientCertificate, RootCertificates};
use crate::http::budget::SharedBudget;
use crate::http::call::MOST_OF_ANSWER;
use crate::http::governor::Governor;
use crate::http::observer::{Attempt, AttemptEnd, Observer, Observers};
use crate::http::org_limit::OrgLimit;
use crate::http::retry::RetryPolicy;
use crate::http::transport::SharedTransport;
use crate::{Credentials, Error, OrgUrl};

/// Collects the settings of a [`Pipeline`].
#[derive(Clone, Debug)]
pub struct PipelineBuilder {
    org: OrgUrl,
    credentials: Credentials,
    http: HttpSettings,
    attempt_timeout: Duration,
    request_timeout: Option<Duration>,
    max_response_bytes: usize,
    compression: bool,
    retry: RetryPolicy,
    rate_limit_share: Option<f64>,
    org_limit: Option<u32>,
    rate_budget: Option<SharedBudget>,
    transport: Option<SharedTransport>,
    observers: Observers,
}

impl PipelineBuilder {
    pub(super) fn new(org: OrgUrl, credentials: Credentials) -> Self {
        Self {
            org,
            credentials,
            http: HttpSettings::default(),
            attempt_timeout: Duration::from_secs(60),
            request_timeout: None,
            max_response_bytes: MOST_OF_ANSWER,
            compression: true,
            // Okta's windows last a minute: a longest wait that is shorter would give up on
            // most 429s.
            retry: RetryPolicy {
                max_retries: 2,
                max_backoff: Duration::from_secs(90),
            },
            rate_limit_share: Some(1.0),
            org_limit: None,
            rate_budget: None,
            transport: None,
            observers: Observers::default(),
        }
    }

    /// Maximum time to make a connection. Default 10 s.
    #[must_use]
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.http.connect_timeout = timeout;
        self
    }

    /// Maximum time for one sending, up to the last byte of its response. Default 60 s.
    #[must_use]
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = timeout;
        self
    }

    /// Maximum time for a whole call, with its retries and waits. Default: no limit but that of
    /// retries and waits. [`Call::timeout`](crate::Call::timeout()) overrides it for a call.
    #[must_use]
    pub fn request_timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.request_timeout = timeout.into();
        self
    }

    /// Maximum length of the body of a successful answer in bytes, after it is inflated. Default
    /// 64 MiB. A longer one is not read to its end: the call fails with [`Error::is_too_large`] and
    /// is not repeated. [`Call::max_response_bytes`](crate::Call::max_response_bytes()) overrides it
    /// for a call. What authorization servers answer (metadata, keys, tokens) may have 1 MiB; of the
    /// body of an error, 256 KiB are kept.
    ///
    /// A list holds the pages that it has fetched ahead and the one that is read: (`prefetch` + 1)
    /// times this length at most, and what the pages are decoded to.
    #[must_use]
    pub fn max_response_bytes(mut self, bytes: usize) -> Self {
        self.max_response_bytes = bytes;
        self
    }

    /// Whether answers are asked for as `gzip`, and inflated. Default true.
    #[must_use]
    pub fn compression(mut self, compression: bool) -> Self {
        self.compression = compression;
        self
    }

    /// How often a failed request is sent again. Default 2; 0 turns repeats off. A request that was
    /// refused unread (429, or 423 because another request holds what it is for) is repeated
    /// whatever its method, and does not count: that ends with the call's deadline, or after 60 s of
    /// waiting if it has none.
    #[must_use]
    pub fn max_retries(mut self, retries: u32) -> Self {
        self.retry.max_retries = retries;
        self
    }

    /// Maximum wait before a retry or for a rate limit window to end. A 429 that asks for more
    /// fails at once. Default 90 s.
    #[must_use]
    pub fn max_backoff(mut self, longest: Duration) -> Self {
        self.retry.max_backoff = longest;
        self
    }

    /// Part of each rate limit that this pipeline may use, above 0 and up to 1; calls beyond it
    /// wait for the next window. `None` turns the pacing off: 429s are then met and retried.
    /// Default 1: the whole limit, shared with whatever else uses the org.
    #[must_use]
    pub fn rate_limit_share(mut self, share: impl Into<Option<f64>>) -> Self {
        self.rate_limit_share = share.into();
        self
    }

    /// Shares each rate limit of the org with all clients that have the same budget, in whatever
    /// process or machine: together they use the limit that [`rate_limit_share`] leaves them, and
    /// meet no 429. Give each of them the same share. Without one, a client knows of its own calls
    /// only.
    ///
    /// [`rate_limit_share`]: Self::rate_limit_share
    #[must_use]
    pub fn rate_budget(mut self, budget: impl Into<SharedBudget>) -> Self {
        self.rate_budget = Some(budget.into());
        self
    }

    /// Maximum number of requests in any sixty seconds, all buckets together; more wait. Repeats
    /// count; requests for keys and metadata do not. Default: none, for Okta's limits are per bucket.
    /// Set it to leave an org to others, or where a contract limits all calls together. It holds for
    /// this pipeline and its clones: pipelines of several processes add up.
    #[must_use]
    pub fn org_limit(mut self, per_minute: impl Into<Option<u32>>) -> Self {
        self.org_limit = per_minute.into();
        self
    }

    /// Text added to the end of the user agent, such as `my-app/1.2`.
    #[must_use]
    pub fn user_agent_extra(mut self, extra: impl Into<String>) -> Self {
        self.http.user_agent_extra = Some(extra.into());
        self
    }

    /// The proxy to go through. Without one, the environment's `HTTPS_PROXY` and `NO_PROXY`
    /// count; an org at an `http` URL is then reached directly, for a proxy would see the token.
    #[must_use]
    pub fn proxy(mut self, proxy: Proxy) -> Self {
        self.http.proxy = Some(proxy);
        self
    }

    /// Also trusts these certificate authorities, besides those of the system. Called again, it
    /// adds more.
    #[cfg(feature = "rustls")]
    #[must_use]
    pub fn root_certificates(mut self, roots: RootCertificates) -> Self {
        self.http.tls.trust(roots);
        self
    }

    /// Says by `certificate` who the client is, where the server asks for it (mutual TLS).
    #[cfg(feature = "rustls")]
    #[must_use]
    pub fn client_certificate(mut self, certificate: ClientCertificate) -> Self {
        self.http.tls.identify(certificate);
        self
    }

    /// Changes any other setting of the client that connections are made by, such as name resolution,
    /// default headers or keep-alive. `change` gets the client's builder with all settings on it,
    /// and gives it back changed. Called again, it makes one more change.
    ///
    /// Three things are put back afterwards, whatever `change` has done: redirects are not followed,
    /// for credentials would follow them; bodies are not inflated by the client, but here, where
    /// they are bounded; and the client repeats nothing, for [`PipelineBuilder::max_retries`] knows
    /// what may be sent twice. All else is as `change` leaves it: what it turns off, such as the
    /// check of certificates, is off for credentials too.
    ///
    /// ```
    /// # use okta_auth::{ApiToken, OrgUrl, Pipeline};
    /// # fn run() -> Result<(), okta_auth::Error> {
    /// let org = OrgUrl::parse("https://acme.okta.com")?;
    /// let pipeline = Pipeline::builder(org, ApiToken::new("00abc")?)
    ///     .http(|http| http.resolve("acme.okta.com", ([192, 0, 2, 1], 443).into()))
    ///     .build()?;
    /// # Ok(()) }
    /// # run().unwrap();
    /// ```
    #[must_use]
    pub fn http(
        mut self,
        change: impl Fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + Sync + 'static,
    ) -> Self {
        self.http.change(change);
        self
    }

    /// Sends over `transport` instead of connections of its own: one for tests, or that of another
    /// pipeline ([`Pipeline::transport`]), so that they share connections. The connect timeout, the
    /// proxy, certificates, the user agent, compression and [`PipelineBuilder::http`] are settings of
    /// connections, and so count for nothing then.
    #[must_use]
    pub fn transport(mut self, transport: impl Into<SharedTransport>) -> Self {
        self.transport = Some(transport.into());
        self
    }

    /// Tells `look` of each attempt that is about to be sent. It runs inline and must not block;
    /// see [`Observer`].
    #[must_use]
    pub fn on_request(mut self, look: impl Fn(&Attempt<'_>) + Send + Sync + 'static) -> Self {
        self.observers = self.observers.on_request(look);
        self
    }

    /// Tells `look` of each attempt that has ended. It runs inline and must not block; see
    /// [`Observer`].
    #[must_use]
    pub fn on_response(
        mut self,
        look: impl Fn(&Attempt<'_>, &AttemptEnd<'_>) + Send + Sync + 'static,
    ) -> Self {
        self.observers = self.observers.on_response(look);
        self
    }

    /// Tells `observer` of each attempt, after those that were added before it.
    #[must_use]
    pub fn observer(mut self, observer: impl Observer) -> Self {
        self.observers = self.observers.with(observer);
        self
    }

    /// Builds the pipeline. Nothing is sent yet.
    ///
    /// # Errors
    /// A configuration error for a timeout or org limit of zero, a rate limit share outside 0 to 1, a
    /// user agent or proxy that cannot be used, or TLS that cannot be set up.
    pub fn build(self) -> Result<Pipeline, Error> {
        self.build_with(fastrand::f64)
    }

    fn build_with(self, jitter: fn() -> f64) -> Result<Pipeline, Error> {
        self.check()?;
        let shared = self.transport.as_ref().and_then(SharedTransport::http);
        let http = match shared {
            Some(http) => http.clone(),
            None => self.http.client(&self.org)?,
        };
        let transport = self.transport.clone();
        let transport =
            transport.unwrap_or_else(|| SharedTransport::of_client(http.clone(), self.compression));
        Ok(self.assemble(http, transport, jitter))
    }

    /// As [`PipelineBuilder::build`], over a scripted transport and with no jitter.
    #[cfg(test)]
    pub(crate) fn build_over(
        self,
        transport: impl crate::http::transport::Transport,
    ) -> Result<Pipeline, Error> {
        self.transport(transport).build_with(|| 0.0)
    }

    fn assemble(
        self,
        http: reqwest::Client,
        transport: SharedTransport,
        jitter: fn() -> f64,
    ) -> Pipeline {
        let governor = self.rate_limit_share.map(|share| {
            let governor = Governor::new(share, self.retry.max_backoff);
            Arc::new(match &self.rate_budget {
                Some(budget) => governor.sharing(budget.clone(), self.org.clone()),
                None => governor,
            })
        });
        Pipeline(Arc::new(Inner {
            org: self.org,
            credentials: self.credentials,
            http,
            transport,
            governor,
            org_limit: (self.org_limit.and_then(NonZeroU32::new))
                .map(|limit| Arc::new(OrgLimit::new(limit))),
            retry: self.retry,
            observers: self.observers,
            attempt_timeout: self.attempt_timeout,
            request_timeout: self.request_timeout,
            max_response_bytes: self.max_response_bytes,
            jitter,
        }))
    }

    fn check(&self) -> Result<(), Error> {
        for (name, timeout) in [
            ("connect", Some(self.http.connect_timeout)),
            ("attempt", Some(self.attempt_timeout)),
            ("request", self.request_timeout),
        ] {
            if timeout == Some(Duration::ZERO) {
                return Err(Error::configuration(format!(
                    "the {name} timeout is zero; write a positive time, or leave it out"
                )));
            }
        }
        if self.org_limit == Some(0) {
            return Err(Error::configuration(
                "the org limit is 0 requests per minute; write a positive number, or leave it out",
            ));
        }
        if let Some(share) = self.rate_limit_share
            && !(share > 0.0 && share <= 1.0)
        {
            return Err(Error::configuration(format!(
                "the rate limit share is {share}; write a number above 0 and up to 1"
            )));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::ApiToken;

    fn builder() -> PipelineBuilder {
        let org = OrgUrl::parse("https://acme.okta.com").unwrap();
        Pipeline::builder(org, ApiToken::new("00abc").unwrap())
    }

    #[test]
    fn settings_that_cannot_work_are_refused() {
        for (wrong, advice) in [
            (builder().connect_timeout(Duration::ZERO), "connect timeout"),
            (builder().attempt_timeout(Duration::ZERO), "attempt timeout"),
            (builder().request_timeout(Duration::ZERO), "request timeout"),
            (builder().org_limit(0), "positive number"),
            (builder().rate_limit_share(0.0), "above 0"),
            (builder().rate_limit_share(1.5), "above 0"),
            (builder().rate_limit_share(f64::NAN), "above 0"),
            (builder().user_agent_extra("line\nbreak"), "my-app/1.2"),
        ] {
            let error = wrong.build().unwrap_err();
            assert!(error.is_configuration());
            assert!(error.to_string().contains(advice), "{error}");
        }
    }

    #[test]
    fn debug_shows_neither_token_nor_proxy_password() {
        let proxy = Proxy::new("http://proxy:3128")
            .unwrap()
            .basic_auth("joe", "leak-1");
        let org = OrgUrl::parse("https://acme.okta.com").unwrap();
        let builder = Pipeline::builder(org, ApiToken::new("leak-2").unwrap()).proxy(proxy);
        let text = format!("{builder:?} {:?}", builder.clone().build().unwrap());
        assert!(!text.contains("leak"), "{text}");
    }
}
