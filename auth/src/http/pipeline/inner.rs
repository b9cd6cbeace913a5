//! What clones of a pipeline share.

use std::sync::Arc;
use std::time::Duration;

use crate::http::governor::Governor;
use crate::http::observer::Observers;
use crate::http::org_limit::OrgLimit;
use crate::http::retry::RetryPolicy;
use crate::http::transport::SharedTransport;
use crate::{Credentials, OrgUrl};

#[derive(Clone, Debug)]
pub(super) struct Inner {
    pub(super) org: OrgUrl,
    pub(super) credentials: Credentials,
    pub(super) http: reqwest::Client,
    pub(super) transport: SharedTransport,
    pub(super) governor: Option<Arc<Governor>>,
    pub(super) org_limit: Option<Arc<OrgLimit>>,
    pub(super) retry: RetryPolicy,
    pub(super) observers: Observers,
    pub(super) attempt_timeout: Duration,
    pub(super) request_timeout: Option<Duration>,
    /// For calls that do not say it themselves.
    pub(super) max_response_bytes: usize,
    /// Gives numbers in 0..1 that spread retries.
    pub(super) jitter: fn() -> f64,
}
