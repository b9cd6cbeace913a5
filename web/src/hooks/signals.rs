//! Shared Signals: security event tokens that Okta pushes (RFC 8935).

mod once;
mod refusal;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::response::IntoResponse;
use axum::routing::{MethodRouter, post};
use futures::FutureExt;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, Request, StatusCode};
use okta_auth::{Error, Secret, SecurityEvent, Verifier};
use okta_sdk::models::SecurityEventTokenJwtEvents;

use self::once::Once;
use self::refusal::{Code, Refusal};
use super::HandlerResult;
use super::handler::Handler;
use super::secret::HeaderCheck;
use crate::vault::{MemoryVault, SharedVault, TokenVault};

/// A verified security event token. Events that the model has no member for, such as the one that
/// the verification of a stream sends, are in the `extra` of [`events`](SecurityEvent::events), by
/// their URIs.
pub type OktaSignal = SecurityEvent<SecurityEventTokenJwtEvents>;

/// Receives the tokens of a stream of Shared Signals. Clones are one receiver.
///
/// The stream is created with `okta-sdk` (feature `signal-sharing`), by an app whose access token
/// has the scope `ssf.manage`. Okta says then what it puts into tokens as the issuer and the
/// audience:
///
/// ```no_run
/// use axum::Router;
/// use okta_auth::{Error, Issuer, Secret, Verifier};
/// use okta_sdk::Client;
/// use okta_sdk::models::{
///     StreamConfigurationCreateRequest, StreamConfigurationDelivery,
///     StreamConfigurationDeliveryMethod, StreamConfigurationDeliveryParts,
/// };
/// use okta_web::hooks::{OktaSignal, SignalReceiver};
///
/// # async fn run(okta: &Client, secret: Secret) -> Result<Router, Error> {
/// let delivery = StreamConfigurationDelivery::new(StreamConfigurationDeliveryParts {
///     endpoint_url: "https://app.example.com/okta/signals".to_owned(),
///     method: StreamConfigurationDeliveryMethod::UrnIetfRfc8935,
/// })
/// .authorization_header(secret.clone());
/// let events = ["https://schemas.openid.net/secevent/caep/event-type/session-revoked"];
/// let stream = StreamConfigurationCreateRequest::new(delivery, events);
/// let stream = okta.ssf_streams().create(stream).await?;
/// println!("iss {:?}, aud {:?}", stream.iss, stream.aud);
///
/// let verifier = Verifier::builder(Issuer::parse("https://acme.okta.com")?)
///     .audience("https://app.example.com")
///     .build()?;
/// let signals = SignalReceiver::builder(verifier, async |signal: OktaSignal| {
///     let events = &signal.events;
///     if let Some(revoked) =
///         &events.https_schemas_openid_net_secevent_caep_event_type_session_revoked
///     {
///         println!("a session ended: {:?}", revoked.subject);
///     }
///     Ok(())
/// })
/// .authorization(secret)
/// .build()?;
/// Ok(Router::new().route("/okta/signals", signals.route()))
/// # }
/// ```
///
/// # Answers
/// | request | status | `err` |
/// |---|---|---|
/// | the authorization header is wrong, missing or there twice; the body is not read | 400 | `authentication_failed` |
/// | another media type than `application/secevent+jwt`, a body that is too long, a token that is none or not valid | 400 | `invalid_request` |
/// | a key or a signature that is not the issuer's | 400 | `invalid_key` |
/// | another issuer | 400 | `invalid_issuer` |
/// | another audience | 400 | `invalid_audience` |
/// | the handler failed, or is at the same token already | 503 | |
/// | the issuer's keys or the store of ids cannot be obtained | 503 | |
/// | the verifier has no audience | 503 | |
/// | otherwise, also for a token that was handled before | 202, after the handler | |
///
/// Source: RFC 8935, section 2; OpenID Shared Signals Framework 1.0
#[derive(Clone)]
pub struct SignalReceiver(Arc<Receiver>);

struct Receiver {
    verifier: Verifier,
    check: Option<HeaderCheck>,
    body_limit: usize,
    once: Once,
}

/// Builds [`SignalReceiver`].
#[must_use]
pub struct SignalReceiverBuilder {
    verifier: Verifier,
    secrets: Vec<Secret>,
    body_limit: usize,
    time_limit: Duration,
    remembered: Duration,
    vault: SharedVault,
    handler: Handler<OktaSignal>,
}

impl SignalReceiver {
    /// A receiver of the tokens that `verifier` accepts. Its issuer is the stream's `iss`, which is
    /// the org, and its audience the stream's `aud`. `handler` gets each token that was not handled
    /// before.
    ///
    /// Okta has its answer when the handler has ended. When the handler fails, panics or takes
    /// longer than [its limit](SignalReceiverBuilder::time_limit), that is logged and the answer is
    /// 503; the token is handled when Okta sends it again. So a handler that has much to do puts
    /// the signal where it is safe, and returns.
    pub fn builder<F, A>(verifier: Verifier, handler: F) -> SignalReceiverBuilder
    where
        F: Fn(OktaSignal) -> A + Send + Sync + 'static,
        A: Future<Output = HandlerResult> + Send + 'static,
    {
        SignalReceiverBuilder {
            verifier,
            secrets: Vec::new(),
            body_limit: 64 * 1024,
            time_limit: Duration::from_secs(10),
            remembered: Duration::from_secs(7 * 24 * 60 * 60),
            vault: Arc::new(MemoryVault::new()),
            handler: Arc::new(move |signal| handler(signal).boxed()),
        }
    }

