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
        self.stage_administrators();
        self.release_deleted();
        self.check_limits();
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
            let Some((group, changes)) = changed_group(step) else {
                continue;
            };
            let now = self.org.groups.get(group);
            for login in now.iter().flat_map(|it| &it.members) {
                let Some(login) = movers.get(login) else {
                    continue;
                };
                for (groups, is_changed) in
                    [(&mut losing, changes.loses), (&mut gaining, changes.gains)]
                {
                    if is_changed {
                        let of_theirs: &mut Vec<Arc<str>> =
                            groups.entry(Arc::clone(login)).or_insert_with(Vec::new);
                        of_theirs.push(Arc::clone(group));
                    }
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

/// What becomes of what a group gives.
struct Changes {
    loses: bool,
    gains: bool,
}

/// The group whose members a step gives something, or takes something from.
fn changed_group(step: &Step) -> Option<(&Arc<str>, Changes)> {
    let (group, loses, gains) = match step {
        Step::UnassignGroup { group, .. }
        | Step::DeleteGroup { group, .. }
        | Step::RevokeRole {
            from: Principal::Group(group),
            ..
        }
        | Step::RemoveTarget {
            from: Principal::Group(group),
            ..
        }
        | Step::AddTarget {
            to: Principal::Group(group),
            limits: true,
            ..
        } => (group, true, false),
        // If it fails halfway, the role is for the whole org until it is limited.
        Step::GrantRole {
            to: Principal::Group(group),
            role: Role::Limited { .. },
            ..
        } => (group, true, true),
        Step::AssignGroup { group, .. }
        | Step::GrantRole {
            to: Principal::Group(group),
            ..
        }
        | Step::AddTarget {
            to: Principal::Group(group),
            ..
        } => (group, false, true),
        _ => return None,
    };
    Some((group, Changes { loses, gains }))
}

/// Ids of what the steps name, as far as it is there.
fn ids(steps: &[Step], org: &Org) -> Ids {
    let mut ids = Ids::default();
    for step in steps {
        let is_by_id = matches!(
            step,
            Step::UnassignUser { .. } | Step::UnassignGroup { .. } | Step::RemoveTarget { .. }
        );
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
                    if let Some(id) = id.or_else(|| is_by_id.then(|| label.to_string())) {
                        ids.apps.insert(Arc::clone(label), id);
                    }
                }
                Name::Role(Role::Standard(_) | Role::Limited { .. }) => {}
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
