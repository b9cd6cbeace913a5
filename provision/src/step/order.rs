//! In which order steps are done, and which depend on which.
//!
//! The order keeps everybody's privileges within those before and those after, at every moment and
//! whatever fails: what is taken is taken first, what a group gives is taken before others join,
//! people join before others leave, they leave before the group gives more, and who comes back does
//! so last. A role that Okta limits only after it was given goes to people who cannot act yet, and to
//! groups before anybody joins.

use std::collections::HashSet;
use std::sync::Arc;

use super::{Members, Step, Transition};
use crate::desired::{Principal, Resource, Role, Target, key};

/// What steps depend on. A step that fails spoils some, and steps that need these are not begun.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Condition {
    /// The user is there.
    User(Arc<str>),
    /// Nobody has the login any more who is to get another.
    Free(Arc<str>),
    /// The group is there.
    Group(Arc<str>),
    /// The application is there.
    App(Arc<str>),
    /// The custom role is there.
    CustomRole(Arc<str>),
    /// The resource set is there.
    ResourceSet(Arc<str>),
    /// The members of the group have lost what they should lose, so that others may join.
    Narrowed(Arc<str>),
    /// Who should leave the group has left, so that it may be given more.
    Left(Arc<str>),
    /// The user has lost what they should lose, so that they may come back.
    Stripped(Arc<str>),
    /// The user was kept from acting as they should be, so that they may be given more.
    Halted(Arc<str>),
    /// Everybody was kept from acting who should be.
    AllHalted,
    /// Groups whose members were not read have lost what they should lose.
    UnreadNarrowed,
    /// Groups into which Okta puts people have lost what they should lose.
    RuledNarrowed,
}

/// What cannot be counted on any more, since steps have failed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Spoiled(HashSet<Condition>);

impl Spoiled {
    /// Whether nothing that a step needs is spoiled.
    pub(crate) fn allows(&self, step: &Step) -> bool {
        self.0.is_empty() || step.needs().iter().all(|it| !self.0.contains(it))
    }

    /// A step has failed or was not begun, and its phase has ended.
    pub(crate) fn add(&mut self, step: &Step) {
        self.0.extend(step.spoils());
    }
}

impl Transition {
    /// Whether the user may do more afterwards.
    const fn is_up(self) -> bool {
        matches!(self, Self::Activate | Self::Unsuspend)
    }
}

impl Step {
    /// When it is done: all steps of an earlier phase have ended before, and those of one phase do not
    /// depend on each other.
    pub(crate) const fn phase(&self) -> u8 {
        match self {
            Self::RevokeRole { .. }
            | Self::UnassignGroup { .. }
            | Self::RemoveTarget { is_last: false, .. } => 0,
            // A rule puts people into it as soon as they are made.
            Self::DeleteGroup {
                members: Members::Ruled,
                ..
            }
            | Self::AddTarget {
                limits: true,
                members: Members::Ruled,
                ..
            } => 0,
            // One login becomes free after the other, up to the next phase.
            Self::RenameUser { place, .. } => 1_u8.saturating_add(*place),
            Self::CreateGroup { .. }
            | Self::CreateApp { .. }
            | Self::CreateRole { .. }
            | Self::DescribeGroup { .. }
            | Self::CreateUser { .. }
            | Self::UpdateUser { .. } => 40,
            Self::Move { transition, .. } if !transition.is_up() => 41,
            // What it is limited to may have to be made, and nobody has joined yet.
            Self::AddTarget { limits: true, .. } => 42,
            // It is limited before anybody has it.
            Self::GrantRole {
                role: Role::Limited { .. },
                members: Members::Nobody,
                ..
            } => 42,
            Self::AddMember { .. } => 43,
            Self::RemoveMember { .. } => 44,
            Self::UnassignUser { .. }
            | Self::DeleteGroup { .. }
            | Self::CreateResourceSet { .. } => 45,
            Self::AssignGroup { .. }
            | Self::AssignUser { .. }
            | Self::UpdateAssignment { .. }
            | Self::GrantRole { .. }
            | Self::AddTarget { .. } => 46,
            Self::RemoveTarget { .. } => 47,
            Self::Move { .. } => 48,
        }
    }

