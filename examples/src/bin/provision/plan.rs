//! What is missing: the difference between the people and the org.

use std::collections::BTreeMap;
use std::fmt;

use okta_sdk::Id;

use crate::people::{self, Person};
use crate::state::{Holder, State};

/// What is made or given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Groups,
    Apps,
    Users,
    Memberships,
    Assignments,
    Roles,
}

impl Kind {
    pub const ALL: [Self; 6] = [
        Self::Groups,
        Self::Apps,
        Self::Users,
        Self::Memberships,
        Self::Assignments,
        Self::Roles,
    ];
}

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            Self::Groups => "groups",
            Self::Apps => "apps",
            Self::Users => "users",
            Self::Memberships => "memberships",
            Self::Assignments => "assignments",
            Self::Roles => "roles",
        })
    }
}

/// A group, application or user to be made. Groups are known by name, applications by label.
#[derive(Clone, Debug, PartialEq)]
pub enum Make<'p> {
    Group(&'p str),
    App(&'p str),
    User(&'p Person),
    /// The user is there, but these attributes differ.
    Profile {
        person: &'p Person,
        id: Id,
        attributes: Vec<String>,
    },
}

impl Make<'_> {
    pub fn kind(&self) -> Kind {
        match self {
            Self::Group(_) => Kind::Groups,
            Self::App(_) => Kind::Apps,
            Self::User(_) | Self::Profile { .. } => Kind::Users,
        }
    }
}

impl fmt::Display for Make<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Group(name) => write!(formatter, "create the group {name}"),
            Self::App(label) => write!(formatter, "create the app {label}"),
            Self::User(person) => write!(formatter, "create the user {}", person.login),
            Self::Profile {
                person, attributes, ..
            } => {
                write!(
                    formatter,
                    "update {} of {}",
                    attributes.join(", "),
                    person.login
                )
            }
        }
    }
}

/// Something that a user is to be given.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Give<'p> {
    /// Login of the user.
    pub login: &'p str,
    pub what: Gift<'p>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Gift<'p> {
    Membership(&'p str),
    App(&'p str),
    Role(&'p str),
}

impl Give<'_> {
    pub fn kind(&self) -> Kind {
        match self.what {
            Gift::Membership(_) => Kind::Memberships,
            Gift::App(_) => Kind::Assignments,
            Gift::Role(_) => Kind::Roles,
        }
    }
}

impl fmt::Display for Give<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let login = self.login;
        match self.what {
            Gift::Membership(group) => write!(formatter, "add {login} to {group}"),
            Gift::App(app) => write!(formatter, "assign {app} to {login}"),
            Gift::Role(role) => write!(formatter, "make {login} {role}"),
        }
    }
}

/// All that is to be done, and how much is there already.
#[derive(Debug, Default)]
pub struct Plan<'p> {
    pub makes: Vec<Make<'p>>,
    /// To be done when all is made.
    pub gives: Vec<Give<'p>>,
    /// What needs nothing.
    pub kept: BTreeMap<Kind, usize>,
}

impl<'p> Plan<'p> {
    /// Compares what should be with what is.
    pub fn new(people: &'p [Person], state: &State) -> Self {
        let mut plan = Self::default();
        for name in people::all_groups(people) {
            plan.make_unless(state.groups.contains_key(name), Make::Group(name));
        }
        for label in people::all_apps(people) {
            plan.make_unless(state.apps.contains_key(label), Make::App(label));
        }
        for person in people {
            plan.person(person, state);
        }
        plan
    }

    fn person(&mut self, person: &'p Person, state: &State) {
        let login = person.login.as_str();
        let user = state.users.get(login);
        match user {
            None => self.makes.push(Make::User(person)),
            Some(user) => {
                let attributes = differing(person, &user.profile);
                let same = attributes.is_empty();
                let id = user.id.clone();
                self.make_unless(
                    same,
                    Make::Profile {
                        person,
                        id,
                        attributes,
                    },
                );
            }
        }
        let is_in = |holder: Option<&Holder>| {
            user.zip(holder)
                .is_some_and(|(user, holder)| holder.users.contains(&user.id))
        };
        for group in &person.groups {
            let is_member = is_in(state.groups.get(group));
            self.give_unless(
                is_member,
                Give {
                    login,
                    what: Gift::Membership(group),
                },
            );
        }
        for app in &person.apps {
            let is_assigned = is_in(state.apps.get(app));
            self.give_unless(
                is_assigned,
                Give {
                    login,
                    what: Gift::App(app),
                },
            );
        }
        for role in &person.roles {
            let has = user.is_some_and(|user| user.roles.contains(role));
            self.give_unless(
                has,
                Give {
                    login,
                    what: Gift::Role(role),
                },
            );
        }
    }

    fn make_unless(&mut self, is_there: bool, make: Make<'p>) {
        if is_there {
            self.keep(make.kind())
        } else {
            self.makes.push(make)
        }
    }

    fn give_unless(&mut self, is_there: bool, give: Give<'p>) {
        if is_there {
            self.keep(give.kind())
        } else {
            self.gives.push(give)
        }
    }

    fn keep(&mut self, kind: Kind) {
        *self.kept.entry(kind).or_default() += 1;
    }

    /// How much there is to do.
    pub fn steps(&self) -> usize {
        self.makes.len() + self.gives.len()
    }
}

/// The attributes that the profile lacks or has otherwise.
fn differing(person: &Person, profile: &serde_json::Value) -> Vec<String> {
    let wanted = serde_json::to_value(person.profile()).unwrap_or_default();
    let wanted = wanted.as_object().into_iter().flatten();
    let differing = wanted.filter(|(name, value)| profile.get(name.as_str()) != Some(*value));
    differing.map(|(name, _)| name.clone()).collect()
}

impl fmt::Display for Plan<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for make in &self.makes {
            writeln!(formatter, "{make}")?;
        }
        for give in &self.gives {
            writeln!(formatter, "{give}")?;
        }
        let kept: usize = self.kept.values().sum();
        writeln!(formatter, "{} to do, {kept} there already", self.steps())
    }
}

#[cfg(test)]
mod tests;
