//! Groups and who is in them.

pub(crate) mod operations;

use serde_json::Value;

use crate::object::Object;
use crate::org::events;
use crate::org::groups::{Group, GroupKind, NAME};
use crate::org::{Org, profile};
use crate::problem::Problem;

impl Org {
    /// The position of a group.
    pub(crate) fn find_group(&self, id: &str) -> Result<u64, Problem> {
        self.groups
            .position(id)
            .ok_or_else(|| Problem::not_found(id, "UserGroup"))
    }

    /// The position of a group that may be changed, which Everyone may not.
    pub(crate) fn find_own_group(&self, id: &str) -> Result<u64, Problem> {
        let position = self.find_group(id)?;
        match self.group(position)?.kind {
            GroupKind::Okta => Ok(position),
            GroupKind::BuiltIn => Err(Problem::unsupported()),
        }
    }

    pub(crate) fn group(&self, position: u64) -> Result<&Group, Problem> {
        self.groups.get(position).ok_or_else(Problem::internal)
    }

    pub(crate) fn group_mut(&mut self, position: u64) -> Result<&mut Group, Problem> {
        self.groups.get_mut(position).ok_or_else(Problem::internal)
    }

    /// Creates a group from a request body with `profile`.
    pub(crate) fn create_group(&mut self, body: &Object) -> Result<u64, Problem> {
        let profile = self.group_profile(body, None)?;
        let group = Group::new(self.ids.object("00g"), profile, self.now);
        let target = group.target();
        let position = self.groups.insert(group);
        self.record(events::GROUP_CREATED, [target]);
        Ok(position)
    }

    /// Replaces a group's profile.
    pub(crate) fn replace_group(&mut self, position: u64, body: &Object) -> Result<(), Problem> {
        let profile = self.group_profile(body, Some(position))?;
        let now = self.now;
        let group = self.group_mut(position)?;
        group.profile = profile;
        group.last_updated = now;
        let target = group.target();
        self.record(events::GROUP_UPDATED, [target]);
        Ok(())
    }

    /// The profile in `body`, whose name no group but `own` may have.
    fn group_profile(&self, body: &Object, own: Option<u64>) -> Result<Object, Problem> {
        let mut profile = body
            .get("profile")
            .and_then(Value::as_object)
            .cloned()
            .unwrap_or_default();
        let name = profile::text(&profile, "name");
        if name.trim().is_empty() {
            return Err(Problem::blank("name"));
        }
        let is_other = |position, group: &Group| {
            Some(position) != own && group.name().eq_ignore_ascii_case(name)
        };
        if self.groups.find(NAME, name, is_other).is_some() {
            return Err(Problem::taken("name"));
        }
        if !self.lax_profiles {
            self.group_schema.check(&profile)?;
        }
        profile.entry("description").or_insert(Value::Null);
        Ok(profile)
    }

    /// Deletes a group, with all that came by it.
    pub(crate) fn delete_group(&mut self, position: u64) -> Result<(), Problem> {
        let assigned: Vec<u64> = self
            .apps
            .iter()
            .filter(|(_, app)| app.groups.contains_key(&position))
            .map(|(app, _)| app)
            .collect();
        for app in assigned {
            self.unassign_group_from_app(app, position)?;
        }
        self.memberships.forget_group(position);
        if let Some(group) = self.groups.remove(position) {
            self.forget_target(&group.id);
            self.invalidate_rules(position, &group.id);
            self.owners.forget_group(position, &group.id);
            self.record(events::GROUP_DELETED, [group.target()]);
        }
        Ok(())
    }

    /// Puts a user into a group without a word about it.
    pub(crate) fn join(&mut self, group: u64, user: u64) {
        let now = self.now;
        if self.memberships.add(group, user)
            && let Some(group) = self.groups.get_mut(group)
        {
            group.last_membership_updated = now;
        }
    }

    /// Adds a user to a group; nothing happens to one who is in it.
    pub(crate) fn add_member(&mut self, group: u64, user: u64) -> Result<(), Problem> {
        self.group(group)?;
        if self.memberships.has(group, user) {
            return Ok(());
        }
        self.join(group, user);
        let targets = [self.user(user)?.target(), self.group(group)?.target()];
        self.record(events::MEMBER_ADDED, targets);
        self.refresh_apps_of(user);
        Ok(())
    }

    /// Removes a user from a group; nothing happens to one who is not in it.
    pub(crate) fn remove_member(&mut self, group: u64, user: u64) -> Result<(), Problem> {
        let now = self.now;
        self.group(group)?;
        if !self.memberships.remove(group, user) {
            return Ok(());
        }
        self.group_mut(group)?.last_membership_updated = now;
        let targets = [self.user(user)?.target(), self.group(group)?.target()];
        self.record(events::MEMBER_REMOVED, targets);
        self.refresh_apps_of(user);
        Ok(())
    }

    /// The groups that a user is in.
    pub(crate) fn groups_of(&self, user: u64) -> impl Iterator<Item = (u64, &Group)> {
        let groups = self.memberships.groups(user).iter();
        groups.filter_map(|&position| Some((position, self.groups.get(position)?)))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::model::fixture::{ACTIVATE, group, org, person};
    use crate::org::log::Log;

    #[test]
    fn names_are_required_and_unique() {
        let mut org = org();
        assert_eq!(
            org.create_group(&Object::new()),
            Err(Problem::blank("name"))
        );
        let first = org.create_group(&group("Engineering")).unwrap();
        assert_eq!(
            org.create_group(&group("engineering")),
            Err(Problem::taken("name"))
        );
        // A group keeps its own name on replacement.
        assert_eq!(org.replace_group(first, &group("Engineering")), Ok(()));
        assert_eq!(
            org.replace_group(first, &group("Everyone")),
            Err(Problem::taken("name"))
        );
    }

    #[test]
    fn everyone_is_in_everyone_and_it_cannot_be_changed() {
        let mut org = org();
        let user = org
            .create_user(&person("isaac@example.com"), ACTIVATE)
            .unwrap();
        let names: Vec<&str> = org.groups_of(user).map(|(_, group)| group.name()).collect();
        assert_eq!(names, ["Everyone"]);
        let id = org.group(*org.everyone).unwrap().id.clone();
        assert_eq!(org.find_own_group(&id), Err(Problem::unsupported()));
    }

    #[test]
    fn membership_is_idempotent_and_logged_once() {
        let mut org = org();
        let user = org
            .create_user(&person("isaac@example.com"), ACTIVATE)
            .unwrap();
        let group = org.create_group(&group("Engineering")).unwrap();
        org.log = Log::default();
        org.add_member(group, user).unwrap();
        org.add_member(group, user).unwrap();
        org.remove_member(group, user).unwrap();
        org.remove_member(group, user).unwrap();
        assert_eq!(
            org.logged(),
            ["group.user_membership.add", "group.user_membership.remove"]
        );
        let kinds: Vec<&str> = org
            .log
            .iter()
            .next()
            .unwrap()
            .targets
            .iter()
            .map(|target| target.kind)
            .collect();
        assert_eq!(kinds, ["User", "UserGroup"]);
    }

    #[test]
    fn deactivation_leaves_memberships() {
        let mut org = org();
        let user = org
            .create_user(&person("isaac@example.com"), ACTIVATE)
            .unwrap();
        let group = org.create_group(&group("Engineering")).unwrap();
        org.add_member(group, user).unwrap();
        org.deactivate_user(user).unwrap();
        assert!(org.memberships.has(group, user));
        org.delete_user(user).unwrap();
        assert!(org.memberships.count(group) == 0);
    }
}
