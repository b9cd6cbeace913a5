//! Guard rails.

use std::collections::{BTreeMap, BTreeSet};

use crate::desired::key;
use crate::step::Kind;

/// What a plan may not do. The rails are up unless they are taken down.
///
/// - More removals of a [kind](Kind) than 5 % of what there is, and more than 9, need an
///   [allowance](Guard::allow).
/// - The caller, super administrators, and the users and groups that are protected here lose nothing,
///   by themselves or by a group that they are in. Nobody changes how the caller and super
///   administrators sign in or recover their accounts, and nothing of those who are protected here is
///   changed. The plan leaves such steps out and warns of each.
/// - Nobody who can act is given a standard role for some groups or applications, as Okta limits it only
///   [a moment later](Guard::allow_unlimited_moment). People whom the plan makes, and groups without
///   members, are given it before anybody has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Guard {
    share: f64,
    least: usize,
    allowed: BTreeMap<Kind, usize>,
    users: BTreeSet<String>,
    groups: BTreeSet<String>,
    allows_unlimited_moment: bool,
}

impl Default for Guard {
    fn default() -> Self {
        Self {
            share: 0.05,
            least: 10,
            allowed: BTreeMap::new(),
            users: BTreeSet::new(),
            groups: BTreeSet::new(),
            allows_unlimited_moment: false,
        }
    }
}

impl Guard {
    /// The rails that are up by default.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Allows up to `most` removals of a kind, whatever share they are.
    #[must_use]
    pub fn allow(mut self, kind: Kind, most: usize) -> Self {
        self.allowed.insert(kind, most);
        self
    }

    /// The share of a kind that may be removed, from 0 to 1. Default: 0.05.
    #[must_use]
    pub const fn share(mut self, share: f64) -> Self {
        self.share = share;
        self
    }

    /// The user of this login loses nothing.
    #[must_use]
    pub fn protect_user(mut self, login: &str) -> Self {
        self.users.insert(key(login));
        self
    }

    /// The group of this name and its members lose nothing by it.
    #[must_use]
    pub fn protect_group(mut self, name: &str) -> Self {
        self.groups.insert(name.to_lowercase());
        self
    }

    /// Allows that someone who can act already has a role for the whole org for a moment, if it is to be
    /// for some groups or applications only: Okta limits a standard role only after it was given.
    #[must_use]
    pub const fn allow_unlimited_moment(mut self) -> Self {
        self.allows_unlimited_moment = true;
        self
    }

    pub(crate) const fn allows_unlimited_moment(&self) -> bool {
        self.allows_unlimited_moment
    }

    pub(crate) fn protected_users(&self) -> impl Iterator<Item = &str> {
        self.users.iter().map(String::as_str)
    }

    pub(super) fn protects_user(&self, login: &str) -> bool {
        self.users.contains(login)
    }

    pub(super) fn protects_group(&self, name: &str) -> bool {
        self.groups.contains(&name.to_lowercase())
    }

    /// What stands against so many removals of a kind.
    #[allow(clippy::cast_precision_loss)] // of a share
    pub(super) fn objection(&self, kind: Kind, removals: usize, total: usize) -> Option<String> {
        let is_allowed = self
            .allowed
            .get(&kind)
            .is_some_and(|most| removals <= *most);
        let is_few = removals < self.least || removals as f64 <= self.share * total as f64;
        if is_allowed || is_few {
            return None;
        }
        let percent = self.share * 100.0;
        Some(format!(
            "{removals} of {total} {kind} would be removed, which is more than {percent} %; \
             allow {removals} removals of {kind} if that is right"
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_removals_need_an_allowance() {
        let guard = Guard::new();
        for (removals, total, is_fine) in [
            (9, 9, true),
            (10, 199, false),
            (10, 200, true),
            (11, 200, false),
            (0, 0, true),
        ] {
            let objection = guard.objection(Kind::People, removals, total);
            assert_eq!(objection.is_none(), is_fine, "{removals} of {total}");
        }
        let allowing = Guard::new().allow(Kind::People, 11);
        assert_eq!(allowing.objection(Kind::People, 11, 11), None);
        assert!(allowing.objection(Kind::People, 12, 12).is_some());
        let said = allowing.objection(Kind::Roles, 11, 20).unwrap_or_default();
        assert!(
            said.starts_with("11 of 20 roles would be removed"),
            "{said}"
        );
    }
}
