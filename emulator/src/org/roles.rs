//! Administrator roles of users, groups and clients: standard ones by type, custom ones by role and
//! resource set.

use super::events::Target;
use super::targets::Targets;
use crate::clock::Timestamp;
use crate::tracked::word::{self, Word};
use serde::{Deserialize, Serialize};

/// Who holds a role, by position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Assignee {
    User(u64),
    Group(u64),
    /// An application that calls the API for itself.
    Client(u64),
}

/// What is assigned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum RoleKind {
    Standard {
        #[serde(deserialize_with = "word::deserialize")]
        kind: Word,
    },
    Custom {
        role: String,
        resource_set: String,
    },
}

/// A role that a user or a group holds.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct RoleAssignment {
    pub(crate) id: String,
    pub(crate) label: String,
    pub(crate) kind: RoleKind,
    pub(crate) created: Timestamp,
    pub(crate) last_updated: Timestamp,
    pub(crate) targets: Targets,
}

impl RoleAssignment {
    pub(crate) fn target(&self) -> Target {
        Target::new(&self.id, "ROLE", &self.label, &self.label)
    }
}
