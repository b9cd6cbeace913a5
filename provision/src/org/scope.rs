//! What of an org is to be read.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use serde_json::Value;

use crate::desired::{
    Attributes, Desired, List, OwnedPeople, Person, Principal, Resource, Role, Target,
};
use crate::plan::Guard;

/// Attributes that are compared, nothing if only the account matters.
#[derive(Clone, Debug)]
pub(crate) enum Wanted {
    Nothing,
    Person(Arc<Person>),
    Attributes(Attributes),
}

impl Wanted {
    pub(crate) fn attributes(&self) -> Option<Cow<'_, Attributes>> {
        match self {
            Self::Nothing => None,
            Self::Person(person) => Some(person.profile()),
            Self::Attributes(attributes) => Some(Cow::Borrowed(attributes)),
        }
    }
}

/// What of an org is to be read.
#[derive(Debug, Default)]
pub(crate) struct Scope {
    pub(crate) people: HashMap<Arc<str>, Wanted>,
    /// Logins that people get, by those that they may have now.
    pub(crate) former: BTreeMap<Arc<str>, Arc<str>>,
    pub(crate) groups: BTreeMap<Arc<str>, GroupScope>,
    pub(crate) apps: BTreeMap<Arc<str>, AppScope>,
    pub(crate) principals: Vec<Principal>,
    pub(crate) owned: Option<OwnedPeople>,
    /// Whether anything might be taken from anybody, or changed that is theirs.
    pub(crate) has_removals: bool,
    /// Whether custom roles and resource sets matter.
    pub(crate) reads_roles: bool,
    /// Labels of custom roles whose permissions matter.
    pub(crate) custom_roles: BTreeSet<String>,
    /// Logins of those who must not lose anything.
    pub(crate) protected: Vec<String>,
}

/// Whether all members matter, or only those that the scope names.
#[derive(Debug, Default)]
pub(crate) struct GroupScope {
    pub(crate) reads_members: bool,
    pub(crate) is_exclusive: bool,
    /// The members that the scope names.
    pub(crate) named: BTreeSet<Arc<str>>,
}

/// The attributes that are compared, by user and group.
#[derive(Debug, Default)]
pub(crate) struct AppScope {
    pub(crate) users: BTreeMap<Arc<str>, Attributes>,
    pub(crate) groups: BTreeMap<Arc<str>, Attributes>,
    pub(crate) is_exclusive: bool,
}

impl Scope {
    pub(crate) fn of(desired: &Desired, guard: &Guard) -> Self {
        let mut scope = Self {
            owned: desired.owned().cloned(),
            protected: guard.protected_users().map(str::to_owned).collect(),
            ..Self::default()
        };
        scope.has_removals = scope.owned.is_some();
        for person in desired.people() {
            let key: Arc<str> = crate::desired::key(person.login()).into();
            if let Some(former) = person.had_login() {
                let former = crate::desired::key(former).into();
                scope.former.insert(former, Arc::clone(&key));
            }
            scope.has_removals = true;
            scope.people.insert(key, Wanted::Person(Arc::clone(person)));
        }
        for login in desired.leavers() {
            scope.name(login);
            scope.has_removals = true;
        }
        for group in desired.groups() {
            for login in &group.members {
                scope.name(login);
            }
            // What is protected may also be changed.
            scope.has_removals |= group.description.is_some();
            // Who loses a group that is removed matters, too.
            let is_exclusive = group.list == List::Exclusive || group.is_removed;
            scope.has_removals |= is_exclusive;
            let group_scope = GroupScope {
                reads_members: is_exclusive || !group.members.is_empty(),
                is_exclusive,
                named: group.members.clone(),
            };
            scope.groups.insert(Arc::clone(&group.name), group_scope);
        }
        for app in desired.apps() {
            for login in app.users.keys() {
                scope.name(login);
            }
            for name in app.groups.keys() {
                scope.groups.entry(Arc::clone(name)).or_default();
            }
            scope.has_removals = true;
            let app_scope = AppScope {
                users: app.users.clone(),
                groups: app.groups.clone(),
                is_exclusive: app.list == List::Exclusive,
            };
            scope.apps.insert(Arc::clone(&app.label), app_scope);
        }
        for (label, _) in desired.applications() {
            scope.apps.entry(Arc::clone(label)).or_default();
        }
        for role in desired.custom_roles() {
            scope.custom_roles.insert(role.label.to_string());
        }
        for resource in desired.resource_sets().flat_map(|set| &set.resources) {
            match resource {
                Resource::Group(name) => drop(scope.groups.entry(Arc::clone(name)).or_default()),
                Resource::App(label) => drop(scope.apps.entry(Arc::clone(label)).or_default()),
                _ => {}
            }
        }
        scope.reads_roles = desired.resource_sets().next().is_some();
        for list in desired.role_lists() {
            match &list.principal {
                Principal::User(login) => scope.name(login),
                Principal::Group(name) => {
                    scope.groups.entry(Arc::clone(name)).or_default();
                }
            }
            scope.has_removals |= list.list == List::Exclusive;
            for role in &list.roles {
                scope.limited(&list.principal, role);
            }
            scope.principals.push(list.principal.clone());
        }
        scope
    }

