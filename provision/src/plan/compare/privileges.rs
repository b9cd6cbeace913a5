//! At no moment, whatever fails, has anyone a privilege that they had neither before nor after.
//!
//! A small model of an org says who may use what. Plans between any two of its states are carried out
//! in it: the steps of a phase in any order, any of them failing.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use okta_sdk::models::UserStatus;
use proptest::prelude::*;

use super::compare;
use crate::desired::{
    AppAccess, Attributes, Desired, Group, Person, Principal, Role, RoleList, Standing,
};
use crate::org::{Account, AppNow, GroupNow, Held, Org, Targets};
use crate::plan::{Guard, Plan};
use crate::step::{Kind, Members, Spoiled, Step, Transition};

const PEOPLE: [&str; 3] = ["ada", "bob", "cy"];
/// Everybody who is active or made gets into the last one by a rule.
const GROUPS: [&str; 3] = ["one", "two", "ruled"];
const RULED: &str = GROUPS[2];
const APPS: [&str; 2] = ["mail", "wiki"];
const ROLES: [&str; 3] = ["APP_ADMIN", "READ_ONLY_ADMIN", LIMITED];
/// The one that may be for some groups only.
const LIMITED: &str = "HELP_DESK_ADMIN";

type Name = &'static str;

/// Who is what in an org.
#[derive(Clone, Debug, Default)]
struct State {
    people: BTreeMap<Name, UserStatus>,
    groups: BTreeSet<Name>,
    members: BTreeSet<(Name, Name)>,
    app_users: BTreeSet<(Name, Name)>,
    app_groups: BTreeSet<(Name, Name)>,
    /// With the groups that each is limited to. One that is limited to nothing is for the whole org.
    roles: BTreeMap<(Principal, Name), BTreeSet<Name>>,
}

/// What is said of an org: all of a state, or lists that add to what is there.
#[derive(Clone, Debug)]
struct Wish {
    state: State,
    is_exclusive: Vec<bool>,
    standings: Vec<Option<Standing>>,
    removed: Vec<bool>,
}

fn some<T: Clone + std::fmt::Debug + Ord + 'static>(
    all: Vec<T>,
) -> impl Strategy<Value = BTreeSet<T>> {
    let most = all.len();
    proptest::sample::subsequence(all, 0..=most).prop_map(|some| some.into_iter().collect())
}

fn pairs(left: &[Name], right: &[Name]) -> Vec<(Name, Name)> {
    let pairs = left
        .iter()
        .flat_map(|one| right.iter().map(|other| (*one, *other)));
    pairs.collect()
}

fn principals() -> Vec<Principal> {
    let users = PEOPLE.iter().map(|it| Principal::user(it));
    users
        .chain(GROUPS.iter().map(|it| Principal::group(it)))
        .collect()
}

fn state() -> impl Strategy<Value = State> {
    let statuses = [
        UserStatus::Staged,
        UserStatus::Active,
        UserStatus::Suspended,
        UserStatus::Deprovisioned,
        UserStatus::LockedOut,
    ];
    let people = proptest::collection::vec(
        proptest::option::weighted(0.8, proptest::sample::select(statuses.to_vec())),
        PEOPLE.len(),
    );
    let roles = principals()
        .into_iter()
        .flat_map(|who| ROLES.map(|role| (who.clone(), role)));
    let targets = proptest::collection::vec(some(GROUPS.to_vec()), principals().len());
    (
        people,
        some(GROUPS.to_vec()),
        some(pairs(&GROUPS, &PEOPLE)),
        some(pairs(&APPS, &PEOPLE)),
        some(pairs(&APPS, &GROUPS)),
        some(roles.collect()),
        targets,
    )
        .prop_map(
            |(statuses, groups, members, app_users, app_groups, roles, targets)| {
                let roles = roles.into_iter().map(|(who, role)| {
                    let number = principals().iter().position(|it| *it == who).unwrap();
                    let targets = match role {
                        LIMITED => targets[number].clone(),
                        _ => BTreeSet::new(),
                    };
                    ((who, role), targets)
                });
                let people = PEOPLE.into_iter().zip(statuses);
                let people = people.filter_map(|(name, status)| Some((name, status?)));
                let mut state = State {
                    people: people.collect(),
                    groups,
                    members,
                    app_users,
                    app_groups,
                    roles: roles.collect(),
                };
                state.members.retain(|(group, _)| *group != RULED);
                for name in state.people.keys() {
                    state.members.insert((RULED, name));
                }
                state.prune();
                state
            },
        )
}

