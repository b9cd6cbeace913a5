//! Users: creation, lookup, update, deletion.

pub(crate) mod operations;

use serde_json::Value;

use crate::object::Object;
use crate::org::credentials::{Credentials, Provider};
use crate::org::events;
use crate::org::table::Wanted;
use crate::org::tickets::Purpose;
use crate::org::users::{Creation, LOGIN, Status, User};
use crate::org::{Org, profile};
use crate::problem::Problem;

impl Org {
    /// The position of a user, by id, by login, or by what stands before the `@` of a login if no
    /// other login begins like that.
    pub(crate) fn find_user(&self, id_or_login: &str) -> Result<u64, Problem> {
        let login = id_or_login.to_lowercase();
        self.users
            .position(id_or_login)
            .or_else(|| self.user_with_login(&login))
            .or_else(|| self.find_short_login(&login))
            .ok_or_else(|| Problem::not_found(id_or_login, "User"))
    }

    /// The position of the user with this login, in any letter case.
    pub(crate) fn user_with_login(&self, login: &str) -> Option<u64> {
        let login = login.to_lowercase();
        let is = |_, user: &User| user.login().to_lowercase() == login;
        let found = self.users.find(LOGIN, &login, is);
        found.map(|(position, _)| position)
    }

    fn find_short_login(&self, short: &str) -> Option<u64> {
        let start = format!("{short}@");
        let found = self.users.find_all(LOGIN, &Wanted::Prefix(&start));
        let mut found = found.filter(|(_, user)| user.login().to_lowercase().starts_with(&start));
        let (first, _) = found.next()?;
        found.next().is_none().then_some(first)
    }

    /// The user at a position that [`Org::find_user`] gave.
    pub(crate) fn user(&self, position: u64) -> Result<&User, Problem> {
        self.users.get(position).ok_or_else(Problem::internal)
    }

    pub(crate) fn user_mut(&mut self, position: u64) -> Result<&mut User, Problem> {
        self.users.get_mut(position).ok_or_else(Problem::internal)
    }

    /// Creates a user from a request body with `profile`, `credentials` and `groupIds`.
    pub(crate) fn create_user(&mut self, body: &Object, how: Creation) -> Result<u64, Problem> {
        let empty = Object::new();
        let given = body
            .get("profile")
            .and_then(Value::as_object)
            .unwrap_or(&empty);
        let profile = profile::complete(given)?;
        let kind = self.type_of(body)?;
        self.check_user_profile(&kind, &profile)?;
        if self
            .user_with_login(profile::text(&profile, "login"))
            .is_some()
        {
            return Err(Problem::taken("login"));
        }
        let groups = self.groups_to_join(body)?;
        let mut credentials = Credentials::default();
        let password = credentials.update(body.get("credentials"))?;
        if how.provider && credentials.provider.kind == "OKTA" {
            credentials.provider = Provider::new("FEDERATION", "FEDERATION");
        }
        let now = self.now;
        let user = User {
            id: self.ids.object("00u"),
            kind,
            status: Status::Staged,
            created: now,
            activated: None,
            status_changed: None,
            last_login: None,
            last_updated: now,
            password_changed: password.then_some(now),
            profile: profile.into(),
            credentials,
            roles: Vec::new(),
        };
        let target = user.target();
        let position = self.users.insert(user);
        self.record(events::USER_CREATED, [target]);
        self.join(*self.everyone, position);
        for group in groups {
            self.add_member(group, position)?;
        }
        if how.activate {
            self.activate_user(position)?;
            if self.user(position)?.status == Status::Provisioned {
                self.send_link(position, Purpose::Activation, "UserActivation")?;
            }
            if how.change_password && password {
                self.user_mut(position)?.status = Status::PasswordExpired;
            }
        }
        Ok(position)
    }

    /// The type that a request gives a new user.
    fn type_of(&self, body: &Object) -> Result<String, Problem> {
        match body.get("type").and_then(|kind| kind["id"].as_str()) {
            Some(id) => Ok(self.user_type(self.find_user_type(id)?)?.id.clone()),
            None => Ok(self.user_type.clone()),
        }
    }

