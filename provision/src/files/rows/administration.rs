//! Custom roles, resource sets and applications.

use okta_sdk::models::{Application, ApplicationSignOnMode};
use serde_json::{Map, Value};

use super::Rows;
use crate::desired::{CustomRole, Resource, ResourceSet};
use crate::files::row::{Field, Kind, Row, meant};

impl Rows {
    pub(super) fn custom_role(&mut self, row: &mut Row) -> Option<()> {
        let place = row.place;
        let label = self.text(row, "label");
        let description = self.text(row, "description");
        let permissions = self.some(row, "permissions");
        let mut role = CustomRole::new(&label?, description?);
        for permission in permissions? {
            match permission {
                Value::String(name) if name.starts_with("okta.") => role = role.permission(name),
                _ => self.problem(place, "a permission is text such as okta.users.read"),
            }
        }
        if self.desired.custom_role_named(&role.label).is_some() {
            let label = &role.label;
            self.problem(place, format!("the custom role {label} is there twice"));
        }
        self.desired.custom_role(role);
        Some(())
    }

    pub(super) fn resource_set(&mut self, row: &mut Row) -> Option<()> {
        let place = row.place;
        let label = self.text(row, "label");
        let description = self.text(row, "description");
        let resources = self.some(row, "resources");
        let mut set = ResourceSet::new(&label?, description?);
        for item in resources? {
            match resource(&item) {
                Some(resource) => set = set.resource(resource),
                None => self.problem(
                    place,
                    "a resource is users, groups, {group: …}, {app: …}, or an ORN or URL as text",
                ),
            }
        }
        if self.desired.resource_set_named(&set.label).is_some() {
            let label = &set.label;
            self.problem(place, format!("the resource set {label} is there twice"));
        }
        self.desired.resource_set(set);
        Some(())
    }

    /// An application as Okta's API takes it. Members that are not known are Okta's to judge.
    pub(super) fn application(&mut self, row: &mut Row) -> Option<()> {
        let place = row.place;
        let known = Kind::Application.members();
        for Field { name, place, .. } in &row.fields {
            if let Some(meant) = meant(name, known) {
                self.problem(*place, format!("{name}: did you mean {meant}?"));
            }
        }
        let label = self.text(row, "label");
        let mode = row.take("signOnMode");
        // Okta takes the mode of an integration of its catalog, which has a name, from there.
        if mode.is_none() && !row.fields.iter().any(|it| it.name == "name") {
            self.problem(place, "write a signOnMode, or the name of an integration");
        }
        let mode = mode.and_then(|field| {
            let modes = ApplicationSignOnMode::VALUES;
            let is_known = field.value.as_str().is_some_and(|it| modes.contains(&it));
            if !is_known {
                let modes = modes.join(", ");
                let said = format!("signOnMode is none of Okta's; write one of {modes}");
                self.problem(field.place, said);
            }
            is_known.then_some(field.value)
        });
        let fields = std::mem::take(&mut row.fields);
        let places: Vec<_> = fields
            .iter()
            .map(|it| (it.name.clone(), it.place))
            .collect();
        let label = label?;
        let mut members: Map<String, Value> =
            fields.into_iter().map(|it| (it.name, it.value)).collect();
        members.insert("label".to_owned(), label.as_str().into());
        members.extend(mode.map(|mode| ("signOnMode".to_owned(), mode)));
        // What serde says of a value has the value in it, which may be a secret.
        let Ok(app) = serde_json::from_value::<Application>(members.into()) else {
            self.problem(place, "is no application as Okta's API takes it");
            return None;
        };
        for path in app.unfit() {
            let top = path.split(['.', '[']).next().unwrap_or_default();
            let found = places.iter().find(|(name, _)| name == top);
            let place = found.map_or(place, |(_, place)| *place);
            let said = format!("{path} is not what Okta's API takes there");
            self.problem(place, said);
        }
        if self.desired.application_named(&label).is_some() {
            self.problem(place, format!("the application {label} is there twice"));
        }
        if let Err(error) = self.desired.application(app) {
            self.problem(place, error.to_string());
        }
        Some(())
    }

    /// A list that has to be there, and to have something in it.
    fn some(&mut self, row: &mut Row, name: &str) -> Option<Vec<Value>> {
        match row.take(name) {
            Some(Field {
                value: Value::Array(items),
                ..
            }) if !items.is_empty() => Some(items),
            Some(Field { place, .. }) => {
                self.problem(place, format!("{name} has to be a list, and not empty"));
                None
            }
            None => {
                self.problem(row.place, format!("{name} is missing"));
                None
            }
        }
    }
}

fn resource(item: &Value) -> Option<Resource> {
    match item {
        Value::String(text) => match text.as_str() {
            "users" => Some(Resource::Users),
            "groups" => Some(Resource::Groups),
            _ if text.starts_with("orn:") || text.starts_with("https://") => {
                Some(Resource::Other(text.clone()))
            }
            _ => None,
        },
        Value::Object(members) if members.len() == 1 => {
            let text = |name| members.get(name)?.as_str().filter(|it| !it.is_empty());
            let group = text("group").map(|name| Resource::Group(name.into()));
            group.or_else(|| text("app").map(|label| Resource::App(label.into())))
        }
        _ => None,
    }
}