fn wish() -> impl Strategy<Value = Wish> {
    let standings = [
        Standing::Staged,
        Standing::Active,
        Standing::Suspended,
        Standing::Deactivated,
    ];
    let standing = proptest::option::of(proptest::sample::select(standings.to_vec()));
    (
        state(),
        proptest::collection::vec(any::<bool>(), 20),
        proptest::collection::vec(standing, PEOPLE.len()),
        proptest::collection::vec(proptest::bool::weighted(0.15), GROUPS.len()),
    )
        .prop_map(|(state, is_exclusive, standings, removed)| Wish {
            state,
            is_exclusive,
            standings,
            removed,
        })
}

impl State {
    /// Leaves out what is of nobody and nothing.
    fn prune(&mut self) {
        let Self {
            people,
            groups,
            members,
            app_users,
            app_groups,
            roles,
        } = self;
        members.retain(|(group, name)| groups.contains(group) && people.contains_key(name));
        app_users.retain(|(_, name)| people.contains_key(name));
        app_groups.retain(|(_, group)| groups.contains(group));
        roles.retain(|(who, _), targets| {
            targets.retain(|it| groups.contains(it));
            match who {
                Principal::User(name) => people.contains_key(&**name),
                Principal::Group(name) => groups.contains(&**name),
            }
        });
    }

    /// What those who can act may use.
    fn privileges(&self) -> BTreeSet<(Name, String)> {
        let mut found = BTreeSet::new();
        for (name, status) in &self.people {
            let acts = !matches!(
                status,
                UserStatus::Staged | UserStatus::Suspended | UserStatus::Deprovisioned
            );
            if !acts {
                continue;
            }
            let is_in = |group: &str| self.members.iter().any(|it| it.0 == group && it.1 == *name);
            let own = self.app_users.iter().filter(|it| it.1 == *name);
            let by_group = self.app_groups.iter().filter(|it| is_in(it.1));
            found.extend(
                own.chain(by_group)
                    .map(|(app, _)| (*name, format!("use {app}"))),
            );
            let roles = self.roles.iter().filter(|((who, _), _)| match who {
                Principal::User(login) => **login == **name,
                Principal::Group(group) => is_in(group),
            });
            for ((_, role), targets) in roles {
                let covered: &mut dyn Iterator<Item = &Name> = match targets.is_empty() {
                    true => &mut GROUPS.iter().chain(&["everything"]),
                    false => &mut targets.iter(),
                };
                found.extend(covered.map(|it| (*name, format!("be {role} of {it}"))));
            }
        }
        found
    }

    /// What is read of it. The members of groups for which `reads` says so are not.
    fn read(&self, reads: &[bool]) -> Org {
        let mut org = Org::default();
        for (name, status) in &self.people {
            let account = Account {
                id: (*name).to_owned(),
                status: status.clone(),
                differing: [("title".to_owned(), serde_json::Value::Null)].into(),
            };
            org.people.insert((*name).into(), account);
        }
        for (number, name) in GROUPS
            .iter()
            .enumerate()
            .filter(|it| self.groups.contains(it.1))
        {
            let members = self.members.iter().filter(|it| it.0 == *name);
            let members: std::collections::HashSet<Arc<str>> =
                members.map(|(_, login)| (*login).into()).collect();
            let known = match *name {
                RULED => Members::Ruled,
                _ if reads[number] => Members::Known,
                _ => Members::Unread,
            };
            let now = GroupNow {
                id: (*name).to_owned(),
                count: members.len(),
                members: if known == Members::Unread {
                    Default::default()
                } else {
                    members
                },
                known,
                ..GroupNow::default()
            };
            org.groups.insert((*name).into(), now);
        }
        for app in APPS {
            let users = self.app_users.iter().filter(|it| it.0 == app);
            let groups = self.app_groups.iter().filter(|it| it.0 == app);
            let now = AppNow {
                id: app.to_owned(),
                users: users.map(|it| (it.1.into(), Attributes::new())).collect(),
                groups: groups.map(|it| (it.1.into(), Attributes::new())).collect(),
            };
            org.apps.insert(app.into(), now);
        }
        for who in principals() {
            let held = self
                .roles
                .iter()
                .filter(|it| it.0.0 == who)
                .map(|((_, role), targets)| Held {
                    id: format!("{role} of {who}"),
                    role: Role::standard(*role),
                    targets: Targets {
                        groups: targets.iter().map(|it| (*it).to_owned()).collect(),
                        ..Targets::default()
                    },
                });
            org.roles.insert(who.clone(), held.collect());
        }
        org
    }

