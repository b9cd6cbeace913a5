//! What steps name.

use std::sync::Arc;

use super::Step;
use crate::desired::{Principal, Resource, Role, Target};

/// Something that a step names. The user who a step creates is not among them.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Name<'a> {
    User(&'a Arc<str>),
    Group(&'a Arc<str>),
    App(&'a Arc<str>),
    Role(&'a Role),
}

impl<'a> From<&'a Principal> for Name<'a> {
    fn from(principal: &'a Principal) -> Self {
        match principal {
            Principal::User(login) => Name::User(login),
            Principal::Group(name) => Name::Group(name),
        }
    }
}

impl<'a> From<&'a Target> for Name<'a> {
    fn from(target: &'a Target) -> Self {
        match target {
            Target::Group(name) => Name::Group(name),
            Target::App(label) => Name::App(label),
        }
    }
}

impl Step {
    /// What it names.
    pub(crate) fn names(&self) -> Vec<Name<'_>> {
        match self {
            Self::CreateUser { .. } | Self::CreateApp { .. } | Self::CreateRole { .. } => {
                Vec::new()
            }
            Self::CreateResourceSet { set } => {
                let resources = set.resources.iter();
                let named = resources.filter_map(|resource| match resource {
                    Resource::Group(name) => Some(Name::Group(name)),
                    Resource::App(label) => Some(Name::App(label)),
                    _ => None,
                });
                named.collect()
            }
            Self::CreateGroup { group, .. }
            | Self::DescribeGroup { group, .. }
            | Self::DeleteGroup { group, .. } => vec![Name::Group(group)],
            Self::RenameUser { login, .. }
            | Self::UpdateUser { login, .. }
            | Self::Move { login, .. } => vec![Name::User(login)],
            Self::AddMember { group, login } | Self::RemoveMember { group, login } => {
                vec![Name::Group(group), Name::User(login)]
            }
            Self::UnassignGroup { app, group, .. } | Self::AssignGroup { app, group, .. } => {
                vec![Name::App(app), Name::Group(group)]
            }
            Self::UnassignUser { app, login }
            | Self::AssignUser { app, login, .. }
            | Self::UpdateAssignment { app, login, .. } => vec![Name::App(app), Name::User(login)],
            Self::RevokeRole { from: it, role, .. } | Self::GrantRole { to: it, role, .. } => {
                let mut names = vec![it.into(), Name::Role(role)];
                names.extend(role.targets().map(Name::from));
                names
            }
            Self::AddTarget { to: it, target, .. }
            | Self::RemoveTarget {
                from: it, target, ..
            } => {
                vec![it.into(), target.into()]
            }
        }
    }
}
