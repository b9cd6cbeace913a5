//! What differs between the kinds of inline hooks.

use serde::de::DeserializeOwned;
use serde_json::Value;

/// A kind of inline hook: [`TokenHook`](super::TokenHook), [`SamlHook`](super::SamlHook),
/// [`RegistrationHook`](super::RegistrationHook), [`PasswordImportHook`](super::PasswordImportHook),
/// [`TelephonyHook`](super::TelephonyHook) or [`UserImportHook`](super::UserImportHook). Okta has no
/// others, so only this crate can add one.
pub trait InlineHookKind: sealed::Kind {
    /// The `eventType` of its requests.
    const EVENT_TYPE: &'static str;

    /// What Okta asks. Members that the type does not know are in its `extra`. Okta may leave any
    /// member out, so a handler should deny what it does not find.
    type Request: DeserializeOwned + Send + 'static;

    /// What Okta may be told.
    type Answer: Clone + Send + Sync + 'static;

    /// What Okta is told when the handler fails, panics or is late, unless
    /// [`on_failure`](super::InlineHookBuilder::on_failure) says otherwise.
    fn safe_failure() -> Self::Answer;

    /// The JSON of an answer; `None` if it changes nothing.
    #[doc(hidden)]
    fn body(answer: &Self::Answer) -> Option<Value>;
}

pub(super) mod sealed {
    /// Implemented for the kinds of this crate.
    pub trait Kind: 'static {}
}
