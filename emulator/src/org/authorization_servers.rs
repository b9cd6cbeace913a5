//! Custom authorization servers with their scopes, claims and access policies.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::events::Target;
use super::policies::Policy;
use super::table::{Row, Table};
use crate::clock::Timestamp;
use crate::object::Object;

/// The id of the server that every org has.
pub(crate) const DEFAULT: &str = "default";

/// A custom authorization server.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct AuthorizationServer {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) active: bool,
    /// Where its access tokens are good.
    pub(crate) audience: String,
    pub(crate) created: Timestamp,
    pub(crate) last_updated: Timestamp,
    /// All that a request says beside this, such as `description` and `issuerMode`.
    pub(crate) body: Object,
    /// The servers whose tokens this one takes in exchange, by their ids.
    pub(crate) trusted: BTreeSet<String>,
    pub(crate) scopes: Table<Scope>,
    pub(crate) claims: Table<Claim>,
    pub(crate) policies: Table<Policy>,
}

impl Row for AuthorizationServer {
    fn id(&self) -> &str {
        &self.id
    }
}

impl AuthorizationServer {
    pub(crate) fn target(&self) -> Target {
        Target::new(&self.id, "AuthorizationServer", "unknown", &self.name)
    }

    /// `iss` of its tokens. `base` is the org's URL as the caller knows it.
    pub(crate) fn issuer(&self, base: &str) -> String {
        format!("{base}/oauth2/{}", self.id)
    }

    pub(crate) fn scope(&self, name: &str) -> Option<&Scope> {
        let mut scopes = self.scopes.iter().map(|(_, scope)| scope);
        scopes.find(|scope| scope.name == name)
    }
}

/// A scope of an authorization server.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Scope {
    pub(crate) id: String,
    pub(crate) name: String,
    /// Whether every server has it: OpenID Connect defines it.
    pub(crate) system: bool,
    /// `displayName`, `consent`, `metadataPublish`, …
    pub(crate) body: Object,
}

impl Row for Scope {
    fn id(&self) -> &str {
        &self.id
    }
}

impl Scope {
    /// Whether those get it who ask for no scope.
    pub(crate) fn is_default(&self) -> bool {
        self.body.get("default") == Some(&Value::Bool(true))
    }

    /// Whether the server's metadata name it.
    pub(crate) fn is_published(&self) -> bool {
        self.body.get("metadataPublish") == Some(&Value::from("ALL_CLIENTS"))
    }
}

/// A claim that an authorization server puts into tokens.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Claim {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) active: bool,
    /// Whether every server has it.
    pub(crate) system: bool,
    pub(crate) token: Token,
    pub(crate) value: ClaimValue,
    /// Whether an ID token has it that comes with an access token.
    pub(crate) always: bool,
    /// The claim is there if one of these was granted, or always if there are none.
    pub(crate) scopes: Vec<String>,
}

impl Row for Claim {
    fn id(&self) -> &str {
        &self.id
    }
}

impl Claim {
    /// Whether the claim is in tokens with these scopes.
    pub(crate) fn applies(&self, granted: &[String]) -> bool {
        self.active
            && (self.scopes.is_empty() || self.scopes.iter().any(|scope| granted.contains(scope)))
    }
}

/// In which tokens a claim is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Token {
    /// Access tokens.
    Resource,
    /// ID tokens.
    Identity,
}

impl Token {
    /// `claimType`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Resource => "RESOURCE",
            Self::Identity => "IDENTITY",
        }
    }
}

/// Where the value of a claim comes from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum ClaimValue {
    /// Okta's Expression Language.
    Expression(String),
    /// Names of the user's groups.
    Groups(GroupFilter, String),
    /// What Okta alone can say; the text is kept.
    System(String),
}

/// Which groups a claim names, by comparison with its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum GroupFilter {
    Contains,
    Equals,
    Regex,
    StartsWith,
}

impl GroupFilter {
    pub(crate) const ALL: [Self; 4] = [Self::Contains, Self::Equals, Self::Regex, Self::StartsWith];

    /// `group_filter_type`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Contains => "CONTAINS",
            Self::Equals => "EQUALS",
            Self::Regex => "REGEX",
            Self::StartsWith => "STARTS_WITH",
        }
    }
}
