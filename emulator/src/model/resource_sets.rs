//! Resource sets: what the holders of custom roles may touch.

use serde_json::Value;

use crate::object::Object;
use crate::org::Org;
use crate::org::events;
use crate::org::resource_sets::{Resource, ResourceSet};
use crate::org::roles::RoleKind;
use crate::problem::Problem;

impl Org {
    /// The position of a resource set, by id or by label.
    pub(crate) fn find_resource_set(&self, id_or_label: &str) -> Result<u64, Problem> {
        self.resource_sets
            .position(id_or_label)
            .or_else(|| {
                let mut sets = self.resource_sets.iter();
                sets.find(|(_, set)| set.label == id_or_label)
                    .map(|(position, _)| position)
            })
            .ok_or_else(|| Problem::not_found(id_or_label, "IAMPolicy"))
    }

    pub(crate) fn resource_set(&self, position: u64) -> Result<&ResourceSet, Problem> {
        self.resource_sets
            .get(position)
            .ok_or_else(Problem::internal)
    }

    fn resource_set_mut(&mut self, position: u64) -> Result<&mut ResourceSet, Problem> {
        self.resource_sets
            .get_mut(position)
            .ok_or_else(Problem::internal)
    }

    /// Creates a resource set with `label`, `description` and `resources`.
    pub(crate) fn create_resource_set(&mut self, body: &Object) -> Result<u64, Problem> {
        let (label, description) = self.resource_set_texts(body, None)?;
        let resources = names(body, "resources")?;
        let now = self.now;
        let set = ResourceSet {
            id: self.ids.object("iam"),
            label,
            description,
            created: now,
            last_updated: now,
            resources: self.resources(resources),
        };
        let target = set.target();
        let position = self.resource_sets.insert(set);
        self.record(events::RESOURCE_SET_CREATED, [target]);
        Ok(position)
    }

    /// Replaces label and description.
    pub(crate) fn replace_resource_set(
        &mut self,
        position: u64,
        body: &Object,
    ) -> Result<(), Problem> {
        let (label, description) = self.resource_set_texts(body, Some(position))?;
        let now = self.now;
        let set = self.resource_set_mut(position)?;
        set.label = label;
        set.description = description;
        set.last_updated = now;
        Ok(())
    }

    fn resource_set_texts(
        &self,
        body: &Object,
        own: Option<u64>,
    ) -> Result<(String, String), Problem> {
        let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
        let (label, description) = (text("label"), text("description"));
        if label.is_empty() {
            return Err(Problem::validation(
                "label",
                ["label: Label must be specified"],
            ));
        }
        let mut sets = self.resource_sets.iter();
        if sets.any(|(position, set)| Some(position) != own && set.label == label) {
            return Err(Problem::taken("label"));
        }
        Ok((label.to_owned(), description.to_owned()))
    }

    /// Deletes a resource set, and the role assignments that depend on it.
    pub(crate) fn delete_resource_set(&mut self, position: u64) -> Result<(), Problem> {
        if let Some(gone) = self.resource_sets.remove(position) {
            self.withdraw_roles(|kind| {
                matches!(kind, RoleKind::Custom { resource_set, .. } if *resource_set == gone.id)
            });
            self.record(events::RESOURCE_SET_DELETED, [gone.target()]);
        }
        Ok(())
    }

    /// Adds the resources that `additions` names.
    pub(crate) fn add_resources(&mut self, position: u64, body: &Object) -> Result<(), Problem> {
        let added = names(body, "additions")?;
        let added = self.resources(added);
        let now = self.now;
        let set = self.resource_set_mut(position)?;
        set.resources.extend(added);
        set.last_updated = now;
        let target = set.target();
        self.record(events::RESOURCE_ADDED, [target]);
        Ok(())
    }

