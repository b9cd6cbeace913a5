//! Schemas of profiles: which attributes users, groups and the users of an app have.
//!
//! <https://developer.okta.com/docs/api/openapi/okta-management/management/tag/Schema/>

pub(crate) mod operations;

use serde_json::json;

use crate::object::Object;
use crate::org::Org;
use crate::org::schemas::ProfileSchema;
use crate::problem::Problem;

impl Org {
    /// Declares attributes of the users of whom nothing else is said.
    pub(crate) fn declare_attributes(&mut self, attributes: &Object) -> Result<(), Problem> {
        let definitions = json!({ "custom": { "properties": attributes } });
        let body = Object::from_iter([("definitions".to_owned(), definitions)]);
        self.change_user_schema(self.find_user_type("default")?, &body)
    }

    /// Changes the schema of a type of users; attributes that go are taken from its users.
    pub(crate) fn change_user_schema(&mut self, at: u64, body: &Object) -> Result<(), Problem> {
        let now = self.now;
        let kind = self.user_types.get_mut(at).ok_or_else(Problem::internal)?;
        let gone = kind.schema.change(body, now)?;
        let id = kind.id.clone();
        self.users.change_where(
            |user| user.kind == id && gone.iter().any(|name| user.profile.has(name)),
            |user| {
                let mut profile = user.profile.object();
                profile.retain(|name, _| !gone.contains(name));
                user.profile = profile.into();
            },
        );
        Ok(())
    }

    /// Changes the schema of groups.
    pub(crate) fn change_group_schema(&mut self, body: &Object) -> Result<(), Problem> {
        let gone = self.group_schema.change(body, self.now)?;
        self.groups.change_where(
            |group| gone.iter().any(|name| group.profile.contains_key(name)),
            |group| group.profile.retain(|name, _| !gone.contains(name)),
        );
        Ok(())
    }

    /// The schema of the users of an app.
    pub(crate) fn app_schema(&mut self, app: u64) -> Result<&mut ProfileSchema, Problem> {
        let app = self.app(app)?;
        let (id, label, now) = (app.id.clone(), app.label.clone(), self.now);
        let schema = ProfileSchema::of_app(&id, &label, now);
        Ok(self.app_schemas.get_or_insert_with(id, || schema))
    }

    /// Refuses what the schema of a type of users does not have, unless the org is lax.
    pub(crate) fn check_user_profile(&self, kind: &str, profile: &Object) -> Result<(), Problem> {
        match self
            .user_types
            .position(kind)
            .and_then(|at| self.user_types.get(at))
        {
            Some(kind) if !self.lax_profiles => kind.schema.check(profile),
            _ => Ok(()),
        }
    }
}
