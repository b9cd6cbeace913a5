//! Who is an administrator.

use super::Comparison;
use crate::desired::{List, Principal, Role, RoleList};
use crate::org::Held;
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
            match held.iter().find(|it| it.role.is_assigned_as(role)) {
                Some(now) => self.held_role(list, role, now),
                None if self.has_role(role) => self.grant(&list.principal, role),
                None => {}
            }
        }
        if list.list == List::Exclusive {
            let is_listed = |held: &Held| list.roles.iter().any(|it| it.is_assigned_as(&held.role));
            for held in held.iter().filter(|it| !is_listed(it)) {
                self.step(Step::RevokeRole {
                    from: list.principal.clone(),
                    role: held.role.clone(),
                    assignment: held.id.clone(),
                    members: self.members_by(&list.principal),
                });
            }
        }
    }

    fn grant(&mut self, to: &Principal, role: &Role) {
        let step = match role {
            Role::Limited { .. } => self.limited_grant(to, role),
            _ => Some(Step::GrantRole {
                to: to.clone(),
                role: role.clone(),
                members: self.members_by(to),
                may_be_unlimited: false,
            }),
        };
        if let Some(step) = step {
            self.step(step);
        }
    }

    fn held_role(&mut self, list: &RoleList, role: &Role, now: &Held) {
        match role {
            Role::Limited { role, targets } => self.limits(list, role, targets, now),
            _ if now.targets.is_empty() => self.keep(Kind::Roles),
            _ => {
                let who = &list.principal;
                self.objections.push(format!(
                    "{who} has {role} for some groups or applications only, and is to have it for the \
                     whole org; revoke it by hand first"
                ));
            }
        }
    }

    fn has_role(&mut self, role: &Role) -> bool {
        let Role::Custom {
            label,
            resource_set,
        } = role
        else {
            return role.unfit().is_none() && self.has_targets(role);
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

    pub(super) fn members_by(&self, principal: &Principal) -> Members {
        match principal {
            Principal::User(_) => Members::Known,
            Principal::Group(name) => self.members_of(name),
        }
    }
}
