//! Who is in which group, looked up from either side.

use std::collections::{BTreeSet, HashMap};

#[cfg(feature = "data")]
use crate::tracked::part::{Changes, Damage, Part, key_position, position_key};

/// Pairs of groups and users, by position.
#[derive(Debug, Default)]
pub(crate) struct Memberships {
    members: HashMap<u64, BTreeSet<u64>>,
    /// In order. Most users are in few groups.
    groups: HashMap<u64, Vec<u64>>,
    /// Pairs that were added or taken out; none while nothing is kept.
    notes: Option<BTreeSet<(u64, u64)>>,
}

impl Memberships {
    /// Puts a user into a group; tells whether that is new.
    pub(crate) fn add(&mut self, group: u64, user: u64) -> bool {
        let is_new = self.members.entry(group).or_default().insert(user);
        if is_new {
            self.note(group, user);
            let groups = self.groups.entry(user).or_default();
            if let Err(at) = groups.binary_search(&group) {
                groups.insert(at, group);
            }
        }
        is_new
    }

    /// Takes a user out of a group; tells whether the user was in it.
    pub(crate) fn remove(&mut self, group: u64, user: u64) -> bool {
        let members = self.members.get_mut(&group);
        let was_in = members.is_some_and(|members| members.remove(&user));
        if was_in {
            self.leave(group, user);
        }
        was_in
    }

    pub(crate) fn has(&self, group: u64, user: u64) -> bool {
        let groups = self.groups.get(&user);
        groups.is_some_and(|groups| groups.binary_search(&group).is_ok())
    }

    /// The users in a group, in order, from this position on.
    pub(crate) fn members(&self, group: u64, from: u64) -> impl Iterator<Item = u64> {
        let members = self.members.get(&group).into_iter();
        members.flat_map(move |all| all.range(from..).copied())
    }

    /// How many users are in a group.
    pub(crate) fn count(&self, group: u64) -> usize {
        self.members.get(&group).map_or(0, BTreeSet::len)
    }

    /// The groups that a user is in, in order.
    pub(crate) fn groups(&self, user: u64) -> &[u64] {
        self.groups.get(&user).map_or(&[], Vec::as_slice)
    }

    /// A user is deleted.
    pub(crate) fn forget_user(&mut self, user: u64) {
        for group in self.groups.remove(&user).unwrap_or_default() {
            self.note(group, user);
            if let Some(members) = self.members.get_mut(&group) {
                members.remove(&user);
            }
        }
    }

    /// A group is deleted.
    pub(crate) fn forget_group(&mut self, group: u64) {
        for user in self.members.remove(&group).unwrap_or_default() {
            self.leave(group, user);
        }
    }

    fn note(&mut self, group: u64, user: u64) {
        if let Some(notes) = &mut self.notes {
            notes.insert((group, user));
        }
    }

    fn leave(&mut self, group: u64, user: u64) {
        self.note(group, user);
        let Some(groups) = self.groups.get_mut(&user) else {
            return;
        };
        if let Ok(at) = groups.binary_search(&group) {
            groups.remove(at);
        }
        if groups.is_empty() {
            self.groups.remove(&user);
        }
    }
}

#[cfg(feature = "data")]
impl Part for Memberships {
    fn watch(&mut self, all: bool) {
        let members = self.members.iter().filter(|_| all);
        let pairs = members.flat_map(|(group, users)| users.iter().map(|user| (*group, *user)));
        self.notes = Some(pairs.collect());
    }

    fn collect(&mut self, changes: &mut Changes) {
        let Some(notes) = self.notes.as_mut().filter(|notes| !notes.is_empty()) else {
            return;
        };
        for (group, user) in std::mem::take(notes) {
            let key = [position_key(group), position_key(user)].concat();
            if self.has(group, user) {
                changes.put(key, &());
            } else {
                changes.remove(key);
            }
        }
    }

    fn restore(&mut self, key: &[u8], _: &[u8]) -> Result<(), Damage> {
        let (group, rest) = key_position(key)?;
        let (user, _) = key_position(rest)?;
        self.add(group, user);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn both_sides_say_the_same(
            steps in prop::collection::vec((0..8_u8, 0..5_u64, 0..5_u64), 0..80),
        ) {
            let mut memberships = Memberships::default();
            let mut pairs = BTreeSet::new();
            for (step, group, user) in steps {
                match step {
                    0..=3 => assert_eq!(memberships.add(group, user), pairs.insert((group, user))),
                    4 | 5 => {
                        assert_eq!(memberships.remove(group, user), pairs.remove(&(group, user)));
                    }
                    6 => {
                        memberships.forget_user(user);
                        pairs.retain(|pair| pair.1 != user);
                    }
                    _ => {
                        memberships.forget_group(group);
                        pairs.retain(|pair| pair.0 != group);
                    }
                }
                let all = || (0..5_u64).flat_map(|group| (0..5_u64).map(move |user| (group, user)));
                for (group, user) in all() {
                    let is_in = pairs.contains(&(group, user));
                    prop_assert_eq!(memberships.has(group, user), is_in);
                    prop_assert_eq!(memberships.groups(user).contains(&group), is_in);
                    prop_assert_eq!(memberships.members(group, user).next() == Some(user), is_in);
                }
                let count: usize = (0..5).map(|group| memberships.count(group)).sum();
                prop_assert_eq!(count, pairs.len());
            }
        }
    }
}
