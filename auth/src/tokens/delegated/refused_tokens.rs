//! Refresh tokens that are of no use any more.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::{Error, Secret};

/// Most refused tokens that are remembered. A session has one at a time; a store that lags behind
/// may bring back one or two before it.
const MOST: usize = 8;

/// Refresh tokens that the server has refused for good (`invalid_grant`, RFC 6749, section 5.2),
/// with its answers: none is sent twice. Okta takes a refresh token that is used again for a
/// stolen one.
#[derive(Debug, Default)]
pub(super) struct RefusedTokens(Mutex<VecDeque<(Secret, Error)>>);

impl RefusedTokens {
    /// That `token` was not refused before.
    ///
    /// # Errors
    /// With what it was refused.
    pub(super) fn check(&self, token: &Secret) -> Result<(), Error> {
        let refused = self.refused();
        let known = refused.iter().find(|(refused, _)| refused == token);
        known.map_or(Ok(()), |(_, error)| Err(error.clone()))
    }

    /// The server has answered to `token` with `error`.
    pub(super) fn note(&self, token: &Secret, error: &Error) {
        if error.code() != Some("invalid_grant") || self.check(token).is_err() {
            return;
        }
        let mut refused = self.refused();
        if refused.len() == MOST {
            refused.pop_front();
        }
        refused.push_back((token.clone(), error.clone()));
    }

    fn refused(&self) -> MutexGuard<'_, VecDeque<(Secret, Error)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_refused_for_good_is_known_and_nothing_else() {
        let refused = RefusedTokens::default();
        let token = Secret::from("r-1");
        refused.note(&token, &Error::timeout("down"));
        refused.note(&token, &Error::oauth("refused", "invalid_client", None));
        assert!(refused.check(&token).is_ok());
        refused.note(
            &token,
            &Error::oauth("refused", "invalid_grant", Some("used")),
        );
        let error = refused.check(&token).err().and_then(|error| {
            let summary = error.summary()?.to_owned();
            Some((error.code()?.to_owned(), summary))
        });
        assert_eq!(error, Some(("invalid_grant".into(), "used".into())));
        assert!(refused.check(&Secret::from("r-2")).is_ok());
    }

    #[test]
    fn a_few_are_remembered() {
        let refused = RefusedTokens::default();
        for number in 0..100 {
            let token = Secret::from(format!("r-{number}"));
            refused.note(&token, &Error::oauth("refused", "invalid_grant", None));
        }
        assert_eq!(refused.refused().len(), MOST);
        assert!(refused.check(&Secret::from("r-99")).is_err());
        assert!(refused.check(&Secret::from("r-91")).is_ok());
    }
}
