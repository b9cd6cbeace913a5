//! Types and their members.

use std::collections::BTreeSet;

use super::renames::Renames;
use super::report::{Changes, Group};
use super::{Side, features, reading, records, signatures, values};
use crate::api::TypeKind;
use crate::emit::surface::{Item, Kind, Surface};

pub(super) fn compare(changes: &mut Changes, was: &Side, is: &Side, renames: &Renames) {
    for (before, now) in renames.models() {
        if is.surface.owner(now).is_some() && owner_of_parts(&is.surface, now).is_none() {
            changes.breaks(&Group::Types, before, format!("renamed to `{now}`"));
        }
    }
    for before in models(&was.surface) {
        let name = before.owner.as_str();
        match is.surface.owner(name) {
            Some(now) => same(changes, was, is, (before, now)),
            // What a constructor takes is told with it.
            None if owner_of_parts(&was.surface, name).is_some() => {}
            None => changes.breaks(&Group::Types, name, "removed"),
        }
    }
    for now in models(&is.surface) {
        let name = now.owner.as_str();
        if was.surface.owner(name).is_none() && owner_of_parts(&is.surface, name).is_none() {
            changes.compatible(&Group::Types, name, "added");
        }
    }
    let read = reading::read(&is.api);
    for now in is.api.types.values() {
        let path = format!("models::{}", now.name);
        let old_name = renames.before(&path).trim_start_matches("models::");
        let Some(before) = was.api.types.get(old_name) else {
            continue;
        };
        let group = Group::Type(path.clone());
        let is_read = read.contains(now.name.as_str());
        match (&before.kind, &now.kind) {
            (TypeKind::Record(before), TypeKind::Record(now)) => {
                let asked = (
                    asked_for(&was.surface, &path),
                    asked_for(&is.surface, &path),
                );
                let both = ((&was.api, before), (&is.api, now));
                records::compare(changes, &group, both, (&asked.0, &asked.1));
            }
            (TypeKind::Enum(before), TypeKind::Enum(now)) => {
                values::of_enum(changes, &group, is_read, (before, now));
            }
            (TypeKind::Union(before), TypeKind::Union(now)) => {
                values::of_union(changes, &group, is_read, (before, now));
                let (base, now) = (renames.now(&before.base), &now.base);
                if base != *now {
                    let change = format!("`Unrecognized` holds `{now}` now; before `{base}`");
                    changes.breaks(&group, &path, change);
                }
            }
            _ => {}
        }
    }
}

fn models(surface: &Surface) -> impl Iterator<Item = &Item> {
    surface
        .owners()
        .filter(|item| item.owner.starts_with("models::"))
}

/// The type whose constructor takes this one as its parts.
pub(super) fn owner_of_parts(surface: &Surface, parts: &str) -> Option<String> {
    let owner = parts.strip_suffix("Parts")?;
    let name = parts.trim_start_matches("models::");
    match &surface.member(owner, "::new")?.kind {
        Kind::Function { arguments, .. } => arguments
            .iter()
            .any(|argument| argument.ty == name)
            .then(|| owner.to_owned()),
        _ => None,
    }
}

/// Compares what both sides call the same.
fn same(changes: &mut Changes, was: &Side, is: &Side, (before, now): (&Item, &Item)) {
    let name = before.owner.as_str();
    if owner_of_parts(&was.surface, name).is_some() {
        return;
    }
    let group = Group::Type(name.to_owned());
    features::of_type(changes, (&was.api, before), (&is.api, now));
    signatures::deprecation(changes, &group, name, before, now);
    let (was_kind, is_kind) = (kind(&was.surface, before), kind(&is.surface, now));
    if was_kind != is_kind {
        changes.breaks(&group, name, format!("{is_kind} now; before {was_kind}"));
        return;
    }
    members(changes, &group, was, is, name);
}

/// What a type is, in words.
fn kind(surface: &Surface, owner: &Item) -> &'static str {
    let holds_something = |item: &Item| matches!(&item.kind, Kind::Variant(it) if !it.is_empty());
    match owner.kind {
        Kind::Enum if surface.members(&owner.owner).any(holds_something) => "a tagged union",
        Kind::Enum => "a string enum",
        _ => "a struct",
    }
}

