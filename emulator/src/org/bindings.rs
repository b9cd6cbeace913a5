//! Bindings of resource sets: who has which custom role on a set. A binding is nothing of its own:
//! it is the assignments of one role on one set, and it is gone when the last of them is.

use super::roles::RoleKind;
use crate::problem::Problem;

/// A role on a resource set, by their ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Binding {
    pub(crate) role: String,
    pub(crate) resource_set: String,
}

impl Binding {
    pub(crate) fn kind(&self) -> RoleKind {
        RoleKind::Custom {
            role: self.role.clone(),
            resource_set: self.resource_set.clone(),
        }
    }

    pub(crate) fn missing(&self) -> Problem {
        Problem::not_found(&self.role, "IAMPolicyBinding")
    }
}
