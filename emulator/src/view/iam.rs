//! Custom roles, permissions and resource sets.

use serde_json::{Value, json};

use crate::org::custom_roles::{CustomRole, Permission};
use crate::org::resource_sets::{Resource, ResourceSet};

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
        "lastUpdated": resource.created,
        "_links": { "self": { "href": own } },
    });
    if resource.name.starts_with("orn:") {
        shown["orn"] = json!(resource.name);
    } else {
        shown["_links"]["resource"] = json!({ "href": resource.name });
    }
    shown
}