fn members(changes: &mut Changes, group: &Group, was: &Side, is: &Side, owner: &str) {
    let fields = changed_fields(was, is, owner);
    let at = |item: &Item| format!("{owner}{}", item.member);
    for before in was.surface.members(owner) {
        let Some(now) = is.surface.member(owner, &before.member) else {
            if !is_told(before, &fields) {
                changes.breaks(group, &at(before), "removed");
            }
            continue;
        };
        match (&before.kind, &now.kind) {
            (Kind::Field(before_ty), Kind::Field(ty)) if before_ty != ty => {
                changes.breaks(
                    group,
                    &at(before),
                    format!("`{ty}` now; before `{before_ty}`"),
                );
            }
            (Kind::Variant(before_ty), Kind::Variant(ty)) if before_ty != ty => {
                changes.breaks(
                    group,
                    &at(before),
                    format!("holds `{ty}` now; before `{before_ty}`"),
                );
            }
            (Kind::Function { .. }, _) if before.member == "::new" => {
                constructor(changes, group, &at(before), (before, now), &fields);
            }
            (Kind::Function { .. }, _) if !follows(before, &fields) => {
                let (mut without, mut now) = (before.clone(), now.clone());
                // A setter is deprecated if its field is.
                without.is_deprecated = false;
                now.is_deprecated = false;
                signatures::compare(changes, group, &at(before), &without, &now);
            }
            _ => {}
        }
        if !matches!(before.kind, Kind::Function { .. }) {
            signatures::deprecation(changes, group, &at(before), before, now);
        }
    }
    for now in is.surface.members(owner) {
        if was.surface.member(owner, &now.member).is_none() && !is_told(now, &fields) {
            changes.compatible(group, &at(now), "added");
        }
    }
}

/// Whether that an item comes or goes is told elsewhere: with the values of a variant, or with the
/// field that a method sets.
fn is_told(item: &Item, fields: &BTreeSet<String>) -> bool {
    matches!(item.kind, Kind::Variant(_)) || follows(item, fields)
}

/// Fields that come, go, or have another type: their setters do the same.
fn changed_fields(was: &Side, is: &Side, owner: &str) -> BTreeSet<String> {
    let mut changed = BTreeSet::new();
    for (one, other) in [(was, is), (is, was)] {
        for item in one.surface.members(owner) {
            if let (Kind::Field(ty), Some(name)) = (&item.kind, item.member.strip_prefix('.')) {
                let same = other.surface.member(owner, &item.member);
                if !same.is_some_and(|same| matches!(&same.kind, Kind::Field(it) if it == ty)) {
                    changed.insert(name.to_owned());
                }
            }
        }
    }
    changed
}

/// Whether an item is a method of a field that has changed.
fn follows(item: &Item, fields: &BTreeSet<String>) -> bool {
    let Some(name) = item.member.strip_prefix("::") else {
        return false;
    };
    let of = |name: &str| {
        fields
            .iter()
            .any(|field| field.trim_start_matches('_') == name)
    };
    matches!(item.kind, Kind::Function { .. })
        && (fields.contains(name)
            || name.strip_prefix("with_").is_some_and(of)
            || name.strip_prefix("clear_").is_some_and(of))
}

/// Says what a constructor takes, unless that follows from the types of fields that have changed.
fn constructor(
    changes: &mut Changes,
    group: &Group,
    at: &str,
    (before, now): (&Item, &Item),
    fields: &BTreeSet<String>,
) {
    let (
        Kind::Function {
            arguments: took, ..
        },
        Kind::Function {
            arguments: takes, ..
        },
    ) = (&before.kind, &now.kind)
    else {
        return;
    };
    let follows = took.len() == takes.len()
        && took.iter().zip(takes).all(|(took, takes)| {
            took == takes || took.name == takes.name && fields.contains(&takes.name)
        });
    if !follows {
        signatures::whole(changes, group, at, took, takes);
    }
}

/// Fields that a constructor asks for, one by one or as parts.
fn asked_for(surface: &Surface, owner: &str) -> BTreeSet<String> {
    let Some(Kind::Function { arguments, .. }) =
        surface.member(owner, "::new").map(|item| &item.kind)
    else {
        return BTreeSet::new();
    };
    let parts = format!("{owner}Parts");
    if owner_of_parts(surface, &parts).is_some() {
        let parts = surface.members(&parts);
        return parts
            .filter_map(|item| item.member.strip_prefix('.'))
            .map(str::to_owned)
            .collect();
    }
    arguments.iter().map(|it| it.name.clone()).collect()
}
