//! Custom admin roles and their permissions.

use serde_json::Value;

use crate::object::Object;
use crate::org::Org;
use crate::org::custom_roles::{CustomRole, Permission};
use crate::org::events;
use crate::org::roles::RoleKind;
use crate::problem::Problem;

impl Org {
    /// The position of a custom role, by id or by label.
    pub(crate) fn find_custom_role(&self, id_or_label: &str) -> Result<u64, Problem> {
        self.custom_roles
            .position(id_or_label)
            .or_else(|| {
                let mut roles = self.custom_roles.iter();
                roles
                    .find(|(_, role)| role.label == id_or_label)
                    .map(|(position, _)| position)
            })
            .ok_or_else(|| Problem::not_found(id_or_label, "CustomRole"))
    }

    pub(crate) fn custom_role(&self, position: u64) -> Result<&CustomRole, Problem> {
        self.custom_roles
            .get(position)
            .ok_or_else(Problem::internal)
    }

    fn custom_role_mut(&mut self, position: u64) -> Result<&mut CustomRole, Problem> {
        self.custom_roles
            .get_mut(position)
            .ok_or_else(Problem::internal)
    }

    /// Creates a custom role with `label`, `description` and `permissions`.
    pub(crate) fn create_custom_role(&mut self, body: &Object) -> Result<u64, Problem> {
        let (label, description) = self.custom_role_texts(body, None)?;
        let now = self.now;
        let permissions = match body.get("permissions") {
            Some(Value::Array(kinds)) => kinds
                .iter()
                .filter_map(Value::as_str)
                .map(|kind| (kind.to_owned(), Permission::new(Value::Null, now)))
                .collect(),
            _ => return Err(Problem::blank("permissions")),
        };
        let role = CustomRole {
            id: self.ids.object("cr0"),
            label,
            description,
            created: now,
            last_updated: now,
            permissions,
        };
        let target = role.target();
        let position = self.custom_roles.insert(role);
        self.record(events::CUSTOM_ROLE_CREATED, [target]);
        Ok(position)
    }

    /// Replaces label and description.
    pub(crate) fn replace_custom_role(
        &mut self,
        position: u64,
        body: &Object,
    ) -> Result<(), Problem> {
        let (label, description) = self.custom_role_texts(body, Some(position))?;
        let now = self.now;
        let role = self.custom_role_mut(position)?;
        role.label = label;
        role.description = description;
        role.last_updated = now;
        Ok(())
    }

    fn custom_role_texts(
        &self,
        body: &Object,
        own: Option<u64>,
    ) -> Result<(String, String), Problem> {
        let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
        let (label, description) = (text("label"), text("description"));
        if label.is_empty() {
            return Err(Problem::validation(
                "label",
                ["label: Label must be specified"],
            ));
        }
        let mut roles = self.custom_roles.iter();
        if roles.any(|(position, role)| Some(position) != own && role.label == label) {
            return Err(Problem::taken("label"));
        }
        Ok((label.to_owned(), description.to_owned()))
    }

    /// Deletes a custom role, and takes it from all who hold it.
    pub(crate) fn delete_custom_role(&mut self, position: u64) -> Result<(), Problem> {
        if let Some(gone) = self.custom_roles.remove(position) {
            self.withdraw_roles(
                |kind| matches!(kind, RoleKind::Custom { role, .. } if *role == gone.id),
            );
            self.record(events::CUSTOM_ROLE_DELETED, [gone.target()]);
        }
        Ok(())
    }

    /// Adds a permission to a custom role, or changes its conditions.
    pub(crate) fn set_permission(
        &mut self,
        position: u64,
        kind: &str,
        conditions: Value,
    ) -> Result<(), Problem> {
        let now = self.now;
        let role = self.custom_role_mut(position)?;
        match role.permissions.get_mut(kind) {
            Some(permission) => {
                permission.conditions = conditions;
                permission.last_updated = now;
            }
            None => {
                role.permissions
                    .insert(kind.to_owned(), Permission::new(conditions, now));
            }
        }
        let target = role.target();
        self.record(events::PERMISSION_ADDED, [target]);
        Ok(())
    }

    /// Takes a permission from a custom role.
    pub(crate) fn remove_permission(&mut self, position: u64, kind: &str) -> Result<(), Problem> {
        let role = self.custom_role_mut(position)?;
        role.permission(kind)?;
        role.permissions.remove(kind);
        let target = role.target();
        self.record(events::PERMISSION_REMOVED, [target]);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::model::fixture::org;
    use serde_json::json;

    #[test]
    fn found_by_id_and_by_label_and_named_once() {
        let mut org = org();
        let request = json!({ "label": "Clerk", "description": "d", "permissions": ["a.read"] });
        let request = request.as_object().cloned().unwrap();
        let role = org.create_custom_role(&request).unwrap();
        let id = org.custom_role(role).unwrap().id.clone();
        assert_eq!(org.find_custom_role(&id), Ok(role));
        assert_eq!(org.find_custom_role("Clerk"), Ok(role));
        assert_eq!(
            org.create_custom_role(&request),
            Err(Problem::taken("label"))
        );
    }

    #[test]
    fn permissions_come_and_go() {
        let mut org = org();
        let request = json!({ "label": "Clerk", "description": "d", "permissions": ["a.read"] });
        let role = org
            .create_custom_role(request.as_object().unwrap())
            .unwrap();
        org.set_permission(role, "b.read", json!({ "include": {} }))
            .unwrap();
        let kinds: Vec<&String> = org.custom_role(role).unwrap().permissions.keys().collect();
        assert_eq!(kinds, ["a.read", "b.read"]);
        org.remove_permission(role, "a.read").unwrap();
        let again = org.remove_permission(role, "a.read").unwrap_err();
        assert_eq!(again, Problem::not_found("a.read", "Permission"));
    }
}
