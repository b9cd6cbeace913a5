//! What an org holds from the start, from YAML or from code.

mod consents;
mod people;
mod plant;
mod refresh_tokens;
mod samples;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::error::Error;
use crate::rate_limits::RateLimits;

/// The seed that ships with the emulator, and the default.
const SAMPLE: &str = include_str!("../seed.yaml");

/// What an org holds from the start. The super administrator to whom the token belongs is always
/// there, and so is the group Everyone; neither is part of the seed.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default = "Seed::empty")]
pub struct Seed {
    /// The API token; one is made up if there is none.
    pub token: Option<String>,
    /// Rate limits of the org.
    pub rate_limits: RateLimits,
    /// Groups, created before users and applications.
    pub groups: Vec<SeedGroup>,
    /// Declarations of attributes that users may have beside Okta's own, by name, such as
    /// `{ type: integer }`. What the users of this seed have needs none.
    pub attributes: Map<String, Value>,
    /// Users.
    pub users: Vec<SeedUser>,
    /// Applications.
    pub apps: Vec<SeedApp>,
    /// Objects by the path of their collection, such as `/api/v1/devices`: what devices, agents and
    /// users make themselves, and no operation of the API. A part of a path may be the login of a
    /// user or the label of an application of this seed.
    pub objects: BTreeMap<String, Vec<Map<String, Value>>>,
    /// How many users to make up beside `users`, active and with custom attributes.
    pub generated_users: u32,
}

/// A group of a seed.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct SeedGroup {
    /// The group's name; required.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// Standard administrator roles, such as `USER_ADMIN`.
    pub roles: Vec<String>,
}

/// A user of a seed.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct SeedUser {
    /// `login`, `email`, `firstName` and `lastName` are required; any other attribute may follow.
    pub profile: Map<String, Value>,
    /// A status such as `STAGED` or `LOCKED_OUT`; `ACTIVE` if there is none.
    pub status: Option<String>,
    /// Names of groups of this seed.
    pub groups: Vec<String>,
    /// Standard administrator roles, such as `HELP_DESK_ADMIN`.
    pub roles: Vec<String>,
}

/// An application of a seed.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SeedApp {
    /// Logins of users of this seed.
    pub users: Vec<String>,
    /// Names of groups of this seed.
    pub groups: Vec<String>,
    /// The rest is the request that creates it: `label`, `signOnMode`, `settings`, …
    #[serde(flatten)]
    pub request: Map<String, Value>,
}

/// What an org started with.
#[derive(Serialize, Deserialize)]
pub(crate) struct Start {
    /// The API token.
    pub(crate) token: String,
    /// The position of the user to whom the token belongs.
    pub(crate) administrator: u64,
    pub(crate) seed: Seed,
}

impl Seed {
    /// An org with the super administrator and Everyone alone.
    pub fn empty() -> Self {
        Self {
            token: None,
            rate_limits: RateLimits::default(),
            groups: Vec::new(),
            attributes: Map::new(),
            users: Vec::new(),
            apps: Vec::new(),
            objects: BTreeMap::new(),
            generated_users: 0,
        }
    }

    /// Reads a seed from YAML. The file `seed.yaml` of this crate shows all that a seed can have.
    ///
    /// # Errors
    ///
    /// [`Error::SeedSyntax`] with line and column.
    pub fn from_yaml(yaml: &str) -> Result<Self, Error> {
        Ok(serde_norway::from_str(yaml)?)
    }

    /// This seed with `count` made-up users beside its own. They are active and have custom
    /// attributes; their logins are `user1@example.com`, `user2@example.com`, and so on.
    #[must_use]
    pub fn with_generated_users(mut self, count: u32) -> Self {
        self.generated_users = count;
        self
    }
}

impl Default for Seed {
    /// The seed that ships with the emulator.
    fn default() -> Self {
        // A test reads the sample, so this never falls back.
        Self::from_yaml(SAMPLE).unwrap_or_else(|_| Self::empty())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn the_sample_can_be_read() {
        let seed = Seed::from_yaml(SAMPLE).unwrap();
        assert!(!seed.users.is_empty() && !seed.groups.is_empty() && !seed.apps.is_empty());
    }

    #[test]
    fn a_misspelt_member_is_an_error_that_names_it() {
        let error = Seed::from_yaml("user: []").unwrap_err().to_string();
        assert!(
            error.contains("`user`") && error.contains("`users`"),
            "{error}"
        );
    }

    #[test]
    fn what_a_seed_leaves_out_has_defaults() {
        let seed = Seed::from_yaml("generatedUsers: 3\nrateLimits: { limit: 5 }").unwrap();
        assert_eq!(seed.generated_users, 3);
        assert_eq!(
            (seed.rate_limits.limit, seed.rate_limits.window_seconds),
            (5, 60)
        );
        assert!(seed.users.is_empty());
    }
}
