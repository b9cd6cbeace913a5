//! Refresh tokens that are of no use any more.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::oauth::Tokens;
use crate::{Error, Secret};

/// Maximum number of refresh tokens that are remembered: processes that share a store have few.
const REMEMBERED: usize = 16;

/// The refresh tokens that the server has refused, and how. None is sent again: the answer would
/// be the same, and some servers take a second use for a theft.
#[derive(Debug, Default)]
pub(super) struct Refusals(Mutex<VecDeque<(Secret, Error)>>);

impl Refusals {
    /// Remembers `error` if it means that the refresh token of `tokens` is of no use.
    pub(super) fn remember(&self, tokens: &Tokens, error: &Error) {
        let is_final = error.code() == Some("invalid_grant");
        let (true, Some(token)) = (is_final, &tokens.refresh_token) else {
            return;
        };
        let mut refused = self.refused();
        if refused.len() >= REMEMBERED {
            refused.pop_front();
        }
        refused.push_back((token.clone(), error.clone()));
    }

    /// The error that the refresh token of `tokens` led to, if that was final.
    pub(super) fn of(&self, tokens: &Tokens) -> Option<Error> {
        let token = tokens.refresh_token.as_ref()?;
        let refused = self.refused();
        let found = refused.iter().find(|(known, _)| known == token);
        found.map(|(_, error)| error.clone())
    }

    fn refused(&self) -> MutexGuard<'_, VecDeque<(Secret, Error)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
