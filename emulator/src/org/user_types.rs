//! Types of users, each with a schema of its own.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::schemas::ProfileSchema;
use super::table::Row;
use crate::clock::Timestamp;

/// A type of users.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct UserType {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) display_name: String,
    pub(crate) description: Value,
    pub(crate) created: Timestamp,
    pub(crate) created_by: String,
    pub(crate) last_updated: Timestamp,
    pub(crate) last_updated_by: String,
    pub(crate) schema: ProfileSchema,
}

impl Row for UserType {
    fn id(&self) -> &str {
        &self.id
    }
}

impl UserType {
    /// The type that every org has.
    pub(crate) fn default_of(id: String, schema: String, now: Timestamp) -> Self {
        Self {
            id,
            name: "user".to_owned(),
            display_name: "User".to_owned(),
            description: "All users of whom nothing else is said".into(),
            created: now,
            created_by: "SYSTEM".to_owned(),
            last_updated: now,
            last_updated_by: "SYSTEM".to_owned(),
            schema: ProfileSchema::of_users(schema, "user", "User", now),
        }
    }
}
