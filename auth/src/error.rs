//! The one error type, of every step between a call and its decoded answer.

mod body;
mod challenge;
mod connect;
mod okta;
mod predicates;
mod progress;
mod show;

use std::borrow::Cow;
use std::error::Error as StdError;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, Method, StatusCode};

pub use self::body::ErrorBody;
pub use self::connect::ConnectFailure;
pub(crate) use self::okta::OktaError;
pub(crate) use self::progress::Progress;
pub use self::progress::Stage;
pub(crate) use self::show::one_line;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-okta-request-id");

/// The longest request id, in bytes. Okta's have 27.
const MOST_REQUEST_ID: usize = 256;

/// Why a call failed.
///
/// Ask with the predicates ([`Error::is_not_found`], [`Error::is_rate_limited`], …) and read
/// details with the accessors. `Display` is one line that names the method, path template and
/// operation, the status, Okta's code and summary, and the request id; it never shows a token, a
/// header or a body. `Debug` is as discreet. A clone is of the same failure: one that several tasks
/// waited for reaches each of them.
///
/// Source of the codes: <https://developer.okta.com/docs/reference/error-codes/>
#[derive(Clone)]
pub struct Error(Box<Inner>);

#[derive(Clone)]
struct Inner {
    kind: Kind,
    /// What went wrong, in one line.
    message: String,
    /// Why a response that might have been retried was not.
    note: Option<String>,
    operation: Option<&'static str>,
    path: Option<Cow<'static, str>>,
    method: Option<Method>,
    status: Option<StatusCode>,
    headers: HeaderMap,
    request_id: Option<String>,
    retry_after: Option<Duration>,
    progress: Option<Progress>,
    source: Option<Arc<dyn StdError + Send + Sync>>,
}

#[derive(Clone, Debug)]
enum Kind {
    Configuration,
    Argument,
    Credentials,
    Timeout,
    Transport {
        /// Why there was no connection.
        connect: Option<ConnectFailure>,
    },
    /// The body of a successful answer is longer than it may be.
    TooLarge,
    /// Okta, or something before it, answered with an error status.
    Api {
        okta: OktaError,
        body: Bytes,
    },
    /// Held back before sending, because the bucket is empty until after the deadline.
    RateLimited,
    Decode {
        json_path: String,
        raw: Option<Bytes>,
    },
    Pagination,
    Other,
}

impl Error {
    /// A setting is missing or wrong. `message` says what to write instead.
    #[must_use]
    pub fn configuration(message: impl Into<String>) -> Self {
        Self::new(Kind::Configuration, message)
    }

    /// An argument of a call cannot be sent: its name, and what is wrong with it.
    #[must_use]
    pub fn invalid_argument(name: &str, message: impl AsRef<str>) -> Self {
        Self::new(
            Kind::Argument,
            format!("argument `{name}`: {}", message.as_ref()),
        )
    }

    /// The credentials for a request could not be obtained.
    #[must_use]
    pub fn credentials(message: impl Into<String>) -> Self {
        Self::new(Kind::Credentials, message)
    }

    /// A successful answer could not be understood: where in it (a JSON path such as
    /// `$[3].profile.login`), why, and the text of it, which is not shown.
    #[must_use]
    pub fn decode(
        json_path: impl Into<String>,
        reason: impl AsRef<str>,
        raw: Option<Bytes>,
    ) -> Self {
        let json_path = json_path.into();
        let message = format!(
            "cannot decode the response at {}: {}",
            one_line(&json_path),
            show::reason(reason.as_ref())
        );
        Self::new(Kind::Decode { json_path, raw }, message)
    }

    /// A list could not be walked to its end.
    #[must_use]
    pub fn pagination(message: impl Into<String>) -> Self {
        Self::new(Kind::Pagination, message)
    }

    /// Any other failure, with what caused it.
    #[must_use]
    pub fn other(
        message: impl Into<String>,
        source: impl Into<Box<dyn StdError + Send + Sync>>,
    ) -> Self {
        Self::new(Kind::Other, message).with_source(source)
    }

    /// Adds the path of a call that has no template.
    #[must_use]
    pub fn with_path(mut self, path: impl Into<String>) -> Self {
        self.0.path = Some(path.into().into());
        self
    }

