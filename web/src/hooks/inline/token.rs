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

/// Changes of a token, in this order. Okta does all of them or none: it does none if one adds a claim
/// that is there, changes one that is not, or is for a claim that is reserved, such as `scp`.
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
    /// Adds a claim that the token does not have.
    pub fn add_claim(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.push(Operation::add(claim(name), value.into()));
        self
    }

    /// Gives a claim another value.
    pub fn replace_claim(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.push(Operation::replace(claim(name), value.into()));
        self
    }

    /// Takes a claim away.
    pub fn remove_claim(mut self, name: &str) -> Self {
        self.0.push(Operation::remove(claim(name)));
        self
    }

    /// Another lifetime, in seconds. Okta takes 5 minutes to 24 hours.
    pub fn lifetime(mut self, seconds: u32) -> Self {
        let path = "/token/lifetime/expiration".to_owned();
        self.0.push(Operation::replace(path, seconds.into()));
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
