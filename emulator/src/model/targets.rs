//! Role targets: the groups or applications to which a standard role is limited. A role without
//! targets reaches everything.

use crate::org::Org;
use crate::org::roles::{Assignee, RoleKind};
use crate::org::targets::{AppTarget, Targets};
use crate::problem::Problem;

const WITH_GROUP_TARGETS: [&str; 3] = ["USER_ADMIN", "HELP_DESK_ADMIN", "GROUP_MEMBERSHIP_ADMIN"];

const WITH_APP_TARGETS: [&str; 1] = ["APP_ADMIN"];

impl Org {
    /// Limits a role to a group, beside those to which it is limited already.
    pub(crate) fn add_group_target(
        &mut self,
        assignee: Assignee,
        role: &str,
        group: &str,
    ) -> Result<(), Problem> {
        self.find_group(group)?;
        let targets = self.targets_mut(assignee, role, &WITH_GROUP_TARGETS)?;
        if !targets.groups.iter().any(|target| target == group) {
            targets.groups.push(group.to_owned());
        }
        Ok(())
    }

    /// Takes a group from a role's targets. The last one stays: without it the role would reach
    /// every group.
    pub(crate) fn remove_group_target(
        &mut self,
        assignee: Assignee,
        role: &str,
        group: &str,
    ) -> Result<(), Problem> {
        let targets = &mut self
            .targets_mut(assignee, role, &WITH_GROUP_TARGETS)?
            .groups;
        let at = targets.iter().position(|target| target == group);
        let at = at.ok_or_else(|| Problem::not_found(group, "RoleGroupTarget"))?;
        keep_one(targets.len())?;
        targets.remove(at);
        Ok(())
    }

    /// Limits a role to an application, or to all instances of its definition.
    pub(crate) fn add_app_target(
        &mut self,
        assignee: Assignee,
        role: &str,
        target: AppTarget,
    ) -> Result<(), Problem> {
        if let Some(instance) = &target.instance {
            let app = self.app(self.find_app(instance)?)?;
            if app.name != target.name {
                return Err(Problem::not_found(&target.name, "CatalogApplication"));
            }
        }
        let apps = &mut self.targets_mut(assignee, role, &WITH_APP_TARGETS)?.apps;
        if target.instance.is_none() {
            // The definition covers its instances.
            apps.retain(|held| held.name != target.name);
        }
        if !apps.contains(&target) {
            apps.push(target);
        }
        Ok(())
    }

    /// Takes an application from a role's targets; the last one stays.
    pub(crate) fn remove_app_target(
        &mut self,
        assignee: Assignee,
        role: &str,
        target: &AppTarget,
    ) -> Result<(), Problem> {
        let apps = &mut self.targets_mut(assignee, role, &WITH_APP_TARGETS)?.apps;
        let id = target.instance.as_ref().unwrap_or(&target.name);
        let at = apps.iter().position(|held| held == target);
        let at = at.ok_or_else(|| Problem::not_found(id, "RoleAppTarget"))?;
        keep_one(apps.len())?;
        apps.remove(at);
        Ok(())
    }

    /// Removes every limit to applications from a role.
    pub(crate) fn clear_app_targets(
        &mut self,
        assignee: Assignee,
        role: &str,
    ) -> Result<(), Problem> {
        self.targets_mut(assignee, role, &WITH_APP_TARGETS)?
            .apps
            .clear();
        Ok(())
    }

    /// Drops a deleted group or application from all targets.
    pub(crate) fn forget_target(&mut self, id: &str) {
        self.users.change_where(
            |user| user.roles.iter().any(|role| role.targets.has(id)),
            |user| {
                user.roles
                    .iter_mut()
                    .for_each(|role| role.targets.forget(id))
            },
        );
        self.groups.change_where(
            |group| group.roles.iter().any(|role| role.targets.has(id)),
            |group| {
                group
                    .roles
                    .iter_mut()
                    .for_each(|role| role.targets.forget(id))
            },
        );
        self.apps.change_where(
            |app| app.roles.iter().any(|role| role.targets.has(id)),
            |app| {
                app.roles
                    .iter_mut()
                    .for_each(|role| role.targets.forget(id))
            },
        );
    }