    /// What has to be there before it can be done.
    fn needs(&self) -> Vec<Condition> {
        let user = |login: &Arc<str>| Condition::User(Arc::clone(login));
        let group = |name: &Arc<str>| Condition::Group(Arc::clone(name));
        let narrowed = |name: &Arc<str>| Condition::Narrowed(Arc::clone(name));
        let halted = |login: &Arc<str>| Condition::Halted(Arc::clone(login));
        match self {
            // A rule may put someone who is made or changed into its group.
            Self::CreateUser { person, is_staged } => {
                let mut needs = vec![Condition::Free(key(person.login()).into())];
                needs.extend((!is_staged).then_some(Condition::RuledNarrowed));
                needs
            }
            Self::RenameUser { login, .. } => {
                vec![Condition::Free(Arc::clone(login)), Condition::RuledNarrowed]
            }
            Self::UpdateUser { .. } => vec![Condition::RuledNarrowed],
            Self::AddMember { group: name, login } => {
                vec![group(name), user(login), narrowed(name), halted(login)]
            }
            Self::AssignGroup {
                app,
                group: name,
                members,
                ..
            } => {
                let mut needs = vec![Condition::App(Arc::clone(app))];
                needs.extend(to_a_group(name, *members));
                needs
            }
            Self::GrantRole {
                to, role, members, ..
            } => {
                let mut needs = to_a_principal(to, *members);
                needs.extend(parts(role));
                needs.extend(role.targets().map(|it| it.into()));
                needs
            }
            Self::AddTarget {
                to,
                target,
                limits: false,
                members,
                ..
            } => {
                let mut needs = to_a_principal(to, *members);
                needs.push(target.into());
                needs
            }
            Self::AddTarget { target, .. } => vec![target.into()],
            Self::AssignUser { app, login, .. } => {
                vec![Condition::App(Arc::clone(app)), user(login), halted(login)]
            }
            Self::CreateResourceSet { set } => {
                let resources = set.resources.iter();
                let named = resources.filter_map(|resource| match resource {
                    Resource::Group(name) => Some(group(name)),
                    Resource::App(label) => Some(Condition::App(Arc::clone(label))),
                    _ => None,
                });
                named.collect()
            }
            Self::Move {
                login,
                transition,
                groups,
                ..
            } => {
                let mut needs = vec![user(login)];
                if transition.is_up() {
                    needs.push(Condition::Stripped(Arc::clone(login)));
                    needs.extend([Condition::UnreadNarrowed, Condition::RuledNarrowed]);
                    needs.extend(groups.iter().map(narrowed));
                }
                needs
            }
            _ => Vec::new(),
        }
    }

    /// What cannot be counted on once it has failed.
    fn spoils(&self) -> Vec<Condition> {
        let stripped = |login: &Arc<str>| Condition::Stripped(Arc::clone(login));
        let left = |name: &Arc<str>| Condition::Left(Arc::clone(name));
        match self {
            Self::CreateUser { person, .. } => vec![Condition::User(key(person.login()).into())],
            Self::RenameUser { from, .. } => vec![Condition::Free(Arc::clone(from))],
            Self::CreateGroup { group, .. } => vec![Condition::Group(Arc::clone(group))],
            Self::CreateApp { app, .. } => vec![Condition::App(Arc::clone(app))],
            Self::CreateRole { custom } => vec![Condition::CustomRole(Arc::clone(&custom.label))],
            Self::CreateResourceSet { set } => {
                vec![Condition::ResourceSet(Arc::clone(&set.label))]
            }
            Self::UnassignGroup { group, members, .. }
            | Self::DeleteGroup { group, members, .. } => narrowed(group, *members),
            Self::UnassignUser { login, .. } => vec![stripped(login)],
            // One that was given and not limited is for the whole org.
            Self::GrantRole {
                role: Role::Limited { .. },
                to: who,
                members,
                ..
            }
            | Self::AddTarget {
                limits: true,
                to: who,
                members,
                ..
            }
            | Self::RemoveTarget {
                from: who, members, ..
            }
            | Self::RevokeRole {
                from: who, members, ..
            } => match who {
                Principal::Group(group) => narrowed(group, *members),
                Principal::User(login) => vec![stripped(login)],
            },
            Self::RemoveMember { group, login } => vec![left(group), stripped(login)],
            Self::Move {
                login,
                transition,
                groups,
                ..
            } if !transition.is_up() => {
                let mut spoiled = vec![Condition::Halted(Arc::clone(login)), Condition::AllHalted];
                spoiled.extend(groups.iter().map(left));
                spoiled
            }
            _ => Vec::new(),
        }
    }
}

impl From<&Target> for Condition {
    fn from(target: &Target) -> Self {
        match target {
            Target::Group(name) => Self::Group(Arc::clone(name)),
            Target::App(label) => Self::App(Arc::clone(label)),
        }
    }
}

/// What cannot be counted on if a group keeps what it should lose.
fn narrowed(group: &Arc<str>, members: Members) -> Vec<Condition> {
    let mut spoiled = vec![Condition::Narrowed(Arc::clone(group))];
    match members {
        Members::Known | Members::Nobody => {}
        Members::Unread => spoiled.push(Condition::UnreadNarrowed),
        Members::Ruled => spoiled.push(Condition::RuledNarrowed),
    }
    spoiled
}

/// What has to be so before a user or group is given more.
fn to_a_principal(who: &Principal, members: Members) -> Vec<Condition> {
    match who {
        Principal::Group(name) => to_a_group(name, members),
        Principal::User(login) => vec![
            Condition::User(Arc::clone(login)),
            Condition::Halted(Arc::clone(login)),
        ],
    }
}

/// What has to be so before a group is given more.
fn to_a_group(name: &Arc<str>, members: Members) -> Vec<Condition> {
    let mut needs = vec![
        Condition::Group(Arc::clone(name)),
        Condition::Left(Arc::clone(name)),
    ];
    if matches!(members, Members::Unread | Members::Ruled) {
        needs.push(Condition::AllHalted);
    }
    needs
}

/// What a role is made of.
fn parts(role: &Role) -> Vec<Condition> {
    match role {
        Role::Standard(_) | Role::Limited { .. } => Vec::new(),
        Role::Custom {
            label,
            resource_set,
        } => vec![
            Condition::CustomRole(label.as_str().into()),
            Condition::ResourceSet(resource_set.as_str().into()),
        ],
    }
}
