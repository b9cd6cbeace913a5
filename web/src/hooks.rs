//! What Okta sends on its own: event hooks, inline hooks ([`InlineHook`]), and the security events of
//! Shared Signals.
//!
//! [`SignalReceiver`] is the receiver of security event tokens.
//!
//! [`EventHooks`] is the receiver of an event hook. It makes the route that Okta calls, and gives each
//! event to a handler of yours:
//!
//! ```
//! use axum::Router;
//! use okta_auth::{Error, Secret};
//! use okta_web::hooks::{EventHooks, HookEvent};
//!
//! # fn main() -> Result<(), Error> {
//! let secret = Secret::from("what the hook's authorization header holds");
//! let hooks = EventHooks::builder(secret, async |event: HookEvent| {
//!     println!("{:?}", event.log.event_type);
//!     Ok(())
//! })
//! .build()?;
//! let app: Router = Router::new().route("/okta/events", hooks.route());
//! # Ok(())
//! # }
//! ```
//!
//! Register the hook with [`header`](EventHooksBuilder::header) as the key of its `authScheme` and the
//! secret as the value, and then have Okta verify it.
//!
//! # Answers to event hooks
//! | request | status |
//! |---|---|
//! | `GET` with a challenge | 200, with the challenge |
//! | `GET` without one, or with one that is too long | 400 |
//! | `POST` whose secret is wrong, missing or there twice | 401; the body is not read |
//! | a body that is too long | 413 |
//! | a body that is no delivery of events | 400 |
//! | the queue has no room for all of the events, or is being drained | 503, and none is taken |
//! | the store of ids cannot be asked | 503, and none is taken |
//! | otherwise, also for events that came before | 200, before the events are handled |
//!
//! Okta waits 3 seconds for an answer and tries a second time after a failure. It sends an event at
//! least once, and in no particular order.

mod events;
mod handler;
mod inline;
mod secret;
mod signals;

pub use self::events::{EventHooks, EventHooksBuilder, HookEvent};
pub use self::handler::HandlerResult;
pub use self::inline::{
    ImportedUser, InlineHook, InlineHookBuilder, InlineHookKind, PasswordImportAnswer,
    PasswordImportHook, RegistrationAnswer, RegistrationHook, RejectedField, SamlAnswer, SamlHook,
    TelephonyAnswer, TelephonyHook, TokenAnswer, TokenHook, TokenPatch, UserImport,
    UserImportAnswer, UserImportContext, UserImportData, UserImportHook,
};
pub use self::signals::{OktaSignal, SignalReceiver, SignalReceiverBuilder};
