//! Administrator roles of users and groups: standard ones by type, custom ones by role and
//! resource set.

pub(crate) mod operations;

use serde_json::Value;

use crate::object::Object;
use crate::org::Org;
use crate::org::events;
use crate::org::roles::{Assignee, RoleAssignment, RoleKind};
use crate::org::targets::Targets;
use crate::problem::Problem;

/// The standard roles with their labels,
/// <https://developer.okta.com/docs/api/openapi/okta-management/guides/roles/>.
const STANDARD: [(&str, &str); 13] = [
    ("SUPER_ADMIN", "Super Administrator"),
    ("ORG_ADMIN", "Organization Administrator"),
    ("APP_ADMIN", "Application Administrator"),
    ("USER_ADMIN", "Group Administrator"),
    ("HELP_DESK_ADMIN", "Help Desk Administrator"),
    ("READ_ONLY_ADMIN", "Read-Only Administrator"),
    ("MOBILE_ADMIN", "Mobile Administrator"),
    (
        "API_ACCESS_MANAGEMENT_ADMIN",
        "API Access Management Administrator",
    ),
    ("REPORT_ADMIN", "Report Administrator"),
    ("GROUP_MEMBERSHIP_ADMIN", "Group Membership Administrator"),
    ("WORKFLOWS_ADMIN", "Workflows Administrator"),
    (
        "ACCESS_CERTIFICATIONS_ADMIN",
        "Access Certifications Administrator",
    ),
    ("ACCESS_REQUESTS_ADMIN", "Access Requests Administrator"),
];

impl Org {
    /// The roles that an assignee holds itself.
    pub(crate) fn roles(&self, assignee: Assignee) -> Result<&[RoleAssignment], Problem> {
        Ok(match assignee {
            Assignee::User(user) => &self.user(user)?.roles,
            Assignee::Group(group) => &self.group(group)?.roles,
            Assignee::Client(app) => &self.app(app)?.roles,
        })
    }

    pub(crate) fn roles_mut(
        &mut self,
        assignee: Assignee,
    ) -> Result<&mut Vec<RoleAssignment>, Problem> {
        Ok(match assignee {
            Assignee::User(user) => &mut self.user_mut(user)?.roles,
            Assignee::Group(group) => &mut self.group_mut(group)?.roles,
            Assignee::Client(app) => &mut self.app_mut(app)?.roles,
        })
    }

    /// One role of an assignee.
    pub(crate) fn role(&self, assignee: Assignee, id: &str) -> Result<&RoleAssignment, Problem> {
        let role = self.roles(assignee)?.iter().find(|role| role.id == id);
        role.ok_or_else(|| Problem::not_found(id, "RoleAssignment"))
    }

    /// Assigns what `body` says: a standard role by `type`, or `CUSTOM` with `role` and
    /// `resource-set`.
    pub(crate) fn assign_role(
        &mut self,
        assignee: Assignee,
        body: &Object,
    ) -> Result<RoleAssignment, Problem> {
        let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
        let (kind, label) = match text("type") {
            "" => return Err(Problem::blank("type")),
            "CUSTOM" => {
                let role = self.custom_role(self.find_custom_role(text("role"))?)?;
                let set = self.resource_set(self.find_resource_set(text("resource-set"))?)?;
                let (role_id, set) = (role.id.clone(), set.id.clone());
                (
                    RoleKind::Custom {
                        role: role_id,
                        resource_set: set,
                    },
                    role.label.clone(),
                )
            }
            given => match STANDARD.iter().find(|(kind, _)| *kind == given) {
                Some((kind, label)) => (RoleKind::Standard { kind }, (*label).to_owned()),
                None => {
                    let cause = format!("type: There is no role type {given}");
                    return Err(Problem::validation("type", [cause]));
                }
            },
        };
        if let Assignee::Group(group) = assignee
            && self.is_target_of_rule(&self.group(group)?.id)
        {
            let cause = "A group that a group rule puts users into cannot have administrator roles";
            return Err(Problem::validation("type", [cause]));
        }
        if self.roles(assignee)?.iter().any(|role| role.kind == kind) {
            return Err(Problem::duplicate_role());
        }
        let id = match &kind {
            // A standard role has the same id wherever it is assigned: its type in base 32.
            RoleKind::Standard { kind } => base32(kind),
            RoleKind::Custom { .. } => self.ids.object("irb"),
        };
        let now = self.now;
        let role = RoleAssignment {
            id,
            label,
            kind,
            created: now,
            last_updated: now,
            targets: Targets::default(),
        };
        self.roles_mut(assignee)?.push(role.clone());
        let (holder, event) = match assignee {
            Assignee::User(user) => (self.user(user)?.target(), events::USER_PRIVILEGE_GRANTED),
            Assignee::Group(group) => {
                (self.group(group)?.target(), events::GROUP_PRIVILEGE_GRANTED)
            }
            Assignee::Client(_) => return Ok(role),
        };
        self.record(event, [holder, role.target()]);
        Ok(role)
    }

    /// Takes a role away.
    pub(crate) fn unassign_role(&mut self, assignee: Assignee, id: &str) -> Result<(), Problem> {
        let role = self.role(assignee, id)?.target();
        self.roles_mut(assignee)?.retain(|role| role.id != id);
        let (holder, event) = match assignee {
            Assignee::User(user) => (self.user(user)?.target(), events::USER_PRIVILEGE_REVOKED),
            Assignee::Group(group) => {
                (self.group(group)?.target(), events::GROUP_PRIVILEGE_REVOKED)
            }
            Assignee::Client(_) => return Ok(()),
        };
        self.record(event, [holder, role]);
        Ok(())
    }

