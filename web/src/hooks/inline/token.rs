//! Token inline hooks.

use std::fmt;

use okta_sdk::models::TokenPayLoad;
use serde_json::Value;

use super::answer::{Operation, body, claim, error, patch};
use super::kind::{InlineHookKind, sealed};

/// Asked before a custom authorization server issues tokens, of which the claims can be changed.
///
/// By default, a handler that fails changes nothing: Okta issues the tokens as they are, which it
/// also does when no answer comes. If the claims must be there, let
/// [`on_failure`](super::InlineHookBuilder::on_failure) be [`TokenAnswer::refuse`].
///
/// Source: <https://developer.okta.com/docs/reference/token-hook/>.
#[derive(Clone, Copy, Debug)]
pub enum TokenHook {}

/// The answer of a [`TokenHook`]. A new one changes nothing.
#[derive(Clone, Default)]
#[must_use]
pub struct TokenAnswer {
    access: TokenPatch,
    id: TokenPatch,
    error: Option<String>,
}

/// Changes of a token, in the order in which they are called. Okta does all of them or none: none if
/// one is for a claim of the system, such as `scp`, or cannot be done.
#[derive(Clone, Default)]
#[must_use]
pub struct TokenPatch(Vec<Operation>);

impl TokenAnswer {
    /// Tokens as they are.
    pub fn new() -> Self {
        Self::default()
    }

    /// No tokens. Okta answers the app with this text.
    pub fn refuse(summary: impl Into<String>) -> Self {
        Self {
            error: Some(summary.into()),
            ..Self::default()
        }
    }

    /// Changes the access token.
    pub fn access(mut self, change: impl FnOnce(TokenPatch) -> TokenPatch) -> Self {
        self.access = change(self.access);
        self
    }

    /// Changes the ID token.
    pub fn id_token(mut self, change: impl FnOnce(TokenPatch) -> TokenPatch) -> Self {
        self.id = change(self.id);
        self
    }
}

impl TokenPatch {
    /// Adds a claim. Okta replaces one that the token has.
    pub fn add_claim(self, name: &str, value: impl Into<Value>) -> Self {
        self.add(claim(name), value)
    }

    /// Gives a claim that the token has another value.
    pub fn replace_claim(self, name: &str, value: impl Into<Value>) -> Self {
        self.replace(claim(name), value)
    }

    /// Takes a claim away.
    pub fn remove_claim(self, name: &str) -> Self {
        self.remove(claim(name))
    }

    /// Another lifetime, in seconds: 5 minutes to 24 hours.
    pub fn lifetime(self, seconds: u32) -> Self {
        self.replace("/token/lifetime/expiration", seconds)
    }

    /// Adds to a claim. `path` is a JSON pointer (RFC 6901) within the request's `data.access` or
    /// `data.identity`, such as `/claims/employee/department` for a member of an object, or
    /// `/claims/roles/-` for the end of a list.
    pub fn add(mut self, path: impl Into<String>, value: impl Into<Value>) -> Self {
        self.0.push(Operation::add(path.into(), value.into()));
        self
    }

    /// Gives a part of a claim another value. `path` is as for [`add`](Self::add).
    pub fn replace(mut self, path: impl Into<String>, value: impl Into<Value>) -> Self {
        self.0.push(Operation::replace(path.into(), value.into()));
        self
    }

    /// Takes a part of a claim away. `path` is as for [`add`](Self::add).
    pub fn remove(mut self, path: impl Into<String>) -> Self {
        self.0.push(Operation::remove(path.into()));
        self
    }
}

impl sealed::Kind for TokenHook {}

impl InlineHookKind for TokenHook {
    const EVENT_TYPE: &'static str = "com.okta.oauth2.tokens.transform";
    type Request = TokenPayLoad;
    type Answer = TokenAnswer;

    fn safe_failure() -> TokenAnswer {
        TokenAnswer::new()
    }

    fn body(answer: &TokenAnswer) -> Option<Value> {
        let patches = [
            patch("com.okta.access.patch", &answer.access.0),
            patch("com.okta.identity.patch", &answer.id.0),
        ];
        let commands = patches.into_iter().flatten().collect();
        body(commands, answer.error.as_deref().map(error))
    }
}

// Without the values of claims, which may be about a person.
impl fmt::Debug for TokenAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenAnswer")
            .field("access", &self.access)
            .field("id_token", &self.id)
            .field("error", &self.error)
            .finish()
    }
}

impl fmt::Debug for TokenPatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.0).finish()
    }
}
