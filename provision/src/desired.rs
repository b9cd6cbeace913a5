//! What an org should be, as far as a job says so.

mod access;
mod administration;
mod managers;
mod person;
mod profile;
mod roles;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use okta_sdk::models::Application;
use serde_json::Value;

use crate::error::Error;
pub use access::{AppAccess, Group, List};
pub use administration::{CustomRole, Resource, ResourceSet};
pub use person::{Attributes, Credentials, Person, Standing};
pub(crate) use roles::Limits;
pub use roles::{Principal, Role, RoleList, Target};

/// What an org should be, as far as a job says so. What is not mentioned here is not touched.
///
/// ```
/// use okta_provision::{Desired, Group, Person};
///
/// let mut desired = Desired::new();
/// desired.person(Person::new("ada@example.com", "Ada", "Lovelace").attribute("badgeNumber", 7));
/// desired.group(Group::new("Analysts").exclusive().member("ada@example.com"));
/// assert_eq!(desired.people().count(), 1);
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Desired {
    people: BTreeMap<Arc<str>, Arc<Person>>,
    groups: BTreeMap<Arc<str>, Group>,
    apps: BTreeMap<Arc<str>, AppAccess>,
    applications: BTreeMap<Arc<str>, Value>,
    roles: BTreeMap<Principal, RoleList>,
    custom_roles: BTreeMap<Arc<str>, CustomRole>,
    resource_sets: BTreeMap<Arc<str>, ResourceSet>,
    leavers: BTreeSet<Arc<str>>,
    owned: Option<OwnedPeople>,
}

/// Which people of the org belong to the job. Those of them that [`Desired`] does not name are
/// deactivated.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OwnedPeople {
    /// The members of the group of this name.
    Group(String),
    /// Those whom this search expression of Okta finds, such as `profile.source eq "hr"`.
    Search(String),
}

impl Desired {
    /// Nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A person who should be there. It takes the place of an earlier one with the same login.
    pub fn person(&mut self, person: Person) -> &mut Self {
        let key = self.name_of(person.login());
        self.people.insert(key, Arc::new(person.packed()));
        self
    }

    /// A group that should be there. It takes the place of an earlier one with the same name.
    pub fn group(&mut self, group: Group) -> &mut Self {
        let members = group.members.iter().map(|it| self.name_of(it)).collect();
        let group = Group { members, ..group };
        self.groups.insert(Arc::clone(&group.name), group);
        self
    }

    /// Another member of a group. A group that is not named yet should be there, too, and its list
    /// is additive.
    pub fn member(&mut self, group: &str, login: &str) -> &mut Self {
        let login = self.name_of(login);
        self.group_mut(group).members.insert(login);
        self
    }

    /// Who should have an application. It takes the place of what was said of it before.
    pub fn app(&mut self, app: AppAccess) -> &mut Self {
        self.apps.insert(Arc::clone(&app.label), app);
        self
    }

    /// Another user of an application. What is not said of it yet is additive.
    pub fn app_user(&mut self, label: &str, login: &str, profile: Attributes) -> &mut Self {
        let login = self.name_of(login);
        let app = self
            .apps
            .entry(label.into())
            .or_insert_with(|| AppAccess::new(label));
        app.users.insert(login, profile);
        self
    }

    /// An application that should be there. One of its label that is there is left as it is.
    ///
    /// # Errors
    /// [`Error::Missing`] if it has no label, by which it is found again.
    pub fn application(&mut self, app: impl Into<Application>) -> Result<&mut Self, Error> {
        let app = app.into();
        let label = app
            .label()
            .filter(|label| !label.is_empty())
            .ok_or_else(|| {
                let why = "an application without a label cannot be found again; give it one";
                Error::Missing(why.to_owned())
            })?;
        self.applications
            .insert(label.into(), serde_json::to_value(&app)?);
        Ok(self)
    }

    /// A role of your org's own that should be there.
    pub fn custom_role(&mut self, role: CustomRole) -> &mut Self {
        self.custom_roles.insert(Arc::clone(&role.label), role);
        self
    }

    /// A resource set that should be there.
    pub fn resource_set(&mut self, set: ResourceSet) -> &mut Self {
        self.resource_sets.insert(Arc::clone(&set.label), set);
        self
    }

    /// The roles of a user or group. They take the place of what was said of them before.
    pub fn roles(&mut self, roles: RoleList) -> &mut Self {
        self.roles.insert(roles.principal.clone(), roles);
        self
    }

    /// Another role of a user or group. What is not said of its roles yet is additive.
    pub fn role(&mut self, principal: Principal, role: Role) -> &mut Self {
        let list = self
            .roles
            .entry(principal.clone())
            .or_insert_with(|| RoleList::new(principal));
        list.roles.insert(role);
        self
    }

    /// Someone who should be deactivated, if the org has them.
    pub fn leaver(&mut self, login: &str) -> &mut Self {
        self.leavers.insert(key(login).into());
        self
    }

    /// Which people of the org belong to the job; without this, only those that are named.
    pub fn own(&mut self, people: OwnedPeople) -> &mut Self {
        self.owned = Some(people);
        self
    }

