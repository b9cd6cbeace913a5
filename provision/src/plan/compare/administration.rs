//! Applications, custom roles and resource sets that the job makes.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Comparison;
use crate::desired::{CustomRole, Resource, ResourceSet};
use crate::step::{Kind, Step};

impl Comparison<'_> {
    pub(super) fn administration(&mut self) {
        let desired = self.desired;
        for (label, body) in desired.applications() {
            match self.org.apps.contains_key(label) {
                true => self.keep(Kind::Applications),
                false => self.step(Step::CreateApp {
                    app: Arc::clone(label),
                    body: body.clone(),
                }),
            }
        }
        desired
            .custom_roles()
            .for_each(|role| self.custom_role(role));
        desired
            .resource_sets()
            .for_each(|set| self.resource_set(set));
    }

    fn custom_role(&mut self, role: &CustomRole) {
        if !self.org.custom_roles.contains_key(&*role.label) {
            return self.step(Step::CreateRole {
                custom: Arc::new(role.clone()),
            });
        }
        self.keep(Kind::Roles);
        let now = self.org.permissions.get(&*role.label);
        let is_other = |now: &&BTreeSet<String>| **now != role.permissions;
        if let Some(now) = now.filter(is_other) {
            let (label, now) = (&role.label, now.iter().cloned().collect::<Vec<_>>());
            self.objections.push(format!(
                "the custom role {label} has other permissions than wanted: {}; change it by hand, as \
                 all who have it would get or lose something",
                now.join(", ")
            ));
        }
    }

    fn resource_set(&mut self, set: &ResourceSet) {
        if self.org.resource_sets.contains_key(&*set.label) {
            return self.keep(Kind::Roles);
        }
        for resource in &set.resources {
            let missing = match resource {
                Resource::Group(name) if !self.has_group(name) => format!("group {name}"),
                Resource::App(label) if !self.has_app(label) => format!("application {label}"),
                _ => continue,
            };
            let what = format!("{} is to have the {missing}, which is not there", set.label);
            self.objections.push(what);
        }
        self.step(Step::CreateResourceSet {
            set: Arc::new(set.clone()),
        });
    }

    pub(super) fn has_app(&self, label: &str) -> bool {
        self.org.apps.contains_key(label) || self.desired.application_named(label).is_some()
    }
}
