//! Requests that other calls wait for: their answer comes quickly, or not at all.

use std::sync::Arc;
use std::time::Duration;

use super::{Pipeline, PipelineBuilder};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(5);
const REQUEST_TIMEOUT: Duration = Duration::from_secs(15);
const MAX_BACKOFF: Duration = Duration::from_secs(5);
/// One, to get over a connection that broke: a server in trouble is left alone after that.
const MAX_RETRIES: u32 = 1;

impl PipelineBuilder {
    /// Takes the limits of discovery and keys, which may be changed after that.
    pub(crate) fn prompt(self) -> Self {
        self.connect_timeout(CONNECT_TIMEOUT)
            .attempt_timeout(ATTEMPT_TIMEOUT)
            .request_timeout(REQUEST_TIMEOUT)
            .max_backoff(MAX_BACKOFF)
            .max_retries(MAX_RETRIES)
            .rate_limit_share(None)
            .org_limit(None)
    }
}

impl Pipeline {
    /// The same pipeline with the limits of discovery and keys, where its own are not narrower.
    pub(crate) fn prompt(&self) -> Self {
        let mut inner = super::Inner::clone(&self.0);
        inner.attempt_timeout = inner.attempt_timeout.min(ATTEMPT_TIMEOUT);
        let limit = inner.request_timeout.unwrap_or(REQUEST_TIMEOUT);
        inner.request_timeout = Some(limit.min(REQUEST_TIMEOUT));
        inner.retry.max_backoff = inner.retry.max_backoff.min(MAX_BACKOFF);
        inner.retry.max_retries = inner.retry.max_retries.min(MAX_RETRIES);
        inner.governor = None;
        inner.org_limit = None;
        Self(Arc::new(inner))
    }
}
