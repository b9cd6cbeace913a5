//! Applications: what a request says about one is kept, the rest is filled in.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::app_assignments::{AppGroup, AppUser};
use super::client_secrets::ClientSecret;
use super::events::Target;
use super::roles::RoleAssignment;
use super::scope_grants::ScopeGrant;
#[cfg(feature = "data")]
use super::table::InnerVisitor;
use super::table::{Row, Table};
use crate::clock::Timestamp;
use crate::expression::{Attributes, walk};
use crate::object::Object;
use crate::problem::Problem;
use crate::tracked::TrackedMap;

/// An application of the org.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct App {
    pub(crate) id: String,
    /// The key of its definition, such as `bookmark` or `oidc_client`.
    pub(crate) name: String,
    pub(crate) label: String,
    pub(crate) active: bool,
    pub(crate) created: Timestamp,
    pub(crate) last_updated: Timestamp,
    /// All that depends on the sign-on mode: `signOnMode`, `settings`, `credentials`, …
    pub(crate) body: Object,
    /// The secrets of an OAuth client.
    pub(crate) secrets: Table<ClientSecret>,
    /// Assigned users by position.
    #[serde(skip)]
    pub(crate) users: TrackedMap<u64, AppUser>,
    /// Assigned groups by position.
    #[serde(skip)]
    pub(crate) groups: TrackedMap<u64, AppGroup>,
    /// Scopes of the org's API by the id of the grant.
    pub(crate) grants: BTreeMap<String, ScopeGrant>,
    /// The id of the policy that says what it takes to sign in, if one was assigned.
    #[serde(default)]
    pub(crate) access_policy: Option<String>,
    /// Roles that it holds as a client.
    pub(crate) roles: Vec<RoleAssignment>,
}

impl App {
    pub(crate) fn target(&self) -> Target {
        Target::new(&self.id, "AppInstance", &self.label, &self.label)
    }

    /// The id under which it is an OAuth client.
    pub(crate) fn client_id(&self) -> Option<&str> {
        self.body.get("credentials")?["oauthClient"]["client_id"].as_str()
    }

    /// The id of the key with which it signs.
    pub(crate) fn signing_kid(&self) -> Option<&str> {
        self.body.get("credentials")?["signing"]["kid"].as_str()
    }

    pub(crate) fn status(&self) -> &'static str {
        if self.active { "ACTIVE" } else { "INACTIVE" }
    }
}

impl Row for App {
    fn id(&self) -> &str {
        &self.id
    }

    /// Many people may have an application.
    #[cfg(feature = "data")]
    fn inner(&mut self, visit: &mut InnerVisitor<'_>) {
        visit(0, &mut self.users);
        visit(1, &mut self.groups);
    }
}

impl Attributes for App {
    fn attribute(&self, path: &str) -> Option<Cow<'_, Value>> {
        let text = match path {
            "id" => self.id.clone(),
            "name" => self.name.clone(),
            "label" => self.label.clone(),
            "status" => self.status().to_owned(),
            "created" => self.created.to_string(),
            "lastUpdated" => self.last_updated.to_string(),
            _ => {
                let (head, rest) = path.split_once('.').unwrap_or((path, ""));
                let value = self.body.get(head)?;
                let found = if rest.is_empty() {
                    Some(value.clone())
                } else {
                    walk(value, rest)
                };
                return found.map(Cow::Owned);
            }
        };
        Some(Cow::Owned(Value::String(text)))
    }
}

pub(crate) fn label(body: &Object) -> Result<String, Problem> {
    match body.get("label").and_then(Value::as_str) {
        Some(label) if !label.trim().is_empty() => Ok(label.to_owned()),
        _ => Err(Problem::blank("label")),
    }
}
