//! Inline hooks: questions that Okta asks in the middle of its work, and waits for.

mod answer;
mod kind;
mod password_import;
mod registration;
mod saml;
mod telephony;
mod token;
mod user_import;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::body::{Body, to_bytes};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, post};
use futures::FutureExt;
use http::{Request, StatusCode};
use okta_auth::{Error, Secret};
use serde::Deserialize;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout_at};

pub use self::kind::InlineHookKind;
pub use self::password_import::{PasswordImportAnswer, PasswordImportHook};
pub use self::registration::{RegistrationAnswer, RegistrationHook, RejectedField};
pub use self::saml::{SamlAnswer, SamlHook};
pub use self::telephony::{TelephonyAnswer, TelephonyHook};
pub use self::token::{TokenAnswer, TokenHook, TokenPatch};
pub use self::user_import::{
    ImportedUser, UserImport, UserImportAnswer, UserImportContext, UserImportData, UserImportHook,
};
use super::HandlerResult;
use super::handler::{Handler, PANICKED, TOO_LATE};
use super::secret::HeaderCheck;

/// How long Okta waits for an answer.
const PATIENCE: Duration = Duration::from_secs(3);

/// Answers an inline hook of the kind `K`. Clones are one receiver.
///
/// ```
/// use okta_auth::{Error, Secret};
/// use okta_sdk::models::TokenPayLoad;
/// use okta_web::hooks::{InlineHook, TokenAnswer, TokenHook};
///
/// # fn main() -> Result<(), Error> {
/// let secret = Secret::from("what the hook's authorization header holds");
/// let hook = InlineHook::<TokenHook>::builder(secret, async |_: TokenPayLoad| {
///     Ok(TokenAnswer::new().access(|token| token.add_claim("region", "eu")))
/// })
/// .build()?;
/// let app: axum::Router = axum::Router::new().route("/okta/tokens", hook.route());
/// # Ok(())
/// # }
/// ```
///
/// Requests are answered so:
///
/// | request | status |
/// |---|---|
/// | its secret is wrong, missing or there twice | 401; the body is not read |
/// | a body that is too long | 413 |
/// | a body that does not come within the time limit | 408 |
/// | a body that is no request of an inline hook, or of one of another kind | 400 |
/// | otherwise, for an answer that changes something | 200, with the answer |
/// | otherwise, for an answer that changes nothing | 204 |
///
/// Source: <https://developer.okta.com/docs/concepts/inline-hooks/>.
pub struct InlineHook<K: InlineHookKind>(Arc<Receiver<K>>);

struct Receiver<K: InlineHookKind> {
    check: HeaderCheck,
    body_limit: usize,
    time_limit: Duration,
    on_failure: K::Answer,
    handler: Handler<K::Request, K::Answer>,
}

/// Builds [`InlineHook`].
#[must_use]
pub struct InlineHookBuilder<K: InlineHookKind> {
    header: Option<String>,
    secrets: Vec<Secret>,
    body_limit: usize,
    time_limit: Duration,
    on_failure: K::Answer,
    handler: Handler<K::Request, K::Answer>,
}

/// What the requests of all kinds have.
#[derive(Deserialize)]
struct Envelope {
    #[serde(rename = "eventType")]
    event_type: String,
    #[serde(rename = "data")]
    _data: Data,
}

/// An object, whatever it has.
#[derive(Deserialize)]
struct Data {}

impl<K: InlineHookKind> InlineHook<K> {
    /// A receiver of the hook whose `authScheme` has the value `secret`. `handler` gets each request
    /// and gives the answer.
    ///
    /// When the handler fails, panics or takes longer than
    /// [its limit](InlineHookBuilder::time_limit), that is logged, and Okta gets
    /// [the answer for this](InlineHookBuilder::on_failure). A handler that is late, or whose caller
    /// has gone, is ended at its next `await`. Okta may ask a second time after a failure of the
    /// network, so a handler should bear it.
    pub fn builder<F, A>(secret: Secret, handler: F) -> InlineHookBuilder<K>
    where
        F: Fn(K::Request) -> A + Send + Sync + 'static,
        A: Future<Output = HandlerResult<K::Answer>> + Send + 'static,
    {
        InlineHookBuilder {
            header: None,
            secrets: vec![secret],
            body_limit: 1024 * 1024,
            time_limit: Duration::from_millis(2500),
            on_failure: K::safe_failure(),
            handler: Arc::new(move |request| handler(request).boxed()),
        }
    }

    /// The route that Okta calls, by `POST`.
    pub fn route<S: Clone + Send + Sync + 'static>(&self) -> MethodRouter<S> {
        let receiver = Arc::clone(&self.0);
        post(move |request: Request<Body>| async move {
            receiver
                .receive(request)
                .await
                .unwrap_or_else(IntoResponse::into_response)
        })
    }
}

