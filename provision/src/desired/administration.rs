//! What roles and applications are made of, where the job makes them.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// A role of your org's own that should be there. One that is there with other permissions is an
/// objection of the plan: a change would give something to, or take it from, all who have the role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CustomRole {
    pub(crate) label: Arc<str>,
    pub(crate) description: String,
    pub(crate) permissions: BTreeSet<String>,
}

impl CustomRole {
    /// A role without a permission.
    #[must_use]
    pub fn new(label: &str, description: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            description: description.into(),
            permissions: BTreeSet::new(),
        }
    }

    /// Another permission, such as `okta.users.read`.
    #[must_use]
    pub fn permission(mut self, permission: impl Into<String>) -> Self {
        self.permissions.insert(permission.into());
        self
    }
}

/// A resource set that should be there: what the holders of custom roles may touch. One that is there
/// is left as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ResourceSet {
    pub(crate) label: Arc<str>,
    pub(crate) description: String,
    pub(crate) resources: BTreeSet<Resource>,
}

/// What holders of custom roles may touch.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Resource {
    /// All users.
    Users,
    /// All groups.
    Groups,
    /// The group of this name, and its members.
    Group(Arc<str>),
    /// The application of this label.
    App(Arc<str>),
    /// Anything else, by its Okta resource name (ORN) or URL.
    Other(String),
}

impl ResourceSet {
    /// A set without a resource.
    #[must_use]
    pub fn new(label: &str, description: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            description: description.into(),
            resources: BTreeSet::new(),
        }
    }

    /// Another resource.
    #[must_use]
    pub fn resource(mut self, resource: Resource) -> Self {
        self.resources.insert(resource);
        self
    }
}
