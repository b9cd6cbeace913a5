//! The plan as a whole: its order, its guard rails, its ids.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::Comparison;
use crate::desired::{Principal, Role};
use crate::org::Org;
use crate::plan::losers::loser;
use crate::plan::{Made, Plan, VERSION};
use crate::step::{Effect, Ids, Kind, Name, Step, Transition};

impl Comparison<'_> {
    pub(super) fn finish(mut self) -> Plan {
        let org = self.org;
        let sum = |counts: &mut dyn Iterator<Item = usize>| counts.sum::<usize>();
        for kind in Kind::ALL {
            let removals = self
                .steps
                .iter()
                .filter(|it| it.kind() == kind && it.effect() == Effect::Remove)
                .count();
            let total = match kind {
                Kind::Groups => org.groups.len(),
                Kind::People => org.people.len(),
                Kind::Memberships => sum(&mut org.groups.values().map(|it| it.count)),
                Kind::Applications => org.apps.len(),
                Kind::Assignments => {
                    sum(&mut org.apps.values().map(|it| it.users.len() + it.groups.len()))
                }
                Kind::Roles => sum(&mut org.roles.values().map(Vec::len)),
            };
            self.objections
                .extend(self.guard.objection(kind, removals, total));
        }
        self.tie_moves();
        if org.hides_admins && self.steps.iter().any(|step| loser(step).is_some()) {
            self.warnings.push(
                "who is a super administrator was not read, and so they are not protected from losing \
                 something: Okta refused the list of administrators with 403; grant the scope \
                 okta.roles.read and a role that may see administrators, or protect them by login"
                    .to_owned(),
            );
        }
        // Stable: within a phase they stay in the order of names.
        self.steps.sort_by_key(Step::phase);
        self.objections.sort();
        self.objections.dedup();
        let ids = ids(&self.steps, org);
        Plan {
            version: VERSION,
            org_url: String::new(),
            steps: self.steps,
            kept: self.kept,
            warnings: self.warnings,
            objections: self.objections,
            ids,
            made: Made(None),
        }
    }

    /// Tells those who come back of their groups that lose something, and those who are kept from
    /// acting of their groups that get something.
    fn tie_moves(&mut self) {
        let movers: HashSet<&Arc<str>> = self.steps.iter().filter_map(mover).collect();
        if movers.is_empty() {
            return;
        }
        let (mut losing, mut gaining) = (HashMap::new(), HashMap::new());
        for step in &self.steps {
            let (group, is_losing) = match step {
                Step::UnassignGroup { group, .. }
                | Step::DeleteGroup { group, .. }
                | Step::RevokeRole {
                    from: Principal::Group(group),
                    ..
                } => (group, true),
                Step::AssignGroup { group, .. }
                | Step::GrantRole {
                    to: Principal::Group(group),
                    ..
                } => (group, false),
                _ => continue,
            };
            let now = self.org.groups.get(group);
            for login in now.iter().flat_map(|it| &it.members) {
                if let Some(login) = movers.get(login) {
                    let groups = if is_losing { &mut losing } else { &mut gaining };
                    let of_theirs: &mut Vec<Arc<str>> =
                        groups.entry(Arc::clone(login)).or_insert_with(Vec::new);
                    of_theirs.push(Arc::clone(group));
                }
            }
        }
        for step in &mut self.steps {
            let Step::Move {
                login,
                transition,
                groups,
                ..
            } = step
            else {
                continue;
            };
            let of_theirs = match transition {
                Transition::Activate | Transition::Unsuspend => losing.get(login),
                Transition::Suspend | Transition::Deactivate => gaining.get(login),
            };
            groups.extend(of_theirs.into_iter().flatten().cloned());
            groups.sort();
            groups.dedup();
        }
    }
}

fn mover(step: &Step) -> Option<&Arc<str>> {
    match step {
        Step::Move { login, .. } => Some(login),
        _ => None,
    }
}

/// Ids of what the steps name, as far as it is there.
fn ids(steps: &[Step], org: &Org) -> Ids {
    let mut ids = Ids::default();
    for step in steps {
        let is_by_id = matches!(step, Step::UnassignUser { .. } | Step::UnassignGroup { .. });
        for name in step.names() {
            match name {
                Name::User(login) => {
                    let id = org.people.get(login).map(|it| it.id.clone());
                    if let Some(id) = id.or_else(|| is_by_id.then(|| login.to_string())) {
                        ids.users.insert(Arc::clone(login), id);
                    }
                }
                Name::Group(name) => {
                    let id = org.groups.get(name).map(|it| it.id.clone());
                    if let Some(id) = id.or_else(|| is_by_id.then(|| name.to_string())) {
                        ids.groups.insert(Arc::clone(name), id);
                    }
                }
                Name::App(label) => {
                    let id = org.apps.get(label).map(|it| it.id.clone());
                    ids.apps.extend(id.map(|id| (Arc::clone(label), id)));
                }
                Name::Role(Role::Standard(_)) => {}
                Name::Role(Role::Custom {
                    label,
                    resource_set,
                }) => {
                    let id = org.custom_roles.get(label);
                    ids.custom_roles
                        .extend(id.map(|id| (label.clone(), id.clone())));
                    let id = org.resource_sets.get(resource_set);
                    let id = id.map(|id| (resource_set.clone(), id.clone()));
                    ids.resource_sets.extend(id);
                }
            }
        }
    }
    ids
}
