//! What a function takes and gives, before and now.

use super::report::{Changes, Group};
use crate::emit::surface::{Argument, Item, Kind};

/// Compares two functions, or the same one before and now.
pub(super) fn compare(changes: &mut Changes, group: &Group, at: &str, was: &Item, is: &Item) {
    if let (
        Kind::Function {
            arguments: before,
            gives: gave,
            ..
        },
        Kind::Function {
            arguments: now,
            gives,
            ..
        },
    ) = (&was.kind, &is.kind)
    {
        arguments(changes, group, at, before, now);
        if gave != gives {
            changes.breaks(group, at, format!("gives `{gives}` now; before `{gave}`"));
        }
    }
    deprecation(changes, group, at, was, is);
}

/// Says whether something has become deprecated.
pub(super) fn deprecation(changes: &mut Changes, group: &Group, at: &str, was: &Item, is: &Item) {
    match (was.is_deprecated, is.is_deprecated) {
        (false, true) => changes.compatible(group, at, "deprecated"),
        (true, false) => changes.compatible(group, at, "no longer deprecated"),
        _ => {}
    }
}

fn arguments(
    changes: &mut Changes,
    group: &Group,
    at: &str,
    before: &[Argument],
    now: &[Argument],
) {
    let types = |arguments: &[Argument]| -> Vec<String> {
        arguments.iter().map(|it| it.ty.clone()).collect()
    };
    let names = |arguments: &[Argument]| -> Vec<String> {
        arguments.iter().map(|it| it.name.clone()).collect()
    };
    if before == now {
        return;
    }
    if types(before) == types(now) {
        let swapped = {
            let (mut before, mut now) = (names(before), names(now));
            before.sort();
            now.sort();
            before == now
        };
        let change = format!("takes `({})` now; before `({})`", list(now), list(before));
        if swapped {
            // It compiles where the types are the same, and passes the one for the other.
            changes.breaks(group, at, change);
        } else {
            changes.compatible(group, at, change);
        }
        return;
    }
    let mut said = Vec::new();
    let find = |arguments: &'_ [Argument], name: &str| -> Option<String> {
        let mut arguments = arguments.iter();
        arguments.find(|it| it.name == name).map(|it| it.ty.clone())
    };
    for Argument { name, ty } in now {
        match find(before, name) {
            None => said.push(format!("takes `{name}: {ty}` now")),
            Some(before) if before != *ty => {
                said.push(format!("takes `{name}: {ty}` now; before `{before}`"));
            }
            Some(_) => {}
        }
    }
    for Argument { name, .. } in before {
        if find(now, name).is_none() {
            said.push(format!("no longer takes `{name}`"));
        }
    }
    if said.is_empty() {
        return whole(changes, group, at, before, now);
    }
    for said in said {
        changes.breaks(group, at, said);
    }
}

/// Says all that a function takes.
pub(super) fn whole(
    changes: &mut Changes,
    group: &Group,
    at: &str,
    before: &[Argument],
    now: &[Argument],
) {
    let change = format!("takes `({})` now; before `({})`", list(now), list(before));
    changes.breaks(group, at, change);
}

fn list(arguments: &[Argument]) -> String {
    let arguments = arguments
        .iter()
        .map(|Argument { name, ty }| format!("{name}: {ty}"));
    arguments.collect::<Vec<_>>().join(", ")
}
