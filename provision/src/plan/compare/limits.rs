//! Standard roles that are for some groups or applications only.
//!
//! Okta limits such a role only after it was given, and keeps the last thing that it is limited to.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use super::Comparison;
use crate::desired::{List, Principal, Role, RoleList, Standing, Target, key};
use crate::org::{Held, can_act};
use crate::step::{Kind, Members, Step, Transition};

impl Comparison<'_> {
    /// Whether what a role is for is there once the plan is carried out; objects if not.
    pub(super) fn has_targets(&mut self, role: &Role) -> bool {
        let mut has_all = true;
        for target in role.targets() {
            let is_there = match target {
                Target::Group(name) => self.has_group(name),
                Target::App(label) => {
                    self.org.apps.contains_key(label) || self.desired.makes_application(label)
                }
            };
            if !is_there {
                let what = format!("{role} is for {target}, which is not there");
                self.objections.push(what);
                has_all = false;
            }
        }
        has_all
    }

    /// Gives a role and limits it, if nobody has it for the whole org in between, or if that is allowed.
    pub(super) fn limited_grant(&mut self, to: &Principal, role: &Role) -> Option<Step> {
        let is_allowed = self.guard.allows_unlimited_moment();
        let members = match to {
            Principal::Group(name) if self.is_without_members(name) => Members::Nobody,
            _ => self.members_by(to),
        };
        let can_act = match to {
            Principal::User(login) => self.can_act(login),
            Principal::Group(_) => members != Members::Nobody,
        };
        if let Principal::User(login) = to
            && !is_allowed
            && self.is_made_active_by_default(login)
        {
            self.objections.push(format!(
                "{login} is made and given the role {role} before they are active, and has no status; \
                 write the status active, so that another run activates them if this one ends in between"
            ));
            return None;
        }
        if can_act && !is_allowed {
            let first = match to {
                Principal::User(login) => format!("suspend {login} before"),
                Principal::Group(name) => format!("give it to {name} while nobody is in it"),
            };
            self.objections.push(format!(
                "{to} would have the role {role} for the whole org for a moment, as Okta limits it only \
                 after it was given; {first}, or allow that moment"
            ));
            return None;
        }
        Some(Step::GrantRole {
            to: to.clone(),
            role: role.clone(),
            members,
            may_be_unlimited: is_allowed,
        })
    }

    /// What a role that someone has is for, and what it should be for.
    pub(super) fn limits(
        &mut self,
        list: &RoleList,
        role: &str,
        targets: &BTreeSet<Target>,
        now: &Held,
    ) {
        let limited = Role::Limited {
            role: role.to_owned(),
            targets: targets.clone(),
        };
        if limited.unfit().is_some() || !self.has_targets(&limited) {
            return;
        }
        let who = &list.principal;
        if let Some(name) = now.targets.integrations.first() {
            return self.objections.push(format!(
                "{who} has {role} for all applications of {name}, and is to have it for some only; \
                 revoke it by hand first"
            ));
        }
        let members = self.members_by(who);
        let add = |target: &Target, limits| Step::AddTarget {
            to: who.clone(),
            role: role.to_owned(),
            assignment: now.id.clone(),
            target: target.clone(),
            limits,
            members,
        };
        let (held, mut missing): (Vec<&Target>, Vec<&Target>) =
            targets.iter().partition(|it| self.is_held(now, it));
        let excess = match list.list {
            List::Exclusive => self.excess(targets, now),
            List::Additive => Vec::new(),
        };
        if missing.is_empty() && excess.is_empty() {
            return self.keep(Kind::Roles);
        }
        if now.targets.is_empty() {
            // What is there already can be taken first: what is made comes later.
            let at = missing
                .iter()
                .position(|it| self.id_of(it).is_some())
                .unwrap_or(0);
            let first = missing.remove(at);
            if members == Members::Ruled && self.id_of(first).is_none() {
                return self.objections.push(format!(
                    "{who} has {role} for the whole org, and a rule may put people into it before \
                     {first} is made; make {first} first"
                ));
            }
            self.step(add(first, true));
        }
        for target in missing {
            self.step(add(target, false));
        }
        let is_swapped = held.is_empty() && excess.len() == now.targets.len();
        let stays = excess.iter().any(|it| !self.is_deleted(it));
        for target in excess {
            // What is deleted goes anyway, and before others join if something else is left.
            let is_last = is_swapped && !(stays && self.is_deleted(&target));
            self.step(Step::RemoveTarget {
                from: who.clone(),
                role: role.to_owned(),
                assignment: now.id.clone(),
                target,
                is_last,
                members,
            });
        }
    }

    /// What a role is for and should not be, by name, or by id where the name was not read.
    fn excess(&self, wanted: &BTreeSet<Target>, now: &Held) -> Vec<Target> {
        let org = self.org;
        let wanted: HashSet<&str> = wanted.iter().filter_map(|it| self.id_of(it)).collect();
        let is_excess = |id: &&String| !wanted.contains(id.as_str());
        let groups = now.targets.groups.iter().filter(is_excess).map(|id| {
            let name = org.groups.iter().find(|(_, it)| it.id == *id);
            Target::Group(name.map_or_else(|| id.as_str().into(), |(name, _)| Arc::clone(name)))
        });
        let apps = now.targets.apps.iter().filter(is_excess).map(|id| {
            let label = org.apps.iter().find(|(_, it)| it.id == *id);
            Target::App(label.map_or_else(|| id.as_str().into(), |(label, _)| Arc::clone(label)))
        });
        groups.chain(apps).collect()
    }

    /// Whether the plan deletes the group that a role is for.
    fn is_deleted(&self, target: &Target) -> bool {
        match target {
            Target::Group(name) => {
                let wanted = self.desired.group_named(name);
                wanted.is_some_and(|it| it.is_removed)
            }
            Target::App(_) => false,
        }
    }

    fn is_held(&self, now: &Held, target: &Target) -> bool {
        let held = match target {
            Target::Group(_) => &now.targets.groups,
            Target::App(_) => &now.targets.apps,
        };
        self.id_of(target).is_some_and(|id| held.contains(id))
    }

    /// The id of what a role is for, if it is there already.
    fn id_of(&self, target: &Target) -> Option<&str> {
        match target {
            Target::Group(name) => self.org.groups.get(name).map(|it| it.id.as_str()),
            Target::App(label) => self.org.apps.get(label).map(|it| it.id.as_str()),
        }
    }

    /// Whether nobody is in a group, and only this plan puts somebody into it.
    fn is_without_members(&self, name: &str) -> bool {
        match self.org.groups.get(name) {
            Some(now) => now.known == Members::Known && now.count == 0,
            None => true,
        }
    }

    /// Whether someone can act when roles are given. Whom the plan makes cannot until then.
    fn can_act(&self, login: &Arc<str>) -> bool {
        let account = self.org.people.get(login);
        account.is_some_and(|it| can_act(&it.status)) && !self.is_halted(login)
    }

    /// Whether someone is made, and active only because nothing else is said. Whoever was made and is
    /// not active yet would stay so without a status.
    fn is_made_active_by_default(&self, login: &Arc<str>) -> bool {
        let person = self.desired.find(login);
        let is_made = !self.org.people.contains_key(login);
        is_made && person.is_some_and(|it| it.wanted_standing().is_none())
    }

    fn is_halted(&self, who: &Arc<str>) -> bool {
        self.steps.iter().any(|step| match step {
            Step::Move {
                login,
                transition: Transition::Suspend | Transition::Deactivate,
                ..
            } => login == who,
            _ => false,
        })
    }

    /// People whom the plan makes are active only after their roles are limited.
    pub(super) fn stage_administrators(&mut self) {
        let limited = self.steps.iter().filter_map(|step| match step {
            Step::GrantRole {
                to: Principal::User(login),
                role: Role::Limited { .. },
                ..
            } => Some(Arc::clone(login)),
            _ => None,
        });
        let limited: HashSet<Arc<str>> = limited.collect();
        let mut later = Vec::new();
        for step in &mut self.steps {
            let Step::CreateUser { person, is_staged } = step else {
                continue;
            };
            let Some(login) = limited.get(key(person.login()).as_str()) else {
                continue;
            };
            // One without a status is not found to be staged by another run.
            if person.wanted_standing() == Some(Standing::Active) {
                *is_staged = true;
                later.push(Step::Move {
                    login: Arc::clone(login),
                    from: "STAGED".to_owned(),
                    transition: Transition::Activate,
                    groups: Vec::new(),
                });
            }
        }
        self.steps.extend(later);
    }

    /// Roles are not for groups any more that are deleted: before others join who would have them.
    pub(super) fn release_deleted(&mut self) {
        let deleted = self.steps.iter().filter_map(|step| match step {
            Step::DeleteGroup { group, .. } => {
                Some((self.org.groups.get(group)?.id.as_str(), Arc::clone(group)))
            }
            _ => None,
        });
        let deleted: HashMap<&str, Arc<str>> = deleted.collect();
        if deleted.is_empty() {
            return;
        }
        let mut released = Vec::new();
        for (who, held) in &self.org.roles {
            for held in held {
                let groups = &held.targets.groups;
                let (gone, left): (Vec<&String>, Vec<_>) = groups
                    .iter()
                    .partition(|id| deleted.contains_key(id.as_str()));
                if left.is_empty() {
                    continue;
                }
                for id in gone {
                    let target = Target::Group(Arc::clone(&deleted[id.as_str()]));
                    if !self.is_released(&held.id, &target) {
                        released.push(Step::RemoveTarget {
                            from: who.clone(),
                            role: held.role.standard_type().unwrap_or_default().to_owned(),
                            assignment: held.id.clone(),
                            target,
                            is_last: false,
                            members: self.members_by(who),
                        });
                    }
                }
            }
        }
        for step in released {
            self.step(step);
        }
    }

    /// Whether the plan takes the role already, or something that it is for.
    fn is_released(&self, id: &str, from: &Target) -> bool {
        self.steps.iter().any(|step| match step {
            Step::RevokeRole { assignment, .. } => assignment == id,
            Step::RemoveTarget {
                assignment, target, ..
            } => assignment == id && target == from,
            _ => false,
        })
    }

    /// Leaves out, with an objection, what would leave a role without anything that it is limited to, or
    /// would give someone who joins more than they should have.
    pub(super) fn check_limits(&mut self) {
        let deleted = self
            .steps
            .iter()
            .filter_map(|step| self.deleted_group(step));
        let deleted: BTreeSet<String> = deleted.cloned().collect();
        let steps = self.steps.iter().enumerate();
        let objections = steps.filter_map(|(number, step)| {
            let late = self.late_removal(step);
            let objection = late.or_else(|| self.last_target(step, &deleted))?;
            Some((number, objection))
        });
        let objections: BTreeMap<usize, String> = objections.collect();
        if objections.is_empty() {
            return;
        }
        let mut numbers = 0..;
        let is_left = |number: Option<usize>| number.is_none_or(|it| !objections.contains_key(&it));
        self.steps.retain(|_| is_left(numbers.next()));
        self.objections.extend(objections.into_values());
    }

    /// The id of the group that a step deletes.
    fn deleted_group(&self, step: &Step) -> Option<&String> {
        match step {
            Step::DeleteGroup { group, .. } => self.org.groups.get(group).map(|it| &it.id),
            _ => None,
        }
    }

    /// Why the last thing that a role of a group is for is not taken after others have joined the group.
    fn late_removal(&self, step: &Step) -> Option<String> {
        let Step::RemoveTarget {
            from: Principal::Group(group),
            role,
            target,
            is_last: true,
            members,
            ..
        } = step
        else {
            return None;
        };
        let joins = |step: &Step| match step {
            Step::AddMember { group: it, .. } => it == group,
            Step::CreateUser { .. } | Step::UpdateUser { .. } => *members == Members::Ruled,
            _ => false,
        };
        self.steps.iter().any(joins).then(|| {
            format!(
                "who joins {group} would have {role} for {target} for a while, as Okta keeps the last \
                 thing that a role is limited to; plan with both the old and the new ones first, and \
                 then without the old ones"
            )
        })
    }

    /// Why a group is not deleted: nothing else is left of what a role is for. `deleted` has the ids of
    /// all groups that the plan deletes.
    fn last_target(&self, step: &Step, deleted: &BTreeSet<String>) -> Option<String> {
        let id = self.deleted_group(step)?;
        let mut all = self.org.roles.iter();
        all.find_map(|(who, held)| {
            let held = held.iter().find(|it| {
                let groups = &it.targets.groups;
                groups.contains(id) && groups.is_subset(deleted)
            })?;
            let role = &held.role;
            Some(format!(
                "{step}: {who} has {role} for nothing but what is to be removed, and could have it for \
                 the whole org then; take the role, or let it be for others, in a plan before"
            ))
        })
    }
}
