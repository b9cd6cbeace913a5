//! Group rules: expressions that put users into groups.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::events::Target;
#[cfg(feature = "data")]
use super::table::InnerVisitor;
use super::table::Row;
use crate::clock::Timestamp;
use crate::expression_language::Formula;
use crate::tracked::TrackedSet;

/// Whether a rule is evaluated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum RuleStatus {
    Active,
    Inactive,
    /// A group that it puts users into is gone. It can be read and deleted, and nothing else.
    Invalid,
}

impl RuleStatus {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Active => "ACTIVE",
            Self::Inactive => "INACTIVE",
            Self::Invalid => "INVALID",
        }
    }
}

/// A rule that puts users into groups.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct GroupRule {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) status: RuleStatus,
    pub(crate) created: Timestamp,
    pub(crate) last_updated: Timestamp,
    pub(crate) conditions: Value,
    pub(crate) actions: Value,
    pub(crate) formula: Formula,
    /// Memberships that it made: positions of users with positions of groups.
    #[serde(skip)]
    pub(crate) made: TrackedSet<(u64, u64)>,
}

impl GroupRule {
    pub(crate) fn target(&self) -> Target {
        Target::new(&self.id, "GroupRule", "unknown", &self.name)
    }

    /// Ids of the groups that it puts users into.
    pub(crate) fn groups(&self) -> impl Iterator<Item = &str> {
        let ids = self.actions["assignUserToGroups"]["groupIds"].as_array();
        ids.into_iter().flatten().filter_map(Value::as_str)
    }

    pub(crate) fn excludes(&self, user: &str) -> bool {
        excluded(&self.conditions).any(|id| id == user)
    }

    /// Leaves a user out from now on.
    pub(crate) fn exclude(&mut self, user: &str) {
        let mut ids: Vec<&str> = excluded(&self.conditions).collect();
        ids.push(user);
        let ids = json!(ids);
        self.conditions["people"]["users"]["exclude"] = ids;
    }
}

/// Ids of the users that conditions leave out.
pub(crate) fn excluded(conditions: &Value) -> impl Iterator<Item = &str> {
    let ids = conditions["people"]["users"]["exclude"].as_array();
    ids.into_iter().flatten().filter_map(Value::as_str)
}

impl Row for GroupRule {
    fn id(&self) -> &str {
        &self.id
    }

    /// A rule may put everyone into a group.
    #[cfg(feature = "data")]
    fn inner(&mut self, visit: &mut InnerVisitor<'_>) {
        visit(0, &mut self.made);
    }
}

/// The parts of a rule that a request gives.
pub(crate) struct Definition {
    pub(crate) name: String,
    pub(crate) conditions: Value,
    pub(crate) formula: Formula,
}
