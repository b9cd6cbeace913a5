//! Handles, their methods, and what a call may be given.

use std::collections::{BTreeMap, BTreeSet};

use super::report::{Changes, Group};
use super::{Side, calls, signatures};
use crate::api::{Api, Operation, Param};
use crate::case::handle_type;
use crate::document::without_names;
use crate::emit::surface::{Item, Kind, Surface};

/// The same operation in both documents.
pub(super) struct Pair<'a> {
    pub was: &'a Operation,
    pub is: &'a Operation,
}

/// Operations that both documents have: those of the same id, and of others those that are the same
/// request.
pub(super) fn pairs<'a>(was: &'a Api, is: &'a Api) -> Vec<Pair<'a>> {
    let mut new: BTreeMap<_, &Operation> = is
        .operations
        .iter()
        .map(|operation| (operation.key(), operation))
        .collect();
    let mut pairs = Vec::new();
    let mut gone = Vec::new();
    for was in &was.operations {
        match new.remove(&was.key()) {
            Some(is) => pairs.push(Pair { was, is }),
            None => gone.push(was),
        }
    }
    for was in gone {
        let same = new.values().find(|is| request(is) == request(was)).copied();
        if let Some(is) = same {
            new.remove(&is.key());
            pairs.push(Pair { was, is });
        }
    }
    pairs
}

/// HTTP method, and path whatever its parameters are called.
fn request(operation: &Operation) -> (&str, String) {
    (&operation.http_method, without_names(&operation.path))
}

/// `users().list()`
pub(super) fn name(operation: &Operation) -> String {
    format!("{}().{}()", operation.handle, operation.method)
}

pub(super) fn compare(changes: &mut Changes, was: &Side, is: &Side) {
    let pairs = pairs(&was.api, &is.api);
    let kept: BTreeSet<_> = pairs.iter().map(|pair| pair.was.key()).collect();
    let known: BTreeSet<_> = pairs.iter().map(|pair| pair.is.key()).collect();
    for operation in &was.api.operations {
        if !kept.contains(&operation.key()) {
            changes.breaks(&group(operation), &name(operation), "removed");
        }
    }
    for operation in &is.api.operations {
        if !known.contains(&operation.key()) {
            let deprecated = if operation.deprecated {
                ", deprecated"
            } else {
                ""
            };
            let change = format!("added{deprecated}");
            changes.compatible(&group(operation), &name(operation), change);
        }
    }
    handles(changes, was, is);
    for pair in &pairs {
        renamed(changes, pair);
        method(changes, pair, was, is);
        call(changes, pair, was, is);
        calls::compare(changes, &group(pair.is), &name(pair.is), pair);
    }
    paths(changes, was, is);
}

fn group(operation: &Operation) -> Group {
    Group::Handle(operation.handle.clone())
}

/// Handles that come and go.
fn handles(changes: &mut Changes, was: &Side, is: &Side) {
    let handles =
        |api: &Api| -> BTreeSet<String> { api.features.values().flatten().cloned().collect() };
    let (before, now) = (handles(&was.api), handles(&is.api));
    for handle in before.difference(&now) {
        let group = Group::Handle(handle.clone());
        changes.breaks(&group, &group.to_string(), "removed");
    }
    for handle in now.difference(&before) {
        let group = Group::Handle(handle.clone());
        changes.compatible(&group, &group.to_string(), "added");
    }
}

/// Another name of the method, or of the type of its calls.
fn renamed(changes: &mut Changes, Pair { was, is }: &Pair<'_>) {
    let (before, now) = (name(was), name(is));
    if before != now {
        changes.breaks(&group(was), &before, format!("renamed to `{now}`"));
    }
    let (before, now) = (was.call.clone(), is.call.clone());
    if before != now {
        let change = format!("type of its calls renamed from `{before}` to `{now}`");
        changes.breaks(&group(is), &name(is), change);
    }
}

