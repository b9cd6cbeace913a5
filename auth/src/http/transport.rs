//! One sending of a request: the seam between the pipeline and the network.
//!
//! A pipeline sends over a [`reqwest::Client`] of its own, unless
//! [`PipelineBuilder::transport`](crate::PipelineBuilder::transport) gives it another
//! [`Transport`]. Credentials, pacing, retries and paging belong to the pipeline and work over any
//! transport; connections, TLS, proxies and the user agent belong to the transport.

mod body;
mod client;
mod connecting;
mod kept;
mod reason;

use std::error::Error as StdError;
use std::fmt::Debug;
use std::future::Future;
use std::sync::Arc;

use bytes::Bytes;
use futures::FutureExt;
use futures::future::BoxFuture;
use http::{HeaderMap, StatusCode};
use reqwest::Request;

pub(crate) use self::client::HttpClient;
pub(crate) use self::connecting::{Connecting, WatchConnections};
use crate::error::ConnectFailure;
use crate::{Call, Error};

/// Sends a request once and reads the whole answer.
///
/// A request comes with all its headers, the credentials among them. `call` says which operation
/// it is for, and in [`Call::max_response_bytes`] how long the body of a successful answer may be:
/// there is no need to read on after that; see [`Answer::truncated`]. Redirects are not to be
/// followed, for the credentials would go with them.
///
/// ```
/// use http::{HeaderMap, StatusCode};
/// use okta_auth::Call;
/// use okta_auth::transport::{Answer, SendError, Transport};
///
/// /// Says yes to everything.
/// #[derive(Debug)]
/// struct Yes;
///
/// impl Transport for Yes {
///     async fn send(&self, _: reqwest::Request, call: &Call) -> Result<Answer, SendError> {
///         let body = format!(r#"{{"operation": "{}"}}"#, call.operation);
///         Ok(Answer::new(StatusCode::OK, HeaderMap::new(), body))
///     }
/// }
/// ```
pub trait Transport: Debug + Send + Sync + 'static {
    /// Sends `request`, which is one of the sendings of `call`. The answer may have any status.
    ///
    /// # Errors
    /// [`SendError::Broken`] if no complete answer came: it is repeated where that is safe.
    /// [`SendError::Refused`] if it was not sent and never will be: the call ends with it.
    fn send(
        &self,
        request: Request,
        call: &Call,
    ) -> impl Future<Output = Result<Answer, SendError>> + Send;
}

/// A complete answer, of whatever status. `Debug` shows the status and the length of the body.
#[derive(Clone)]
pub struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// The body is longer than what was kept of it.
    pub(crate) cut: bool,
}

impl Answer {
    /// An answer with this status, these headers and this whole body.
    #[must_use]
    pub fn new(status: StatusCode, headers: HeaderMap, body: impl Into<Bytes>) -> Self {
        Self {
            status,
            headers,
            body: body.into(),
            cut: false,
        }
    }

    /// Says that the body was longer than [`Call::max_response_bytes`], and was not read on. A
    /// successful answer is then an error ([`Error::is_too_large`](crate::Error::is_too_large)).
    #[must_use]
    pub fn truncated(mut self) -> Self {
        self.cut = true;
        self
    }

    /// The body, or what was kept of it.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// No more of the body than the call allows, whatever transport it came over.
    pub(crate) fn within(mut self, call: &Call) -> Self {
        let limit = call.limit(self.status);
        if self.body.len() > limit {
            self.cut = true;
            // Copied, so that the rest does not stay in memory for the sake of a part.
            self.body = match self.status.is_success() {
                true => Bytes::new(),
                false => Bytes::copy_from_slice(&self.body[..limit]),
            };
        }
        self
    }
}

impl Debug for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Answer")
            .field("status", &self.status)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// Why a sending gave no answer.
#[derive(Debug)]
pub enum SendError {
    /// No complete answer came. The call is repeated where that is safe.
    Broken(Broken),
    /// The request was not sent, and repeating it would not help. The call ends with this error.
    Refused(Error),
}

