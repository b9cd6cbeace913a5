//! Who may use an application: users assigned one by one, and the members of assigned groups.

pub(crate) mod operations;

use serde_json::{Value, json};

use crate::object::Object;
use crate::org::Org;
use crate::org::app_assignments::{AppGroup, AppUser, Scope};
use crate::org::events::{self, EventKind, Target};
use crate::org::users::Status;
use crate::problem::Problem;

impl Org {
    /// A user's account in an application.
    pub(crate) fn app_user(&self, app: u64, user: u64) -> Result<&AppUser, Problem> {
        let id = &self.user(user)?.id;
        self.app(app)?
            .users
            .get(&user)
            .ok_or_else(|| Problem::not_found(id, "AppUser"))
    }

    /// A group's assignment to an application.
    pub(crate) fn app_group(&self, app: u64, group: u64) -> Result<&AppGroup, Problem> {
        let (app, id) = (self.app(app)?, &self.group(group)?.id);
        app.groups
            .get(&group)
            .ok_or_else(|| Problem::not_found(&format!("{id}{}", app.id), "GroupAppAssignment"))
    }

    /// Assigns a user to an application, or changes the account that there is.
    pub(crate) fn assign_user_to_app(
        &mut self,
        app: u64,
        user: u64,
        body: &Object,
    ) -> Result<(), Problem> {
        let now = self.now;
        let person = self.user(user)?;
        if matches!(person.status, Status::Deprovisioned | Status::Suspended) {
            return Err(Problem::wrong_status());
        }
        let login = person.login().to_owned();
        let before = self.app(app)?.users.get(&user).cloned();
        let event = if before.is_some() {
            events::APP_USER_UPDATED
        } else {
            events::APP_USER_ADDED
        };
        let mut account = before.unwrap_or_else(|| AppUser::new(Scope::User, login, now));
        if let Some("USER") | None = body.get("scope").and_then(Value::as_str) {
            account.scope = Scope::User;
        }
        account.update(body, now);
        self.app_mut(app)?.users.insert(user, account);
        self.record_app_user(event, app, user)
    }

    /// Changes a user's account in an application.
    pub(crate) fn update_app_user(
        &mut self,
        app: u64,
        user: u64,
        body: &Object,
    ) -> Result<(), Problem> {
        let now = self.now;
        let mut account = self.app_user(app, user)?.clone();
        account.update(body, now);
        self.app_mut(app)?.users.insert(user, account);
        self.record_app_user(events::APP_USER_UPDATED, app, user)
    }

    /// Takes an application from a user, unless a group gives it to the user.
    pub(crate) fn unassign_user_from_app(&mut self, app: u64, user: u64) -> Result<(), Problem> {
        self.app_user(app, user)?;
        if self.grants_by_group(app, user)? {
            return Err(Problem::app_granted_by_group());
        }
        self.record_app_user(events::APP_USER_REMOVED, app, user)?;
        self.app_mut(app)?.users.remove(&user);
        Ok(())
    }

    /// Assigns a group to an application, or changes the assignment that there is.
    pub(crate) fn assign_group_to_app(
        &mut self,
        app: u64,
        group: u64,
        body: &Object,
    ) -> Result<(), Problem> {
        let (now, actor) = (self.now, &self.caller.actor);
        let by = (actor.kind == "User").then(|| actor.id.clone());
        let assignments = &mut self.app_mut(app)?.groups;
        let (next, before) = (assignments.len() as u64, assignments.get(&group));
        let event = if before.is_some() {
            events::APP_GROUP_UPDATED
        } else {
            events::APP_GROUP_ADDED
        };
        let priority = body.get("priority").and_then(Value::as_u64);
        let priority = priority
            .or(before.map(|before| before.priority))
            .unwrap_or(next);
        let given = body.get("profile").filter(|profile| profile.is_object());
        let (profile, profile_by) = match (given, before) {
            (Some(profile), _) => (profile.clone(), by),
            (None, Some(before)) => (before.profile.clone(), before.profile_by.clone()),
            (None, None) => (json!({}), None),
        };
        assignments.insert(
            group,
            AppGroup {
                last_updated: now,
                priority,
                profile,
                profile_by,
            },
        );
        let targets = [self.group(group)?.target(), self.app(app)?.target()];
        self.record(event, targets);
        for member in self.members(group)? {
            self.refresh_app_user(app, member)?;
        }
        Ok(())
    }