    /// Adds one resource with its conditions, and gives its id.
    pub(crate) fn add_resource(&mut self, position: u64, body: &Object) -> Result<String, Problem> {
        let name = body.get("resourceOrnOrUrl").and_then(Value::as_str);
        let name = name.ok_or_else(|| Problem::blank("resourceOrnOrUrl"))?;
        let mut added = self.resources(vec![name.to_owned()]);
        let id = added
            .first()
            .map(|added| added.id.clone())
            .unwrap_or_default();
        for resource in &mut added {
            resource.conditions = body.get("conditions").cloned().unwrap_or_default();
        }
        let now = self.now;
        let set = self.resource_set_mut(position)?;
        set.resources.extend(added);
        set.last_updated = now;
        let target = set.target();
        self.record(events::RESOURCE_ADDED, [target]);
        Ok(id)
    }

    /// Replaces the conditions of a resource.
    pub(crate) fn replace_resource(
        &mut self,
        position: u64,
        id: &str,
        body: &Object,
    ) -> Result<(), Problem> {
        let now = self.now;
        let set = self.resource_set_mut(position)?;
        let found = set.resources.iter_mut().find(|resource| resource.id == id);
        let resource = found.ok_or_else(|| Problem::not_found(id, "ResourceSetResource"))?;
        resource.conditions = body.get("conditions").cloned().unwrap_or_default();
        resource.last_updated = now;
        Ok(())
    }

    /// Takes a resource out of a set.
    pub(crate) fn remove_resource(&mut self, position: u64, id: &str) -> Result<(), Problem> {
        let set = self.resource_set_mut(position)?;
        let at = set.resources.iter().position(|resource| resource.id == id);
        set.resources
            .remove(at.ok_or_else(|| Problem::not_found(id, "ResourceSetResource"))?);
        let target = set.target();
        self.record(events::RESOURCE_REMOVED, [target]);
        Ok(())
    }

    fn resources(&mut self, names: Vec<String>) -> Vec<Resource> {
        let created = self.now;
        let ids = &mut self.ids;
        names
            .into_iter()
            .map(|name| Resource {
                id: ids.object("ire"),
                name,
                conditions: Value::Null,
                created,
                last_updated: created,
            })
            .collect()
    }
}

fn names(body: &Object, field: &str) -> Result<Vec<String>, Problem> {
    let names = body
        .get(field)
        .and_then(Value::as_array)
        .ok_or_else(|| Problem::blank(field))?;
    let texts = names.iter().map(|name| name.as_str().map(str::to_owned));
    texts.collect::<Option<_>>().ok_or_else(|| {
        Problem::validation(field, [format!("{field}: must be a list of ORNs or URLs")])
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::model::fixture::org;
    use serde_json::json;

    #[test]
    fn resources_come_and_go() {
        let mut org = org();
        let request = json!({ "label": "Desk", "description": "d", "resources": ["orn:a"] });
        let set = org
            .create_resource_set(request.as_object().unwrap())
            .unwrap();
        let addition = json!({ "additions": ["orn:b"] });
        org.add_resources(set, addition.as_object().unwrap())
            .unwrap();
        let first = org.resource_set(set).unwrap().resources[0].id.clone();
        org.remove_resource(set, &first).unwrap();
        let names: Vec<&str> = org
            .resource_set(set)
            .unwrap()
            .resources
            .iter()
            .map(|r| r.name.as_str())
            .collect();
        assert_eq!(names, ["orn:b"]);
        let again = org.remove_resource(set, &first).unwrap_err();
        assert_eq!(again, Problem::not_found(&first, "ResourceSetResource"));
    }

    #[test]
    fn a_label_is_needed_and_not_shared() {
        let mut org = org();
        let problem = org.create_resource_set(&Object::new()).unwrap_err();
        assert_eq!(problem.causes, ["label: Label must be specified"]);
        let request = json!({ "label": "Desk", "resources": [] });
        let request = request.as_object().unwrap();
        let set = org.create_resource_set(request).unwrap();
        assert_eq!(org.find_resource_set("Desk"), Ok(set));
        assert_eq!(
            org.create_resource_set(request),
            Err(Problem::taken("label"))
        );
    }
}
