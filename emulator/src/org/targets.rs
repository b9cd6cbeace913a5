//! Role targets: the groups or applications to which a standard role is limited. A role without
//! targets reaches everything.

/// What a role assignment is limited to.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Targets {
    /// Group ids, in the order in which they were added.
    pub(crate) groups: Vec<String>,
    pub(crate) apps: Vec<AppTarget>,
}

/// An application, or all instances of one definition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct AppTarget {
    /// The definition's key, such as `bookmark`.
    pub(crate) name: String,
    /// The id of one instance.
    pub(crate) instance: Option<String>,
}

impl Targets {
    /// Whether a group or an instance of an application is among them.
    pub(crate) fn has(&self, id: &str) -> bool {
        self.groups.iter().any(|target| target == id)
            || self
                .apps
                .iter()
                .any(|target| target.instance.as_deref() == Some(id))
    }

    /// Drops a group or an instance of an application.
    pub(crate) fn forget(&mut self, id: &str) {
        self.groups.retain(|target| target != id);
        self.apps
            .retain(|target| target.instance.as_deref() != Some(id));
    }
}

use serde::{Deserialize, Serialize};