    /// Takes an application from a group, and from all who had it by that group only.
    pub(crate) fn unassign_group_from_app(&mut self, app: u64, group: u64) -> Result<(), Problem> {
        self.app_group(app, group)?;
        self.app_mut(app)?.groups.remove(&group);
        let targets = [self.group(group)?.target(), self.app(app)?.target()];
        self.record(events::APP_GROUP_REMOVED, targets);
        for member in self.members(group)? {
            self.refresh_app_user(app, member)?;
        }
        Ok(())
    }

    /// Brings a user's accounts in line with status and groups.
    pub(crate) fn refresh_apps_of(&mut self, user: u64) {
        let apps: Vec<u64> = self.apps.iter().map(|(app, _)| app).collect();
        for app in apps {
            // Both exist, so there is nothing to refuse.
            if let Err(problem) = self.refresh_app_user(app, user) {
                tracing::error!(?problem, "assignment left as it was");
            }
        }
    }

    /// Whether a user is in a group that has the application.
    fn grants_by_group(&self, app: u64, user: u64) -> Result<bool, Problem> {
        let mut groups = self.app(app)?.groups.keys();
        Ok(groups.any(|group| self.memberships.has(*group, user)))
    }

    fn refresh_app_user(&mut self, app: u64, user: u64) -> Result<(), Problem> {
        let (held, person) = (self.app(app)?, self.user(user)?);
        let gone = person.status == Status::Deprovisioned;
        let by_group = !gone && self.grants_by_group(app, user)?;
        match held.users.get(&user).map(|account| account.scope) {
            None if by_group => {
                let account = AppUser::new(Scope::Group, person.login().to_owned(), self.now);
                self.app_mut(app)?.users.insert(user, account);
                self.record_app_user(events::APP_USER_ADDED, app, user)
            }
            // An inactive application keeps its accounts when a user is deactivated.
            Some(_) if gone && held.active => self.remove_app_user(app, user),
            Some(Scope::Group) if !by_group && !gone => self.remove_app_user(app, user),
            _ => Ok(()),
        }
    }

    fn remove_app_user(&mut self, app: u64, user: u64) -> Result<(), Problem> {
        self.record_app_user(events::APP_USER_REMOVED, app, user)?;
        self.app_mut(app)?.users.remove(&user);
        Ok(())
    }

    fn members(&self, group: u64) -> Result<Vec<u64>, Problem> {
        self.group(group)?;
        Ok(self.memberships.members(group, 0).collect())
    }

