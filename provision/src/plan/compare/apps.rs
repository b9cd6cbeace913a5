//! Who has applications.

use std::sync::Arc;

use super::{Comparison, changed};
use crate::desired::{AppAccess, Attributes, List};
use crate::org::AppNow;
use crate::step::{Kind, Step};

impl Comparison<'_> {
    pub(super) fn app(&mut self, app: &AppAccess) {
        let is_made = self.desired.application_named(&app.label).is_some();
        let new = AppNow::default();
        let found = self.org.apps.get(&app.label);
        let Some(now) = found.or(is_made.then_some(&new)) else {
            let what = format!("there is no application {}; create it first", app.label);
            return self.objections.push(what);
        };
        for (login, wanted) in &app.users {
            if self.is_there(login, &app.label) {
                self.app_user(app, login, wanted, now);
            }
        }
        for (name, wanted) in &app.groups {
            self.app_group(app, name, wanted, now);
        }
        if app.list == List::Exclusive {
            let others = now.users.keys().filter(|it| !app.users.contains_key(*it));
            for login in others {
                // Okta does not take from users what a group of theirs gives them.
                if self.has_by_group(app, login) {
                    continue;
                }
                self.step(Step::UnassignUser {
                    app: Arc::clone(&app.label),
                    login: Arc::clone(login),
                });
            }
            for group in now.groups.keys().filter(|it| !app.groups.contains_key(*it)) {
                self.step(Step::UnassignGroup {
                    app: Arc::clone(&app.label),
                    group: Arc::clone(group),
                    members: self.members_of(group),
                });
            }
        }
    }

    /// Whether a user has an application by one of the wanted groups once the plan is carried out.
    fn has_by_group(&self, app: &AppAccess, login: &Arc<str>) -> bool {
        app.groups.keys().any(|name| {
            let now = self.org.groups.get(name);
            let is_now = now.is_some_and(|now| now.members.contains(login));
            match self.desired.group_named(name) {
                Some(group) if group.list == List::Exclusive => group.members.contains(login),
                Some(group) => is_now || group.members.contains(login),
                None => is_now,
            }
        })
    }

    fn app_user(&mut self, app: &AppAccess, login: &Arc<str>, wanted: &Attributes, now: &AppNow) {
        let (app, login) = (Arc::clone(&app.label), Arc::clone(login));
        match now.users.get(&login) {
            None => self.step(Step::AssignUser {
                app,
                login,
                profile: wanted.clone(),
            }),
            Some(differing) if differing.is_empty() => self.keep(Kind::Assignments),
            Some(differing) => self.step(Step::UpdateAssignment {
                app,
                login,
                from: differing.clone(),
                to: changed(differing, wanted),
            }),
        }
    }

    fn app_group(&mut self, app: &AppAccess, name: &Arc<str>, wanted: &Attributes, now: &AppNow) {
        if !self.has_group(name) {
            let what = format!("{} is for the group {name}, which is not there", app.label);
            return self.objections.push(what);
        }
        let from = now.groups.get(name);
        if from.is_some_and(Attributes::is_empty) {
            return self.keep(Kind::Assignments);
        }
        self.step(Step::AssignGroup {
            app: Arc::clone(&app.label),
            group: Arc::clone(name),
            from: from.cloned(),
            profile: wanted.clone(),
            members: self.members_of(name),
        });
    }
}
