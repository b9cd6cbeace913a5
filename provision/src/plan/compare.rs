//! Comparing what an org is with what it should be.

mod administration;
mod apps;
mod finish;
mod limits;
#[cfg(test)]
mod privileges;
mod protection;
mod roles;

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use okta_sdk::models::UserStatus;

use super::Plan;
use super::guard::Guard;
use crate::desired::{Attributes, Desired, Group, List, Person, Standing, key};
use crate::org::{Account, GroupNow, Org, Rename, is_deactivated};
use crate::step::{Kind, Members, Step, Transition, transition};

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
    comparison.renames();
    for person in desired.people() {
        comparison.person(person);
    }
    comparison.leavers();
    for group in desired.groups() {
        comparison.group(group);
    }
    comparison.administration();
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

    fn renames(&mut self) {
        self.objections
            .extend(self.org.rename_objections.iter().cloned());
        for (login, Rename { from, place }) in &self.org.renames {
            let person = self.desired.find(login);
            self.step(Step::RenameUser {
                login: Arc::clone(login),
                from: Arc::clone(from),
                to: person.map_or_else(|| login.to_string(), |it| it.login().to_owned()),
                place: *place,
            });
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
                is_staged: false,
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
                to: changed(&account.differing, &person.profile()),
            });
        }
        if transition == Some(Transition::Suspend) && account.status != UserStatus::Active {
            let status = account.status.as_str();
            return self.warnings.push(format!(
                "{login} is {status} and stays so, as Okta suspends active users only; deactivate \
                 them, or plan again once they are active"
            ));
        }
        match transition {
            Some(transition) => self.step(moved(login, account, transition)),
            None if is_same && !self.org.renames.contains_key(login) => {
                self.keep(Kind::People);
            }
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
            (Some(now), true) => {
                return self.step(Step::DeleteGroup {
                    group: Arc::clone(&group.name),
                    members: now.known,
                    count: now.count,
                });
            }
            (None, false) => self.step(Step::CreateGroup {
                group: Arc::clone(&group.name),
                description: group.description.clone(),
            }),
            (Some(now), false) => self.description(group, now),
        }
        if now.is_some_and(|now| now.is_everybodys) && group.list == List::Exclusive {
            let name = &group.name;
            let what = format!("everybody is in {name}; an exclusive list of it cannot be kept");
            return self.objections.push(what);
        }
        let nobody = HashSet::new();
        let members = now.map_or(&nobody, |now| &now.members);
        for login in &group.members {
            let is_everybodys = now.is_some_and(|now| now.is_everybodys);
            if members.contains(login) || is_everybodys {
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
            if now.is_some_and(|now| now.known == Members::Ruled) && !others.is_empty() {
                let (name, count) = (&group.name, others.len());
                return self.warnings.push(format!(
                    "left out: {count} members of {name} who are not listed, as a group rule puts \
                     people into it, or Okta does; change the rule"
                ));
            }
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

    /// What is known of who is in a group. One that is not there yet has no members.
    fn members_of(&self, name: &str) -> Members {
        match self.org.groups.get(name) {
            Some(now) => now.known,
            None if self.desired.group_named(name).is_some() => Members::Known,
            None => Members::Unread,
        }
    }

    fn has_group(&self, name: &str) -> bool {
        let wanted = self.desired.group_named(name);
        match wanted {
            Some(group) => !group.is_removed,
            None => self.org.groups.contains_key(name),
        }
    }
}

fn moved(login: &Arc<str>, account: &Account, transition: Transition) -> Step {
    Step::Move {
        login: Arc::clone(login),
        from: account.status.as_str().to_owned(),
        transition,
        groups: Vec::new(),
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
