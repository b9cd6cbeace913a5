//! One type for one thing: places of the document that have the same name are one type.
//!
//! The document spells many things out anew wherever they occur: the same link, the same key, a
//! user with an `_embedded` and one without. Which of them are one type is a decision, kept under
//! `types` in `names.yaml`. What is shared has to take whatever any of its places takes.

mod agree;
mod enums;
mod records;
mod rename;
mod unions;

use std::collections::{BTreeMap, BTreeSet};

use crate::Error;
use crate::api::{Lifecycle, Type, TypeKind};
use crate::case;
use crate::names::Names;
use agree::Agreement;

pub(super) use rename::{rename_in_operations, rename_in_roots};

/// Checks that the list of names has every place.
pub(super) fn check(types: &BTreeMap<String, Type>, names: &Names) -> Result<(), Error> {
    let missing: Vec<_> = types
        .keys()
        .filter(|place| !names.types.contains_key(*place))
        .cloned()
        .collect();
    if !missing.is_empty() {
        return Err(Error::Untyped { places: missing });
    }
    Ok(())
}

/// Every type by its Rust name, made of the types by place; `requested` are the places that a
/// request may hold.
pub(super) fn share(
    types: BTreeMap<String, Type>,
    requested: &BTreeSet<String>,
    names: &Names,
) -> Result<BTreeMap<String, Type>, Error> {
    let agreement = Agreement {
        enums: enums_of(&types, names),
    };
    let mut groups = BTreeMap::<String, Vec<Member>>::new();
    for (place, mut ty) in types {
        rename::rename_in_type(&mut ty.kind, names);
        let name = names.rust_type(&place).unwrap_or(&place).to_owned();
        let is_requested = requested.contains(&place);
        groups.entry(name).or_default().push(Member {
            place,
            ty,
            is_requested,
        });
    }
    let mut shared = BTreeMap::new();
    let mut wrong = Vec::new();
    for (name, members) in groups {
        match one_of(&name, members, &agreement) {
            Ok(ty) => {
                shared.insert(name, ty);
            }
            Err(error) => wrong.push(error),
        }
    }
    Error::unless_empty(wrong)?;
    unions::refresh_base_fields(&mut shared)?;
    Ok(shared)
}

/// Rust names of the enums.
fn enums_of(types: &BTreeMap<String, Type>, names: &Names) -> BTreeSet<String> {
    types
        .iter()
        .filter(|(_, ty)| matches!(ty.kind, TypeKind::Enum(_)))
        .filter_map(|(place, _)| names.rust_type(place))
        .map(str::to_owned)
        .collect()
}

/// A place of a shared type, and what is there.
struct Member {
    place: String,
    ty: Type,
    is_requested: bool,
}

/// The type that does for all of its places.
fn one_of(name: &str, mut members: Vec<Member>, agreement: &Agreement) -> Result<Type, Error> {
    // The schema that the type is named after comes first, then other schemas: what the first
    // says goes first in lists, and is named in the documentation.
    members.sort_by_cached_key(|member| {
        (
            !is_namesake(&member.place, &member.ty, name),
            member.ty.schema.is_none(),
            member.place.clone(),
        )
    });
    let kind = match members.as_slice() {
        [only] => alone(name, &only.ty.kind)?,
        _ => merged(name, &members, agreement)?,
    };
    let places = members.iter().map(|member| member.place.clone()).collect();
    let deprecated = members.iter().all(|member| member.ty.deprecated);
    let lifecycle = common_lifecycle(&members);
    let (schema, place) = origin(name, &members);
    let mut members = members.into_iter();
    let Some(Member { ty: first, .. }) = members.next() else {
        return Err(Error::unsupported(name, "is a type of no place"));
    };
    Ok(Type {
        name: name.to_owned(),
        schema,
        place,
        places,
        deprecated,
        lifecycle,
        kind,
        ..first
    })
}

/// The schema that a type is, or else where in the document it is.
fn origin(name: &str, members: &[Member]) -> (Option<String>, Option<String>) {
    let Some(Member { place, ty, .. }) = members.first() else {
        return (None, None);
    };
    let others = match members.len() - 1 {
        0 => return (ty.schema.clone(), ty.place.clone()),
        _ if is_namesake(place, ty, name) => return (ty.schema.clone(), None),
        1 => "one other".to_owned(),
        many => format!("{many} others"),
    };
    let first = match (&ty.schema, &ty.place) {
        (Some(schema), _) => format!("Okta's `{schema}`"),
        (None, Some(place)) => place.clone(),
        (None, None) => format!("`{place}`"),
    };
    (None, Some(format!("{first} and {others}")))
}

fn is_namesake(place: &str, ty: &Type, name: &str) -> bool {
    ty.schema.is_some() && case::pascal(place) == name
}

fn alone(name: &str, kind: &TypeKind) -> Result<TypeKind, Error> {
    Ok(match kind {
        TypeKind::Union(union) => TypeKind::Union(unions::joined(name, union.clone())?),
        other => other.clone(),
    })
}

fn merged(name: &str, members: &[Member], agreement: &Agreement) -> Result<TypeKind, Error> {
    if let Some(values) = each(members, |kind| match kind {
        TypeKind::Enum(values) => Some(values),
        _ => None,
    }) {
        return Ok(TypeKind::Enum(enums::merge(&values)));
    }
    if let Some(records) = each(members, |kind| match kind {
        TypeKind::Record(record) => Some(record),
        _ => None,
    }) {
        return Ok(TypeKind::Record(records::merge(name, &records, agreement)?));
    }
    if let Some(unions) = each(members, |kind| match kind {
        TypeKind::Union(union) => Some(union),
        _ => None,
    }) {
        return Ok(TypeKind::Union(unions::merge(name, &unions)?));
    }
    let [first, rest @ ..] = members else {
        return Err(Error::unsupported(name, "is a type of no place"));
    };
    let other = rest
        .iter()
        .find(|other| kind_of(&other.ty.kind) != kind_of(&first.ty.kind));
    Err(Error::Contradiction {
        name: name.to_owned(),
        what: "it".to_owned(),
        first: at(&first.place, kind_of(&first.ty.kind)),
        second: other.map_or_else(String::new, |other| {
            at(&other.place, kind_of(&other.ty.kind))
        }),
    })
}

/// What all members are, if they are all of one kind.
fn each<'a, T>(
    members: &'a [Member],
    kind: impl Fn(&'a TypeKind) -> Option<&'a T>,
) -> Option<Vec<(&'a Member, &'a T)>> {
    members
        .iter()
        .map(|member| Some((member, kind(&member.ty.kind)?)))
        .collect()
}

fn kind_of(kind: &TypeKind) -> &'static str {
    match kind {
        TypeKind::Record(_) => "an object",
        TypeKind::Enum(_) => "an enum",
        TypeKind::Union(_) => "an object that comes in kinds",
    }
}

fn at(place: &str, what: &str) -> String {
    format!("{what} at `{place}`")
}

/// The release cycle, where all places are in the same; nothing is said of the type otherwise.
fn common_lifecycle(members: &[Member]) -> Lifecycle {
    let mut cycles = members.iter().map(|member| &member.ty.lifecycle);
    let first = cycles.next().cloned().unwrap_or_default();
    if cycles.all(|other| *other == first) {
        first
    } else {
        Lifecycle::default()
    }
}

#[cfg(test)]
mod tests;
