//! What can be done to an org, one request at a time.

mod name;
mod order;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use okta_sdk::models::UserStatus;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::desired::{
    Attributes, CustomRole, Person, Principal, ResourceSet, Role, Standing, Target,
};

pub(crate) use name::Name;
pub(crate) use order::Spoiled;

/// What a step is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Kind {
    /// Groups themselves.
    Groups,
    /// Users and their profiles.
    People,
    /// Who is in a group.
    Memberships,
    /// Applications themselves.
    Applications,
    /// Who has an application.
    Assignments,
    /// Who is an administrator.
    Roles,
}

impl Kind {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 6] = [
        Self::Groups,
        Self::People,
        Self::Memberships,
        Self::Applications,
        Self::Assignments,
        Self::Roles,
    ];
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Groups => "groups",
            Self::People => "people",
            Self::Memberships => "memberships",
            Self::Applications => "applications",
            Self::Assignments => "assignments",
            Self::Roles => "roles",
        })
    }
}

/// Whether a step adds, changes or takes something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Effect {
    /// Something is there that was not.
    Add,
    /// Something is different.
    Change,
    /// Something is gone: what guard rails are about.
    Remove,
}

/// How an account changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Transition {
    /// From staged or deactivated to active.
    Activate,
    /// From suspended to active.
    Unsuspend,
    /// From active to suspended.
    Suspend,
    /// From anything to deactivated.
    Deactivate,
}

impl Transition {
    /// Whether an account of this status has been there.
    pub(crate) fn is_reached(self, status: &UserStatus) -> bool {
        match self {
            Self::Suspend => *status == UserStatus::Suspended,
            Self::Deactivate => *status == UserStatus::Deprovisioned,
            Self::Activate | Self::Unsuspend => !matches!(
                status,
                UserStatus::Staged | UserStatus::Deprovisioned | UserStatus::Suspended
            ),
        }
    }
}

/// How an account gets from a status to what is wanted; nothing if it is there.
pub(crate) fn transition(status: &UserStatus, wanted: Standing) -> Option<Transition> {
    let is_away = *status == UserStatus::Deprovisioned;
    match wanted {
        Standing::Staged => None,
        Standing::Active if *status == UserStatus::Suspended => Some(Transition::Unsuspend),
        Standing::Active if is_away || *status == UserStatus::Staged => Some(Transition::Activate),
        Standing::Active => None,
        Standing::Suspended if is_away || *status == UserStatus::Staged => None,
        Standing::Suspended => (*status != UserStatus::Suspended).then_some(Transition::Suspend),
        Standing::Deactivated => (!is_away).then_some(Transition::Deactivate),
    }
}

/// What is known of the members of a group. What others may be in a group decides what has to be
/// done before people come back and before the group is given more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Members {
    /// Who of the people of the plan is in it.
    #[default]
    Known,
    /// Nobody is in it, and no rule puts anybody into it.
    Nobody,
    /// They were not read.
    Unread,
    /// Okta puts people into it by itself: by a rule, or because it is everybody's.
    Ruled,
}

