//! What the org should be, drawn from a seed.

use std::collections::{BTreeMap, BTreeSet};

use fastrand::Rng;
use okta_provision::{Desired, Group, Person, Principal, Role, RoleList};

/// People to a group, about.
const PEOPLE_PER_GROUP: usize = 100;

/// What the org should be.
#[derive(Debug, PartialEq, Eq)]
pub struct Wish {
    /// By login.
    pub people: BTreeMap<String, Wanted>,
    /// Logins of who has left.
    pub leavers: BTreeSet<String>,
    /// All groups.
    pub groups: Vec<String>,
    /// The group whose members have a role.
    pub administrators: String,
}

/// What someone should be.
#[derive(Debug, PartialEq, Eq)]
pub struct Wanted {
    pub last_name: String,
    pub badge: usize,
    /// Their places in [`Wish::groups`], in order.
    pub groups: Vec<usize>,
}

impl Wish {
    /// The first round fills an org. In the second, 5 % of the people are in other groups, 2 % have
    /// left, 2 % have other last names, and another group has the role.
    pub fn new(seed: u64, users: usize, memberships: usize, round: u8) -> Self {
        let mut random = Rng::with_seed(seed);
        let count = (users / PEOPLE_PER_GROUP).max(memberships + 2);
        let groups: Vec<String> = (0..count).map(|it| format!("Team {it:04}")).collect();
        let mut people = BTreeMap::new();
        for number in 0..users {
            let wanted = Wanted {
                last_name: format!("Name{}", random.u32(..1000)),
                badge: number,
                groups: draw(&mut random, count, memberships),
            };
            people.insert(format!("person{number:06}@example.com"), wanted);
        }
        let mut wish = Self {
            people,
            leavers: BTreeSet::new(),
            administrators: groups[0].clone(),
            groups,
        };
        if round > 1 {
            wish.change(&mut random, memberships);
        }
        wish
    }

    fn change(&mut self, random: &mut Rng, memberships: usize) {
        self.administrators = self.groups[1].clone();
        let count = self.groups.len();
        for (login, wanted) in &mut self.people {
            match random.u32(..100) {
                0..5 => wanted.groups = draw(random, count, memberships),
                5..7 => {
                    self.leavers.insert(login.clone());
                }
                7..9 => wanted.last_name.push_str("-New"),
                _ => {}
            }
        }
        self.people.retain(|login, _| !self.leavers.contains(login));
    }

    /// How many memberships there should be.
    pub fn memberships(&self) -> usize {
        self.people.values().map(|it| it.groups.len()).sum()
    }

    /// Fewer requests than a round takes without a kill.
    pub fn least_requests(&self, round: u8) -> u64 {
        let count = match round {
            1 => self.people.len() + self.memberships(),
            // The second changes only some, and reads what is there.
            _ => self.people.len() / 10 + 3 * self.groups.len(),
        };
        u64::try_from(count).unwrap_or(u64::MAX)
    }

    /// The wish in the job's words.
    pub fn into_desired(self) -> Desired {
        let mut desired = Desired::new();
        for name in &self.groups {
            desired.group(Group::new(name).exclusive());
            desired.roles(RoleList::new(Principal::group(name)).exclusive());
        }
        for (login, wanted) in self.people {
            let person = Person::new(&login, "Person", wanted.last_name);
            desired.person(person.attribute("badgeNumber", wanted.badge));
            for group in wanted.groups {
                desired.member(&self.groups[group], &login);
            }
        }
        for login in &self.leavers {
            desired.leaver(login);
        }
        let administrators = Principal::group(&self.administrators);
        desired.role(administrators, Role::standard("READ_ONLY_ADMIN"));
        desired
    }
}

fn draw(random: &mut Rng, groups: usize, count: usize) -> Vec<usize> {
    let mut drawn = BTreeSet::new();
    while drawn.len() < count {
        drawn.insert(random.usize(..groups));
    }
    drawn.into_iter().collect()
}
