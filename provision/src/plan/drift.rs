//! Whether an org is still as a plan saw it.

use std::collections::HashSet;
use std::sync::Arc;

use super::Plan;
use crate::desired::{Attributes, key};
use crate::org::{Account, AppScope, GroupScope, Org, Scope, Wanted};
use crate::step::{Name, Step, Transition};

/// What has to be read to compare the org with what a plan saw of it.
pub(super) fn scope(plan: &Plan) -> Scope {
    let mut scope = Scope::default();
    for step in &plan.steps {
        for name in step.names() {
            match name {
                Name::User(login) => scope.name(login),
                Name::Group(name) => {
                    let group = scope.groups.entry(Arc::clone(name)).or_default();
                    *group = GroupScope::default();
                }
                Name::App(label) => {
                    let app = scope.apps.entry(Arc::clone(label));
                    let _: &mut AppScope = app.or_default();
                }
                Name::Role(_) => {}
            }
        }
        match step {
            Step::CreateUser { person, .. } => {
                let wanted = Wanted::Person(Arc::clone(person));
                scope.people.insert(key(person.login()).into(), wanted);
            }
            Step::UpdateUser { login, to, .. } => {
                let wanted = Wanted::Attributes(to.clone());
                scope.people.insert(Arc::clone(login), wanted);
            }
            Step::UpdateAssignment { app, login, to, .. } => {
                let app = scope.apps.entry(Arc::clone(app)).or_default();
                app.users.insert(Arc::clone(login), to.clone());
            }
            _ => {}
        }
    }
    scope
}

/// What is neither as the plan saw it nor as it would make it.
pub(super) fn changes(plan: &Plan, org: &Org) -> Vec<String> {
    let mut drift = Drift {
        plan,
        org,
        made: HashSet::new(),
        changes: Vec::new(),
    };
    for step in &plan.steps {
        match step {
            Step::CreateUser { person, .. } => drift.made.insert(key(person.login())),
            Step::CreateGroup { group, .. } => drift.made.insert(group.to_string()),
            _ => false,
        };
    }
    for step in &plan.steps {
        drift.step(step);
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
    changes: Vec<String>,
}

impl Drift<'_> {
    fn step(&mut self, step: &Step) {
        // What is to be taken and is gone already is no change that matters.
        let is_gone_fine = matches!(
            step,
            Step::RemoveMember { .. }
                | Step::DeleteGroup { .. }
                | Step::UnassignUser { .. }
                | Step::UnassignGroup { .. }
                | Step::RevokeRole { .. }
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
                Name::Role(_) => {}
            }
        }
        match step {
            Step::CreateUser { person, .. } => {
                let now = self.org.people.get(key(person.login()).as_str());
                if now.is_some_and(|it| !it.differing.is_empty()) {
                    let what = format!("{} is there now, and not as wanted", person.login());
                    self.changes.push(what);
                }
            }
            Step::UpdateUser { login, from, .. } => {
                if let Some(now) = self.org.people.get(login) {
                    self.attributes(login, from, &now.differing);
                }
            }
            Step::UpdateAssignment {
                app, login, from, ..
            } => {
                let app_now = self.org.apps.get(app);
                if let Some(now) = app_now.and_then(|it| it.users.get(login)) {
                    self.attributes(login, from, now);
                }
            }
            Step::DescribeGroup { group, from, to } => {
                if let Some(now) = self.org.groups.get(group)
                    && now.description != *from
                    && now.description.as_ref() != Some(to)
                {
                    let what = format!("the description of {group} has changed");
                    self.changes.push(what);
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
            _ => {}
        }
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
                self.changes
                    .push(format!("{what} {name} is another one now"));
            }
            // Named by id, since its name was not read.
            (Some(then), None) if then == name => {}
            (_, None) if !is_gone_fine && !self.made.contains(name) => {
                self.changes.push(format!("{what} {name} is gone"));
            }
            _ => {}
        }
    }

    fn attributes(&mut self, login: &str, from: &Attributes, now: &Attributes) {
        for (name, now) in now {
            if from.get(name).is_none_or(|from| from != now) {
                self.changes.push(format!("{name} of {login} has changed"));
            }
        }
    }

    fn status(&mut self, login: &str, from: &str, transition: Transition, now: &Account) {
        let is_done = transition.is_reached(&now.status);
        if !is_done && now.status.as_str() != from && self.plan.ids.users.contains_key(login) {
            let now = now.status.as_str();
            self.changes
                .push(format!("the status of {login} is {now} and not {from}"));
        }
    }
}
