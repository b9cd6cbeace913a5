//! What people may use: groups and applications.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::key;
use super::person::Attributes;

/// Whether a list is all that there should be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum List {
    /// What is not in the list is left alone.
    #[default]
    Additive,
    /// What is not in the list is removed.
    Exclusive,
}

/// A group that should be there, or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    pub(crate) name: Arc<str>,
    pub(crate) description: Option<String>,
    pub(crate) members: BTreeSet<Arc<str>>,
    pub(crate) list: List,
    pub(crate) is_removed: bool,
}

impl Group {
    /// A group of Okta's own, by name. Its members are an additive list.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self {
            name: name.into(),
            description: None,
            members: BTreeSet::new(),
            list: List::Additive,
            is_removed: false,
        }
    }

    /// What it is for. Without this, the description of a group that exists is left as it is.
    #[must_use]
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// Members other than those that are listed are removed.
    #[must_use]
    pub const fn exclusive(mut self) -> Self {
        self.list = List::Exclusive;
        self
    }

    /// Another member, by login.
    #[must_use]
    pub fn member(mut self, login: &str) -> Self {
        self.members.insert(key(login).into());
        self
    }

    /// The group should not be there.
    #[must_use]
    pub const fn removed(mut self) -> Self {
        self.is_removed = true;
        self
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The members: their logins in lower case.
    pub fn members(&self) -> impl Iterator<Item = &Arc<str>> {
        self.members.iter()
    }
}

/// Who should have an application, which has to exist.
#[derive(Clone, Debug, PartialEq)]
pub struct AppAccess {
    pub(crate) label: Arc<str>,
    pub(crate) users: BTreeMap<Arc<str>, Attributes>,
    pub(crate) groups: BTreeMap<Arc<str>, Attributes>,
    pub(crate) list: List,
}

impl AppAccess {
    /// An application, by label. Its users and groups are additive lists.
    #[must_use]
    pub fn new(label: &str) -> Self {
        Self {
            label: label.into(),
            users: BTreeMap::new(),
            groups: BTreeMap::new(),
            list: List::Additive,
        }
    }

    /// The label.
    #[must_use]
    pub fn label(&self) -> &str {
        &self.label
    }

    /// Users and groups other than those that are listed lose it. Users who have it by a group are
    /// no matter of the list of users.
    #[must_use]
    pub const fn exclusive(mut self) -> Self {
        self.list = List::Exclusive;
        self
    }

    /// A user who has it, by login, with the attributes of the profile in the application that the
    /// job owns.
    #[must_use]
    pub fn user(mut self, login: &str, profile: Attributes) -> Self {
        self.users.insert(key(login).into(), profile);
        self
    }

    /// A group whose members have it, by name, with the attributes that its members get.
    #[must_use]
    pub fn group(mut self, name: &str, profile: Attributes) -> Self {
        self.groups.insert(name.into(), profile);
        self
    }
}
