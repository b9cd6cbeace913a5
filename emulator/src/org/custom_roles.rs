//! Custom admin roles and their permissions.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::events::Target;
use super::table::Row;
use crate::clock::Timestamp;
use crate::problem::Problem;

/// A role that the org defined itself.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct CustomRole {
    pub(crate) id: String,
    pub(crate) label: String,
    pub(crate) description: String,
    pub(crate) created: Timestamp,
    pub(crate) last_updated: Timestamp,
    /// By permission type, such as `okta.users.read`.
    pub(crate) permissions: BTreeMap<String, Permission>,
}

/// What a role allows.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Permission {
    pub(crate) created: Timestamp,
    pub(crate) last_updated: Timestamp,
    pub(crate) conditions: Value,
}

impl CustomRole {
    pub(crate) fn target(&self) -> Target {
        Target::new(&self.id, "CUSTOM_ROLE", &self.label, &self.label)
    }

    /// One permission of this role.
    pub(crate) fn permission(&self, kind: &str) -> Result<&Permission, Problem> {
        self.permissions
            .get(kind)
            .ok_or_else(|| Problem::not_found(kind, "Permission"))
    }
}

impl Row for CustomRole {
    fn id(&self) -> &str {
        &self.id
    }
}

impl Permission {
    pub(crate) fn new(conditions: Value, now: Timestamp) -> Self {
        Self {
            created: now,
            last_updated: now,
            conditions,
        }
    }
}
