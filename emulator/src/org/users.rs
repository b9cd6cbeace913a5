//! Users: creation, lookup, update, deletion.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::credentials::Credentials;
use super::events::Target;
use super::profile::Profile;
use super::roles::RoleAssignment;
use super::table::{Order, Row};
use crate::clock::Timestamp;
use crate::expression::{Attributes, walk};

/// A user's status, <https://developer.okta.com/docs/concepts/user-profiles/>.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Status {
    Staged,
    Provisioned,
    Active,
    Recovery,
    PasswordExpired,
    LockedOut,
    Suspended,
    Deprovisioned,
}

impl Status {
    pub(crate) const ALL: [Self; 8] = [
        Self::Staged,
        Self::Provisioned,
        Self::Active,
        Self::Recovery,
        Self::PasswordExpired,
        Self::LockedOut,
        Self::Suspended,
        Self::Deprovisioned,
    ];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Staged => "STAGED",
            Self::Provisioned => "PROVISIONED",
            Self::Active => "ACTIVE",
            Self::Recovery => "RECOVERY",
            Self::PasswordExpired => "PASSWORD_EXPIRED",
            Self::LockedOut => "LOCKED_OUT",
            Self::Suspended => "SUSPENDED",
            Self::Deprovisioned => "DEPROVISIONED",
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The path of a login.
pub(crate) const LOGIN: &str = "profile.login";
/// The attributes in which `q` looks.
pub(crate) const SEARCHED_BY_Q: [&str; 3] =
    ["profile.firstName", "profile.lastName", "profile.email"];

/// A person in the org.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct User {
    pub(crate) id: String,
    /// The id of the user's type.
    pub(crate) kind: String,
    pub(crate) status: Status,
    pub(crate) created: Timestamp,
    pub(crate) activated: Option<Timestamp>,
    pub(crate) status_changed: Option<Timestamp>,
    pub(crate) last_login: Option<Timestamp>,
    pub(crate) last_updated: Timestamp,
    pub(crate) password_changed: Option<Timestamp>,
    pub(crate) profile: Profile,
    pub(crate) credentials: Credentials,
    pub(crate) roles: Vec<RoleAssignment>,
}

impl User {
    pub(crate) fn login(&self) -> &str {
        self.profile.text("login")
    }

    pub(crate) fn email(&self) -> &str {
        self.profile.text("email")
    }

    pub(crate) fn display_name(&self) -> String {
        let (first, last) = (
            self.profile.text("firstName"),
            self.profile.text("lastName"),
        );
        format!("{first} {last}")
    }

    pub(crate) fn target(&self) -> Target {
        Target::new(&self.id, "User", self.login(), &self.display_name())
    }

    /// Whether `q` finds this user: it must start the first name, last name or email.
    pub(crate) fn starts_with(&self, q: &str) -> bool {
        let q = q.to_lowercase();
        let mut texts = ["firstName", "lastName", "email"]
            .iter()
            .map(|name| self.profile.text(name));
        texts.any(|text| text.to_lowercase().starts_with(&q))
    }
}

impl Row for User {
    const INDEXED: &'static [(&'static str, Order)] = &[
        (LOGIN, Order::Text),
        ("profile.email", Order::Text),
        ("profile.firstName", Order::Text),
        ("profile.lastName", Order::Text),
        ("status", Order::Text),
        ("created", Order::Moment),
        ("lastUpdated", Order::Moment),
    ];

    const HAS_ID: bool = true;

    fn indexed(&self, path: &str) -> Option<Cow<'_, Value>> {
        self.attribute(path)
    }

    fn id(&self) -> &str {
        &self.id
    }
}

impl Attributes for User {
    fn attribute(&self, path: &str) -> Option<Cow<'_, Value>> {
        if let Some(name) = path.strip_prefix("profile.") {
            return match self.profile.get(name) {
                Some(value) => Some(Cow::Owned(value)),
                None => {
                    let (head, rest) = name.split_once('.')?;
                    walk(&self.profile.get(head)?, rest).map(Cow::Owned)
                }
            };
        }
        let at = |time: Option<Timestamp>| time.map(|time| time.to_string());
        let text = match path {
            "id" => Some(self.id.clone()),
            "status" => Some(self.status.to_string()),
            "created" => at(Some(self.created)),
            "activated" => at(self.activated),
            "statusChanged" => at(self.status_changed),
            "lastLogin" => at(self.last_login),
            "lastUpdated" => at(Some(self.last_updated)),
            "passwordChanged" => at(self.password_changed),
            _ => None,
        };
        text.map(|text| Cow::Owned(Value::String(text)))
    }
}

/// How a user is created.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Creation {
    /// Activate at once.
    pub(crate) activate: bool,
    /// Another identity provider vouches for the user; no password is needed.
    pub(crate) provider: bool,
    /// The user must choose a new password at the next login.
    pub(crate) change_password: bool,
}
