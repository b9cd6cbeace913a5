//! Applications and their assignments.

use serde_json::{Map, Value, json};

use crate::org::Org;
use crate::org::app_assignments::{AppGroup, AppUser};
use crate::org::apps::App;
use crate::org::groups::Group;
use crate::org::users::User;

/// An application on the wire.
pub(crate) fn app(org: &Org, app: &App, base: &str) -> Value {
    let own = format!("{base}/api/v1/apps/{}", app.id);
    let mut shown = Map::new();
    shown.insert("id".to_owned(), json!(app.id));
    shown.insert(
        "orn".to_owned(),
        json!(format!(
            "orn:okta:idp:{}:apps:{}:{}",
            *org.id, app.name, app.id
        )),
    );
    shown.insert("name".to_owned(), json!(app.name));
    shown.insert("label".to_owned(), json!(app.label));
    shown.insert("status".to_owned(), json!(app.status()));
    shown.insert("lastUpdated".to_owned(), json!(app.last_updated));
    shown.insert("created".to_owned(), json!(app.created));
    shown.extend(app.body.clone());
    let (switch, path) = if app.active {
        ("deactivate", "deactivate")
    } else {
        ("activate", "activate")
    };
    shown.insert(
        "_links".to_owned(),
        json!({
            "self": { "href": own },
            "appLinks": [{
                "name": "login", "href": login_url(app, base), "type": "text/html",
            }],
            "users": { "href": format!("{own}/users") },
            "groups": { "href": format!("{own}/groups") },
            "logo": [],
            switch: {
                "href": format!("{own}/lifecycle/{path}"), "hints": { "allow": ["POST"] },
            },
        }),
    );
    let mut shown = Value::Object(shown);
    if let Some(policy) = &app.access_policy {
        let href = format!("{base}/api/v1/policies/{policy}");
        shown["_links"]["accessPolicy"] = json!({ "href": href });
    }
    shown
}

/// A user's account in an application.
pub(crate) fn app_user(app: &App, user: &User, account: &AppUser, base: &str) -> Value {
    let mut credentials = json!({ "userName": account.user_name });
    if account.password_changed.is_some() {
        credentials["password"] = json!({});
    }
    json!({
        "id": user.id,
        "externalId": null,
        "created": account.created,
        "lastUpdated": account.last_updated,
        "scope": account.scope.as_str(),
        "status": "ACTIVE",
        "statusChanged": account.status_changed,
        "passwordChanged": account.password_changed,
        "syncState": "DISABLED",
        "credentials": credentials,
        "profile": account.profile,
        "_links": {
            "app": { "href": format!("{base}/api/v1/apps/{}", app.id) },
            "user": { "href": format!("{base}/api/v1/users/{}", user.id) },
        },
    })
}

/// A group's assignment to an application.
pub(crate) fn app_group(app: &App, group: &Group, assignment: &AppGroup, base: &str) -> Value {
    let own = format!("{base}/api/v1/apps/{}", app.id);
    json!({
        "id": group.id,
        "lastUpdated": assignment.last_updated,
        "priority": assignment.priority,
        "profile": assignment.profile,
        "_links": {
            "app": { "href": own },
            "self": { "href": format!("{own}/groups/{}", group.id) },
            "group": { "href": format!("{base}/api/v1/groups/{}", group.id) },
        },
    })
}

/// Where the values of a group's assignment come from: those of its profile from who wrote it.
pub(crate) fn app_group_metadata(assignment: &AppGroup, base: &str) -> Value {
    let writer = match &assignment.profile_by {
        None => json!({ "id": null }),
        Some(id) => json!({ "id": id, "self": { "href": format!("{base}/api/v1/users/{id}") } }),
    };
    let members = assignment.profile.as_object().into_iter().flatten();
    let profile = members.map(|(name, _)| {
        let source = json!({ "type": "USER", "value": [writer] });
        let metadata = json!({ "source": source, "lastUpdated": null });
        (name.clone(), metadata)
    });
    json!({ "credentials": {}, "profile": profile.collect::<Map<_, _>>() })
}

/// An application on a user's dashboard.
pub(crate) fn app_link(app: &App, user: &User, base: &str) -> Value {
    json!({
        "id": format!("{}{}", app.id, user.id),
        "label": app.label,
        "linkUrl": login_url(app, base),
        "logoUrl": null,
        "appName": app.name,
        "appInstanceId": app.id,
        "appAssignmentId": user.id,
        "credentialsSetup": false,
        "hidden": false,
        "sortOrder": 0,
    })
}

/// A target of a role: an application, or all instances of a definition.
pub(crate) fn catalog_app(name: &str, instance: Option<&App>, base: &str) -> Value {
    match instance {
        Some(app) => json!({
            "name": app.label,
            "status": app.status(),
            "id": app.id,
            "_links": { "self": { "href": format!("{base}/api/v1/apps/{}", app.id) } },
        }),
        None => json!({
            "name": name,
            "displayName": name,
            "status": "ACTIVE",
            "signOnModes": [],
            "features": [],
            "_links": { "self": { "href": format!("{base}/api/v1/catalog/apps/{name}") } },
        }),
    }
}

fn login_url(app: &App, base: &str) -> String {
    format!("{base}/home/{}/{}/1", app.name, app.id)
}
