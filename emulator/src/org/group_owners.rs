//! Who owns groups: users, and groups whose members do.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::clock::Timestamp;
use crate::expression::Attributes;
#[cfg(feature = "data")]
use crate::tracked::part::Visitor;
use crate::tracked::{Tracked, TrackedMap};

/// What an owner is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum OwnerKind {
    User,
    Group,
}

impl OwnerKind {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::User => "USER",
            Self::Group => "GROUP",
        }
    }
}

/// An owner of a group.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Owner {
    /// The id of the user or group.
    pub(crate) id: String,
    pub(crate) kind: OwnerKind,
    pub(crate) last_updated: Timestamp,
}

impl Attributes for Owner {
    fn attribute(&self, path: &str) -> Option<Cow<'_, Value>> {
        let value = match path {
            "id" => json!(self.id),
            "type" => json!(self.kind.as_str()),
            "resolved" => json!(true),
            "originType" => json!("OKTA_DIRECTORY"),
            "lastUpdated" => json!(self.last_updated),
            _ => return None,
        };
        Some(Cow::Owned(value))
    }
}

/// The owners of all groups.
#[derive(Debug, Default)]
pub(crate) struct GroupOwners {
    /// By position of the group and by a number in the order of assignment.
    owners: TrackedMap<(u64, u64), Owner>,
    next: Tracked<u64>,
}

impl GroupOwners {
    /// The parts that are kept.
    #[cfg(feature = "data")]
    pub(crate) fn parts(&mut self, visit: &mut Visitor<'_>) {
        let Self { owners, next } = self;
        visit("group owners", owners);
        visit("next group owner", next);
    }

    pub(crate) fn add(&mut self, group: u64, owner: Owner) {
        *self.next += 1;
        self.owners.insert((group, *self.next), owner);
    }

    /// The owners of a group behind a number, with their numbers.
    pub(crate) fn after(&self, group: u64, after: u64) -> impl Iterator<Item = (u64, &Owner)> {
        let own = self.owners.range((group, after + 1)..(group + 1, 0));
        own.map(|((_, number), owner)| (*number, owner))
    }

    pub(crate) fn get(&self, group: u64, id: &str) -> Option<&Owner> {
        let mut own = self.after(group, 0).map(|(_, owner)| owner);
        own.find(|owner| owner.id == id)
    }

    pub(crate) fn remove(&mut self, group: u64, id: &str) {
        self.owners
            .retain(|(of, _), owner| *of != group || owner.id != id);
    }

    /// A group that is deleted has no owners, and owns nothing.
    pub(crate) fn forget_group(&mut self, group: u64, id: &str) {
        self.owners
            .retain(|(of, _), owner| *of != group && owner.id != id);
    }

    /// A user who is deleted owns nothing.
    pub(crate) fn forget_user(&mut self, id: &str) {
        self.owners.retain(|_, owner| owner.id != id);
    }
}
