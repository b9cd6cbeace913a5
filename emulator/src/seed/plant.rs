//! Putting a seed into an org, by the same operations that requests use.

use serde_json::{Value, json};

use super::{Seed, SeedApp, SeedGroup, SeedUser, consents, people, refresh_tokens};
use crate::error::Error;
use crate::object::Object;
use crate::org::Org;
use crate::org::credentials::PASSWORD;
use crate::org::roles::Assignee;
use crate::org::users::{Creation, Status};
use crate::problem::Problem;
use crate::store;

const CREATION: Creation = Creation {
    activate: false,
    provider: false,
    change_password: false,
};

impl Seed {
    /// Fills `org`, and gives the position of the super administrator.
    pub(crate) fn plant(&self, org: &mut Org) -> Result<u64, Error> {
        org.logging = false;
        let administrator =
            administrator(org).map_err(|problem| failed("administrator", &problem))?;
        org.create_api_tokens(administrator);
        let policies = org.create_system_policies();
        policies.map_err(|problem| failed("system policies", &problem))?;
        let server = org.create_default_authorization_server();
        server.map_err(|problem| failed("authorization server", &problem))?;
        for group in &self.groups {
            let planted = plant_group(org, group);
            planted.map_err(|problem| failed(&format!("group {:?}", group.name), &problem))?;
        }
        let declared = org.declare_attributes(&self.attributes);
        declared.map_err(|problem| failed("attributes", &problem))?;
        for user in &self.users {
            let login = user
                .profile
                .get("login")
                .and_then(Value::as_str)
                .unwrap_or("without login");
            let planted = plant_user(org, user);
            planted.map_err(|problem| failed(&format!("user {login:?}"), &problem))?;
        }
        for number in 1..=self.generated_users {
            let planted = plant_user(org, &people::person(number));
            planted.map_err(|problem| failed(&format!("user number {number}"), &problem))?;
        }
        for app in &self.apps {
            let label = app
                .request
                .get("label")
                .and_then(Value::as_str)
                .unwrap_or("without label");
            let planted = plant_app(org, app);
            planted.map_err(|problem| failed(&format!("app {label:?}"), &problem))?;
        }
        for (path, objects) in &self.objects {
            let planted = plant_objects(org, path, objects);
            planted.map_err(|problem| failed(&format!("objects of {path}"), &problem))?;
        }
        org.logging = true;
        Ok(administrator)
    }
}

fn failed(what: &str, problem: &Problem) -> Error {
    let reason = match problem.causes.as_slice() {
        [] => problem.summary.clone(),
        causes => causes.join("; "),
    };
    Error::Seed {
        what: what.to_owned(),
        reason,
    }
}

fn administrator(org: &mut Org) -> Result<u64, Problem> {
    let profile = json!({
        "login": "admin@example.com", "email": "admin@example.com",
        "firstName": "Ada", "lastName": "Administrator",
    });
    let user = plant_profile(org, profile, Status::Active)?;
    assign(org, Assignee::User(user), &["SUPER_ADMIN".to_owned()])?;
    Ok(user)
}

fn plant_profile(org: &mut Org, profile: Value, status: Status) -> Result<u64, Problem> {
    let mut request = Object::from_iter([("profile".to_owned(), profile)]);
    if status == Status::Active {
        let password = json!({ "password": { "value": PASSWORD } });
        request.insert("credentials".to_owned(), password);
    }
    let position = org.create_user(&request, CREATION)?;
    let now = org.now;
    let user = org.user_mut(position)?;
    user.status = status;
    user.status_changed = Some(now);
    if status != Status::Staged {
        user.activated = Some(now);
    }
    Ok(position)
}

fn plant_group(org: &mut Org, group: &SeedGroup) -> Result<(), Problem> {
    let profile = json!({ "name": group.name, "description": group.description });
    let position = org.create_group(&Object::from_iter([("profile".to_owned(), profile)]))?;
    assign(org, Assignee::Group(position), &group.roles)
}

fn plant_user(org: &mut Org, user: &SeedUser) -> Result<(), Problem> {
    let status = match user.status.as_deref() {
        None => Status::Active,
        Some(given) => {
            let known = Status::ALL
                .into_iter()
                .find(|status| status.as_str() == given);
            known.ok_or_else(|| {
                let all = Status::ALL.map(Status::as_str).join(", ");
                Problem::validation("status", [format!("{given} is not one of {all}")])
            })?
        }
    };
    declare(org, &user.profile);
    let position = plant_profile(org, Value::Object(user.profile.clone()), status)?;
    for name in &user.groups {
        let group = group_named(org, name)?;
        org.add_member(group, position)?;
    }
    assign(org, Assignee::User(position), &user.roles)
}

/// The schema has all attributes that the users of a seed have.
fn declare(org: &mut Org, profile: &Object) {
    let default = org.user_types.position(&org.user_type);
    let Some(kind) = default.and_then(|at| org.user_types.get_mut(at)) else {
        return;
    };
    for (name, value) in profile {
        kind.schema.declare_like(name, value);
    }
}

