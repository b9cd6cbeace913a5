//! Password import inline hooks.

use okta_sdk::models::PasswordImportRequest;
use serde_json::{Value, json};

use super::answer::{body, command};
use super::kind::{InlineHookKind, sealed};

/// Asked when a user whose password another system knows logs in for the first time.
///
/// By default, a handler that fails leaves the password unverified: the user is not logged in, which
/// Okta also does when no answer comes. The next login asks again.
///
/// Source: <https://developer.okta.com/docs/reference/password-hook/>.
#[derive(Clone, Copy, Debug)]
pub enum PasswordImportHook {}

/// The answer of a [`PasswordImportHook`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordImportAnswer {
    /// The password is the user's. Okta keeps it from now on, and does not ask again.
    Verified,
    /// It is not.
    Unverified,
}

impl sealed::Kind for PasswordImportHook {}

impl InlineHookKind for PasswordImportHook {
    const EVENT_TYPE: &'static str = "com.okta.user.credential.password.import";
    type Request = PasswordImportRequest;
    type Answer = PasswordImportAnswer;

    fn safe_failure() -> PasswordImportAnswer {
        PasswordImportAnswer::Unverified
    }

    fn body(answer: &PasswordImportAnswer) -> Option<Value> {
        let credential = match answer {
            PasswordImportAnswer::Verified => "VERIFIED",
            PasswordImportAnswer::Unverified => "UNVERIFIED",
        };
        let value = json!({ "credential": credential });
        body(vec![command("com.okta.action.update", value)], None)
    }
}
