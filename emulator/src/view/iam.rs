//! Custom roles, permissions and resource sets.

use serde_json::{Value, json};

use crate::org::bindings::Binding;
use crate::org::custom_roles::{CustomRole, Permission};
use crate::org::resource_sets::{Resource, ResourceSet};
use crate::org::roles::RoleAssignment;

/// A custom role on the wire.
pub(crate) fn custom_role(role: &CustomRole, base: &str) -> Value {
    let own = format!("{base}/api/v1/iam/roles/{}", role.id);
    json!({
        "id": role.id,
        "label": role.label,
        "description": role.description,
        "created": role.created,
        "lastUpdated": role.last_updated,
        "_links": {
            "self": { "href": own },
            "permissions": { "href": format!("{own}/permissions") },
        },
    })
}

/// A permission of a custom role on the wire.
pub(crate) fn permission(
    role: &CustomRole,
    kind: &str,
    permission: &Permission,
    base: &str,
) -> Value {
    let role = format!("{base}/api/v1/iam/roles/{}", role.id);
    json!({
        "label": kind,
        "created": permission.created,
        "lastUpdated": permission.last_updated,
        "conditions": permission.conditions,
        "_links": {
            "role": { "href": role },
            "self": { "href": format!("{role}/permissions/{kind}") },
        },
    })
}

/// A resource set on the wire.
pub(crate) fn resource_set(set: &ResourceSet, base: &str) -> Value {
    let own = format!("{base}/api/v1/iam/resource-sets/{}", set.id);
    json!({
        "id": set.id,
        "label": set.label,
        "description": set.description,
        "created": set.created,
        "lastUpdated": set.last_updated,
        "_links": {
            "self": { "href": own },
            "resources": { "href": format!("{own}/resources") },
            "bindings": { "href": format!("{own}/bindings") },
        },
    })
}

/// A resource of a set on the wire.
pub(crate) fn resource(set: &ResourceSet, resource: &Resource, base: &str) -> Value {
    let own = format!(
        "{base}/api/v1/iam/resource-sets/{}/resources/{}",
        set.id, resource.id
    );
    let mut shown = json!({
        "id": resource.id,
        "created": resource.created,
        "lastUpdated": resource.last_updated,
        "_links": { "self": { "href": own } },
    });
    if !resource.conditions.is_null() {
        shown["conditions"] = resource.conditions.clone();
    }
    if resource.name.starts_with("orn:") {
        shown["orn"] = json!(resource.name);
    } else {
        shown["_links"]["resource"] = json!({ "href": resource.name });
    }
    shown
}

fn binding_url(binding: &Binding, base: &str) -> String {
    let (set, role) = (&binding.resource_set, &binding.role);
    format!("{base}/api/v1/iam/resource-sets/{set}/bindings/{role}")
}

/// A binding of a resource set on the wire: it has the id of its role.
pub(crate) fn binding(binding: &Binding, base: &str) -> Value {
    let own = binding_url(binding, base);
    let set = format!("{base}/api/v1/iam/resource-sets/{}", binding.resource_set);
    json!({
        "id": binding.role,
        "_links": {
            "self": { "href": own },
            "members": { "href": format!("{own}/members") },
            "resource-set": { "href": set },
        },
    })
}

/// What answers a change of a binding.
pub(crate) fn binding_edit(binding: &Binding, base: &str) -> Value {
    let set = format!("{base}/api/v1/iam/resource-sets/{}", binding.resource_set);
    json!({
        "_links": {
            "self": { "href": binding_url(binding, base) },
            "bindings": { "href": format!("{set}/bindings") },
            "resource-set": { "href": set },
        },
    })
}

/// A member of a binding on the wire: it has the id of the assignment.
pub(crate) fn binding_member(binding: &Binding, role: &RoleAssignment, base: &str) -> Value {
    let own = format!("{}/members/{}", binding_url(binding, base), role.id);
    json!({
        "id": role.id,
        "created": role.created,
        "lastUpdated": role.last_updated,
        "_links": { "self": { "href": own } },
    })
}
