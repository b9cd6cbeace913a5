//! Event hooks: who wants to be told of which events.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::events::{EVENT_HOOK_DELIVERY, EventKind, Target};
use super::table::Row;
use crate::clock::Timestamp;

/// A hook that a service outside is called by.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct EventHook {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) description: Value,
    pub(crate) active: bool,
    /// Whether the service has answered the challenge.
    pub(crate) verified: bool,
    pub(crate) created: Timestamp,
    pub(crate) created_by: String,
    pub(crate) last_updated: Timestamp,
    /// Types of events, such as `user.lifecycle.create`.
    pub(crate) events: BTreeSet<String>,
    pub(crate) filter: Value,
    pub(crate) channel: Value,
}

impl Row for EventHook {
    fn id(&self) -> &str {
        &self.id
    }
}

impl EventHook {
    pub(crate) fn target(&self) -> Target {
        Target::new(&self.id, "EventHook", "unknown", &self.name)
    }

    /// Where the service is.
    pub(crate) fn uri(&self) -> &str {
        self.channel["config"]["uri"].as_str().unwrap_or_default()
    }

    /// Whether its service is told of anything.
    pub(crate) fn is_told(&self) -> bool {
        self.active && self.verified
    }

    /// Whether its service is told of such events. Of failed deliveries none is: each would fail in
    /// its turn.
    pub(crate) fn is_told_of(&self, kind: EventKind) -> bool {
        self.is_told() && kind != EVENT_HOOK_DELIVERY && self.events.contains(kind.name)
    }
}

/// The parts of a hook that a request gives.
pub(crate) struct Definition {
    pub(crate) name: String,
    pub(crate) description: Value,
    pub(crate) events: BTreeSet<String>,
    pub(crate) filter: Value,
    pub(crate) channel: Value,
}