    fn groups_to_join(&self, body: &Object) -> Result<Vec<u64>, Problem> {
        let wrong = || Problem::validation("groupIds", ["groupIds: must be a list of group ids"]);
        let ids = match body.get("groupIds") {
            None | Some(Value::Null) => return Ok(Vec::new()),
            Some(ids) => ids.as_array().ok_or_else(wrong)?,
        };
        ids.iter()
            .map(|id| self.find_own_group(id.as_str().ok_or_else(wrong)?))
            .collect()
    }

    /// Updates a user: all of the profile where `replace`, else only what `body` names.
    pub(crate) fn update_user(
        &mut self,
        position: u64,
        body: &Object,
        replace: bool,
    ) -> Result<(), Problem> {
        let user = self.user(position)?;
        let mut credentials = user.credentials.clone();
        let password = credentials.update(body.get("credentials"))?;
        let profile = match body.get("profile").and_then(Value::as_object) {
            Some(given) if replace => profile::complete(given)?,
            Some(given) => profile::merged(&user.profile.object(), given)?,
            None if replace => return Err(Problem::blank("profile")),
            None => user.profile.object(),
        };
        if user.status == Status::Deprovisioned {
            return Err(Problem::wrong_status());
        }
        self.check_user_profile(&user.kind, &profile)?;
        let owner = self.user_with_login(profile::text(&profile, "login"));
        if owner.is_some_and(|owner| owner != position) {
            return Err(Problem::taken("login"));
        }
        let now = self.now;
        let user = self.user_mut(position)?;
        user.profile = profile.into();
        user.credentials = credentials;
        user.last_updated = now;
        if password {
            user.password_changed = Some(now);
        }
        let target = user.target();
        self.record(events::USER_PROFILE_UPDATED, [target.clone()]);
        if password {
            self.record(events::PASSWORD_UPDATED, [target]);
        }
        self.refresh_rules_of(position);
        Ok(())
    }