    /// Gives false if Okta refuses it.
    fn apply(&mut self, step: &Step) -> bool {
        let name = |text: &str| -> Name {
            let mut all = PEOPLE.iter().chain(&GROUPS).chain(&APPS).chain(&ROLES);
            all.find(|it| **it == text).unwrap()
        };
        match step {
            Step::CreateUser { person, is_staged } => {
                let is_active = person.is_created_active() && !is_staged;
                let status = if is_active {
                    UserStatus::Active
                } else {
                    UserStatus::Staged
                };
                self.people.insert(name(person.login()), status);
                if self.groups.contains(RULED) {
                    self.members.insert((RULED, name(person.login())));
                }
            }
            Step::Move {
                login, transition, ..
            } => {
                let status = match transition {
                    Transition::Activate | Transition::Unsuspend => UserStatus::Active,
                    Transition::Suspend => UserStatus::Suspended,
                    Transition::Deactivate => UserStatus::Deprovisioned,
                };
                self.people.insert(name(login), status);
            }
            Step::CreateGroup { group, .. } => drop(self.groups.insert(name(group))),
            Step::DeleteGroup { group, .. } => {
                self.groups.remove(&**group);
                self.prune();
            }
            Step::AddMember { group, login } => {
                self.members.insert((name(group), name(login)));
            }
            Step::RemoveMember { group, login } => {
                self.members.remove(&(name(group), name(login)));
            }
            Step::AssignUser { app, login, .. } => {
                self.app_users.insert((name(app), name(login)));
            }
            Step::UnassignUser { app, login } => {
                self.app_users.remove(&(name(app), name(login)));
            }
            Step::AssignGroup { app, group, .. } => {
                self.app_groups.insert((name(app), name(group)));
            }
            Step::UnassignGroup { app, group, .. } => {
                self.app_groups.remove(&(name(app), name(group)));
            }
            Step::GrantRole { to, role, .. } => {
                let role = name(role.standard_type().unwrap());
                self.roles.insert((to.clone(), role), BTreeSet::new());
            }
            Step::RevokeRole { from, role, .. } => {
                let role = name(role.standard_type().unwrap());
                self.roles.remove(&(from.clone(), role));
            }
            Step::AddTarget {
                to, role, target, ..
            } => {
                let targets = self.roles.get_mut(&(to.clone(), name(role))).unwrap();
                targets.insert(name(target.name()));
            }
            Step::RemoveTarget {
                from, role, target, ..
            } => {
                // Its group may be gone.
                let Some(targets) = self.roles.get_mut(&(from.clone(), name(role))) else {
                    return true;
                };
                if targets.len() == 1 && targets.contains(&**target.name()) {
                    return false;
                }
                targets.remove(&**target.name());
            }
            _ => {}
        }
        true
    }
}

/// What Okta is asked for, one after the other: a role is limited after it was given.
fn requests(step: &Step) -> Vec<Step> {
    let mut requests = vec![step.clone()];
    if let Step::GrantRole {
        to, role, members, ..
    } = step
    {
        requests.extend(role.targets().map(|target| Step::AddTarget {
            to: to.clone(),
            role: role.standard_type().unwrap().to_owned(),
            assignment: String::new(),
            target: target.clone(),
            limits: false,
            members: *members,
        }));
    }
    requests
}

