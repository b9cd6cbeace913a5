//! What the org should be, drawn from a seed.

use std::collections::{BTreeMap, BTreeSet};

use fastrand::Rng;
use okta_provision::{Desired, Group, Person, Principal, Role, RoleList};

/// People to a group, about.
const PEOPLE_PER_GROUP: usize = 100;

/// What the org should be.
#[derive(Debug)]
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
#[derive(Debug)]
pub struct Wanted {
    pub last_name: String,
    pub badge: usize,
    pub groups: BTreeSet<String>,
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
                groups: draw(&mut random, &groups, memberships),
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
        let logins: Vec<String> = self.people.keys().cloned().collect();
        for login in logins {
            match random.u32(..100) {
                0..5 => {
                    let groups = draw(random, &self.groups, memberships);
                    if let Some(wanted) = self.people.get_mut(&login) {
                        wanted.groups = groups;
                    }
                }
                5..7 => {
                    self.people.remove(&login);
                    self.leavers.insert(login);
                }
                7..9 => {
                    if let Some(wanted) = self.people.get_mut(&login) {
                        wanted.last_name.push_str("-New");
                    }
                }
                _ => {}
            }
        }
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
    pub fn desired(&self) -> Desired {
        let mut desired = Desired::new();
        for (login, wanted) in &self.people {
            let person = Person::new(login, "Person", &wanted.last_name);
            desired.person(person.attribute("badgeNumber", wanted.badge));
        }
        for login in &self.leavers {
            desired.leaver(login);
        }
        for name in &self.groups {
            desired.group(Group::new(name).exclusive());
            desired.roles(RoleList::new(Principal::group(name)).exclusive());
        }
        for (login, wanted) in &self.people {
            for group in &wanted.groups {
                desired.member(group, login);
            }
        }
        let administrators = Principal::group(&self.administrators);
        desired.role(administrators, Role::standard("READ_ONLY_ADMIN"));
        desired
    }
}

fn draw(random: &mut Rng, groups: &[String], count: usize) -> BTreeSet<String> {
    let mut drawn = BTreeSet::new();
    while drawn.len() < count {
        drawn.insert(groups[random.usize(..groups.len())].clone());
    }
    drawn
}
