//! API tokens. What they are is not kept here: the org knows one of them, and the others are only listed.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::table::Row;
use crate::clock::Timestamp;

/// An API token of an administrator.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ApiToken {
    pub(crate) id: String,
    pub(crate) name: String,
    /// The position of the user to whom it belongs.
    pub(crate) user: u64,
    /// Whether this is the one that callers show.
    pub(crate) current: bool,
    /// From where it may be used; it is kept, and not looked at.
    pub(crate) network: Value,
    pub(crate) created: Timestamp,
    pub(crate) last_updated: Timestamp,
}

impl Row for ApiToken {
    fn id(&self) -> &str {
        &self.id
    }
}