/// One thing that is done to an org. Users are named by login in lower case, groups by name,
/// applications by label.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "camelCase")]
#[non_exhaustive]
#[allow(missing_docs)] // the members are what their names say
pub enum Step {
    /// Takes a role from a user or group.
    RevokeRole {
        from: Principal,
        role: Role,
        assignment: String,
        members: Members,
    },
    /// Takes an application from the members of a group.
    UnassignGroup {
        app: Arc<str>,
        group: Arc<str>,
        members: Members,
    },
    /// Makes a group.
    CreateGroup {
        group: Arc<str>,
        description: Option<String>,
    },
    /// Changes the description of a group.
    DescribeGroup {
        group: Arc<str>,
        from: Option<String>,
        to: String,
    },
    /// Makes an application.
    CreateApp { app: Arc<str>, body: Value },
    /// Makes a custom role.
    CreateRole { custom: Arc<CustomRole> },
    /// Makes a resource set.
    CreateResourceSet { set: Arc<ResourceSet> },
    /// Makes a user.
    CreateUser {
        person: Arc<Person>,
        /// Whether the user is made without being active, whatever the person's standing; another
        /// step activates them.
        is_staged: bool,
    },
    /// Gives a user another login.
    RenameUser {
        /// The login that the user gets, in lower case, by which other steps name them.
        login: Arc<str>,
        /// The login that the user has.
        from: Arc<str>,
        /// The login that the user gets, as it is written.
        to: String,
        /// How many others have to give up a login before.
        place: u8,
    },
    /// Changes attributes of a user's profile.
    UpdateUser {
        login: Arc<str>,
        from: Attributes,
        to: Attributes,
    },
    /// Changes what a user may do with the account.
    Move {
        login: Arc<str>,
        from: String,
        transition: Transition,
        /// The user's groups that lose something, if the user comes back; those that get something,
        /// if the user is kept from acting.
        groups: Vec<Arc<str>>,
    },
    /// Adds a user to a group.
    AddMember { group: Arc<str>, login: Arc<str> },
    /// Takes a user out of a group.
    RemoveMember { group: Arc<str>, login: Arc<str> },
    /// Takes an application from a user.
    UnassignUser { app: Arc<str>, login: Arc<str> },
    /// Deletes a group.
    DeleteGroup {
        group: Arc<str>,
        members: Members,
        /// How many members it has.
        count: usize,
    },
    /// Gives an application to the members of a group, or changes what they get.
    AssignGroup {
        app: Arc<str>,
        group: Arc<str>,
        from: Option<Attributes>,
        profile: Attributes,
        members: Members,
    },
    /// Gives an application to a user.
    AssignUser {
        app: Arc<str>,
        login: Arc<str>,
        profile: Attributes,
    },
    /// Changes attributes of a user's profile in an application.
    UpdateAssignment {
        app: Arc<str>,
        login: Arc<str>,
        from: Attributes,
        to: Attributes,
    },
    /// Gives a role to a user or group. Okta limits a standard role to groups or applications only
    /// after it was given: both are done, one right after the other.
    GrantRole {
        to: Principal,
        role: Role,
        members: Members,
        /// Whether a role that is limited is given to someone who can act, too, who then has it for
        /// the whole org for a moment.
        #[serde(default)]
        may_be_unlimited: bool,
    },
    /// Makes a standard role be for another group or application.
    AddTarget {
        to: Principal,
        role: String,
        assignment: String,
        target: Target,
        /// Whether the role is for the whole org until then.
        limits: bool,
        members: Members,
    },
    /// Takes a group or application from those that a standard role is for.
    RemoveTarget {
        from: Principal,
        role: String,
        assignment: String,
        target: Target,
        /// Whether another one has to be added before, since Okta keeps the last one.
        is_last: bool,
        members: Members,
    },
}

