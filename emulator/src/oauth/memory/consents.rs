//! What users allowed clients to do.

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::oauth::words::server::Server;
#[cfg(feature = "data")]
use crate::tracked::part::Visitor;
use crate::tracked::{Tracked, TrackedMap};

/// A scope to which a user said yes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Consent {
    /// `oag…`
    pub(crate) id: String,
    pub(crate) user: u64,
    pub(crate) client_id: String,
    pub(crate) server: Server,
    /// The scope's name.
    pub(crate) scope: String,
    pub(crate) created: Timestamp,
}

/// All consents that count. Those of a user are in order of creation, by positions that are not used
/// again.
#[derive(Debug, Default)]
pub(crate) struct Consents {
    given: Tracked<u64>,
    /// By user and position.
    consents: TrackedMap<(u64, u64), Consent>,
}

impl Consents {
    /// The parts that are kept.
    #[cfg(feature = "data")]
    pub(crate) fn parts(&mut self, visit: &mut Visitor<'_>) {
        let Self { given, consents } = self;
        visit("next consent", given);
        visit("consents", consents);
    }

    pub(crate) fn add(&mut self, consent: Consent) {
        *self.given += 1;
        self.consents.insert((consent.user, *self.given), consent);
    }

    /// Those of a user.
    pub(crate) fn of(&self, user: u64) -> impl Iterator<Item = (u64, &Consent)> {
        let own = self.consents.range((user, 0)..=(user, u64::MAX));
        own.map(|((_, position), consent)| (*position, consent))
    }

    /// Whether a user has said yes.
    pub(crate) fn has(&self, user: u64, client: &str, server: Server, scope: &str) -> bool {
        self.of(user).any(|(_, consent)| {
            consent.client_id == client && consent.server == server && consent.scope == scope
        })
    }

    /// Forgets those that `ends` accepts, and gives them.
    pub(crate) fn end(&mut self, ends: impl Fn(&Consent) -> bool) -> Vec<Consent> {
        let mut ended = Vec::new();
        self.consents.retain(|_, consent| {
            let goes = ends(consent);
            if goes {
                ended.push(consent.clone());
            }
            !goes
        });
        ended
    }
}