impl<K: InlineHookKind> InlineHookBuilder<K> {
    /// A second secret that is accepted, for as long as the hook's is being replaced.
    pub fn also_accept(mut self, secret: Secret) -> Self {
        self.secrets.push(secret);
        self
    }

    /// The header that holds the secret: the key of the hook's `authScheme`. Default:
    /// `Authorization`.
    pub fn header(mut self, name: impl Into<String>) -> Self {
        self.header = Some(name.into());
        self
    }

    /// The longest body, in bytes. Default: 1 MiB.
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.body_limit = bytes;
        self
    }

    /// How long a request may take until it is answered, from the check of its secret on. Below the
    /// 3 seconds that Okta waits. Default: 2.5 seconds, which leaves the rest to the network.
    pub fn time_limit(mut self, limit: Duration) -> Self {
        self.time_limit = limit;
        self
    }

    /// What Okta gets when the handler fails, panics or is late. The default is on the page of the
    /// kind, such as [`RegistrationHook`].
    pub fn on_failure(mut self, answer: K::Answer) -> Self {
        self.on_failure = answer;
        self
    }

    /// The receiver.
    ///
    /// # Errors
    /// If a secret is empty or no header can have it, if the header's name is none, if a limit is
    /// zero, or if the time limit is not below 3 seconds.
    pub fn build(self) -> Result<InlineHook<K>, Error> {
        let check = HeaderCheck::new(self.header.as_deref(), &self.secrets)?;
        if self.body_limit == 0 || self.time_limit.is_zero() {
            return Err(Error::configuration(
                "a limit of the inline hook is zero, so that no request could be answered; leave \
                 it out for its default",
            ));
        }
        if self.time_limit >= PATIENCE {
            return Err(Error::configuration(
                "the time limit of the inline hook is not below the 3 seconds that Okta waits; \
                 write such as 2 seconds",
            ));
        }
        Ok(InlineHook(Arc::new(Receiver {
            check,
            body_limit: self.body_limit,
            time_limit: self.time_limit,
            on_failure: self.on_failure,
            handler: self.handler,
        })))
    }
}

impl<K: InlineHookKind> Receiver<K> {
    async fn receive(&self, request: Request<Body>) -> Result<Response, StatusCode> {
        let kind = K::EVENT_TYPE;
        if !self.check.passes(request.headers()) {
            tracing::warn!(
                kind,
                "a request without the inline hook's secret was refused"
            );
            return Err(StatusCode::UNAUTHORIZED);
        }
        let deadline = Instant::now() + self.time_limit;
        let body = to_bytes(request.into_body(), self.body_limit);
        let body = timeout_at(deadline, body).await;
        let body = body.map_err(|_| StatusCode::REQUEST_TIMEOUT)?;
        let body = body.map_err(|_| StatusCode::PAYLOAD_TOO_LARGE)?;
        let request = read::<K>(&body).ok_or_else(|| {
            tracing::warn!(kind, "a request of an inline hook could not be read");
            StatusCode::BAD_REQUEST
        })?;
        let answer = self.answer(request, deadline).await;
        let answer = answer.unwrap_or_else(|failure| {
            tracing::error!(kind, failure, "an inline hook was answered as for failures");
            self.on_failure.clone()
        });
        Ok(match K::body(&answer) {
            Some(body) => Json(body).into_response(),
            None => StatusCode::NO_CONTENT.into_response(),
        })
    }

    /// The handler's answer, or why there is none.
    async fn answer(&self, request: K::Request, deadline: Instant) -> Result<K::Answer, String> {
        let handler = Arc::clone(&self.handler);
        // In a task of its own, so that a handler that blocks its thread does not delay the answer.
        // The set ends the task when this future ends.
        let mut work = JoinSet::new();
        work.spawn(async move { handler(request).await });
        match timeout_at(deadline, work.join_next()).await {
            Ok(Some(Ok(result))) => result.map_err(|error| error.to_string()),
            Ok(_) => Err(PANICKED.to_owned()),
            Err(_) => Err(TOO_LATE.to_owned()),
        }
    }
}

/// The request, if it is one of this kind of hook.
fn read<K: InlineHookKind>(body: &[u8]) -> Option<K::Request> {
    let envelope: Envelope = serde_json::from_slice(body).ok()?;
    (envelope.event_type == K::EVENT_TYPE)
        .then(|| serde_json::from_slice(body).ok())
        .flatten()
}

// By hand: derived, these would ask it of `K`, which is never made.
impl<K: InlineHookKind> Clone for InlineHook<K> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<K: InlineHookKind> fmt::Debug for InlineHook<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("InlineHook").field(&K::EVENT_TYPE).finish()
    }
}

impl<K: InlineHookKind> fmt::Debug for InlineHookBuilder<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("InlineHookBuilder")
            .field(&K::EVENT_TYPE)
            .finish()
    }
}
