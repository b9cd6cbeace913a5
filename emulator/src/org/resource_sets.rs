//! Resource sets: what the holders of custom roles may touch.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::events::Target;
use super::table::Row;
use crate::clock::Timestamp;
use crate::problem::Problem;

/// A named set of resources.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct ResourceSet {
    pub(crate) id: String,
    pub(crate) label: String,
    pub(crate) description: String,
    pub(crate) created: Timestamp,
    pub(crate) last_updated: Timestamp,
    pub(crate) resources: Vec<Resource>,
}

/// One resource of a set, named by ORN or by URL.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Resource {
    pub(crate) id: String,
    pub(crate) name: String,
    /// What is excluded; null if nothing was said.
    pub(crate) conditions: Value,
    pub(crate) created: Timestamp,
    pub(crate) last_updated: Timestamp,
}

impl ResourceSet {
    pub(crate) fn target(&self) -> Target {
        Target::new(&self.id, "RESOURCE_SET", &self.label, &self.label)
    }

    /// A resource by its id.
    pub(crate) fn resource(&self, id: &str) -> Result<&Resource, Problem> {
        let found = self.resources.iter().find(|resource| resource.id == id);
        found.ok_or_else(|| Problem::not_found(id, "ResourceSetResource"))
    }
}

impl Row for ResourceSet {
    fn id(&self) -> &str {
        &self.id
    }
}
