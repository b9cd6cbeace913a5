//! Types of users, each with a schema of its own.

use crate::object::Object;
use crate::org::Org;
use crate::org::schemas::ProfileSchema;
use crate::org::user_types::UserType;
use crate::problem::Problem;

impl Org {
    /// The position of a type of users; `default` is the one that every org has.
    pub(crate) fn find_user_type(&self, id: &str) -> Result<u64, Problem> {
        let id = if id == "default" { &self.user_type } else { id };
        let found = self.user_types.position(id);
        found.ok_or_else(|| Problem::not_found(id, "UserType"))
    }

    pub(crate) fn user_type(&self, position: u64) -> Result<&UserType, Problem> {
        self.user_types.get(position).ok_or_else(Problem::internal)
    }

    /// The type whose schema has that id; `default` is that of the type that every org has.
    pub(crate) fn find_user_schema(&self, id: &str) -> Result<u64, Problem> {
        if id == "default" {
            return self.find_user_type(id);
        }
        let mut types = self.user_types.iter();
        let found = types.find(|(_, kind)| kind.schema.id == id);
        let found = found.map(|(position, _)| position);
        found.ok_or_else(|| Problem::not_found(id, "UserSchema"))
    }

    /// Creates a type with `name` and `displayName`.
    pub(crate) fn create_user_type(&mut self, body: &Object) -> Result<u64, Problem> {
        let name = text(body, "name").ok_or_else(|| Problem::blank("name"))?;
        if self.user_types.iter().any(|(_, kind)| kind.name == name) {
            return Err(Problem::taken("name"));
        }
        let display_name =
            text(body, "displayName").ok_or_else(|| Problem::blank("displayName"))?;
        let schema = self.ids.object("osc");
        let maker = self.caller.actor.id.clone();
        Ok(self.user_types.insert(UserType {
            id: self.ids.object("oty"),
            schema: ProfileSchema::of_users(schema, &name, &display_name, self.now),
            name,
            display_name,
            description: body.get("description").cloned().unwrap_or_default(),
            created: self.now,
            created_by: maker.clone(),
            last_updated: self.now,
            last_updated_by: maker,
        }))
    }

    /// Changes how a type is shown; its name stays. What is left out stays as well, unless all is
    /// replaced.
    pub(crate) fn change_user_type(
        &mut self,
        position: u64,
        body: &Object,
        replace: bool,
    ) -> Result<(), Problem> {
        let (now, changer) = (self.now, self.caller.actor.id.clone());
        let kind = self
            .user_types
            .get_mut(position)
            .ok_or_else(Problem::internal)?;
        if text(body, "name").is_some_and(|name| name != kind.name) {
            let cause = "name: The name of a user type cannot be changed";
            return Err(Problem::validation("name", [cause]));
        }
        match text(body, "displayName") {
            Some(given) => kind.display_name = given,
            None if replace => return Err(Problem::blank("displayName")),
            None => {}
        }
        if replace || body.contains_key("description") {
            kind.description = body.get("description").cloned().unwrap_or_default();
        }
        (kind.last_updated, kind.last_updated_by) = (now, changer);
        Ok(())
    }

    /// Deletes a type that no user has; the one that every org has stays.
    pub(crate) fn delete_user_type(&mut self, position: u64) -> Result<(), Problem> {
        let id = &self.user_type(position)?.id;
        if *id == *self.user_type || self.users.iter().any(|(_, user)| user.kind == *id) {
            let cause = "The type is the default or has users, and cannot be deleted";
            return Err(Problem::validation("deleteUserType", [cause]));
        }
        self.user_types.remove(position);
        Ok(())
    }
}

/// A text that is there and not empty.
fn text(body: &Object, name: &str) -> Option<String> {
    let text = body.get(name)?.as_str()?;
    (!text.trim().is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::{Value, json};

    use super::*;
    use crate::model::fixture::{STAGE, org, person};

    fn create(org: &mut Org, body: Value) -> Result<u64, Problem> {
        org.create_user_type(body.as_object().unwrap())
    }

    #[test]
    fn a_type_has_a_name_that_no_other_has() {
        let mut org = org();
        let guest = || json!({ "name": "guest", "displayName": "Guest" });
        let problem = create(&mut org, json!({ "displayName": "Guest" }));
        assert_eq!(problem, Err(Problem::blank("name")));
        let created = create(&mut org, guest()).unwrap();
        assert_eq!(create(&mut org, guest()), Err(Problem::taken("name")));
        let id = org.user_type(created).unwrap().schema.id.clone();
        assert_eq!(org.find_user_schema(&id), Ok(created));
    }

    #[test]
    fn a_type_in_use_stays() {
        let mut org = org();
        let guest = json!({ "name": "guest", "displayName": "Guest" });
        let guest = create(&mut org, guest).unwrap();
        let mut request = person("a@example.com");
        request.insert(
            "type".to_owned(),
            json!({ "id": org.user_type(guest).unwrap().id }),
        );
        let user = org.create_user(&request, STAGE).unwrap();
        assert!(org.delete_user_type(guest).is_err());
        org.delete_user(user).unwrap();
        org.delete_user(user).unwrap();
        org.delete_user_type(guest).unwrap();
        let default = org.find_user_type("default").unwrap();
        assert!(org.delete_user_type(default).is_err());
    }
}
