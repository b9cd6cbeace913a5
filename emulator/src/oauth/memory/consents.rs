//! What users allowed clients to do.

use std::collections::BTreeMap;

use crate::clock::Timestamp;
use crate::oauth::words::server::Server;

/// A scope to which a user said yes.
#[derive(Clone, Debug)]
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
    given: u64,
    by_user: BTreeMap<u64, BTreeMap<u64, Consent>>,
}

impl Consents {
    pub(crate) fn add(&mut self, consent: Consent) {
        self.given += 1;
        let own = self.by_user.entry(consent.user).or_default();
        own.insert(self.given, consent);
    }

    /// Those of a user.
    pub(crate) fn of(&self, user: u64) -> impl Iterator<Item = (u64, &Consent)> {
        let own = self.by_user.get(&user).into_iter().flatten();
        own.map(|(position, consent)| (*position, consent))
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
        for own in self.by_user.values_mut() {
            let (gone, kept) = std::mem::take(own)
                .into_iter()
                .partition(|(_, consent)| ends(consent));
            *own = kept;
            let gone: BTreeMap<u64, Consent> = gone;
            ended.extend(gone.into_values());
        }
        self.by_user.retain(|_, own| !own.is_empty());
        ended
    }
}