/// What the method takes.
fn method(changes: &mut Changes, Pair { was, is }: &Pair<'_>, old: &Side, new: &Side) {
    let item = |surface: &Surface, operation: &Operation| -> Option<Item> {
        let owner = format!("resources::{}", handle_type(&operation.handle));
        let member = format!("::{}", operation.method);
        surface.member(&owner, &member).cloned()
    };
    if let (Some(before), Some(now)) = (item(&old.surface, was), item(&new.surface, is)) {
        signatures::compare(changes, &group(is), &name(is), &before, &now);
    }
}

/// What a call gives, and its setters.
fn call(changes: &mut Changes, Pair { was, is }: &Pair<'_>, old: &Side, new: &Side) {
    let (group, at) = (group(is), name(is));
    // The types of calls bear their new names on both sides.
    let owner = format!("resources::{}", is.call.clone());
    if let (Some(Kind::Struct(before)), Some(Kind::Struct(now))) = (
        old.surface.owner(&owner).map(|item| &item.kind),
        new.surface.owner(&owner).map(|item| &item.kind),
    ) && before != now
    {
        let told = |gives: &str| {
            let gives = gives.trim_start_matches(" => ");
            match gives.strip_prefix("list of ") {
                Some(item) => format!("a list of `{item}`"),
                None => format!("`{gives}`"),
            }
        };
        let change = format!("gives {} now; before {}", told(now), told(before));
        changes.breaks(&group, &at, change);
    }
    let at = |item: &Item| format!("{at}.{}(…)", item.member.trim_start_matches("::"));
    for before in old.surface.members(&owner) {
        match new.surface.member(&owner, &before.member) {
            Some(now) => signatures::compare(changes, &group, &at(before), before, now),
            None if is_argument(is, &before.member) => {
                changes.breaks(&group, &at(before), "is an argument of the method now");
            }
            None => changes.breaks(&group, &at(before), "removed"),
        }
    }
    for now in new.surface.members(&owner) {
        if old.surface.member(&owner, &now.member).is_none() {
            if is_argument(was, &now.member) {
                changes.breaks(
                    &group,
                    &at(now),
                    "is no argument of the method now, but a setter",
                );
            } else {
                changes.compatible(&group, &at(now), "added");
            }
        }
    }
}

/// Whether what a setter sets is something that the call cannot do without.
fn is_argument(operation: &Operation, member: &str) -> bool {
    let name = member.trim_start_matches("::");
    let is_it = |param: &Param| param.required && param.ident == name;
    operation.query_params.iter().any(is_it)
        || operation.header_params.iter().any(is_it)
        || name == "body" && operation.body.is_some()
}

/// Structs of several identifiers. That one comes or goes is told with the methods that take it.
fn paths(changes: &mut Changes, was: &Side, is: &Side) {
    let calls: BTreeSet<String> = was
        .api
        .operations
        .iter()
        .chain(&is.api.operations)
        .flat_map(|operation| [operation.call.clone(), handle_type(&operation.handle)])
        .map(|name| format!("resources::{name}"))
        .collect();
    let owners = was.surface.owners().map(|item| item.owner.as_str());
    for owner in owners.filter(|name| name.starts_with("resources::") && !calls.contains(*name)) {
        let name = owner.replacen("resources", "paths", 1);
        let fields = |side: &Side| -> Vec<String> {
            let members = side.surface.members(owner);
            members.map(|item| item.member.clone()).collect()
        };
        let (before, now) = (fields(was), fields(is));
        if is.surface.owner(owner).is_none() || before == now {
            continue;
        }
        let group = Group::Type(name.clone());
        for field in before.iter().filter(|field| !now.contains(field)) {
            changes.breaks(&group, &format!("{name}{field}"), "removed");
        }
        for field in now.iter().filter(|field| !before.contains(field)) {
            changes.breaks(&group, &format!("{name}{field}"), "needed now");
        }
    }
}