impl From<Broken> for SendError {
    fn from(broken: Broken) -> Self {
        Self::Broken(broken)
    }
}

impl From<Error> for SendError {
    fn from(error: Error) -> Self {
        Self::Refused(error)
    }
}

impl From<reqwest::Error> for SendError {
    fn from(error: reqwest::Error) -> Self {
        Self::Broken(error.into())
    }
}

/// No complete answer came: whether the request may have arrived, whether it was for lack of time,
/// and the cause.
#[derive(Debug)]
pub struct Broken {
    /// No connection was made, so the request cannot have arrived.
    pub(crate) unsent: bool,
    pub(crate) timed_out: bool,
    pub(crate) source: Box<dyn StdError + Send + Sync>,
}

impl Broken {
    /// No connection was made, so the request cannot have arrived: it may be repeated whatever its
    /// method. `source` is shown in logs, and must hold no credentials.
    #[must_use]
    pub fn unsent(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self {
            unsent: true,
            timed_out: false,
            source: source.into(),
        }
    }

    /// It broke off when the request may have arrived: a `POST` is not repeated. `source` is shown
    /// in logs, and must hold no credentials.
    #[must_use]
    pub fn may_have_arrived(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self {
            unsent: false,
            timed_out: false,
            source: source.into(),
        }
    }

    /// Says that it broke off because it took too long.
    #[must_use]
    pub fn timed_out(mut self) -> Self {
        self.timed_out = true;
        self
    }
}

impl Broken {
    /// Why no connection was made, if that can be told.
    pub(crate) fn connect_failure(&self) -> Option<ConnectFailure> {
        self.unsent.then(|| reason::of(&*self.source)).flatten()
    }
}

impl From<reqwest::Error> for Broken {
    fn from(error: reqwest::Error) -> Self {
        Self {
            unsent: error.is_connect() || error.is_builder(),
            timed_out: error.is_timeout(),
            // The URL may hold names or one-time tokens; errors name the path template instead.
            source: error.without_url().into(),
        }
    }
}

/// Any [`Transport`], shared. Cheap to clone.
///
/// That of a pipeline ([`Pipeline::transport`](crate::Pipeline::transport)) goes with the
/// connections: pipelines that have it share them.
#[derive(Clone, Debug)]
pub struct SharedTransport {
    transport: Arc<dyn Dynamic>,
    /// The client beneath, if it is one of a pipeline's own.
    http: Option<reqwest::Client>,
}

impl SharedTransport {
    pub(crate) fn of_client(http: reqwest::Client, compression: bool) -> Self {
        Self {
            transport: Arc::new(HttpClient::new(http.clone(), compression)),
            http: Some(http),
        }
    }

    pub(crate) fn http(&self) -> Option<&reqwest::Client> {
        self.http.as_ref()
    }

    /// Sends over it, as [`Transport::send`]: for transports that do something before or after
    /// another one sends.
    ///
    /// # Errors
    /// As [`Transport::send`].
    pub async fn send(&self, request: Request, call: &Call) -> Result<Answer, SendError> {
        self.transport.send(request, call).await
    }
}

impl<T: Transport> From<T> for SharedTransport {
    fn from(transport: T) -> Self {
        Self {
            transport: Arc::new(transport),
            http: None,
        }
    }
}

/// The twin of [`Transport`] that can be a trait object.
trait Dynamic: Debug + Send + Sync {
    fn send<'a>(
        &'a self,
        request: Request,
        call: &'a Call,
    ) -> BoxFuture<'a, Result<Answer, SendError>>;
}

impl<T: Transport> Dynamic for T {
    fn send<'a>(
        &'a self,
        request: Request,
        call: &'a Call,
    ) -> BoxFuture<'a, Result<Answer, SendError>> {
        Transport::send(self, request, call).boxed()
    }
}
