//! People.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::profile::Profile;

/// Attributes of a profile, by name.
pub type Attributes = BTreeMap<String, Value>;

/// A person who should be there. Attributes of the profile that are not given here are left as they
/// are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Person {
    login: String,
    profile: Profile,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    standing: Option<Standing>,
    #[serde(default)]
    credentials: Credentials,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    former_login: Option<Box<str>>,
}

/// What a person may do with the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Standing {
    /// Made and not active yet. Someone who is active already is left as they are.
    Staged,
    /// May sign in, at least once a password is set.
    Active,
    /// Keeps everything and may not sign in. Someone who never was active is staged instead, which
    /// comes to the same; Okta suspends active users only.
    Suspended,
    /// Left.
    Deactivated,
}

/// How a person who is created proves who they are. Credentials of people that exist are never
/// touched.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Credentials {
    /// None: Okta sends an e-mail with which the person chooses a password.
    #[default]
    None,
    /// The hash of a password, as Okta's API takes it in `credentials.password.hash`.
    ImportHash(Value),
    /// The password import hook is asked at the first sign-in.
    ImportHook,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "None",
            Self::ImportHash(_) => "ImportHash([redacted])",
            Self::ImportHook => "ImportHook",
        })
    }
}

impl Person {
    /// A person whose e-mail address is the login.
    pub fn new(
        login: impl Into<String>,
        first_name: impl Into<String>,
        last_name: impl Into<String>,
    ) -> Self {
        let login = login.into();
        let profile = [
            ("email", login.clone()),
            ("firstName", first_name.into()),
            ("lastName", last_name.into()),
        ];
        let profile = profile.map(|(name, value)| (name.to_owned(), Value::String(value)));
        Self {
            login,
            profile: Profile::Open(profile.into()),
            standing: None,
            credentials: Credentials::None,
            former_login: None,
        }
    }

    /// The login that the person had before. If nobody has the present login, who has the former one gets
    /// it, and keeps everything else. It may stay there once that is done.
    #[must_use]
    pub fn former_login(mut self, login: &str) -> Self {
        self.former_login = Some(login.into());
        self
    }

    /// An attribute of the profile, also one that your schema adds. Null clears it.
    #[must_use]
    pub fn attribute(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        let mut profile = self.profile.open();
        profile.insert(name.into(), value.into());
        self.profile = Profile::Open(profile);
        self
    }

    /// The manager, by login: the attribute `managerId`.
    #[must_use]
    pub fn manager(self, login: impl Into<String>) -> Self {
        self.attribute("managerId", login.into())
    }

    /// What the person may do with the account. Without this, someone new becomes active, and
    /// someone who exists is left as they are.
    #[must_use]
    pub const fn standing(mut self, standing: Standing) -> Self {
        self.standing = Some(standing);
        self
    }

    /// How the person proves who they are if they are created.
    #[must_use]
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = credentials;
        self
    }

    /// The login.
    #[must_use]
    pub fn login(&self) -> &str {
        &self.login
    }

    /// The attributes that the job owns, without the login.
    #[must_use]
    pub fn profile(&self) -> Cow<'_, Attributes> {
        self.profile.attributes()
    }

    /// What the person should be able to do with the account, if that is said.
    #[must_use]
    pub const fn wanted_standing(&self) -> Option<Standing> {
        self.standing
    }

    /// The login that the person had before.
    #[must_use]
    pub fn had_login(&self) -> Option<&str> {
        self.former_login.as_deref()
    }

    /// What the job says of the manager: a login, or an id.
    pub(super) fn manager_id(&self) -> Option<String> {
        self.profile.text("managerId")
    }

    /// The same in less room.
    pub(crate) fn packed(self) -> Self {
        let profile = self.profile.packed();
        Self { profile, ..self }
    }

    /// The body of the request that creates the person.
    pub(crate) fn creation(&self) -> Value {
        let mut profile: serde_json::Map<_, _> = self.profile().into_owned().into_iter().collect();
        profile.insert("login".to_owned(), self.login.clone().into());
        match &self.credentials {
            Credentials::None => json!({ "profile": profile }),
            Credentials::ImportHash(hash) => {
                json!({ "profile": profile, "credentials": { "password": { "hash": hash } } })
            }
            Credentials::ImportHook => json!({
                "profile": profile,
                "credentials": { "password": { "hook": { "type": "default" } } },
            }),
        }
    }

    /// Whether the person is active as soon as they are created.
    pub(crate) const fn is_created_active(&self) -> bool {
        matches!(self.standing, None | Some(Standing::Active))
    }
}
