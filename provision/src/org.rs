//! What an org is, as far as a plan needs it.

mod apps;
mod groups;
mod guarded;
mod people;
mod reading;
mod renames;
mod roles;
mod scope;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use okta_sdk::models::UserStatus;

use crate::desired::{Attributes, Principal, Role};
use crate::step::Members;

pub(crate) use apps::find_app;
pub(crate) use groups::find_group;
pub(crate) use people::read_account;
pub(crate) use roles::read_targets;
pub(crate) use scope::{GroupScope, Scope, Wanted};

/// What an org is, as far as a plan needs it.
#[derive(Debug, Default)]
pub(crate) struct Org {
    /// By login in lower case.
    pub(crate) people: HashMap<Arc<str>, Account>,
    /// By name.
    pub(crate) groups: HashMap<Arc<str>, GroupNow>,
    /// By label.
    pub(crate) apps: HashMap<Arc<str>, AppNow>,
    /// Roles that users and groups have by themselves.
    pub(crate) roles: HashMap<Principal, Vec<Held>>,
    /// Ids of custom roles by label.
    pub(crate) custom_roles: HashMap<String, String>,
    /// Permissions of custom roles by label.
    pub(crate) permissions: HashMap<String, BTreeSet<String>>,
    /// Ids of resource sets by label.
    pub(crate) resource_sets: HashMap<String, String>,
    /// Who gets another login, by that one. Everything else here is by the login that they get, too.
    pub(crate) renames: BTreeMap<Arc<str>, Rename>,
    /// Logins that people get, by those that they have.
    pub(crate) renamed: HashMap<Arc<str>, Arc<str>>,
    /// Why someone cannot get another login.
    pub(crate) rename_objections: Vec<String>,
    /// Keys of people who belong to the job.
    pub(crate) owned: HashSet<Arc<str>>,
    /// By id, who must not lose anything: the caller, super administrators, and who is protected.
    pub(crate) untouchable: BTreeMap<String, Guarded>,
    /// Whether the job may not read who is an administrator, so that super administrators are not
    /// among the untouchable.
    pub(crate) hides_admins: bool,
}

/// Someone who must not lose anything.
#[derive(Clone, Debug, Default)]
pub(crate) struct Guarded {
    /// The login, or the id if it was not read.
    pub(crate) login: String,
    /// Why, after the login.
    pub(crate) why: &'static str,
    /// Ids of the groups that they are in.
    pub(crate) groups: HashSet<String>,
}

/// A user that is there.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Account {
    pub(crate) id: String,
    pub(crate) status: UserStatus,
    /// The attributes that are not as wanted, with the values that they have; null if they have none.
    pub(crate) differing: Attributes,
}

/// Someone who gets another login.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rename {
    /// The key of the login that they have.
    pub(crate) from: Arc<str>,
    /// How many others have to give up a login before.
    pub(crate) place: u8,
}

impl Org {
    /// The login that someone has once all renames are done.
    pub(crate) fn login_of(&self, now: String) -> String {
        let login = self.renamed.get(now.as_str());
        login.map_or(now, |login| login.to_string())
    }
}

/// A group that is there.
#[derive(Clone, Debug, Default)]
pub(crate) struct GroupNow {
    pub(crate) id: String,
    pub(crate) description: Option<String>,
    /// Members that matter, by login in lower case.
    pub(crate) members: HashSet<Arc<str>>,
    /// Whether these are all that matter.
    pub(crate) known: Members,
    /// Whether it is everybody's, so that nobody can be put into it or taken out of it.
    pub(crate) is_everybodys: bool,
    /// How many there are.
    pub(crate) count: usize,
}

/// An application that is there.
#[derive(Clone, Debug, Default)]
pub(crate) struct AppNow {
    pub(crate) id: String,
    /// Users who have it by themselves, by login in lower case, or by id where the login was not
    /// read; with the attributes that are not as wanted.
    pub(crate) users: BTreeMap<Arc<str>, Attributes>,
    /// Groups, by name, or by id where the name was not read.
    pub(crate) groups: BTreeMap<Arc<str>, Attributes>,
}

/// A role that someone has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Held {
    /// The id of the assignment.
    pub(crate) id: String,
    /// A standard role without what it is limited to.
    pub(crate) role: Role,
    pub(crate) targets: Targets,
}

/// What a standard role is limited to. One that is limited to nothing is for the whole org.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Targets {
    /// Ids of groups.
    pub(crate) groups: BTreeSet<String>,
    /// Ids of applications.
    pub(crate) apps: BTreeSet<String>,
    /// Integrations of the catalog whose applications it is all for, by name.
    pub(crate) integrations: BTreeSet<String>,
}

impl Targets {
    pub(crate) fn len(&self) -> usize {
        self.groups.len() + self.apps.len() + self.integrations.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Whether someone of this status can do something with the account, or will without the org's help.
pub(crate) fn can_act(status: &UserStatus) -> bool {
    !matches!(
        status,
        UserStatus::Staged | UserStatus::Suspended | UserStatus::Deprovisioned
    )
}

/// Whether a user of this status is gone.
pub(crate) fn is_deactivated(status: &UserStatus) -> bool {
    *status == UserStatus::Deprovisioned
}
