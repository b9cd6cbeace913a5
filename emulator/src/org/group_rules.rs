//! Group rules. They are kept and switched on and off; the org does not evaluate them.

use serde_json::Value;

use super::events::Target;
use super::table::Row;
use crate::clock::Timestamp;

/// A rule that would put users into groups.
#[derive(Debug)]
pub(crate) struct GroupRule {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) active: bool,
    pub(crate) created: Timestamp,
    pub(crate) last_updated: Timestamp,
    pub(crate) conditions: Value,
    pub(crate) actions: Value,
}

impl GroupRule {
    pub(crate) fn target(&self) -> Target {
        Target::new(&self.id, "GroupRule", "unknown", &self.name)
    }
}

impl Row for GroupRule {
    fn id(&self) -> &str {
        &self.id
    }
}

/// The parts of a rule that a request gives.
pub(crate) struct Definition {
    pub(crate) name: String,
    pub(crate) conditions: Value,
    pub(crate) actions: Value,
}
