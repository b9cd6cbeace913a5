//! Who is protected from what.

use std::sync::Arc;

use super::Comparison;
use crate::desired::{Principal, Role};
use crate::step::{Effect, Step, Transition};

/// Attributes by which an account is signed in to or recovered. Whoever can change them can take the
/// account over.
const OF_SIGN_IN: [&str; 5] = [
    "login",
    "email",
    "secondEmail",
    "mobilePhone",
    "primaryPhone",
];

impl Comparison<'_> {
    /// Who is protected from a step, in words.
    pub(super) fn protection(&self, step: &Step) -> Option<String> {
        match step {
            Step::UpdateUser { login, to, .. } => {
                let is_explicit = self.guard.protects_user(login);
                let loses = to
                    .iter()
                    .any(|(name, to)| to.is_null() || OF_SIGN_IN.contains(&name.as_str()));
                if is_explicit || loses {
                    self.protected(login)
                } else {
                    None
                }
            }
            Step::Move {
                transition: Transition::Activate | Transition::Unsuspend,
                ..
            } => None,
            Step::Move { login, .. }
            | Step::UnassignUser { login, .. }
            | Step::UpdateAssignment { login, .. } => self.protected(login),
            Step::RemoveMember { group, login } => self
                .protected(login)
                .or_else(|| self.protected_group(group)),
            Step::DescribeGroup { group, .. } => self.protected_group(group),
            Step::DeleteGroup { group, .. } | Step::UnassignGroup { group, .. } => {
                self.protected_with_members(group)
            }
            Step::AssignGroup { group, from, .. } => from
                .as_ref()
                .and_then(|_| self.protected_with_members(group)),
            Step::RevokeRole {
                role: Role::Standard(role),
                ..
            } if role == "SUPER_ADMIN" => {
                Some("super administrators are made and unmade by hand".to_owned())
            }
            Step::RevokeRole { from, .. } => match from {
                Principal::User(login) => self.protected(login),
                Principal::Group(name) => self.protected_with_members(name),
            },
            _ => {
                debug_assert_ne!(step.effect(), Effect::Remove, "{step} takes something");
                None
            }
        }
    }

    fn protected(&self, login: &Arc<str>) -> Option<String> {
        if self.guard.protects_user(login) {
            return Some(format!("{login} is protected"));
        }
        // Someone whose login was not read is named by id.
        let id = self.org.people.get(login).map(|it| it.id.as_str());
        let guarded = self.org.untouchable.get(id.unwrap_or(login))?;
        Some(format!("{login} {}", guarded.why))
    }

    fn protected_group(&self, name: &str) -> Option<String> {
        let is_protected = self.guard.protects_group(name);
        is_protected.then(|| format!("the group {name} is protected"))
    }

    /// A group is protected, too, from losing what someone who is protected has by it.
    fn protected_with_members(&self, name: &str) -> Option<String> {
        self.protected_group(name).or_else(|| {
            // A group whose name was not read is named by id.
            let id = self.org.groups.get(name).map_or(name, |it| it.id.as_str());
            let mut all = self.org.untouchable.values();
            let member = all.find(|it| it.groups.contains(id))?;
            Some(format!("its member {} {}", member.login, member.why))
        })
    }
}