    fn targets_mut(
        &mut self,
        assignee: Assignee,
        role: &str,
        allowed: &[&str],
    ) -> Result<&mut Targets, Problem> {
        let roles = self.roles_mut(assignee)?;
        let role = roles
            .iter_mut()
            .find(|held| held.id == role)
            .ok_or_else(|| Problem::not_found(role, "RoleAssignment"))?;
        match role.kind {
            RoleKind::Standard { kind } if allowed.contains(&kind) => Ok(&mut role.targets),
            _ => {
                let cause = format!("{} cannot have targets of this kind", role.label);
                Err(Problem::validation("roleTarget", [cause]))
            }
        }
    }
}

fn keep_one(count: usize) -> Result<(), Problem> {
    if count > 1 {
        return Ok(());
    }
    let cause = "The last target cannot be removed. Unassign the role instead";
    Err(Problem::validation("roleTarget", [cause]))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::model::fixture::{ACTIVATE, bookmark, group, org, person};
    use crate::object::Object;
    use serde_json::json;

    fn assign(org: &mut Org, kind: &str) -> (Assignee, String) {
        let user = org
            .create_user(&person("isaac@example.com"), ACTIVATE)
            .unwrap();
        let request = Object::from_iter([("type".to_owned(), json!(kind))]);
        let role = org.assign_role(Assignee::User(user), &request).unwrap();
        (Assignee::User(user), role.id)
    }

    #[test]
    fn group_targets_are_a_set_that_never_empties() {
        let mut org = org();
        let (user, role) = assign(&mut org, "USER_ADMIN");
        let ids: Vec<String> = ["A", "B"]
            .map(|name| {
                let position = org.create_group(&group(name)).unwrap();
                org.group(position).unwrap().id.clone()
            })
            .into();
        for id in [&ids[0], &ids[1], &ids[0]] {
            org.add_group_target(user, &role, id).unwrap();
        }
        assert_eq!(org.role(user, &role).unwrap().targets.groups, ids);
        org.remove_group_target(user, &role, &ids[0]).unwrap();
        assert_eq!(
            org.remove_group_target(user, &role, &ids[1])
                .unwrap_err()
                .code,
            "E0000001"
        );
        assert_eq!(
            org.remove_group_target(user, &role, &ids[0])
                .unwrap_err()
                .code,
            "E0000007"
        );

        let position = org.find_group(&ids[1]).unwrap();
        org.delete_group(position).unwrap();
        assert!(org.role(user, &role).unwrap().targets.groups.is_empty());
    }

    #[test]
    fn a_definition_takes_the_place_of_its_instances() {
        let mut org = org();
        let (user, role) = assign(&mut org, "APP_ADMIN");
        let position = org.create_app(&bookmark("Intranet"), true).unwrap();
        let instance = org.app(position).unwrap().id.clone();
        let one = AppTarget {
            name: "bookmark".to_owned(),
            instance: Some(instance),
        };
        let all = AppTarget {
            instance: None,
            ..one.clone()
        };
        org.add_app_target(user, &role, one.clone()).unwrap();
        org.add_app_target(user, &role, all.clone()).unwrap();
        assert_eq!(org.role(user, &role).unwrap().targets.apps, [all]);
        let other = AppTarget {
            name: "oidc_client".to_owned(),
            ..one
        };
        assert_eq!(
            org.add_app_target(user, &role, other).unwrap_err().code,
            "E0000007"
        );
        org.clear_app_targets(user, &role).unwrap();
        assert!(org.role(user, &role).unwrap().targets.apps.is_empty());
    }

    #[test]
    fn a_role_takes_only_its_kind_of_target() {
        let mut org = org();
        let (user, role) = assign(&mut org, "APP_ADMIN");
        let position = org.create_group(&group("A")).unwrap();
        let id = org.group(position).unwrap().id.clone();
        assert_eq!(
            org.add_group_target(user, &role, &id).unwrap_err().code,
            "E0000001"
        );
    }
}