impl Wish {
    fn desired(&self) -> Desired {
        let mut lists = self.is_exclusive.iter().copied();
        let mut is_exclusive = || lists.next().unwrap();
        let mut desired = Desired::new();
        for (name, standing) in PEOPLE.iter().zip(&self.standings) {
            if self.state.people.contains_key(name) {
                let person = Person::new(*name, "P", "Q").attribute("title", "T");
                desired.person(match standing {
                    Some(standing) => person.standing(*standing),
                    None => person,
                });
            } else if is_exclusive() {
                desired.leaver(name);
            }
        }
        for (name, is_removed) in GROUPS.iter().zip(&self.removed) {
            let mut group = Group::new(name);
            if is_exclusive() {
                group = group.exclusive();
            }
            if *is_removed {
                desired.group(group.removed());
            } else if self.state.groups.contains(name) && *name != RULED {
                let members = self.state.members.iter().filter(|it| it.0 == *name);
                desired.group(members.fold(group, |group, it| group.member(it.1)));
            }
        }
        for label in APPS {
            let mut app = AppAccess::new(label);
            if is_exclusive() {
                app = app.exclusive();
            }
            for (_, login) in self.state.app_users.iter().filter(|it| it.0 == label) {
                app = app.user(login, Attributes::new());
            }
            for (_, group) in self.state.app_groups.iter().filter(|it| it.0 == label) {
                app = app.group(group, Attributes::new());
            }
            desired.app(app);
        }
        for who in principals() {
            let mut list = RoleList::new(who.clone());
            if is_exclusive() {
                list = list.exclusive();
            }
            let roles = self.state.roles.iter().filter(|it| it.0.0 == who);
            let roles = roles.map(|((_, role), targets)| match targets.is_empty() {
                true => Role::standard(*role),
                false => Role::for_groups(*role, targets.iter().copied()),
            });
            desired.roles(roles.fold(list, RoleList::role));
        }
        desired
    }
}

/// Carries out a plan; `fails` says which steps fail, `order` in which order those of a phase end.
fn carry_out(
    plan: &Plan,
    state: &mut State,
    fails: &[bool],
    order: &[u32],
    check: impl Fn(&State, &Step),
) {
    let mut spoiled = Spoiled::default();
    let steps: Vec<(usize, &Step)> = plan.steps().iter().enumerate().collect();
    let place = |number: usize| order[number % order.len()].wrapping_mul(number as u32 + 1);
    for phase in steps.chunk_by(|one, other| one.1.phase() == other.1.phase()) {
        let mut phase = phase.to_vec();
        phase.sort_by_key(|(number, _)| place(*number));
        let mut failed = Vec::new();
        for (number, step) in phase {
            if !spoiled.allows(step) {
                failed.push(step);
                continue;
            }
            let requests = requests(step);
            // It may fail after some of its requests.
            let done = match fails[number % fails.len()] {
                true => number % requests.len(),
                false => requests.len(),
            };
            let mut is_done = done == requests.len();
            for request in &requests[..done] {
                is_done &= state.apply(request);
                check(state, request);
            }
            if !is_done {
                failed.push(step);
            }
        }
        failed.into_iter().for_each(|step| spoiled.add(step));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, ..ProptestConfig::default() })]

    #[test]
    fn nobody_has_more_than_before_or_after_at_any_moment_whatever_fails(
        before in state(),
        wish in wish(),
        reads in proptest::collection::vec(proptest::bool::weighted(0.7), GROUPS.len()),
        failures in proptest::collection::vec(
            proptest::collection::vec(proptest::bool::weighted(0.25), 31), 6),
        order in proptest::collection::vec(any::<u32>(), 17),
    ) {
        let guard = Kind::ALL.into_iter().fold(Guard::new(), |it, kind| it.allow(kind, usize::MAX));
        let plan = compare(&wish.desired(), &before.read(&reads), &guard);
        let mut after = before.clone();
        carry_out(&plan, &mut after, &[false], &[1], |_, _| {});
        let mut may = before.privileges();
        may.extend(after.privileges());
        for fails in failures.iter().chain([&vec![false]]) {
            let mut state = before.clone();
            carry_out(&plan, &mut state, fails, &order, |state, step| {
                let now = state.privileges();
                let excess: Vec<_> = now.difference(&may).collect();
                assert!(excess.is_empty(), "after {step}: {excess:?}\n{plan}");
            });
        }
    }
}
