//! Who is an administrator.

use super::Comparison;
use crate::desired::{List, Principal, Role, RoleList};
use crate::step::{Kind, Members, Step};

impl Comparison<'_> {
    pub(super) fn role_list(&mut self, list: &RoleList) {
        let is_there = match &list.principal {
            Principal::User(login) => self.is_there(login, "roles"),
            Principal::Group(name) => {
                let is_there = self.has_group(name);
                if !is_there {
                    let what = format!("roles are for the group {name}, which is not there");
                    self.objections.push(what);
                }
                is_there
            }
        };
        if !is_there {
            return;
        }
        let held = self.org.roles.get(&list.principal);
        let held = held.map(Vec::as_slice).unwrap_or_default();
        for role in &list.roles {
            let now = held.iter().find(|it| it.role == *role);
            if now.is_some_and(|it| it.is_limited) {
                let who = &list.principal;
                self.objections.push(format!(
                    "{who} has {role} for some groups or applications only, and is to have it for the \
                     whole org; revoke it by hand first"
                ));
            } else if now.is_some() {
                self.keep(Kind::Roles);
            } else if self.has_role(role) {
                self.step(Step::GrantRole {
                    to: list.principal.clone(),
                    role: role.clone(),
                    members: self.members_by(&list.principal),
                });
            }
        }
        if list.list == List::Exclusive {
            for held in held.iter().filter(|it| !list.roles.contains(&it.role)) {
                self.step(Step::RevokeRole {
                    from: list.principal.clone(),
                    role: held.role.clone(),
                    assignment: held.id.clone(),
                    members: self.members_by(&list.principal),
                });
            }
        }
    }

    fn has_role(&mut self, role: &Role) -> bool {
        let Role::Custom {
            label,
            resource_set,
        } = role
        else {
            return true;
        };
        let mut is_there = true;
        if !self.org.custom_roles.contains_key(label)
            && self.desired.custom_role_named(label).is_none()
        {
            self.objections
                .push(format!("there is no custom role {label}; create it first"));
            is_there = false;
        }
        if !self.org.resource_sets.contains_key(resource_set)
            && self.desired.resource_set_named(resource_set).is_none()
        {
            let what = format!("there is no resource set {resource_set}; create it first");
            self.objections.push(what);
            is_there = false;
        }
        is_there
    }

    fn members_by(&self, principal: &Principal) -> Members {
        match principal {
            Principal::User(_) => Members::Known,
            Principal::Group(name) => self.members_of(name),
        }
    }
}