    /// Adds what caused the failure.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.source = Some(source.into().into());
        self
    }

    /// The credentials could not be obtained because asking for them failed with `cause`. Its
    /// status, code and summary are those of the new error too. A setting that is wrong stays
    /// what it is.
    pub(crate) fn no_credentials(cause: Self) -> Self {
        match cause.0.kind {
            Kind::Configuration | Kind::Argument | Kind::Credentials => cause,
            _ => Self::credentials(format!("no access token: {cause}")).with_source(cause),
        }
    }

    /// An OAuth error that did not come in a response of its own, such as one that a browser
    /// brought: what failed, OAuth's `error`, and its `error_description`.
    pub(crate) fn oauth(what: &str, code: &str, description: Option<&str>) -> Self {
        let okta = OktaError::oauth(code, description);
        let message = format!("{what}{}", show::code_and_causes(&okta));
        let body = Bytes::new();
        Self::new(Kind::Api { okta, body }, message)
    }

    /// Something took longer than it may. `message` says what.
    #[must_use]
    pub fn timeout(message: impl Into<String>) -> Self {
        Self::new(Kind::Timeout, message)
    }

    pub(crate) fn held_back(wait: Duration) -> Self {
        let mut error = Self::new(
            Kind::RateLimited,
            format!(
                "not sent: the rate limit is used up for another {}s, which is longer than the \
                 call may take",
                wait.as_secs()
            ),
        );
        error.0.retry_after = Some(wait);
        error
    }

    /// Adds what else there is to know, or to do about it. It is shown after the message.
    #[must_use]
    pub fn with_advice(self, advice: &'static str) -> Self {
        self.with_note(Some(advice.to_owned()))
    }

    pub(crate) fn with_note(mut self, note: Option<String>) -> Self {
        self.0.note = note;
        self
    }

    /// Names the call that failed, where that is not known yet.
    pub(crate) fn of_call(
        mut self,
        operation: &'static str,
        path: &'static str,
        method: &Method,
    ) -> Self {
        self.0.operation.get_or_insert(operation);
        self.0.path.get_or_insert(path.into());
        self.0.method.get_or_insert_with(|| method.clone());
        self
    }

    /// Adds the head of the response that the failure is about.
    pub(crate) fn of_response(mut self, status: StatusCode, headers: HeaderMap) -> Self {
        self.0.status = Some(status);
        self.0.request_id = request_id(&headers).map(str::to_owned);
        self.0.headers = headers;
        self
    }

    /// No complete answer came, because of `source`: for lack of time, or before the request had
    /// a connection to go out on, for the reason `connect` if that is known.
    pub(crate) fn broken(
        timed_out: bool,
        unsent: bool,
        connect: Option<ConnectFailure>,
        source: Box<dyn StdError + Send + Sync>,
    ) -> Self {
        let transport = Kind::Transport { connect };
        let (kind, message) = match (timed_out, unsent) {
            (true, true) => (Kind::Timeout, "timed out while connecting"),
            (true, false) => (Kind::Timeout, "timed out waiting for the response"),
            (false, true) => (transport, "could not connect"),
            (false, false) => (transport, "the connection broke before the response ended"),
        };
        let message = match connect {
            Some(reason) => format!("{message}: {reason}"),
            None => message.to_owned(),
        };
        Self::new(kind, message).with_source(source)
    }

    /// The body of a successful answer is longer than `limit` bytes.
    pub(crate) fn too_large(limit: usize) -> Self {
        let message = format!(
            "the response is longer than the {limit} bytes that it may have \
             (`max_response_bytes`), and was not read to its end"
        );
        Self::new(Kind::TooLarge, message)
    }

    /// A response of a status that is no success, to be asked again after `retry_after`.
    pub(crate) fn api(
        status: StatusCode,
        headers: HeaderMap,
        body: Bytes,
        retry_after: Option<Duration>,
    ) -> Self {
        let okta = OktaError::read(&headers, &body);
        let message = show::api_message(status, &okta);
        let mut error = Self::new(Kind::Api { okta, body }, message).of_response(status, headers);
        error.0.retry_after = retry_after;
        error
    }

    fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            message: message.into(),
            note: None,
            operation: None,
            path: None,
            method: None,
            status: None,
            headers: HeaderMap::new(),
            request_id: None,
            retry_after: None,
            progress: None,
            source: None,
        }))
    }

    /// The failed request for credentials that this error is about, else the error itself.
    fn response(&self) -> &Inner {
        match (&self.0.kind, &self.0.source) {
            (Kind::Credentials, Some(source)) => source
                .downcast_ref::<Self>()
                .map_or(&*self.0, Self::response),
            _ => &self.0,
        }
    }

    fn okta(&self) -> Option<&OktaError> {
        match &self.response().kind {
            Kind::Api { okta, .. } => Some(okta),
            _ => None,
        }
    }

    /// The status of the response, if one came.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.response().status
    }

    /// Okta's error code, such as `E0000007`; of an OAuth error its `error`, such as
    /// `invalid_client`.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.okta()?.code()
    }

    /// Okta's summary of the error, or the `error_description` of an OAuth error.
    #[must_use]
    pub fn summary(&self) -> Option<&str> {
        self.okta()?.summary()
    }

    /// The summaries of Okta's `errorCauses`, such as one for each field that is not valid.
    #[must_use]
    pub fn causes(&self) -> &[String] {
        self.okta().map_or(&[], |okta| &okta.causes)
    }

    /// Okta's id of this occurrence of the error.
    #[must_use]
    pub fn error_id(&self) -> Option<&str> {
        self.error_body()?.id()
    }

    /// Okta's id of the request (`X-Okta-Request-Id`), which its support asks for.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.response().request_id.as_deref()
    }

    /// The method of the call.
    #[must_use]
    pub fn method(&self) -> Option<&Method> {
        self.0.method.as_ref()
    }

    /// The path template of the call, such as `/api/v1/users/{userId}`; of a request put together
    /// by hand its path.
    #[must_use]
    pub fn path(&self) -> Option<&str> {
        self.0.path.as_deref()
    }

    /// Okta's operation id, such as `getUser`.
    #[must_use]
    pub fn operation(&self) -> Option<&'static str> {
        self.0.operation
    }

    /// The scopes that the access token lacks, separated by spaces, as `WWW-Authenticate` tells
    /// them (RFC 6750, section 3).
    #[must_use]
    pub fn missing_scope(&self) -> Option<&str> {
        self.okta()?.missing_scope.as_deref()
    }

    /// How long the server asks to wait, counted from when the error arose: until the rate limit
    /// window ends, or what `Retry-After` says.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.response().retry_after
    }

    /// The JSON object of the error response, with all that it holds; `None` if the body was
    /// something else.
    #[must_use]
    pub fn error_body(&self) -> Option<&ErrorBody> {
        self.okta()?.body.as_ref()
    }

    /// The body of the error response, whatever it was: JSON, or the HTML of a gateway. Its first
    /// 256 KiB, if it is longer.
    #[must_use]
    pub fn body_text(&self) -> Option<Cow<'_, str>> {
        match &self.response().kind {
            Kind::Api { body, .. } => Some(String::from_utf8_lossy(body)),
            _ => None,
        }
    }

    /// The headers of the response; empty if none came.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.response().headers
    }

    /// Where in the answer decoding failed, such as `$[3].profile.login`.
    #[must_use]
    pub fn json_path(&self) -> Option<&str> {
        match &self.0.kind {
            Kind::Decode { json_path, .. } => Some(json_path),
            _ => None,
        }
    }

    /// The bytes that could not be decoded: the item of a list, else the whole answer. They may
    /// hold secrets, and need not be JSON or UTF-8.
    #[must_use]
    pub fn raw(&self) -> Option<&Bytes> {
        match &self.0.kind {
            Kind::Decode { raw, .. } => raw.as_ref(),
            _ => None,
        }
    }
}

/// Okta's id of the request that was answered with `headers`. It goes into messages, spans and the
/// headers of the next attempt, so what is too long to be one is none.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<&str> {
    let id = headers.get(REQUEST_ID)?.to_str().ok()?;
    (id.len() <= MOST_REQUEST_ID).then_some(id)
}

#[cfg(test)]
mod tests;