    pub(crate) fn revoke_all_roles(&mut self, user: u64) -> Result<(), Problem> {
        let assignee = Assignee::User(user);
        let held: Vec<String> = self
            .roles(assignee)?
            .iter()
            .map(|role| role.id.clone())
            .collect();
        held.iter()
            .try_for_each(|id| self.unassign_role(assignee, id))
    }

    /// Takes away every role that `gone` picks: its definition was deleted.
    pub(crate) fn withdraw_roles(&mut self, gone: impl Fn(&RoleKind) -> bool) {
        self.users.change_where(
            |user| user.roles.iter().any(|role| gone(&role.kind)),
            |user| user.roles.retain(|role| !gone(&role.kind)),
        );
        self.groups.change_where(
            |group| group.roles.iter().any(|role| gone(&role.kind)),
            |group| group.roles.retain(|role| !gone(&role.kind)),
        );
        self.apps.change_where(
            |app| app.roles.iter().any(|role| gone(&role.kind)),
            |app| app.roles.retain(|role| !gone(&role.kind)),
        );
    }
}

/// RFC 4648 section 6, without padding.
fn base32(text: &str) -> String {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let bytes = text.as_bytes();
    (0..(bytes.len() * 8).div_ceil(5))
        .map(|digit| {
            let value = (0..5).fold(0_usize, |value, offset| {
                let bit = digit * 5 + offset;
                let set = bytes
                    .get(bit / 8)
                    .is_some_and(|byte| byte >> (7 - bit % 8) & 1 == 1);
                value << 1 | usize::from(set)
            });
            char::from(ALPHABET[value])
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::model::fixture::{ACTIVATE, group, org, person};
    use crate::org::log::Log;
    use serde_json::json;

    fn body(value: Value) -> Object {
        value.as_object().cloned().unwrap()
    }

    #[test]
    fn standard_roles_have_oktas_ids() {
        assert_eq!(base32("USER_ADMIN"), "KVJUKUS7IFCE2SKO");
        assert_eq!(base32("APP_ADMIN"), "IFIFAX2BIRGUSTQ");
    }

    #[test]
    fn a_role_is_held_once_by_users_and_groups_alike() {
        let mut org = org();
        let user = org
            .create_user(&person("isaac@example.com"), ACTIVATE)
            .unwrap();
        let group = org.create_group(&group("Support")).unwrap();
        org.log = Log::default();
        let request = body(json!({ "type": "HELP_DESK_ADMIN" }));
        for assignee in [Assignee::User(user), Assignee::Group(group)] {
            let role = org.assign_role(assignee, &request).unwrap();
            assert_eq!(role.label, "Help Desk Administrator");
            let again = org.assign_role(assignee, &request).unwrap_err();
            assert_eq!(again, Problem::duplicate_role());
            org.unassign_role(assignee, &role.id).unwrap();
            let gone = org.unassign_role(assignee, &role.id).unwrap_err();
            assert_eq!(gone, Problem::not_found(&role.id, "RoleAssignment"));
        }
        assert_eq!(
            org.logged(),
            [
                "user.account.privilege.grant",
                "user.account.privilege.revoke",
                "group.privilege.grant",
                "group.privilege.revoke",
            ]
        );
    }

    #[test]
    fn a_custom_role_needs_a_role_and_a_resource_set() {
        let mut org = org();
        let user = Assignee::User(org.create_user(&person("a@example.com"), ACTIVATE).unwrap());
        let custom = |role: &str, set: &str| {
            body(json!({ "type": "CUSTOM", "role": role, "resource-set": set }))
        };
        let role = body(json!({ "label": "Clerk", "description": "d", "permissions": [] }));
        let role = org.create_custom_role(&role).unwrap();
        let role = org.custom_role(role).unwrap().id.clone();
        let problem = org
            .assign_role(user, &custom(&role, "iamNOPE"))
            .unwrap_err();
        assert_eq!(problem, Problem::not_found("iamNOPE", "IAMPolicy"));

        let set = body(json!({ "label": "Desk", "description": "d", "resources": [] }));
        let set = org.create_resource_set(&set).unwrap();
        let set = org.resource_set(set).unwrap().id.clone();
        let assigned = org.assign_role(user, &custom(&role, &set)).unwrap();
        assert!(assigned.id.starts_with("irb"));
        assert_eq!(assigned.label, "Clerk");

        let position = org.find_custom_role(&role).unwrap();
        org.delete_custom_role(position).unwrap();
        assert!(org.roles(user).unwrap().is_empty());
    }

    #[test]
    fn unknown_types_are_refused() {
        let mut org = org();
        let user = Assignee::User(org.create_user(&person("a@example.com"), ACTIVATE).unwrap());
        let problem = org
            .assign_role(user, &body(json!({ "type": "KING" })))
            .unwrap_err();
        assert_eq!(problem.causes, ["type: There is no role type KING"]);
        assert_eq!(
            org.assign_role(user, &body(json!({}))).unwrap_err(),
            Problem::blank("type")
        );
    }

    #[test]
    fn deactivation_revokes_roles() {
        let mut org = org();
        let user = org.create_user(&person("a@example.com"), ACTIVATE).unwrap();
        let request = body(json!({ "type": "ORG_ADMIN" }));
        org.assign_role(Assignee::User(user), &request).unwrap();
        org.deactivate_user(user).unwrap();
        assert!(org.roles(Assignee::User(user)).unwrap().is_empty());
    }
}
