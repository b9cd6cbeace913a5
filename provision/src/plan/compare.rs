//! Comparing what an org is with what it should be.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use super::guard::Guard;
use super::{Made, Plan, VERSION};
use crate::desired::{
    AppAccess, Attributes, Desired, Group, List, Person, Principal, Role, RoleList, Standing, key,
};
use crate::org::{Account, AppNow, GroupNow, Org, is_deactivated};
use crate::step::{Effect, Ids, Kind, Name, Step, Transition, transition};

pub(super) fn compare(desired: &Desired, org: &Org, guard: &Guard) -> Plan {
    let mut comparison = Comparison {
        desired,
        org,
        guard,
        steps: Vec::new(),
        kept: BTreeMap::new(),
        warnings: Vec::new(),
        objections: desired.contradictions(),
    };
    for person in desired.people() {
        comparison.person(person);
    }
    comparison.leavers();
    for group in desired.groups() {
        comparison.group(group);
    }
    for app in desired.apps() {
        comparison.app(app);
    }
    for list in desired.role_lists() {
        comparison.role_list(list);
    }
    comparison.finish()
}

struct Comparison<'a> {
    desired: &'a Desired,
    org: &'a Org,
    guard: &'a Guard,
    steps: Vec<Step>,
    kept: BTreeMap<Kind, usize>,
    warnings: Vec<String>,
    objections: Vec<String>,
}

