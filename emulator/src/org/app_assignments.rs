//! Who may use an application: users assigned one by one, and the members of assigned groups.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::clock::Timestamp;
use crate::object::Object;

/// How a user came by an application.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Scope {
    /// Assigned one by one.
    User,
    /// By a group.
    Group,
}

impl Scope {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::User => "USER",
            Self::Group => "GROUP",
        }
    }
}

/// A user's account in an application.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct AppUser {
    pub(crate) scope: Scope,
    pub(crate) created: Timestamp,
    pub(crate) last_updated: Timestamp,
    pub(crate) status_changed: Timestamp,
    pub(crate) password_changed: Option<Timestamp>,
    pub(crate) user_name: String,
    pub(crate) profile: Object,
}

/// A group's assignment to an application.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct AppGroup {
    pub(crate) last_updated: Timestamp,
    pub(crate) priority: u64,
    pub(crate) profile: Value,
    /// The id of the user who wrote the profile; none if it was no user.
    pub(crate) profile_by: Option<String>,
}

impl AppUser {
    pub(crate) fn new(scope: Scope, user_name: String, now: Timestamp) -> Self {
        Self {
            scope,
            created: now,
            last_updated: now,
            status_changed: now,
            password_changed: None,
            user_name,
            profile: Object::new(),
        }
    }

    pub(crate) fn update(&mut self, body: &Object, now: Timestamp) {
        if let Some(credentials) = body.get("credentials") {
            if let Some(user_name) = credentials["userName"].as_str() {
                user_name.clone_into(&mut self.user_name);
            }
            if credentials["password"]["value"].is_string() {
                self.password_changed = Some(now);
            }
        }
        if let Some(profile) = body.get("profile").and_then(Value::as_object) {
            self.profile.extend(profile.clone());
        }
        self.last_updated = now;
    }
}
