//! Identifiers that no two things of one owner share.

use std::collections::{BTreeMap, BTreeSet};

use crate::names::Members;

/// Gives identifiers to what has none yet.
pub(super) struct Allotment<'a> {
    known: &'a mut BTreeMap<String, String>,
    taken: BTreeSet<String>,
    added: Vec<String>,
}

impl<'a> Allotment<'a> {
    /// `known` are the identifiers given so far, also to what is no longer there; `reserved` can be
    /// given to nothing.
    pub(super) fn new(known: &'a mut BTreeMap<String, String>, reserved: &[&str]) -> Self {
        let taken = known.values().cloned();
        let taken = taken.chain(reserved.iter().map(|&name| name.to_owned()));
        Self {
            taken: taken.collect(),
            known,
            added: Vec::new(),
        }
    }

    /// Gives `name` the identifier that is wished for, or one like it, unless it has one.
    pub(super) fn give(&mut self, name: &str, wished: String) {
        if self.known.contains_key(name) {
            return;
        }
        let mut ident = wished;
        while !self.taken.insert(ident.clone()) {
            ident.push('_');
        }
        self.added.push(format!("`{name}` is `{ident}`"));
        self.known.insert(name.to_owned(), ident);
    }

    /// Whether an identifier can be given.
    pub(super) fn is_free(&self, ident: &str) -> bool {
        !self.taken.contains(ident)
    }

    /// Keeps an identifier from being given.
    pub(super) fn reserve(&mut self, ident: String) {
        self.taken.insert(ident);
    }

    /// Whether something has that identifier.
    pub(super) fn has(&self, ident: &str) -> bool {
        self.known.values().any(|known| known == ident)
    }

    /// What was given, for people.
    pub(super) fn added(self) -> Vec<String> {
        self.added
    }
}

/// The identifier of a member.
pub(super) fn lookup(members: &Members, owner: &str, member: &str) -> Option<String> {
    members.get(owner)?.get(member).cloned()
}
