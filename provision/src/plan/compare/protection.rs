//! Who is protected from what.

use std::sync::Arc;

use super::Comparison;
use crate::desired::Role;
use crate::plan::losers::{Loser, loser};
use crate::step::Step;

impl Comparison<'_> {
    /// Who is protected from a step, in words.
    pub(super) fn protection(&self, step: &Step) -> Option<String> {
        match step {
            // Of those who are protected by name nothing is changed at all.
            Step::UpdateUser { login, .. } if self.guard.protects_user(login) => {
                return self.protected(login);
            }
            Step::RenameUser { from, .. } if self.guard.protects_user(from) => {
                return Some(format!("{from} is protected"));
            }
            Step::DescribeGroup { group, .. } => return self.protected_group(group),
            Step::RevokeRole {
                role: Role::Standard(role),
                ..
            } if role == "SUPER_ADMIN" => {
                return Some("super administrators are made and unmade by hand".to_owned());
            }
            _ => {}
        }
        match loser(step)? {
            Loser::User(login) => self.protected(login),
            Loser::Member(login, group) => self
                .protected(login)
                .or_else(|| self.protected_group(group)),
            Loser::Group(name) => self.protected_with_members(name),
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
