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
        places: BTreeMap::new(),
        objections: Vec::new(),
    };
    for from in scope.former.keys() {
        found.place(from, &mut HashSet::new());
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
    /// How many others come before, by former login; nothing if it stays.
    places: BTreeMap<Arc<str>, Option<u8>>,
    objections: Vec<String>,
}

impl Finding<'_> {
    /// How many others give up a login before who has this one gets another; nothing if they do not.
    fn place(&mut self, from: &Arc<str>, on_the_way: &mut HashSet<Arc<str>>) -> Option<u8> {
        if let Some(known) = self.places.get(from) {
            return *known;
        }
        let login = self.scope.former.get(from)?;
        let place = self.find(from, login, on_the_way);
        self.places.insert(Arc::clone(from), place);
        place
    }

    fn find(
        &mut self,
        from: &Arc<str>,
        login: &Arc<str>,
        on_the_way: &mut HashSet<Arc<str>>,
    ) -> Option<u8> {
        if !self.former.contains_key(from) {
            return None;
        }
        if !self.org.people.contains_key(login) {
            return Some(0);
        }
        if !on_the_way.insert(Arc::clone(from)) {
            self.objections.push(format!(
                "{from} and others are to get each other's logins, and who has which already cannot be \
                 told; rename one of them to another login by hand, or leave out formerLogin if it is \
                 done"
            ));
            return None;
        }
        if self.scope.former.contains_key(login)
            && let Some(before) = self.place(login, on_the_way)
        {
            if before >= LONGEST {
                self.objections.push(format!(
                    "{login} becomes free only after many others have got other logins; leave it to \
                     another plan"
                ));
                return None;
            }
            return Some(before + 1);
        }
        if !self.is_wanted(from) {
            self.objections.push(format!(
                "{from} is the former login of {login}, and both are there; leave out formerLogin if \
                 they are two people, or delete the one who has taken {login}"
            ));
        }
        None
    }

    /// Whether someone else is to have a login, who may have it already.
    fn is_wanted(&self, login: &Arc<str>) -> bool {
        let is_person = matches!(self.scope.people.get(login), Some(Wanted::Person(_)));
        is_person || self.scope.former.values().any(|it| it == login)
    }
}
