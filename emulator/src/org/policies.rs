//! Policies and their rules. They are kept, ordered and switched on and off; the org does not act
//! by them.

use super::events::Target;
use super::table::{Row, Table};
use crate::clock::Timestamp;
use crate::object::Object;
use crate::problem::Problem;

/// Members that the org sets itself; a request's own are not kept.
const SERVER_SET: [&str; 10] = [
    "id",
    "name",
    "type",
    "status",
    "priority",
    "system",
    "created",
    "lastUpdated",
    "_links",
    "_embedded",
];

/// A policy, or a rule of one.
#[derive(Debug)]
pub(crate) struct Policy {
    pub(crate) id: String,
    pub(crate) kind: &'static str,
    pub(crate) name: String,
    pub(crate) active: bool,
    /// Whether every org has it: it is always the last one, and stays.
    pub(crate) system: bool,
    pub(crate) priority: u64,
    pub(crate) created: Timestamp,
    pub(crate) last_updated: Timestamp,
    /// All that depends on the type: `conditions`, `settings`, `actions`, …
    pub(crate) body: Object,
    /// The rules of a policy; a rule has none.
    pub(crate) rules: Table<Self>,
}

impl Row for Policy {
    fn id(&self) -> &str {
        &self.id
    }
}

impl Policy {
    pub(crate) fn target(&self) -> Target {
        Target::new(&self.id, "PolicyEntity", "unknown", &self.name)
    }

    pub(crate) fn rule_target(&self) -> Target {
        Target::new(&self.id, "PolicyRule", "unknown", &self.name)
    }

    /// Refuses to switch off or to delete what every org has.
    pub(crate) fn stays(&self, on: bool) -> Result<(), Problem> {
        if on || !self.system {
            return Ok(());
        }
        let cause = format!(
            "{} is of the system, and can be neither deactivated nor deleted",
            self.name
        );
        Err(Problem::validation("policy", [cause]))
    }

    pub(crate) fn kept(body: &Object) -> Object {
        let mut body = body.clone();
        body.retain(|name, _| !SERVER_SET.contains(&name.as_str()));
        body
    }

    pub(crate) fn change(&mut self, name: String, body: &Object, now: Timestamp) {
        self.name = name;
        self.body = Self::kept(body);
        self.last_updated = now;
    }
}