    fn record_app_user(&mut self, kind: EventKind, app: u64, user: u64) -> Result<(), Problem> {
        let (held, person) = (self.app(app)?, self.user(user)?);
        let account = held
            .users
            .get(&user)
            .map_or("", |account| account.user_name.as_str());
        let account = Target::new(&person.id, "AppUser", account, &person.display_name());
        let targets = [account, held.target(), person.target()];
        self.record(kind, targets);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::model::fixture::{ACTIVATE, bookmark, group, org, person};
    use crate::org::log::Log;

    struct Setting {
        org: Org,
        app: u64,
        group: u64,
        user: u64,
    }

    fn setting() -> Setting {
        let mut org = org();
        let app = org.create_app(&bookmark("Intranet"), true).unwrap();
        let group = org.create_group(&group("Engineering")).unwrap();
        let user = org
            .create_user(&person("isaac@example.com"), ACTIVATE)
            .unwrap();
        org.log = Log::default();
        Setting {
            org,
            app,
            group,
            user,
        }
    }

    fn scope(setting: &Setting) -> Option<Scope> {
        setting
            .org
            .app_user(setting.app, setting.user)
            .ok()
            .map(|account| account.scope)
    }

    #[test]
    fn members_of_an_assigned_group_come_and_go_with_it() {
        let mut at = setting();
        at.org
            .assign_group_to_app(at.app, at.group, &Object::new())
            .unwrap();
        assert_eq!(scope(&at), None);
        at.org.add_member(at.group, at.user).unwrap();
        assert_eq!(scope(&at), Some(Scope::Group));
        at.org.remove_member(at.group, at.user).unwrap();
        assert_eq!(scope(&at), None);
        at.org.add_member(at.group, at.user).unwrap();
        at.org.delete_group(at.group).unwrap();
        assert_eq!(scope(&at), None);
    }

    #[test]
    fn a_direct_assignment_outlives_the_group() {
        let mut at = setting();
        at.org.add_member(at.group, at.user).unwrap();
        at.org
            .assign_group_to_app(at.app, at.group, &Object::new())
            .unwrap();
        at.org
            .assign_user_to_app(at.app, at.user, &Object::new())
            .unwrap();
        assert_eq!(scope(&at), Some(Scope::User));
        at.org.unassign_group_from_app(at.app, at.group).unwrap();
        assert_eq!(scope(&at), Some(Scope::User));
        at.org.unassign_user_from_app(at.app, at.user).unwrap();
        assert_eq!(scope(&at), None);
        let again = at.org.unassign_user_from_app(at.app, at.user).unwrap_err();
        assert_eq!(again.code, "E0000007");
    }

    #[test]
    fn deactivation_takes_active_apps_only() {
        let mut at = setting();
        let dormant = at.org.create_app(&bookmark("Dormant"), false).unwrap();
        for app in [at.app, dormant] {
            at.org
                .assign_user_to_app(app, at.user, &Object::new())
                .unwrap();
        }
        at.org.deactivate_user(at.user).unwrap();
        assert_eq!(scope(&at), None);
        assert!(at.org.app_user(dormant, at.user).is_ok());
        let refused = at.org.assign_user_to_app(at.app, at.user, &Object::new());
        assert_eq!(refused, Err(Problem::wrong_status()));
    }

    #[test]
    fn an_account_merges_its_profile_and_hides_its_password() {
        let mut at = setting();
        let body = |value: Value| value.as_object().cloned().unwrap();
        let first = body(json!({
            "credentials": { "userName": "ike", "password": { "value": "correct horse" } },
            "profile": { "role": "dev", "seat": 4 },
        }));
        at.org.assign_user_to_app(at.app, at.user, &first).unwrap();
        let second = body(json!({ "profile": { "seat": 5 } }));
        at.org.update_app_user(at.app, at.user, &second).unwrap();
        let account = at.org.app_user(at.app, at.user).unwrap();
        assert_eq!(account.user_name, "ike");
        assert!(account.password_changed.is_some());
        assert_eq!(
            Value::Object(account.profile.clone()),
            json!({ "role": "dev", "seat": 5 })
        );
        assert!(!format!("{account:?}").contains("correct horse"));
    }

    #[test]
    fn groups_are_ranked_in_the_order_of_assignment() {
        let mut at = setting();
        at.org
            .assign_group_to_app(at.app, at.group, &Object::new())
            .unwrap();
        let second = at.org.create_group(&group("Support")).unwrap();
        at.org
            .assign_group_to_app(at.app, second, &Object::new())
            .unwrap();
        // Assigning again keeps the rank.
        at.org
            .assign_group_to_app(at.app, at.group, &Object::new())
            .unwrap();
        assert_eq!(at.org.app_group(at.app, at.group).unwrap().priority, 0);
        assert_eq!(at.org.app_group(at.app, second).unwrap().priority, 1);
    }
}