    /// What matters of a role that is limited: what it is for, and whether anybody would have it for the
    /// whole org in between.
    fn limited(&mut self, principal: &Principal, role: &Role) {
        let Role::Limited { targets, .. } = role else {
            return;
        };
        // Of a role for the whole org most is taken.
        self.has_removals = true;
        for target in targets {
            match target {
                Target::Group(name) => drop(self.groups.entry(Arc::clone(name)).or_default()),
                Target::App(label) => drop(self.apps.entry(Arc::clone(label)).or_default()),
            }
        }
        if let Principal::Group(name) = principal {
            self.groups
                .entry(Arc::clone(name))
                .or_default()
                .reads_members = true;
        }
    }

    /// Someone whose account matters.
    pub(crate) fn name(&mut self, login: &Arc<str>) {
        if !self.people.contains_key(login) {
            self.people.insert(Arc::clone(login), Wanted::Nothing);
        }
    }
}

/// The attributes that are not as wanted, with the values that they have.
pub(crate) fn differing(
    wanted: Option<&Attributes>,
    now: impl Fn(&str) -> Option<Value>,
) -> Attributes {
    let mut differing = Attributes::new();
    for (name, wanted) in wanted.into_iter().flatten() {
        let now = now(name).unwrap_or_default();
        if !is_same(&now, wanted) {
            differing.insert(name.clone(), now);
        }
    }
    differing
}

/// Whether an attribute needs no change. Okta leaves out what is empty.
fn is_same(now: &Value, wanted: &Value) -> bool {
    let is_empty = |value: &Value| match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::String(text) => text.is_empty(),
        _ => false,
    };
    if is_empty(now) && is_empty(wanted) {
        return true;
    }
    match (now.as_f64(), wanted.as_f64()) {
        // Integers beyond the precision of a float are compared exactly.
        (Some(one), Some(other)) if now.is_f64() || wanted.is_f64() => one == other,
        _ => now == wanted,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn attributes_differ_by_value() {
        for (now, wanted, same) in [
            (json!("a"), json!("a"), true),
            (json!(7), json!("7"), false),
            (json!(7), json!(7.0), true),
            (
                json!(9_007_199_254_740_993_i64),
                json!(9_007_199_254_740_992_i64),
                false,
            ),
            (json!(null), json!([]), true),
            (json!(null), json!(""), true),
            (json!(null), json!(false), false),
            (json!(["a"]), json!(["a", "b"]), false),
        ] {
            assert_eq!(is_same(&now, &wanted), same, "{now} {wanted}");
        }
    }
}
