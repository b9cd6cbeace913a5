//! Tokens of one kind, found by their text and by where they came from.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::clock::Timestamp;
use crate::oauth::memory::approval::Approval;
use crate::oauth::words::server::Server;
use crate::tracked::expiring::{Expiring, ExpiringMap};

/// What stands for an approval, which never changes.
pub(crate) trait Approved: Expiring {
    fn approval(&self) -> &Approval;
}

/// Where a token came from: each is what the API asks by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Origin {
    /// The position of the user.
    User(u64),
    /// The id of the client.
    Client(Arc<str>),
    Server(Server),
    /// All that came from one approval.
    Family(Arc<str>),
}

impl Origin {
    fn all(approval: &Approval) -> impl Iterator<Item = Self> {
        let always = [
            Self::Client(approval.client_id.as_str().into()),
            Self::Server(approval.server),
            Self::Family(approval.family.as_str().into()),
        ];
        approval.user.map(Self::User).into_iter().chain(always)
    }
}

/// Tokens of one kind by their text.
pub(super) struct Issued<T> {
    tokens: ExpiringMap<Arc<str>, T>,
    /// The texts of the tokens by their origins.
    origins: BTreeSet<(Origin, Arc<str>)>,
}

impl<T> Default for Issued<T> {
    fn default() -> Self {
        Self {
            tokens: ExpiringMap::default(),
            origins: BTreeSet::new(),
        }
    }
}

impl<T: Approved> Issued<T> {
    pub(super) fn insert(&mut self, text: impl Into<Arc<str>>, token: T) {
        let text = text.into();
        for origin in Origin::all(token.approval()) {
            self.origins.insert((origin, text.clone()));
        }
        self.tokens.insert(text, token);
    }

    pub(super) fn get(&self, text: &str) -> Option<&T> {
        self.tokens.get(text)
    }

    pub(super) fn get_mut(&mut self, text: &str) -> Option<&mut T> {
        self.tokens.get_mut(text)
    }

    pub(super) fn values(&self) -> impl Iterator<Item = &T> {
        self.tokens.values()
    }

    /// The tokens of an origin.
    pub(super) fn of<'i>(&'i self, origin: &Origin) -> impl Iterator<Item = &'i T> + use<'i, T> {
        self.texts(origin)
            .filter_map(|text| self.tokens.get(&**text))
    }

    /// Changes the tokens of an origin that `concerns` picks.
    pub(super) fn change(
        &mut self,
        origin: &Origin,
        concerns: impl Fn(&T) -> bool,
        mut change: impl FnMut(&mut T),
    ) {
        let of_origin = self.texts(origin);
        let picked = of_origin.filter(|text| self.tokens.get(&***text).is_some_and(&concerns));
        for text in picked.cloned().collect::<Vec<_>>() {
            if let Some(token) = self.tokens.get_mut(&*text) {
                change(token);
            }
        }
    }

    fn texts<'i>(&'i self, origin: &Origin) -> impl Iterator<Item = &'i Arc<str>> + use<'i, T> {
        let origin = origin.clone();
        let rest = self.origins.range((origin.clone(), Arc::from(""))..);
        rest.take_while(move |(of, _)| *of == origin)
            .map(|(_, text)| text)
    }

    pub(super) fn sweep(&mut self, now: Timestamp) {
        let origins = &mut self.origins;
        self.tokens.sweep(now, |text, token| {
            for origin in Origin::all(token.approval()) {
                origins.remove(&(origin, text.clone()));
            }
        });
    }
}

#[cfg(feature = "data")]
mod part {
    use serde::Serialize;
    use serde::de::DeserializeOwned;

    use super::{Approved, Arc, Issued};
    use crate::tracked::part::{Changes, Damage, Part, decoded};

    impl<T: Approved + Serialize + DeserializeOwned> Part for Issued<T> {
        fn watch(&mut self, all: bool) {
            self.tokens.watch(all);
        }

        fn collect(&mut self, changes: &mut Changes) {
            self.tokens.collect(changes);
        }

        fn restore(&mut self, key: &[u8], value: &[u8]) -> Result<(), Damage> {
            let text: Arc<str> = decoded(key)?;
            self.insert(text, decoded(value)?);
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;
    use crate::oauth::memory::approval::Terms;

    struct Token(Approval, i64);

    impl Expiring for Token {
        fn forgotten_from(&self) -> i64 {
            self.1
        }
    }

    impl Approved for Token {
        fn approval(&self) -> &Approval {
            &self.0
        }
    }

    fn token(user: Option<u64>, client: &str, until: i64) -> Token {
        let approval = Approval {
            server: Server::Custom(1),
            client_id: client.to_owned(),
            user,
            scopes: Vec::new(),
            authenticated: 0,
            second: None,
            nonce: None,
            acr: None,
            family: format!("{user:?} {client}"),
            terms: Terms::default(),
        };
        Token(approval, until)
    }

    #[test]
    fn tokens_are_found_by_origin_until_they_are_forgotten() {
        let now = Clock::system().stamp();
        let (past, future) = (0, i64::MAX);
        let mut issued = Issued::default();
        issued.insert("a", token(Some(1), "one", future));
        issued.insert("b", token(Some(1), "two", past));
        issued.insert("c", token(None, "two", future));
        issued.insert("d", token(Some(2), "one", future));
        let count = |issued: &Issued<Token>, origin| issued.of(&origin).count();
        let client = |name: &str| Origin::Client(name.into());
        assert_eq!(count(&issued, Origin::User(1)), 2);
        assert_eq!(count(&issued, client("one")), 2);
        assert_eq!(count(&issued, client("on")), 0);
        assert_eq!(count(&issued, Origin::Server(Server::Custom(1))), 4);
        assert_eq!(count(&issued, Origin::Server(Server::Org)), 0);
        assert_eq!(count(&issued, Origin::Family("None two".into())), 1);
        issued.sweep(now);
        assert_eq!(count(&issued, Origin::User(1)), 1);
        assert_eq!(count(&issued, client("two")), 1);
        issued.change(&client("one"), |_| true, |token| token.1 = past);
        issued.change(&client("two"), |token| token.1 == past, |_| unreachable!());
        assert_eq!(issued.values().filter(|token| token.1 == past).count(), 2);
        // One user has one origin more than a client on its own.
        assert_eq!(issued.origins.len(), 4 + 3 + 4);
    }
}
