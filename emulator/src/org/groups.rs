//! Groups.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::events::Target;
use super::profile;
use super::roles::RoleAssignment;
use super::table::{Order, Row};
use crate::clock::Timestamp;
use crate::expression::{Attributes, walk};
use crate::object::Object;

/// The path of a group's name.
pub(crate) const NAME: &str = "profile.name";

/// Where a group comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum GroupKind {
    /// Made by an administrator or the API.
    Okta,
    /// Everyone: it cannot be changed, and all users are in it.
    BuiltIn,
}

impl GroupKind {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Okta => "OKTA_GROUP",
            Self::BuiltIn => "BUILT_IN",
        }
    }
}

/// A group of users.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Group {
    pub(crate) id: String,
    pub(crate) kind: GroupKind,
    pub(crate) created: Timestamp,
    pub(crate) last_updated: Timestamp,
    pub(crate) last_membership_updated: Timestamp,
    pub(crate) profile: Object,
    pub(crate) roles: Vec<RoleAssignment>,
}

impl Group {
    pub(crate) fn everyone(id: String, now: Timestamp) -> Self {
        let profile = Object::from_iter([
            ("name".to_owned(), json!("Everyone")),
            (
                "description".to_owned(),
                json!("All users in your organization"),
            ),
        ]);
        Self {
            kind: GroupKind::BuiltIn,
            ..Self::new(id, profile, now)
        }
    }

    pub(crate) fn new(id: String, profile: Object, now: Timestamp) -> Self {
        Self {
            id,
            kind: GroupKind::Okta,
            created: now,
            last_updated: now,
            last_membership_updated: now,
            profile,
            roles: Vec::new(),
        }
    }

    pub(crate) fn name(&self) -> &str {
        profile::text(&self.profile, "name")
    }

    pub(crate) fn target(&self) -> Target {
        Target::new(&self.id, "UserGroup", "unknown", self.name())
    }
}

impl Row for Group {
    const INDEXED: &'static [(&'static str, Order)] = &[
        (NAME, Order::Text),
        ("lastUpdated", Order::Moment),
        ("lastMembershipUpdated", Order::Moment),
    ];

    const HAS_ID: bool = true;

    fn indexed(&self, path: &str) -> Option<Cow<'_, Value>> {
        self.attribute(path)
    }

    fn id(&self) -> &str {
        &self.id
    }
}

impl Attributes for Group {
    fn attribute(&self, path: &str) -> Option<Cow<'_, Value>> {
        if let Some(name) = path.strip_prefix("profile.") {
            return match self.profile.get(name) {
                Some(value) => Some(Cow::Borrowed(value)),
                None => {
                    let (head, rest) = name.split_once('.')?;
                    walk(self.profile.get(head)?, rest).map(Cow::Owned)
                }
            };
        }
        let text = match path {
            "id" => self.id.clone(),
            "type" => self.kind.as_str().to_owned(),
            "created" => self.created.to_string(),
            "lastUpdated" => self.last_updated.to_string(),
            "lastMembershipUpdated" => self.last_membership_updated.to_string(),
            _ => return None,
        };
        Some(Cow::Owned(Value::String(text)))
    }
}
