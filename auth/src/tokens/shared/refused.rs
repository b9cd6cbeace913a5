//! Access tokens that an API has refused.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::Secret;
use crate::jose::sha256;

/// Most refused tokens that are remembered. The store has one at a time.
const MOST: usize = 8;

/// The hashes of the tokens that were refused last: none of them is taken from the store again.
#[derive(Debug, Default)]
pub(super) struct RefusedTokens(Mutex<VecDeque<[u8; 32]>>);

impl RefusedTokens {
    pub(super) fn note(&self, token: &Secret) {
        let mut refused = self.refused();
        if refused.len() == MOST {
            refused.pop_front();
        }
        refused.push_back(sha256(token.expose()));
    }

    pub(super) fn has(&self, token: &Secret) -> bool {
        self.refused().contains(&sha256(token.expose()))
    }

    fn refused(&self) -> MutexGuard<'_, VecDeque<[u8; 32]>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_ones_are_known() {
        let refused = RefusedTokens::default();
        for number in 0..100 {
            refused.note(&Secret::from(format!("t-{number}")));
        }
        assert_eq!(refused.refused().len(), MOST);
        assert!(refused.has(&"t-99".into()) && refused.has(&"t-92".into()));
        assert!(!refused.has(&"t-91".into()) && !refused.has(&"t-100".into()));
    }
}
