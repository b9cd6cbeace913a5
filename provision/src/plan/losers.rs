//! From whom steps take something, or change what is theirs.

use std::sync::Arc;

use crate::desired::Principal;
use crate::step::{Step, Transition};

/// Attributes by which an account is signed in to or recovered. Whoever can change them can take the
/// account over.
const OF_SIGN_IN: [&str; 5] = [
    "login",
    "email",
    "secondEmail",
    "mobilePhone",
    "primaryPhone",
];

/// From whom a step takes something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Loser<'a> {
    /// A user.
    User(&'a Arc<str>),
    /// A user, by a group.
    Member(&'a Arc<str>, &'a Arc<str>),
    /// The members of a group.
    Group(&'a Arc<str>),
}

impl<'a> From<&'a Principal> for Loser<'a> {
    fn from(principal: &'a Principal) -> Self {
        match principal {
            Principal::User(login) => Self::User(login),
            Principal::Group(name) => Self::Group(name),
        }
    }
}

/// From whom a step takes something, or how someone signs in.
pub(super) fn loser(step: &Step) -> Option<Loser<'_>> {
    match step {
        Step::UpdateUser { login, to, .. } => {
            let loses = |(name, to): (&String, &serde_json::Value)| {
                to.is_null() || OF_SIGN_IN.contains(&name.as_str())
            };
            to.iter().any(loses).then_some(Loser::User(login))
        }
        Step::RenameUser { login, .. }
        | Step::Move {
            login,
            transition: Transition::Suspend | Transition::Deactivate,
            ..
        }
        | Step::UnassignUser { login, .. }
        | Step::UpdateAssignment { login, .. } => Some(Loser::User(login)),
        Step::RemoveMember { group, login } => Some(Loser::Member(login, group)),
        Step::DeleteGroup { group, .. }
        | Step::UnassignGroup { group, .. }
        | Step::AssignGroup {
            group,
            from: Some(_),
            ..
        } => Some(Loser::Group(group)),
        Step::RevokeRole { from: who, .. }
        | Step::RemoveTarget { from: who, .. }
        | Step::AddTarget {
            to: who,
            limits: true,
            ..
        } => Some(who.into()),
        Step::CreateGroup { .. }
        | Step::DescribeGroup { .. }
        | Step::CreateApp { .. }
        | Step::CreateRole { .. }
        | Step::CreateResourceSet { .. }
        | Step::CreateUser { .. }
        | Step::Move { .. }
        | Step::AddMember { .. }
        | Step::AssignGroup { .. }
        | Step::AssignUser { .. }
        | Step::GrantRole { .. }
        | Step::AddTarget { .. } => None,
    }
}