impl Step {
    /// What it is about.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        match self {
            Self::CreateGroup { .. } | Self::DescribeGroup { .. } | Self::DeleteGroup { .. } => {
                Kind::Groups
            }
            Self::CreateUser { .. }
            | Self::RenameUser { .. }
            | Self::UpdateUser { .. }
            | Self::Move { .. } => Kind::People,
            Self::AddMember { .. } | Self::RemoveMember { .. } => Kind::Memberships,
            Self::CreateApp { .. } => Kind::Applications,
            Self::UnassignGroup { .. }
            | Self::UnassignUser { .. }
            | Self::AssignGroup { .. }
            | Self::AssignUser { .. }
            | Self::UpdateAssignment { .. } => Kind::Assignments,
            Self::CreateRole { .. }
            | Self::CreateResourceSet { .. }
            | Self::RevokeRole { .. }
            | Self::GrantRole { .. }
            | Self::AddTarget { .. }
            | Self::RemoveTarget { .. } => Kind::Roles,
        }
    }

    /// Whether it adds, changes or takes something.
    #[must_use]
    pub const fn effect(&self) -> Effect {
        match self {
            Self::CreateGroup { .. }
            | Self::CreateApp { .. }
            | Self::CreateRole { .. }
            | Self::CreateResourceSet { .. }
            | Self::CreateUser { .. }
            | Self::AddMember { .. }
            | Self::AssignUser { .. }
            | Self::AssignGroup { from: None, .. }
            | Self::GrantRole { .. }
            | Self::AddTarget { limits: false, .. } => Effect::Add,
            Self::DescribeGroup { .. }
            | Self::RenameUser { .. }
            | Self::UpdateUser { .. }
            | Self::UpdateAssignment { .. }
            | Self::AssignGroup { from: Some(_), .. }
            | Self::Move {
                transition: Transition::Activate | Transition::Unsuspend,
                ..
            } => Effect::Change,
            Self::Move { .. }
            | Self::RemoveMember { .. }
            | Self::DeleteGroup { .. }
            | Self::UnassignGroup { .. }
            | Self::UnassignUser { .. }
            | Self::AddTarget { limits: true, .. }
            | Self::RemoveTarget { .. }
            | Self::RevokeRole { .. } => Effect::Remove,
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RevokeRole { from, role, .. } => write!(f, "take the role {role} from {from}"),
            Self::UnassignGroup { app, group, .. } => {
                write!(f, "take {app} from the group {group}")
            }
            Self::CreateGroup { group, .. } => write!(f, "create the group {group}"),
            Self::DescribeGroup { group, to, .. } => {
                write!(f, "describe the group {group} as {to:?}")
            }
            Self::CreateApp { app, .. } => write!(f, "create the application {app}"),
            Self::CreateRole { custom } => {
                let permissions: Vec<_> = custom.permissions.iter().map(String::as_str).collect();
                let (label, permissions) = (&custom.label, permissions.join(", "));
                write!(f, "create the custom role {label} with {permissions}")
            }
            Self::CreateResourceSet { set } => {
                let count = set.resources.len();
                write!(
                    f,
                    "create the resource set {} of {count} resources",
                    set.label
                )
            }
            Self::CreateUser { person, .. } => write!(f, "create the user {}", person.login()),
            Self::RenameUser { from, to, .. } => write!(f, "rename {from} to {to}"),
            Self::UpdateUser { login, from, to } => {
                write!(f, "update {login}: ")?;
                changes(f, from, to)
            }
            Self::Move {
                login, transition, ..
            } => {
                let what = match transition {
                    Transition::Activate => "activate",
                    Transition::Unsuspend => "unsuspend",
                    Transition::Suspend => "suspend",
                    Transition::Deactivate => "deactivate",
                };
                write!(f, "{what} {login}")
            }
            Self::AddMember { group, login } => write!(f, "add {login} to {group}"),
            Self::RemoveMember { group, login } => write!(f, "remove {login} from {group}"),
            Self::UnassignUser { app, login } => write!(f, "take {app} from {login}"),
            Self::DeleteGroup { group, count, .. } => {
                write!(f, "delete the group {group} of {count} members")
            }
            Self::AssignGroup { app, group, .. } => write!(f, "assign {app} to the group {group}"),
            Self::AssignUser { app, login, .. } => write!(f, "assign {app} to {login}"),
            Self::UpdateAssignment {
                app,
                login,
                from,
                to,
            } => {
                write!(f, "update {app} of {login}: ")?;
                changes(f, from, to)
            }
            Self::GrantRole { to, role, .. } => write!(f, "make {to} {role}"),
            Self::AddTarget {
                to,
                role,
                target,
                limits: true,
                ..
            } => write!(f, "limit {role} of {to} to {target}"),
            Self::AddTarget {
                to, role, target, ..
            } => write!(f, "let {role} of {to} be for {target}, too"),
            Self::RemoveTarget {
                from, role, target, ..
            } => write!(f, "let {role} of {from} not be for {target}"),
        }
    }
}

fn changes(f: &mut fmt::Formatter<'_>, from: &Attributes, to: &Attributes) -> fmt::Result {
    for (at, (name, to)) in to.iter().enumerate() {
        let comma = if at == 0 { "" } else { ", " };
        let from = from.get(name).map_or_else(|| "null".to_owned(), short);
        write!(f, "{comma}{name} {from} → {}", short(to))?;
    }
    Ok(())
}

/// A value in a line of text.
fn short(value: &Value) -> String {
    const LONGEST: usize = 60;
    let text = value.to_string();
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

/// Ids of what steps name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Ids {
    pub(crate) users: BTreeMap<Arc<str>, String>,
    pub(crate) groups: BTreeMap<Arc<str>, String>,
    pub(crate) apps: BTreeMap<Arc<str>, String>,
    pub(crate) custom_roles: BTreeMap<String, String>,
    pub(crate) resource_sets: BTreeMap<String, String>,
}
