//! What has to be read to compare an org with what a plan saw of it.

use std::sync::Arc;

use crate::desired::{Principal, key};
use crate::org::{GroupScope, Scope, Wanted};
use crate::plan::Plan;
use crate::plan::losers::loser;
use crate::step::{Name, Step};

/// What has to be read to compare the org with what a plan saw of it.
pub(crate) fn scope(plan: &Plan) -> Scope {
    let mut scope = Scope::default();
    for step in &plan.steps {
        scope.has_removals |= loser(step).is_some();
        for name in step.names() {
            match name {
                Name::User(login) => scope.name(login),
                Name::Group(name) => {
                    scope.groups.entry(Arc::clone(name)).or_default();
                }
                Name::App(label) => {
                    scope.apps.entry(Arc::clone(label)).or_default();
                }
                Name::Role(_) => {}
            }
        }
        match step {
            Step::CreateUser { person, .. } => {
                let wanted = Wanted::Person(Arc::clone(person));
                scope.people.insert(key(person.login()).into(), wanted);
            }
            Step::RenameUser { login, from, .. } => {
                scope.former.insert(Arc::clone(from), Arc::clone(login));
            }
            Step::UpdateUser { login, to, .. } => {
                let wanted = Wanted::Attributes(to.clone());
                scope.people.insert(Arc::clone(login), wanted);
            }
            Step::CreateGroup { group, .. } | Step::DeleteGroup { group, .. } => {
                let group = scope.groups.entry(Arc::clone(group)).or_default();
                *group = GroupScope {
                    reads_members: true,
                    is_exclusive: true,
                    ..GroupScope::default()
                };
            }
            Step::AssignUser {
                app,
                login,
                profile: to,
            }
            | Step::UpdateAssignment { app, login, to, .. } => {
                let app = scope.apps.entry(Arc::clone(app)).or_default();
                app.users.insert(Arc::clone(login), to.clone());
            }
            Step::AssignGroup {
                app,
                group,
                profile,
                ..
            } => {
                let app = scope.apps.entry(Arc::clone(app)).or_default();
                app.groups.insert(Arc::clone(group), profile.clone());
            }
            Step::CreateApp { app, .. } => {
                scope.apps.entry(Arc::clone(app)).or_default();
            }
            Step::CreateRole { custom } => {
                scope.custom_roles.insert(custom.label.to_string());
            }
            Step::CreateResourceSet { .. } => scope.reads_roles = true,
            Step::GrantRole { to: who, .. }
            | Step::RevokeRole { from: who, .. }
            | Step::AddTarget { to: who, .. }
            | Step::RemoveTarget { from: who, .. } => {
                add(&mut scope.principals, who);
            }
            _ => {}
        }
    }
    scope
}

fn add(principals: &mut Vec<Principal>, principal: &Principal) {
    if !principals.contains(principal) {
        principals.push(principal.clone());
    }
}
