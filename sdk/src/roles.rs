//! Role assignments without spelling out their kinds.

use crate::models::{AssignCustomRole, AssignCustomRoleParts, AssignRole, AssignStandardRole};

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
    pub fn custom(parts: AssignCustomRoleParts) -> Self {
        AssignCustomRole::new(parts).into()
    }
}
