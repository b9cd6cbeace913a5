//! Role assignments.

use serde_json::{Value, json};

use crate::org::Org;
use crate::org::roles::{Assignee, RoleAssignment, RoleKind};

/// A role assignment on the wire. `assignee` is who holds it: of a role that a user has by a
/// group, the group.
pub(crate) fn role(org: &Org, assignee: Assignee, role: &RoleAssignment, base: &str) -> Value {
    let (kind, path, id) = match assignee {
        Assignee::User(user) => (
            "USER",
            "api/v1/users",
            org.users.get(user).map(|user| &user.id),
        ),
        Assignee::Group(group) => (
            "GROUP",
            "api/v1/groups",
            org.groups.get(group).map(|group| &group.id),
        ),
        Assignee::Client(app) => (
            "CLIENT",
            "oauth2/v1/clients",
            org.apps.get(app).map(|app| &app.id),
        ),
    };
    let holder = format!("{base}/{path}/{}", id.map_or("", String::as_str));
    let mut shown = json!({
        "id": role.id,
        "label": role.label,
        "status": "ACTIVE",
        "created": role.created,
        "lastUpdated": role.last_updated,
        "assignmentType": kind,
        "_links": { "assignee": { "href": holder } },
    });
    match &role.kind {
        RoleKind::Standard { kind } => shown["type"] = json!(kind),
        RoleKind::Custom { role, resource_set } => {
            let definition = format!("{base}/api/v1/iam/roles/{role}");
            let set = format!("{base}/api/v1/iam/resource-sets/{resource_set}");
            shown["type"] = json!("CUSTOM");
            shown["role"] = json!(role);
            shown["resource-set"] = json!(resource_set);
            shown["_links"]["role"] = json!({ "href": definition });
            shown["_links"]["permissions"] = json!({ "href": format!("{definition}/permissions") });
            shown["_links"]["resource-set"] = json!({ "href": set });
        }
    }
    shown
}
