//! Bindings of resource sets: who has which custom role on a set. A binding is nothing of its own:
//! it is the assignments of one role on one set, and it is gone when the last of them is.

pub(crate) mod operations;

use serde_json::{Value, json};

use crate::object::Object;
use crate::org::Org;
use crate::org::bindings::Binding;
use crate::org::roles::{Assignee, RoleAssignment};
use crate::problem::Problem;

impl Org {
    /// The binding of a role and a set, each by id or label, whether anybody is in it or not.
    pub(crate) fn binding(&self, set: &str, role: &str) -> Result<Binding, Problem> {
        let resource_set = self.resource_set(self.find_resource_set(set)?)?.id.clone();
        let role = self.custom_role(self.find_custom_role(role)?)?.id.clone();
        Ok(Binding { role, resource_set })
    }

    /// The assignments that make up a binding, by assignee: users first.
    pub(crate) fn binding_members(&self, binding: &Binding) -> Vec<(Assignee, &RoleAssignment)> {
        let kind = binding.kind();
        let users = self
            .users
            .iter()
            .map(|(at, user)| (Assignee::User(at), &user.roles));
        let groups = self
            .groups
            .iter()
            .map(|(at, group)| (Assignee::Group(at), &group.roles));
        let clients = self
            .apps
            .iter()
            .map(|(at, app)| (Assignee::Client(at), &app.roles));
        let held = users.chain(groups).chain(clients);
        held.flat_map(|(holder, roles)| roles.iter().map(move |role| (holder, role)))
            .filter(|(_, role)| role.kind == kind)
            .collect()
    }

    /// A binding that has members.
    pub(crate) fn find_binding(&self, set: &str, role: &str) -> Result<Binding, Problem> {
        let binding = self.binding(set, role)?;
        match self.binding_members(&binding).is_empty() {
            true => Err(binding.missing()),
            false => Ok(binding),
        }
    }

    /// The roles that are bound to a set.
    pub(crate) fn bound_roles(&self, set: u64) -> Result<Vec<String>, Problem> {
        let resource_set = self.resource_set(set)?.id.clone();
        let roles = self.custom_roles.iter().map(|(_, role)| Binding {
            role: role.id.clone(),
            resource_set: resource_set.clone(),
        });
        let bound = roles.filter(|binding| !self.binding_members(binding).is_empty());
        Ok(bound.map(|binding| binding.role).collect())
    }

    /// Creates the binding that `role` and `members` say.
    pub(crate) fn create_binding(&mut self, set: &str, body: &Object) -> Result<Binding, Problem> {
        let role = body.get("role").and_then(Value::as_str).unwrap_or_default();
        if role.is_empty() {
            return Err(Problem::blank("role"));
        }
        let binding = self.binding(set, role)?;
        self.bind(&binding, body, "members")?;
        Ok(binding)
    }

    /// Adds to a binding the members that `field` names. One who is in it already stays.
    pub(crate) fn bind(
        &mut self,
        binding: &Binding,
        body: &Object,
        field: &str,
    ) -> Result<(), Problem> {
        let members = body.get(field).and_then(Value::as_array);
        let members = members.filter(|members| !members.is_empty());
        let members = members.ok_or_else(|| Problem::blank(field))?;
        let members = members.iter().map(|member| self.assignee(member, field));
        let members = members.collect::<Result<Vec<_>, _>>()?;
        let assignment = json!({
            "type": "CUSTOM",
            "role": binding.role,
            "resource-set": binding.resource_set,
        });
        let assignment = assignment.as_object().cloned().unwrap_or_default();
        for member in members {
            match self.assign_role(member, &assignment) {
                Ok(_) => {}
                Err(problem) if problem == Problem::duplicate_role() => {}
                Err(problem) => return Err(problem),
            }
        }
        Ok(())
    }

    /// A user, group or client by its URL or its ORN: both end with the kind and the id.
    fn assignee(&self, member: &Value, field: &str) -> Result<Assignee, Problem> {
        let name = member.as_str().unwrap_or_default();
        let mut parts = name.rsplit(['/', ':']);
        match (parts.next(), parts.next()) {
            (Some(id), Some("users")) => self.find_user(id).map(Assignee::User),
            (Some(id), Some("groups")) => self.find_group(id).map(Assignee::Group),
            (Some(id), Some("clients")) => self.find_client(id).map(Assignee::Client),
            _ => {
                let cause =
                    format!("{field}: must be a list of ORNs or URLs of users, groups and clients");
                Err(Problem::validation(field, [cause]))
            }
        }
    }

    /// Takes one member out of a binding, by the id of the assignment.
    pub(crate) fn unbind(&mut self, binding: &Binding, member: &str) -> Result<(), Problem> {
        let members = self.binding_members(binding);
        let found = members.into_iter().find(|(_, role)| role.id == member);
        let holder = found.map(|(holder, _)| holder);
        let holder = holder.ok_or_else(|| Problem::not_found(member, "IAMPolicyBindingMember"))?;
        self.unassign_role(holder, member)
    }

    /// Takes all members out of a binding.
    pub(crate) fn delete_binding(&mut self, binding: &Binding) -> Result<(), Problem> {
        let members = self.binding_members(binding).into_iter();
        let members: Vec<_> = members
            .map(|(holder, role)| (holder, role.id.clone()))
            .collect();
        members
            .iter()
            .try_for_each(|(holder, id)| self.unassign_role(*holder, id))
    }
}
