//! Linked objects: relationships between users, such as that of a report to a manager.

use serde::{Deserialize, Serialize};
use serde_json::Value;

#[cfg(feature = "data")]
use crate::tracked::part::Visitor;
use crate::tracked::{Tracked, TrackedMap};

/// A relationship: many users are associated with a primary one.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct LinkedObject {
    /// What a request said of the two sides.
    pub(crate) primary: Value,
    pub(crate) associated: Value,
}

impl LinkedObject {
    pub(crate) fn primary_name(&self) -> &str {
        self.primary["name"].as_str().unwrap_or_default()
    }

    pub(crate) fn associated_name(&self) -> &str {
        self.associated["name"].as_str().unwrap_or_default()
    }

    /// Whether one of its sides has that name. Letter case counts.
    pub(crate) fn is_named(&self, name: &str) -> bool {
        self.primary_name() == name || self.associated_name() == name
    }
}

/// The relationships of an org, and which users are in them.
#[derive(Debug, Default)]
pub(crate) struct LinkedObjects {
    /// In the order of their creation.
    pub(crate) definitions: Tracked<Vec<LinkedObject>>,
    /// Positions of primary users, by the relationship's primary name and the associated user.
    links: TrackedMap<(String, u64), u64>,
}

impl LinkedObjects {
    /// The parts that are kept.
    #[cfg(feature = "data")]
    pub(crate) fn parts(&mut self, visit: &mut Visitor<'_>) {
        let Self { definitions, links } = self;
        visit("linked object definitions", definitions);
        visit("linked objects", links);
    }

    /// The relationship that has a side of that name.
    pub(crate) fn named(&self, name: &str) -> Option<&LinkedObject> {
        self.definitions.iter().find(|it| it.is_named(name))
    }

    /// Removes a relationship with all its links.
    pub(crate) fn remove(&mut self, name: &str) {
        let Some(at) = self.definitions.iter().position(|it| it.is_named(name)) else {
            return;
        };
        let removed = self.definitions.remove(at);
        self.links
            .retain(|(primary, _), _| primary != removed.primary_name());
    }

    /// Links a user to a primary one, in the place of the one before.
    pub(crate) fn link(&mut self, primary_name: &str, associated: u64, primary: u64) {
        self.links
            .insert((primary_name.to_owned(), associated), primary);
    }

    pub(crate) fn unlink(&mut self, primary_name: &str, associated: u64) {
        self.links.remove(&(primary_name.to_owned(), associated));
    }

    /// The primary user of an associated one.
    pub(crate) fn primary_of(&self, primary_name: &str, associated: u64) -> Option<u64> {
        let key = (primary_name.to_owned(), associated);
        self.links.get(&key).copied()
    }

    /// The users who are associated with a primary one.
    pub(crate) fn associated_with(
        &self,
        primary_name: &str,
        primary: u64,
    ) -> impl Iterator<Item = u64> {
        let start = (primary_name.to_owned(), 0);
        let links = self.links.range(start..);
        links
            .take_while(move |((name, _), _)| name == primary_name)
            .filter(move |(_, linked)| **linked == primary)
            .map(|((_, associated), _)| *associated)
    }

    /// Ends all links of a user who is deleted.
    pub(crate) fn forget_user(&mut self, user: u64) {
        self.links
            .retain(|(_, associated), primary| *associated != user && *primary != user);
    }
}
