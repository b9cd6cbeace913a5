//! Who gets another login.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use super::scope::{Scope, Wanted};
use super::{Account, Org, Rename};

/// More logins that become free one after the other are done in another plan.
const LONGEST: u8 = 30;

/// Finds who gets another login, and names their accounts by it. `former` has the accounts of former
/// logins.
pub(super) fn resolve(scope: &Scope, org: &mut Org, mut former: HashMap<Arc<str>, Account>) {
    let mut found = Finding {
        scope,
        org,
        former: &former,
        given: scope.former.values().collect(),
        places: BTreeMap::new(),
        objections: Vec::new(),
    };
    for from in scope.former.keys() {
        found.place(from);
    }
    let Finding {
        places, objections, ..
    } = found;
    let mut renames = BTreeMap::new();
    for (from, place) in places {
        if let (Some(login), Some(place)) = (scope.former.get(&from), place) {
            org.renamed.insert(Arc::clone(&from), Arc::clone(login));
            renames.insert(Arc::clone(login), Rename { from, place });
        }
    }
    for rename in renames.values() {
        org.people.remove(&rename.from);
    }
    for (login, rename) in &renames {
        if let Some(account) = former.remove(&rename.from) {
            org.people.insert(Arc::clone(login), account);
        }
    }
    org.renames = renames;
    org.rename_objections = objections;
}

struct Finding<'a> {
    scope: &'a Scope,
    org: &'a Org,
    former: &'a HashMap<Arc<str>, Account>,
    /// The logins that somebody gets.
    given: HashSet<&'a Arc<str>>,
    /// How many others come before, by former login; nothing if it stays.
    places: BTreeMap<Arc<str>, Option<u8>>,
    objections: Vec<String>,
}

impl Finding<'_> {
    /// Finds how many others give up a login before who has this one gets another. A loop, and no
    /// recursion: a file may have a chain of any length.
    fn place(&mut self, from: &Arc<str>) {
        let (mut chain, mut on_the_way) = (Vec::new(), HashSet::new());
        let mut at = from;
        let mut place = loop {
            if let Some(known) = self.places.get(at) {
                break *known;
            }
            let Some(login) = self.scope.former.get(at) else {
                break None;
            };
            if !self.former.contains_key(at) {
                break self.set(at, None);
            }
            if !self.org.people.contains_key(login) {
                break self.set(at, Some(0));
            }
            if !on_the_way.insert(at) {
                self.objections.push(format!(
                    "{at} and others are to get each other's logins, and who has which already cannot \
                     be told; rename one of them to another login by hand, or leave out formerLogin if \
                     it is done"
                ));
                break None;
            }
            chain.push((at, login));
            at = login;
        };
        for (from, login) in chain.into_iter().rev() {
            let next = self.after(from, login, place);
            place = self.set(from, next);
        }
    }

    fn set(&mut self, from: &Arc<str>, place: Option<u8>) -> Option<u8> {
        self.places.insert(Arc::clone(from), place);
        place
    }

    /// The place of someone whose next login somebody has, who gives it up at a place, if at all.
    fn after(&mut self, from: &Arc<str>, login: &Arc<str>, before: Option<u8>) -> Option<u8> {
        match before {
            Some(before) if before < LONGEST => return Some(before + 1),
            Some(_) => self.objections.push(format!(
                "{login} becomes free only after many others have got other logins; leave it to \
                 another plan"
            )),
            None if self.is_wanted(from) => {}
            None => self.objections.push(format!(
                "{from} is the former login of {login}, and both are there; leave out formerLogin if \
                 they are two people, or delete the one who has taken {login}"
            )),
        }
        None
    }

    /// Whether someone else is to have a login, who may have it already.
    fn is_wanted(&self, login: &Arc<str>) -> bool {
        let is_person = matches!(self.scope.people.get(login), Some(Wanted::Person(_)));
        is_person || self.given.contains(login)
    }
}

#[cfg(test)]
mod tests {
    use okta_sdk::models::UserStatus;

    use super::*;

    /// The chain of a file of a hundred thousand people who all get the login of the next.
    #[test]
    fn a_chain_of_any_length_ends() {
        let logins: Vec<Arc<str>> = (0..=100_000).map(|it| it.to_string().into()).collect();
        let account = Account {
            id: "00u1".to_owned(),
            status: UserStatus::Active,
            differing: crate::desired::Attributes::new(),
        };
        let (mut scope, mut org) = (Scope::default(), Org::default());
        let mut former = HashMap::new();
        for pair in logins.windows(2) {
            if let [from, login] = pair {
                scope.former.insert(Arc::clone(from), Arc::clone(login));
                org.people.insert(Arc::clone(from), account.clone());
                former.insert(Arc::clone(from), account.clone());
            }
        }
        resolve(&scope, &mut org, former);
        let places: Vec<u8> = (0..=LONGEST).rev().collect();
        let found: Vec<u8> = logins
            .iter()
            .filter_map(|it| org.renames.get(it))
            .map(|it| it.place)
            .collect();
        assert_eq!(found, places);
        // The one before these is told, and so is the first, whose login nobody else wants.
        assert_eq!(org.rename_objections.len(), 2);
    }
}