    /// The route that Okta posts tokens to: the stream's `endpoint_url`.
    pub fn route<S: Clone + Send + Sync + 'static>(&self) -> MethodRouter<S> {
        let receiver = Arc::clone(&self.0);
        post(move |request: Request<Body>| async move {
            match receiver.receive(request).await {
                Ok(()) => StatusCode::ACCEPTED.into_response(),
                Err(refusal) => refusal.into_response(),
            }
        })
    }
}

impl SignalReceiverBuilder {
    /// What the header `Authorization` has to hold: the stream's `authorization_header`. Call it
    /// again to accept a second one, for as long as the stream's is being replaced. Default: none
    /// is asked for, and the signature alone shows that a token is Okta's.
    pub fn authorization(mut self, secret: Secret) -> Self {
        self.secrets.push(secret);
        self
    }

    /// The longest body, in bytes. The verifier has a limit of its own. Default: 64 KiB.
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.body_limit = bytes;
        self
    }

    /// How long the handler may take for a token. Default: 10 seconds.
    pub fn time_limit(mut self, limit: Duration) -> Self {
        self.time_limit = limit;
        self
    }

    /// How long the id of a token is remembered, so that it is handled once. Default: 7 days.
    pub fn remember_for(mut self, time: Duration) -> Self {
        self.remembered = time;
        self
    }

    /// Where the ids of tokens are kept: a vault that several processes share, such as `RedisVault`
    /// or `PostgresVault`, by features. Receivers that share a vault handle a token once among them.
    /// Default: a [`MemoryVault`] of its own for 100,000 ids. When a vault is full, tokens are
    /// answered with 503 until it has forgotten some.
    pub fn vault(mut self, vault: impl TokenVault) -> Self {
        self.vault = Arc::new(vault);
        self
    }

    /// The receiver.
    ///
    /// # Errors
    /// If a secret is empty or no header can have it, or if a limit is zero.
    pub fn build(self) -> Result<SignalReceiver, Error> {
        let is_checked = !self.secrets.is_empty();
        let check = is_checked.then(|| HeaderCheck::new(None, &self.secrets));
        if self.body_limit == 0 || self.time_limit.is_zero() || self.remembered.is_zero() {
            return Err(Error::configuration(
                "a limit of the signal receiver is zero, so that no token could be handled; leave \
                 it out for its default",
            ));
        }
        Ok(SignalReceiver(Arc::new(Receiver {
            verifier: self.verifier,
            check: check.transpose()?,
            body_limit: self.body_limit,
            once: Once {
                handler: self.handler,
                vault: self.vault,
                time_limit: self.time_limit,
                remembered: self.remembered,
            },
        })))
    }
}

impl Receiver {
    async fn receive(self: Arc<Self>, request: Request<Body>) -> Result<(), Refusal> {
        let signal = self.verified(request).await?;
        let id = signal.id.clone();
        // In a task of its own: when Okta hangs up, this future ends wherever it is, and the names
        // would stay claimed.
        let handled = tokio::spawn(async move { self.once.handle(signal).await }).await;
        handled
            .unwrap_or_else(|error| Err(error.to_string()))
            .map_err(|failure| {
                tracing::error!(failure, id, "a security event token was not handled");
                Refusal::Later
            })
    }

    async fn verified(&self, request: Request<Body>) -> Result<OktaSignal, Refusal> {
        let check = self.check.as_ref();
        if !check.is_none_or(|check| check.passes(request.headers())) {
            let reason = "its authorization header is missing or wrong";
            return Err(Refusal::new(Code::AuthenticationFailed, reason));
        }
        let invalid = |reason| Refusal::new(Code::InvalidRequest, reason);
        if !is_token(request.headers()) {
            return Err(invalid("its media type is not `application/secevent+jwt`"));
        }
        let body = to_bytes(request.into_body(), self.body_limit).await;
        let body = body.map_err(|_| invalid("its body is too long or incomplete"))?;
        let token = std::str::from_utf8(&body).map_err(|_| invalid("its body is not text"))?;
        let verified = self.verifier.verify_security_event(token.trim()).await;
        verified.map_err(|error| Refusal::unverified(&error))
    }
}

/// Whether the media type is that of RFC 8417, section 7.2, with or without parameters.
fn is_token(headers: &HeaderMap) -> bool {
    let value = headers.get(CONTENT_TYPE);
    let value = value.and_then(|value| value.to_str().ok());
    let media_type = value.and_then(|value| value.split(';').next());
    media_type.is_some_and(|it| it.trim().eq_ignore_ascii_case("application/secevent+jwt"))
}

impl fmt::Debug for SignalReceiver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignalReceiver").finish_non_exhaustive()
    }
}

impl fmt::Debug for SignalReceiverBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignalReceiverBuilder")
            .finish_non_exhaustive()
    }
}