impl Comparison<'_> {
    fn keep(&mut self, kind: Kind) {
        *self.kept.entry(kind).or_default() += 1;
    }

    /// Another step, unless someone is protected from it.
    fn step(&mut self, step: Step) {
        match self.protection(&step) {
            Some(why) => self.warnings.push(format!("left out: {step}, as {why}")),
            None => self.steps.push(step),
        }
    }

    fn person(&mut self, person: &Arc<Person>) {
        let wanted = person.wanted_standing();
        let found = self.org.people.get_key_value(key(person.login()).as_str());
        let Some((login, account)) = found else {
            if wanted == Some(Standing::Deactivated) {
                return self.keep(Kind::People);
            }
            return self.step(Step::CreateUser {
                person: Arc::clone(person),
            });
        };
        let transition = wanted.and_then(|wanted| transition(&account.status, wanted));
        let stays_away = is_deactivated(&account.status) && transition.is_none();
        if stays_away && wanted.is_none() {
            let warning =
                format!("{login} is deactivated and stays so; give a status to change that");
            self.warnings.push(warning);
        }
        let is_same = account.differing.is_empty() || stays_away;
        if !is_same {
            self.step(Step::UpdateUser {
                login: Arc::clone(login),
                from: account.differing.clone(),
                to: changed(&account.differing, person.profile()),
            });
        }
        match transition {
            Some(transition) => self.step(moved(login, account, transition)),
            None if is_same => self.keep(Kind::People),
            None => {}
        }
    }

    fn leavers(&mut self) {
        let named = self.desired.leavers();
        let owned = self.org.owned.iter();
        let owned = owned.filter(|login| self.desired.find(login).is_none());
        let mut leavers: Vec<_> = named.chain(owned).collect();
        leavers.sort();
        leavers.dedup();
        for login in leavers {
            match self.org.people.get_key_value(login) {
                Some((login, account)) if !is_deactivated(&account.status) => {
                    self.step(moved(login, account, Transition::Deactivate));
                }
                _ => self.keep(Kind::People),
            }
        }
    }

    fn group(&mut self, group: &Group) {
        let now = self.org.groups.get(&group.name);
        match (now, group.is_removed) {
            (None, true) => return self.keep(Kind::Groups),
            (Some(_), true) => {
                let group = Arc::clone(&group.name);
                return self.step(Step::DeleteGroup { group });
            }
            (None, false) => self.step(Step::CreateGroup {
                group: Arc::clone(&group.name),
                description: group.description.clone(),
            }),
            (Some(now), false) => self.description(group, now),
        }
        let nobody = HashSet::new();
        let members = now.map_or(&nobody, |now| &now.members);
        for login in &group.members {
            if members.contains(login) {
                self.keep(Kind::Memberships);
            } else if self.is_there(login, &group.name) {
                self.step(Step::AddMember {
                    group: Arc::clone(&group.name),
                    login: Arc::clone(login),
                });
            }
        }
        if group.list == List::Exclusive {
            let others = members.iter().filter(|it| !group.members.contains(*it));
            let mut others: Vec<_> = others.cloned().collect();
            others.sort();
            for login in others {
                self.step(Step::RemoveMember {
                    group: Arc::clone(&group.name),
                    login,
                });
            }
        }
    }

    fn description(&mut self, group: &Group, now: &GroupNow) {
        let is_same = |wanted: &String| wanted == now.description.as_deref().unwrap_or_default();
        match &group.description {
            Some(wanted) if !is_same(wanted) => self.step(Step::DescribeGroup {
                group: Arc::clone(&group.name),
                from: now.description.clone(),
                to: wanted.clone(),
            }),
            _ => self.keep(Kind::Groups),
        }
    }

    fn app(&mut self, app: &AppAccess) {
        let Some(now) = self.org.apps.get(&app.label) else {
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
        });
    }

    fn role_list(&mut self, list: &RoleList) {
        let is_there = match &list.principal {
            Principal::User(login) => self.is_there(login, "roles"),
            Principal::Group(name) => {
                let is_there = self.has_group(name);
                if !is_there {
                    let what = format!("roles are for the group {name}, which is not there");
                    self.objections.push(what);
                }
                is_there
            }
        };
        if !is_there {
            return;
        }
        let held = self.org.roles.get(&list.principal);
        let held = held.map(Vec::as_slice).unwrap_or_default();
        for role in &list.roles {
            if held.iter().any(|it| it.role == *role) {
                self.keep(Kind::Roles);
            } else if self.has_role(role) {
                self.step(Step::GrantRole {
                    to: list.principal.clone(),
                    role: role.clone(),
                });
            }
        }
        if list.list == List::Exclusive {
            for held in held.iter().filter(|it| !list.roles.contains(&it.role)) {
                self.step(Step::RevokeRole {
                    from: list.principal.clone(),
                    role: held.role.clone(),
                    assignment: held.id.clone(),
                });
            }
        }
    }

    /// Whether a user is there once the plan is carried out; objects if not.
    fn is_there(&mut self, login: &Arc<str>, what: &str) -> bool {
        let wanted = self.desired.find(login);
        let is_created =
            wanted.is_some_and(|it| it.wanted_standing() != Some(Standing::Deactivated));
        let is_there = is_created || self.org.people.contains_key(login);
        if !is_there {
            let what = format!("{login} is listed for {what} and is not there; add the person");
            self.objections.push(what);
        }
        is_there
    }

    fn has_group(&self, name: &str) -> bool {
        let wanted = self.desired.group_named(name);
        match wanted {
            Some(group) => !group.is_removed,
            None => self.org.groups.contains_key(name),
        }
    }

    fn has_role(&mut self, role: &Role) -> bool {
        let Role::Custom {
            label,
            resource_set,
        } = role
        else {
            return true;
        };
        let mut is_there = true;
        if !self.org.custom_roles.contains_key(label) {
            self.objections
                .push(format!("there is no custom role {label}; create it first"));
            is_there = false;
        }
        if !self.org.resource_sets.contains_key(resource_set) {
            let what = format!("there is no resource set {resource_set}; create it first");
            self.objections.push(what);
            is_there = false;
        }
        is_there
    }

    /// Who is protected from a step, in words.
    fn protection(&self, step: &Step) -> Option<String> {
        if step.effect() != Effect::Remove {
            return None;
        }
        match step {
            Step::Move { login, .. } | Step::UnassignUser { login, .. } => self.protected(login),
            Step::RemoveMember { group, login } => self
                .protected(login)
                .or_else(|| self.protected_group(group)),
            Step::DeleteGroup { group } => self.protected_group(group).or_else(|| {
                let now = self.org.groups.get(group)?;
                now.members.iter().find_map(|login| self.protected(login))
            }),
            Step::UnassignGroup { group, .. } => self.protected_group(group),
            Step::RevokeRole {
                role: Role::Standard(role),
                ..
            } if role == "SUPER_ADMIN" => {
                Some("super administrators are made and unmade by hand".to_owned())
            }
            Step::RevokeRole { from, .. } => match from {
                Principal::User(login) => self.protected(login),
                Principal::Group(name) => self.protected_group(name),
            },
            _ => None,
        }
    }

    fn protected(&self, login: &Arc<str>) -> Option<String> {
        if self.guard.protects_user(login) {
            return Some(format!("{login} is protected"));
        }
        // Someone whose login was not read is named by id.
        let id = self.org.people.get(login).map(|it| it.id.as_str());
        let why = self.org.untouchable.get(id.unwrap_or(login))?;
        Some(format!("{login} {why}"))
    }

    fn protected_group(&self, name: &str) -> Option<String> {
        let is_protected = self.guard.protects_group(name);
        is_protected.then(|| format!("the group {name} is protected"))
    }

    fn finish(mut self) -> Plan {
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
                Kind::Assignments => {
                    sum(&mut org.apps.values().map(|it| it.users.len() + it.groups.len()))
                }
                Kind::Roles => sum(&mut org.roles.values().map(Vec::len)),
            };
            self.objections
                .extend(self.guard.objection(kind, removals, total));
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
}

fn moved(login: &Arc<str>, account: &Account, transition: Transition) -> Step {
    Step::Move {
        login: Arc::clone(login),
        from: account.status.as_str().to_owned(),
        transition,
    }
}

/// The wanted values of what differs.
fn changed(differing: &Attributes, wanted: &Attributes) -> Attributes {
    let wanted = wanted.iter();
    wanted
        .filter(|(name, _)| differing.contains_key(*name))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
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
