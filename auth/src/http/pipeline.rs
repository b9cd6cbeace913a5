//! The way of every request: credentials, rate limit governor, sending, retries, response.

mod builder;
mod exchange;
mod http_client;
mod inner;
mod prompt;
mod proxy;
mod report;
mod source;
#[cfg(feature = "rustls")]
mod tls;

use std::sync::Arc;

use http::Method;
use reqwest::Request;
use tokio::time::{Instant, timeout_at};
use tracing::field::Empty;
use tracing::{Instrument, info_span};
use url::Url;

pub use self::builder::PipelineBuilder;
use self::exchange::Exchange;
use self::inner::Inner;
pub use self::proxy::Proxy;
pub(crate) use self::source::Make;
use self::source::Source;
#[cfg(feature = "rustls")]
pub use self::tls::{ClientCertificate, RootCertificates};
use crate::http::transport::SharedTransport;
use crate::{Call, Credentials, Error, OrgUrl, RawResponse};

/// Sends requests to one Okta org. Cheap to clone; clones share connections, credentials and
/// what is known of the rate limits.
///
/// - Credentials are fetched again for each sending, and only ever sent to the org's own origin.
///   Redirects are not followed.
/// - A 429 waits until `X-Rate-Limit-Reset` by the server's own `Date`, and is then sent again.
///   Server errors (500, 502, 503, 504) and broken connections are repeated, with growing waits,
///   where that is safe: a `POST` or `PATCH` never once it may have arrived.
/// - A wait that would pass the deadline of the call fails at once.
/// - Calls that would exceed a known rate limit wait for the next window instead. Which paths share
///   one is known from what Okta publishes, and else learned from answers.
#[derive(Clone, Debug)]
pub struct Pipeline(Arc<Inner>);

impl Pipeline {
    /// Starts a pipeline to `org`, authenticated by `credentials`.
    #[must_use]
    pub fn builder(org: OrgUrl, credentials: impl Into<Credentials>) -> PipelineBuilder {
        PipelineBuilder::new(org, credentials.into())
    }

    /// The same pipeline, connections and rate limits, with other credentials.
    pub(crate) fn with_credentials(&self, credentials: impl Into<Credentials>) -> Self {
        let mut inner = Inner::clone(&self.0);
        inner.credentials = credentials.into();
        Self(Arc::new(inner))
    }

    /// A pipeline to another host of the same org's, with the same credentials.
    pub(crate) fn at(&self, org: OrgUrl) -> Result<Self, Error> {
        self.with_org(org, self.0.credentials.clone())
    }

    /// A pipeline to another org over the same transport, and so the same connections, with the
    /// same timeouts, retries and observers. It has credentials of its own, and what is known of
    /// the rate limits of one org stays with that org.
    ///
    /// # Errors
    /// A configuration error if one org's URL is `http` and the other's `https`: what may go
    /// through a proxy differs between them.
    pub fn with_org(
        &self,
        org: OrgUrl,
        credentials: impl Into<Credentials>,
    ) -> Result<Self, Error> {
        let (own, other) = (self.0.org.as_url().scheme(), org.as_url().scheme());
        if own != other {
            return Err(Error::configuration(format!(
                "{org} is an {other} URL, but the connections are for {own}; write an {own} URL, \
                 or build a client of its own for it"
            )));
        }
        let mut inner = Inner::clone(&self.0);
        inner.governor = inner
            .governor
            .map(|governor| Arc::new(governor.afresh(&org)));
        inner.org_limit = inner.org_limit.map(|limit| Arc::new(limit.afresh()));
        inner.credentials = credentials.into();
        inner.org = org;
        Ok(Self(Arc::new(inner)))
    }

    /// The org that requests go to.
    #[must_use]
    pub fn org_url(&self) -> &OrgUrl {
        &self.0.org
    }

    /// The pooled client, for building requests. What is sent with it directly has no
    /// credentials, no retries and no pacing, and does not go over a transport of your own.
    #[must_use]
    pub fn http(&self) -> &reqwest::Client {
        &self.0.http
    }

    /// What requests are sent over, to be shared with other pipelines.
    #[must_use]
    pub fn transport(&self) -> &SharedTransport {
        &self.0.transport
    }

    /// Sends `request` as `call` and gives the successful (2xx) response, its body read whole.
    ///
    /// A request with a streaming body is sent once only.
    ///
    /// # Errors
    /// Any other status, as an error with Okta's fields; a failure to get an answer; a failure
    /// of the credentials; a rate limit that does not end before the call's deadline; an
    /// argument error, and nothing sent, if the request is for another origin than the org's.
    pub async fn send(&self, request: Request, call: &Call) -> Result<RawResponse, Error> {
        self.send_from(Source::copies(request), call).await
    }

    /// As [`Pipeline::send`], with a new request from `make` for each sending. All of them
    /// are for `method` and `url`.
    pub(crate) async fn send_made<'a>(
        &'a self,
        method: Method,
        url: Url,
        make: Make<'a>,
        call: &'a Call,
    ) -> Result<RawResponse, Error> {
        self.send_from(Source::made(method, url, make), call).await
    }

    async fn send_from<'a>(
        &'a self,
        source: Source<'a>,
        call: &'a Call,
    ) -> Result<RawResponse, Error> {
        let method = source.method.clone();
        // Filters of users name the target, so it does not follow where this file is.
        let span = info_span!(
            target: "okta_auth::pipeline",
            "okta_call",
            operation = call.operation,
            method = %method,
            path = call.path,
            status = Empty,
            attempts = Empty,
            request_id = Empty,
            error = Empty,
            otel.status_code = Empty,
        );
        // One allocation instead of a large future inside each caller's.
        let result = Box::pin(self.send_by_deadline(source, call))
            .instrument(span.clone())
            .await;
        result.map_err(|error| {
            span.record("error", error.label());
            span.record("otel.status_code", "ERROR");
            error.with_call(call, &method)
        })
    }

    async fn send_by_deadline<'a>(
        &'a self,
        source: Source<'a>,
        call: &'a Call,
    ) -> Result<RawResponse, Error> {
        let inner = &*self.0;
        if !inner.org.is_origin_of(&source.url) {
            return Err(Error::invalid_argument(
                "url",
                format!(
                    "is of another origin; requests with credentials go to {} only",
                    inner.org
                ),
            ));
        }
        let limit = call.timeout.or(inner.request_timeout);
        // A limit beyond what the clock can count is none.
        let deadline = limit.and_then(|limit| Instant::now().checked_add(limit));
        let mut exchange = Exchange::new(inner, call, source, deadline);
        let result = match deadline {
            None => exchange.run().await,
            Some(deadline) => match timeout_at(deadline, exchange.run()).await {
                Ok(result) => result,
                Err(_) => Err(exchange.out_of_time(limit.unwrap_or_default())),
            },
        };
        exchange.end(result)
    }
}

#[cfg(test)]
mod report_tests;
#[cfg(test)]
mod tests;