fn plant_app(org: &mut Org, app: &SeedApp) -> Result<(), Problem> {
    let position = org.create_app(&app.request, true)?;
    for login in &app.users {
        let user = org.find_user(login)?;
        org.assign_user_to_app(position, user, &Object::new())?;
    }
    for name in &app.groups {
        let group = group_named(org, name)?;
        org.assign_group_to_app(position, group, &Object::new())?;
    }
    Ok(())
}

fn plant_objects(org: &mut Org, path: &str, objects: &[Object]) -> Result<(), Problem> {
    let parts = path.split('/').map(|part| id_of(org, part));
    let path = parts.collect::<Vec<_>>().join("/");
    let parts: Vec<&str> = path.split('/').skip(1).collect();
    objects
        .iter()
        .try_for_each(|object| match parts.as_slice() {
            ["api", "v1", "sessions"] => org.plant_session(object),
            ["api", "v1", "users", user, "grants"] => consents::plant(org, user, object),
            ["api", "v1", "users", user, "clients", client, "tokens"] => {
                refresh_tokens::plant(org, user, client, object)
            }
            ["api", "v1", "apps", _, "tokens"]
            | [
                "api",
                "v1",
                "authorizationServers",
                _,
                "clients",
                _,
                "tokens",
            ] => {
                let cause = "Plant a refresh token at /api/v1/users/<login>/clients/<label>/tokens";
                Err(Problem::validation("objects", [cause]))
            }
            _ => store::plant(org, &path, object),
        })
}

/// The id of the user or app that a part of a path names, or else the part itself.
fn id_of(org: &Org, part: &str) -> String {
    let user = org.user_with_login(part);
    if let Some(user) = user.and_then(|at| org.users.get(at)) {
        return user.id.clone();
    }
    let mut apps = org.apps.iter().map(|(_, app)| app);
    let app = apps.find(|app| app.label == part);
    app.map_or_else(|| part.to_owned(), |app| app.id.clone())
}

fn assign(org: &mut Org, assignee: Assignee, roles: &[String]) -> Result<(), Problem> {
    for role in roles {
        org.assign_role(
            assignee,
            &Object::from_iter([("type".to_owned(), json!(role))]),
        )?;
    }
    Ok(())
}

fn group_named(org: &Org, name: &str) -> Result<u64, Problem> {
    let found = org.groups.iter().find(|(_, group)| group.name() == name);
    found
        .map(|(position, _)| position)
        .ok_or_else(|| Problem::validation("groups", [format!("the seed has no group {name:?}")]))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::model::fixture::org;

    fn plant(yaml: &str) -> Result<Org, String> {
        let mut org = org();
        let seed = Seed::from_yaml(yaml).map_err(|error| error.to_string())?;
        seed.plant(&mut org).map_err(|error| error.to_string())?;
        Ok(org)
    }

    #[test]
    fn the_default_seed_grows() {
        let mut org = org();
        let administrator = Seed::default().plant(&mut org).unwrap();
        assert_eq!(
            org.user(administrator).unwrap().login(),
            "admin@example.com"
        );
        assert!(org.log.len() == 0);
        assert!(org.logging);
    }

    #[test]
    fn made_up_users_have_custom_attributes() {
        let org = plant("generatedUsers: 250").unwrap();
        assert_eq!(org.users.len(), 251);
        let user = org
            .user(org.find_user("user250@example.com").unwrap())
            .unwrap();
        assert_eq!(user.status, Status::Active);
        let profile = user.profile.object();
        assert!(profile["badgeNumber"].is_u64() && profile["skills"].is_array());
    }

    #[test]
    fn errors_name_the_entry_and_the_rule() {
        let user = "profile: { login: a@x, email: a@x, firstName: A, lastName: B }";
        for (yaml, message) in [
            (
                "groups: [{ name: A }, { name: A }]".to_owned(),
                "the seed's group \"A\" cannot be created: name: An object with this field already \
                 exists in the current organization",
            ),
            (
                "users: [{ profile: { login: a@x, email: a@x, firstName: A } }]".to_owned(),
                "the seed's user \"a@x\" cannot be created: lastName: The field cannot be left blank",
            ),
            (
                format!("users:\n- {user}\n  groups: [Nobody]"),
                "the seed's user \"a@x\" cannot be created: the seed has no group \"Nobody\"",
            ),
            (
                format!("users:\n- {user}\n  status: AWAY"),
                "the seed's user \"a@x\" cannot be created: AWAY is not one of STAGED, \
                 PROVISIONED, ACTIVE, RECOVERY, PASSWORD_EXPIRED, LOCKED_OUT, SUSPENDED, \
                 DEPROVISIONED",
            ),
            (
                "apps: [{ label: Wiki, signOnMode: BOOKMARK, users: [a@x] }]".to_owned(),
                "the seed's app \"Wiki\" cannot be created: Not found: Resource not found: a@x \
                 (User)",
            ),
        ] {
            assert_eq!(plant(&yaml).unwrap_err(), message);
        }
    }
}
