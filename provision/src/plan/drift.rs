//! Whether an org is still as a plan saw it.

mod scope;

use std::collections::HashSet;
use std::sync::Arc;

use super::Plan;
use super::losers::{Loser, loser};
use crate::desired::{Attributes, Principal, Role, Standing, key};
use crate::org::{Account, Org};
use crate::step::{Name, Step, Transition, transition};

pub(super) use scope::scope;

/// What is neither as the plan saw it nor as it would make it.
pub(super) fn changes(plan: &Plan, org: &Org) -> Vec<String> {
    let mut drift = Drift {
        plan,
        org,
        made: HashSet::new(),
        joining: HashSet::new(),
        changes: Vec::new(),
    };
    for step in &plan.steps {
        match step {
            Step::CreateUser { person, .. } => drop(drift.made.insert(key(person.login()))),
            Step::CreateGroup { group, .. } => drop(drift.made.insert(group.to_string())),
            Step::CreateApp { app, .. } => drop(drift.made.insert(app.to_string())),
            Step::CreateRole { custom } => drop(drift.made.insert(custom.label.to_string())),
            Step::CreateResourceSet { set } => drop(drift.made.insert(set.label.to_string())),
            Step::AddMember { group, login } => drop(drift.joining.insert((group, login))),
            _ => {}
        }
    }
    drift.changes.extend(org.rename_objections.iter().cloned());
    for step in &plan.steps {
        drift.names(step);
        drift.step(step);
        drift.guarded(step);
    }
    drift.changes.sort();
    drift.changes.dedup();
    drift.changes
}

struct Drift<'a> {
    plan: &'a Plan,
    org: &'a Org,
    /// Logins and names of what the plan makes.
    made: HashSet<String>,
    /// Whom the plan puts into which group.
    joining: HashSet<(&'a Arc<str>, &'a Arc<str>)>,
    changes: Vec<String>,
}