    /// The people, by login.
    pub fn people(&self) -> impl Iterator<Item = &Arc<Person>> {
        self.people.values()
    }

    /// The person of this login, in whatever case it is written.
    #[must_use]
    pub fn find(&self, login: &str) -> Option<&Arc<Person>> {
        self.people.get(key(login).as_str())
    }

    /// The groups, by name.
    pub fn groups(&self) -> impl Iterator<Item = &Group> {
        self.groups.values()
    }

    /// The applications, by label.
    pub fn apps(&self) -> impl Iterator<Item = &AppAccess> {
        self.apps.values()
    }

    pub(crate) fn group_named(&self, name: &str) -> Option<&Group> {
        self.groups.get(name)
    }

    pub(crate) fn app_named(&self, label: &str) -> Option<&AppAccess> {
        self.apps.get(label)
    }

    pub(crate) fn applications(&self) -> impl Iterator<Item = (&Arc<str>, &Value)> {
        self.applications.iter()
    }

    /// Whether the job makes an application of this label.
    #[must_use]
    pub fn makes_application(&self, label: &str) -> bool {
        self.applications.contains_key(label)
    }

    pub(crate) fn application_named(&self, label: &str) -> Option<&Value> {
        self.applications.get(label)
    }

    pub(crate) fn custom_roles(&self) -> impl Iterator<Item = &CustomRole> {
        self.custom_roles.values()
    }

    pub(crate) fn custom_role_named(&self, label: &str) -> Option<&CustomRole> {
        self.custom_roles.get(label)
    }

    pub(crate) fn resource_sets(&self) -> impl Iterator<Item = &ResourceSet> {
        self.resource_sets.values()
    }

    pub(crate) fn resource_set_named(&self, label: &str) -> Option<&ResourceSet> {
        self.resource_sets.get(label)
    }

    /// The lists of roles, by whom they are for.
    pub fn role_lists(&self) -> impl Iterator<Item = &RoleList> {
        self.roles.values()
    }

    /// Who should be deactivated: their logins in lower case.
    pub fn leavers(&self) -> impl Iterator<Item = &Arc<str>> {
        self.leavers.iter()
    }

    /// Which people of the org belong to the job.
    #[must_use]
    pub const fn owned(&self) -> Option<&OwnedPeople> {
        self.owned.as_ref()
    }

    /// Contradictions: people who should be there and should leave, people who manage each other in a
    /// circle, members of groups that should not be there, groups that Okta cannot tell from each
    /// other, and roles that Okta cannot limit as wanted.
    #[must_use]
    pub fn contradictions(&self) -> Vec<String> {
        let mut found = Vec::new();
        for login in self
            .leavers
            .iter()
            .filter(|it| self.people.contains_key(*it))
        {
            found.push(format!(
                "{login} is listed as a person and as a leaver; keep one of them"
            ));
        }
        let mut names: HashMap<String, &str> = HashMap::new();
        for group in self.groups.values() {
            if group.is_removed && !group.members.is_empty() {
                let name = &group.name;
                found.push(format!(
                    "the group {name} is to be removed and has members; keep one"
                ));
            }
            if let Some(other) = names.insert(group.name.to_lowercase(), &group.name) {
                let name = &group.name;
                found.push(format!(
                    "the groups {other} and {name} differ by case only, and are one to Okta"
                ));
            }
        }
        found.extend(self.bad_former_logins());
        for list in self.roles.values() {
            let who = &list.principal;
            let mut types = BTreeSet::new();
            for role in &list.roles {
                found.extend(role.unfit().map(|why| format!("{who}: {why}")));
                if let Some(role) = role.standard_type()
                    && !types.insert(role)
                {
                    found.push(format!(
                        "{who} is listed twice with {role}, which Okta gives once; write all that it \
                         is for in one place"
                    ));
                }
            }
        }
        found.extend(managers::circles(&self.people));
        found
    }

    fn bad_former_logins(&self) -> Vec<String> {
        let mut found = Vec::new();
        let mut owners: HashMap<String, &str> = HashMap::new();
        for person in self.people.values() {
            let Some(former) = person.had_login() else {
                continue;
            };
            let login = person.login();
            let former = key(former);
            if former == key(login) {
                found.push(format!(
                    "{login} is the login and the former login of one person"
                ));
            }
            if self.leavers.contains(former.as_str()) {
                found.push(format!(
                    "{former} is listed as a leaver and as the former login of {login}; keep one of them"
                ));
            }
            if let Some(other) = owners.insert(former.clone(), login) {
                found.push(format!(
                    "{former} is the former login of {other} and of {login}"
                ));
            }
        }
        found
    }

    /// The key of a login. One that a person has is shared, which saves memory in large groups.
    fn name_of(&self, login: &str) -> Arc<str> {
        let key = key(login);
        match self.people.get_key_value(key.as_str()) {
            Some((shared, _)) => Arc::clone(shared),
            None => key.into(),
        }
    }

    fn group_mut(&mut self, name: &str) -> &mut Group {
        self.groups
            .entry(name.into())
            .or_insert_with(|| Group::new(name))
    }
}

/// How a login is compared: Okta's logins do not differ by case alone.
pub(crate) fn key(login: &str) -> String {
    login.to_lowercase()
}
