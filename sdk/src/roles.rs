//! Role assignments without spelling out their kinds.

use crate::models::{AssignCustomRole, AssignRole, AssignStandardRole};

impl AssignRole {
    /// A standard role, such as [`RoleType::HelpDeskAdmin`] or `"HELP_DESK_ADMIN"`.
    ///
    /// Source: <https://developer.okta.com/docs/api/openapi/okta-management/guides/roles/>.
    ///
    /// [`RoleType::HelpDeskAdmin`]: crate::models::RoleType::HelpDeskAdmin
    pub fn standard(role: impl AsRef<str>) -> Self {
        AssignStandardRole::new(role.as_ref()).into()
    }

    /// A custom role on the resources of a set, both by id.
    ///
    /// Source: <https://developer.okta.com/docs/api/openapi/okta-management/guides/roles/>.
    pub fn custom(role_id: impl Into<String>, resource_set_id: impl Into<String>) -> Self {
        AssignCustomRole::new(resource_set_id, role_id).into()
    }
}