    /// Deletes a user in Okta's two steps: the first call deactivates, the second removes.
    pub(crate) fn delete_user(&mut self, position: u64) -> Result<(), Problem> {
        if self.user(position)?.status != Status::Deprovisioned {
            return self.deactivate_user(position);
        }
        self.memberships.forget_user(position);
        self.apps.change_where(
            |app| app.users.contains_key(&position),
            |app| drop(app.users.remove(&position)),
        );
        if let Some(user) = self.users.remove(position) {
            self.forget_in_rules(position);
            self.tickets.forget(position);
            self.linked_objects.forget_user(position);
            self.owners.forget_user(&user.id);
            self.record(events::USER_DELETE_INITIATED, [user.target()]);
            self.record(events::USER_DELETED, [user.target()]);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::model::fixture::{ACTIVATE, STAGE, org, person};
    use serde_json::json;

    fn body(value: Value) -> Object {
        value.as_object().cloned().unwrap()
    }

    #[test]
    fn status_after_creation_follows_from_the_options() {
        let with_password = json!({ "credentials": { "password": { "value": "correct horse" } } });
        let cases = [
            (json!({}), STAGE, Status::Staged),
            (json!({}), ACTIVATE, Status::Provisioned),
            (with_password.clone(), STAGE, Status::Staged),
            (with_password.clone(), ACTIVATE, Status::Active),
            (
                with_password.clone(),
                Creation {
                    change_password: true,
                    ..ACTIVATE
                },
                Status::PasswordExpired,
            ),
            (
                json!({}),
                Creation {
                    provider: true,
                    ..ACTIVATE
                },
                Status::Active,
            ),
        ];
        for (extra, how, expected) in cases {
            let mut org = org();
            let mut request = person("isaac@example.com");
            request.extend(body(extra));
            let user = org.create_user(&request, how).unwrap();
            assert_eq!(org.user(user).unwrap().status, expected, "{how:?}");
        }
    }

    #[test]
    fn required_attributes_are_named_one_by_one() {
        let problem = org()
            .create_user(
                &body(json!({ "profile": { "login": "nobody", "email": "" } })),
                STAGE,
            )
            .unwrap_err();
        assert_eq!(problem.code, "E0000001");
        assert_eq!(problem.summary, "Api validation failed: login");
        assert_eq!(
            problem.causes,
            [
                "login: Username must be in the form of an email address",
                "email: The field cannot be left blank",
                "firstName: The field cannot be left blank",
                "lastName: The field cannot be left blank",
            ]
        );
    }

    #[test]
    fn logins_are_unique_in_any_letter_case() {
        let mut org = org();
        org.create_user(&person("isaac@example.com"), STAGE)
            .unwrap();
        let again = org.create_user(&person("ISAAC@example.com"), STAGE);
        assert_eq!(again.unwrap_err(), Problem::taken("login"));
    }

    #[test]
    fn an_unknown_group_leaves_no_user_behind() {
        let mut org = org();
        let mut request = person("isaac@example.com");
        request.insert("groupIds".to_owned(), json!(["00gNOPE"]));
        let problem = org.create_user(&request, STAGE).unwrap_err();
        assert_eq!(problem, Problem::not_found("00gNOPE", "UserGroup"));
        assert_eq!(org.users.len(), 0);
    }

    #[test]
    fn a_login_is_found_without_its_domain_if_there_is_one_such() {
        let mut org = org();
        let one = org
            .create_user(&person("Isaac@example.com"), STAGE)
            .unwrap();
        org.create_user(&person("isaac.b@example.com"), STAGE)
            .unwrap();
        assert_eq!(org.find_user("isaac"), Ok(one));
        assert!(org.find_user("isa").is_err() && org.find_user("").is_err());
        org.create_user(&person("isaac@example.org"), STAGE)
            .unwrap();
        assert_eq!(
            org.find_user("isaac"),
            Err(Problem::not_found("isaac", "User"))
        );
        assert_eq!(org.find_user("isaac@example.com"), Ok(one));
    }

    #[test]
    fn partial_update_keeps_and_null_clears() {
        let mut org = org();
        let mut request = person("isaac@example.com");
        request["profile"]["badge"] = json!(1);
        request["profile"]["nickName"] = json!("Ike");
        let user = org.create_user(&request, STAGE).unwrap();
        let update = body(json!({ "profile": { "badge": 2, "nickName": null } }));
        org.update_user(user, &update, false).unwrap();
        let profile = org.user(user).unwrap().profile.object();
        assert_eq!(profile["badge"], 2);
        assert_eq!(profile["login"], "isaac@example.com");
        assert!(!profile.contains_key("nickName"));

        let clears_required = body(json!({ "profile": { "email": null } }));
        let problem = org.update_user(user, &clears_required, false).unwrap_err();
        assert_eq!(problem, Problem::blank("email"));
    }

    #[test]
    fn replacement_removes_what_it_does_not_name() {
        let mut org = org();
        let mut request = person("isaac@example.com");
        request["profile"]["badge"] = json!(1);
        let user = org.create_user(&request, STAGE).unwrap();
        org.update_user(user, &person("brock@example.com"), true)
            .unwrap();
        assert!(!org.user(user).unwrap().profile.has("badge"));
        assert!(org.find_user("isaac@example.com").is_err());
        assert_eq!(org.find_user("Brock@Example.com").unwrap(), user);
    }

    #[test]
    fn deletion_takes_two_steps() {
        let mut org = org();
        let user = org
            .create_user(&person("isaac@example.com"), ACTIVATE)
            .unwrap();
        org.delete_user(user).unwrap();
        assert_eq!(org.user(user).unwrap().status, Status::Deprovisioned);
        org.delete_user(user).unwrap();
        assert!(org.find_user("isaac@example.com").is_err());
        assert!(org.create_user(&person("isaac@example.com"), STAGE).is_ok());
    }
}
