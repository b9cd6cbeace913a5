//! Policies and their rules. They are kept, ordered and switched on and off; which of them the org
//! acts by is said where it does.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Org;
use super::events::Target;
use super::profile::text;
use super::table::{Row, Table};
use crate::clock::Timestamp;
use crate::object::Object;
use crate::problem::Problem;
use crate::tracked::word::{self, Word};

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
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Policy {
    pub(crate) id: String,
    #[serde(deserialize_with = "word::deserialize")]
    pub(crate) kind: Word,
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

    /// A part of `conditions`; null where nothing is said.
    pub(crate) fn condition(&self, name: &str) -> &Value {
        let conditions = self.body.get("conditions");
        conditions.map_or(&Value::Null, |conditions| &conditions[name])
    }

    /// Whether a user is among the people whom it is for. What names nobody is for everybody.
    pub(crate) fn concerns(&self, org: &Org, user: u64) -> bool {
        let id = org.users.get(user).map_or("", |user| user.id.as_str());
        let is_in = |group: &str| {
            let group = org.groups.position(group);
            group.is_some_and(|group| org.memberships.has(group, user))
        };
        let named = |list: &Value| includes(list, |name| name == id);
        let in_group = |list: &Value| includes(list, |name| name == "EVERYONE" || is_in(name));
        let people = self.condition("people");
        let (users, groups) = (&people["users"], &people["groups"]);
        if named(&users["exclude"]) || in_group(&groups["exclude"]) {
            return false;
        }
        let empty = |list: &Value| list.as_array().is_none_or(Vec::is_empty);
        empty(&users["include"]) && empty(&groups["include"])
            || named(&users["include"])
            || in_group(&groups["include"])
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

/// What it takes to sign in, the easiest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Assurance {
    Password,
    TwoFactors,
    /// Nothing is enough.
    Denied,
}

/// Whether a list has a name that is wanted.
pub(crate) fn includes(list: &Value, wanted: impl Fn(&str) -> bool) -> bool {
    let names = list.as_array().into_iter().flatten();
    names.filter_map(Value::as_str).any(wanted)
}

/// The rows of a type, the one that counts first in front.
pub(crate) fn by_priority<'t>(table: &'t Table<Policy>, kind: &str) -> Vec<(u64, &'t Policy)> {
    let mut rows: Vec<_> = table.iter().filter(|(_, row)| row.kind == kind).collect();
    rows.sort_by_key(|(_, row)| (row.system, row.priority));
    rows
}

/// The name that a request gives, if no other row of that type has it.
pub(crate) fn free_name(
    body: &Object,
    table: &Table<Policy>,
    kind: &str,
    own: Option<u64>,
) -> Result<String, Problem> {
    let name = text(body, "name");
    if name.trim().is_empty() {
        return Err(Problem::blank("name"));
    }
    let mut others = table.iter().filter(|(at, _)| Some(*at) != own);
    match others.any(|(_, row)| row.kind == kind && row.name == name) {
        true => Err(Problem::taken("name")),
        false => Ok(name.to_owned()),
    }
}

/// Adds a row, last of those that are not of the system unless the request says where.
pub(crate) fn insert(table: &mut Table<Policy>, mut row: Policy, body: &Object) -> u64 {
    row.priority = u64::MAX;
    let position = table.insert(row);
    move_to(
        table,
        position,
        body.get("priority")
            .and_then(Value::as_u64)
            .unwrap_or(u64::MAX),
    );
    position
}

/// Moves a row to the priority that the request gives.
pub(crate) fn place(table: &mut Table<Policy>, position: u64, body: &Object) {
    if let Some(wanted) = body.get("priority").and_then(Value::as_u64) {
        move_to(table, position, wanted);
    }
}

/// Moves a row; those from there on follow it, and what is of the system comes last.
fn move_to(table: &mut Table<Policy>, position: u64, wanted: u64) {
    let Some(row) = table.get(position) else {
        return;
    };
    let mut order: Vec<u64> = by_priority(table, row.kind)
        .into_iter()
        .map(|(at, _)| at)
        .collect();
    order.retain(|at| *at != position);
    let index = usize::try_from(wanted.saturating_sub(1)).unwrap_or(usize::MAX);
    order.insert(index.min(order.len()), position);
    order.sort_by_key(|at| table.get(*at).is_some_and(|row| row.system));
    for (priority, at) in (1..).zip(order) {
        if let Some(row) = table.get_mut(at) {
            row.priority = priority;
        }
    }
}