impl Drift<'_> {
    /// Whether what a step names is there, and still the same.
    fn names(&mut self, step: &Step) {
        // What is to be taken and is gone already is no change that matters.
        let is_gone_fine = matches!(
            step,
            Step::RemoveMember { .. }
                | Step::DeleteGroup { .. }
                | Step::UnassignUser { .. }
                | Step::UnassignGroup { .. }
                | Step::RevokeRole { .. }
                | Step::RemoveTarget { .. }
        );
        for name in step.names() {
            match name {
                Name::User(login) => {
                    let now = self.org.people.get(login).map(|it| it.id.as_str());
                    let then = self.plan.ids.users.get(login).map(String::as_str);
                    self.id("the user", login, then, now, is_gone_fine);
                }
                Name::Group(name) => {
                    let now = self.org.groups.get(name).map(|it| it.id.as_str());
                    let then = self.plan.ids.groups.get(name).map(String::as_str);
                    self.id("the group", name, then, now, is_gone_fine);
                }
                Name::App(label) => {
                    let now = self.org.apps.get(label).map(|it| it.id.as_str());
                    let then = self.plan.ids.apps.get(label).map(String::as_str);
                    self.id("the application", label, then, now, is_gone_fine);
                }
                Name::Role(Role::Standard(_) | Role::Limited { .. }) => {}
                Name::Role(Role::Custom {
                    label,
                    resource_set,
                }) => {
                    let now = self.org.custom_roles.get(label).map(String::as_str);
                    let then = self.plan.ids.custom_roles.get(label).map(String::as_str);
                    self.id("the role", label, then, now, is_gone_fine);
                    let now = self.org.resource_sets.get(resource_set);
                    let then = self.plan.ids.resource_sets.get(resource_set);
                    let (then, now) = (then.map(String::as_str), now.map(String::as_str));
                    self.id("the resource set", resource_set, then, now, is_gone_fine);
                }
            }
        }
    }

    fn step(&mut self, step: &Step) {
        match step {
            Step::CreateUser { person, is_staged } => {
                let now = self.org.people.get(key(person.login()).as_str());
                let wanted = match person.is_created_active() && !is_staged {
                    true => Standing::Active,
                    false => Standing::Staged,
                };
                let is_other = now.is_some_and(|it| {
                    let is_away = Transition::Deactivate.is_reached(&it.status);
                    is_away || !it.differing.is_empty() || transition(&it.status, wanted).is_some()
                });
                if is_other {
                    self.say(format!(
                        "{} is there now, and not as wanted",
                        person.login()
                    ));
                }
            }
            Step::UpdateUser { login, from, .. } => {
                if let Some(now) = self.org.people.get(login) {
                    self.attributes(login, from, &now.differing);
                }
            }
            Step::Move {
                login,
                from,
                transition,
                ..
            } => {
                if let Some(now) = self.org.people.get(login) {
                    self.status(login, from, *transition, now);
                }
            }
            Step::CreateGroup { group, description } => self.created_group(group, description),
            Step::DescribeGroup { group, from, to } => {
                if let Some(now) = self.org.groups.get(group)
                    && now.description != *from
                    && now.description.as_ref() != Some(to)
                {
                    self.say(format!("the description of {group} has changed"));
                }
            }
            Step::DeleteGroup { group, count, .. } => {
                if self
                    .org
                    .groups
                    .get(group)
                    .is_some_and(|now| now.count > *count)
                {
                    self.say(format!("the group {group} has more members now"));
                }
            }
            Step::AssignUser { app, login, .. } => {
                let now = self.org.apps.get(app).and_then(|it| it.users.get(login));
                if now.is_some_and(|differing| !differing.is_empty()) {
                    self.say(format!("{login} has {app} now, and not as wanted"));
                }
            }
            Step::UpdateAssignment {
                app, login, from, ..
            } => match self.org.apps.get(app).map(|it| it.users.get(login)) {
                Some(Some(now)) => self.attributes(&format!("{login} in {app}"), from, now),
                Some(None) => self.say(format!("{login} has {app} by themselves no more")),
                None => {}
            },
            Step::AssignGroup {
                app, group, from, ..
            } => match (from, self.org.apps.get(app).map(|it| it.groups.get(group))) {
                (None, Some(Some(now))) if !now.is_empty() => {
                    self.say(format!(
                        "the group {group} has {app} now, and not as wanted"
                    ));
                }
                (Some(from), Some(Some(now))) => {
                    self.attributes(&format!("the group {group} in {app}"), from, now);
                }
                (Some(_), Some(None)) => self.say(format!("the group {group} has {app} no more")),
                _ => {}
            },
            Step::RevokeRole {
                from,
                role,
                assignment,
                ..
            } => self.revoked_role(from, role, assignment),
            Step::AddTarget {
                to,
                role,
                assignment,
                ..
            } => {
                let mut held = self.org.roles.get(to).into_iter().flatten();
                if !held.any(|it| it.id == *assignment) {
                    self.say(format!("{to} has {role} no more, or was given it again"));
                }
            }
            Step::CreateRole { custom } => {
                let now = self.org.permissions.get(&*custom.label);
                if now.is_some_and(|now| *now != custom.permissions) {
                    let label = &custom.label;
                    self.say(format!(
                        "the custom role {label} is there now, with other permissions"
                    ));
                }
            }
            // Someone else may have done these; it is as wanted then, and the ids were compared.
            Step::RenameUser { .. }
            | Step::CreateApp { .. }
            | Step::CreateResourceSet { .. }
            | Step::AddMember { .. }
            | Step::RemoveMember { .. }
            | Step::UnassignUser { .. }
            | Step::UnassignGroup { .. }
            | Step::RemoveTarget { .. }
            | Step::GrantRole { .. } => {}
        }
    }

    /// Who has become untouchable since loses nothing.
    fn guarded(&mut self, step: &Step) {
        let mut all = self.org.untouchable.iter();
        let found = match loser(step) {
            None => None,
            Some(Loser::User(login) | Loser::Member(login, _)) => {
                let id = self.org.people.get(login).map_or(&**login, |it| &it.id);
                self.org.untouchable.get(id)
            }
            Some(Loser::Group(name)) => {
                let id = self.org.groups.get(name).map_or(&**name, |it| &it.id);
                all.find(|(_, it)| it.groups.contains(id)).map(|(_, it)| it)
            }
        };
        if let Some(guarded) = found {
            let (login, why) = (&guarded.login, guarded.why);
            self.say(format!(
                "{login} {why} now, and would lose something: {step}"
            ));
        }
    }

    fn created_group(&mut self, group: &Arc<str>, description: &Option<String>) {
        let Some(now) = self.org.groups.get(group) else {
            return;
        };
        if description.is_some() && now.description != *description {
            self.say(format!(
                "the group {group} is there now, with another description"
            ));
        }
        let is_known = |login| self.joining.contains(&(group, login));
        if now.members.iter().any(|login| !is_known(login)) {
            self.say(format!(
                "the group {group} is there now, with other members"
            ));
        }
    }

    /// A role that was given again would stay.
    fn revoked_role(&mut self, from: &Principal, role: &Role, assignment: &str) {
        let held = self.org.roles.get(from);
        let mut others = held.into_iter().flatten().filter(|it| it.id != assignment);
        if others.any(|it| it.role == *role) {
            self.say(format!("{from} was given the role {role} again"));
        }
    }

    fn say(&mut self, what: String) {
        self.changes.push(what);
    }

    fn id(
        &mut self,
        what: &str,
        name: &str,
        then: Option<&str>,
        now: Option<&str>,
        is_gone_fine: bool,
    ) {
        match (then, now) {
            (Some(then), Some(now)) if then != now => {
                self.say(format!("{what} {name} is another one now"));
            }
            // Named by id, since its name was not read.
            (Some(then), None) if then == name => {}
            (_, None) if !is_gone_fine && !self.made.contains(name) => {
                self.say(format!("{what} {name} is gone"));
            }
            _ => {}
        }
    }

    fn attributes(&mut self, whose: &str, from: &Attributes, now: &Attributes) {
        for (name, now) in now {
            if from.get(name).is_none_or(|from| from != now) {
                self.say(format!("{name} of {whose} has changed"));
            }
        }
    }

    fn status(&mut self, login: &str, from: &str, transition: Transition, now: &Account) {
        let is_done = transition.is_reached(&now.status);
        if !is_done && now.status.as_str() != from && self.plan.ids.users.contains_key(login) {
            let now = now.status.as_str();
            self.say(format!("the status of {login} is {now} and not {from}"));
        }
    }
}
