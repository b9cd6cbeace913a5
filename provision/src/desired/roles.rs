//! Who is an administrator.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::access::List;
use super::key;

/// Standard roles that Okta limits to groups. Source:
/// <https://developer.okta.com/docs/api/openapi/okta-management/management/tag/RoleBTargetAdmin/>.
const OF_GROUPS: [&str; 3] = ["GROUP_MEMBERSHIP_ADMIN", "HELP_DESK_ADMIN", "USER_ADMIN"];

/// The standard role that Okta limits to applications.
const OF_APPS: &str = "APP_ADMIN";

/// Who has a role.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Principal {
    /// A user, by login in lower case.
    User(Arc<str>),
    /// The members of a group, by name.
    Group(Arc<str>),
}

impl Principal {
    /// The user of this login.
    #[must_use]
    pub fn user(login: &str) -> Self {
        Self::User(key(login).into())
    }

    /// The members of the group of this name.
    #[must_use]
    pub fn group(name: &str) -> Self {
        Self::Group(name.into())
    }
}

impl fmt::Display for Principal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(login) => f.write_str(login),
            Self::Group(name) => write!(f, "group {name}"),
        }
    }
}

/// A role of an administrator.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Role {
    /// One of Okta's own, such as `HELP_DESK_ADMIN`, for the whole org.
    Standard(String),
    /// One of Okta's own for some groups or applications only.
    Limited {
        /// Its type.
        role: String,
        /// What it is for: groups of `USER_ADMIN`, `HELP_DESK_ADMIN` and `GROUP_MEMBERSHIP_ADMIN`,
        /// applications of `APP_ADMIN`.
        targets: BTreeSet<Target>,
    },
    /// One that your org has made, on the resources of a set. Both have to exist.
    #[serde(rename_all = "camelCase")]
    Custom {
        /// The label of the role.
        label: String,
        /// The label of the resource set.
        resource_set: String,
    },
}

/// What a standard role is limited to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Target {
    /// A group, by name.
    Group(Arc<str>),
    /// An application, by label.
    App(Arc<str>),
}

impl Role {
    /// One of Okta's own, by its type.
    pub fn standard(role: impl Into<String>) -> Self {
        Self::Standard(role.into())
    }

    /// One of Okta's own for these groups only: `USER_ADMIN`, `HELP_DESK_ADMIN` or
    /// `GROUP_MEMBERSHIP_ADMIN`.
    pub fn for_groups<'a>(
        role: impl Into<String>,
        names: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        Self::limited(role, names, Target::Group)
    }

    /// One of Okta's own for these applications only: `APP_ADMIN`.
    pub fn for_apps<'a>(
        role: impl Into<String>,
        labels: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        Self::limited(role, labels, Target::App)
    }

    fn limited<'a>(
        role: impl Into<String>,
        names: impl IntoIterator<Item = &'a str>,
        target: fn(Arc<str>) -> Target,
    ) -> Self {
        Self::Limited {
            role: role.into(),
            targets: names.into_iter().map(|it| target(it.into())).collect(),
        }
    }

    /// The type of a standard role.
    pub(crate) fn standard_type(&self) -> Option<&str> {
        match self {
            Self::Standard(role) | Self::Limited { role, .. } => Some(role),
            Self::Custom { .. } => None,
        }
    }

    /// Whether both are of one assignment: Okta gives a standard role once, whatever it is for.
    pub(crate) fn is_assigned_as(&self, other: &Self) -> bool {
        match (self.standard_type(), other.standard_type()) {
            (Some(one), Some(other)) => one == other,
            _ => self == other,
        }
    }

    /// What a limited role is for.
    pub(crate) fn targets(&self) -> impl Iterator<Item = &Target> {
        let targets = match self {
            Self::Limited { targets, .. } => Some(targets),
            _ => None,
        };
        targets.into_iter().flatten()
    }

    /// Why Okta cannot limit the role like this.
    pub(crate) fn unfit(&self) -> Option<String> {
        let Self::Limited { role, targets } = self else {
            return None;
        };
        if targets.is_empty() {
            return Some(format!(
                "{role} is limited to nothing, and would be for the whole org; name groups or \
                 applications"
            ));
        }
        let limits = Limits::of(role);
        let is_fit = |target: &Target| limits == Some(target.limits());
        (!targets.iter().all(is_fit)).then(|| {
            let groups = OF_GROUPS.join(", ");
            format!(
                "{role} cannot be limited like this; {groups} can be for groups, {OF_APPS} for \
                 applications"
            )
        })
    }
}

/// What Okta limits a standard role to; nothing if it is always for the whole org.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Limits {
    Groups,
    Apps,
}

impl Limits {
    /// What a role of this type can be limited to.
    pub(crate) fn of(role: &str) -> Option<Self> {
        match role {
            OF_APPS => Some(Self::Apps),
            _ if OF_GROUPS.contains(&role) => Some(Self::Groups),
            _ => None,
        }
    }
}

impl Target {
    /// What a role is limited to that is for this.
    const fn limits(&self) -> Limits {
        match self {
            Self::Group(_) => Limits::Groups,
            Self::App(_) => Limits::Apps,
        }
    }

    /// The name of the group, or the label of the application.
    pub(crate) const fn name(&self) -> &Arc<str> {
        match self {
            Self::Group(name) | Self::App(name) => name,
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Group(name) => write!(f, "the group {name}"),
            Self::App(label) => f.write_str(label),
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Standard(role) => f.write_str(role),
            Self::Limited { role, targets } => {
                let targets: Vec<_> = targets.iter().map(|it| &**it.name()).collect();
                write!(f, "{role} for {}", targets.join(", "))
            }
            Self::Custom {
                label,
                resource_set,
            } => write!(f, "{label} on {resource_set}"),
        }
    }
}

/// The roles of a user or group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleList {
    pub(crate) principal: Principal,
    pub(crate) roles: BTreeSet<Role>,
    pub(crate) list: List,
}

impl RoleList {
    /// An additive list without a role.
    #[must_use]
    pub const fn new(principal: Principal) -> Self {
        Self {
            principal,
            roles: BTreeSet::new(),
            list: List::Additive,
        }
    }

    /// Roles other than those that are listed are revoked. Roles that a user has by a group are no
    /// matter of the list.
    #[must_use]
    pub const fn exclusive(mut self) -> Self {
        self.list = List::Exclusive;
        self
    }

    /// Another role.
    #[must_use]
    pub fn role(mut self, role: Role) -> Self {
        self.roles.insert(role);
        self
    }
}
