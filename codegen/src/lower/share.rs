//! One type for one thing: places of the document that have the same name are one type.
//!
//! The document spells many things out anew wherever they occur: the same link, the same key, a
//! user with an `_embedded` and one without. Which of them are one type is a decision, kept under
//! `types` in `openapi/names.yaml`. What is shared has to take whatever any of its places takes.

mod agree;
mod enums;
mod records;
mod unions;

use std::collections::{BTreeMap, BTreeSet};

use crate::Error;
use crate::api::{Body, Lifecycle, Operation, Success, Type, TypeKind, TypeRef};
use crate::case;
use crate::names::Names;

/// What the shared types are made of.
pub(super) struct Places<'a> {
    /// Types by place; what they refer to are places.
    pub types: BTreeMap<String, Type>,
    /// Places that a request may hold.
    pub requested: BTreeSet<String>,
    /// What they are called.
    pub names: &'a Names,
}

/// Checks that the list of names has every place, and no other.
pub(super) fn check(types: &BTreeMap<String, Type>, names: &Names) -> Result<(), Error> {
    let missing: Vec<_> = types
        .keys()
        .filter(|place| !names.types.contains_key(*place))
        .cloned()
        .collect();
    if !missing.is_empty() {
        return Err(Error::Untyped { places: missing });
    }
    let stale: Vec<_> = names
        .types
        .keys()
        .filter(|place| !types.contains_key(*place))
        .cloned()
        .collect();
    if !stale.is_empty() {
        return Err(Error::StalePlaces { places: stale });
    }
    Ok(())
}

/// Every type by its Rust name.
pub(super) fn share(places: Places<'_>) -> Result<BTreeMap<String, Type>, Error> {
    let Places {
        types,
        requested,
        names,
    } = places;
    let mut groups = BTreeMap::<String, Vec<Member>>::new();
    for (place, mut ty) in types {
        rename_in_type(&mut ty.kind, names);
        let name = names.rust_type(&place).unwrap_or(&place).to_owned();
        let is_requested = requested.contains(&place);
        groups.entry(name).or_default().push(Member {
            place,
            ty,
            is_requested,
        });
    }
    let mut shared = BTreeMap::new();
    for (name, members) in groups {
        let ty = one_of(&name, members)?;
        shared.insert(name, ty);
    }
    unions::refresh_base_fields(&mut shared)?;
    Ok(shared)
}

/// A place of a shared type, and what is there.
struct Member {
    place: String,
    ty: Type,
    is_requested: bool,
}

/// The type that does for all of its places.
fn one_of(name: &str, mut members: Vec<Member>) -> Result<Type, Error> {
    // The schema that the type is named after comes first, then other schemas: what the first
    // says goes first in lists, and is named in the documentation.
    members.sort_by_cached_key(|member| {
        let is_schema = member.ty.schema.is_some();
        let is_namesake = is_schema && case::pascal(&member.place) == name;
        (!is_namesake, !is_schema, member.place.clone())
    });
    let kind = match members.as_slice() {
        [only] => alone(name, &only.ty.kind)?,
        _ => merged(name, &members)?,
    };
    let places = members.iter().map(|member| member.place.clone()).collect();
    let deprecated = members.iter().all(|member| member.ty.deprecated);
    let lifecycle = common_lifecycle(&members);
    let mut members = members.into_iter();
    let Some(Member { ty: first, .. }) = members.next() else {
        return Err(Error::unsupported(name, "is a type of no place"));
    };
    Ok(Type {
        name: name.to_owned(),
        places,
        deprecated,
        lifecycle,
        kind,
        ..first
    })
}

fn alone(name: &str, kind: &TypeKind) -> Result<TypeKind, Error> {
    Ok(match kind {
        TypeKind::Union(union) => TypeKind::Union(unions::joined(name, union.clone())?),
        other => other.clone(),
    })
}

fn merged(name: &str, members: &[Member]) -> Result<TypeKind, Error> {
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
        return Ok(TypeKind::Record(records::merge(name, &records)?));
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

/// Puts Rust names where operations refer to places.
pub(super) fn rename_in_operations(operations: &mut [Operation], names: &Names) {
    for operation in operations {
        let parameters = operation
            .path_params
            .iter_mut()
            .chain(&mut operation.query_params)
            .chain(&mut operation.header_params);
        parameters.for_each(|parameter| rename(&mut parameter.ty, names));
        if let Some(Body::Json { ty, .. }) = &mut operation.body {
            rename(ty, names);
        }
        match &mut operation.success {
            Success::Json(ty) => rename(ty, names),
            Success::WrappedList { ty, item, .. } => {
                rename(ty, names);
                rename(item, names);
            }
            Success::Empty | Success::Text(_) | Success::Bytes(_) => {}
        }
    }
}

fn rename_in_type(kind: &mut TypeKind, names: &Names) {
    match kind {
        TypeKind::Enum(_) => {}
        TypeKind::Record(record) => {
            let fields = record.fields.iter_mut();
            fields.for_each(|field| rename(&mut field.ty, names));
        }
        TypeKind::Union(union) => {
            rename_place(&mut union.base, names);
            for variant in &mut union.variants {
                rename_place(&mut variant.ty, names);
            }
        }
    }
}

fn rename(ty: &mut TypeRef, names: &Names) {
    match ty {
        TypeRef::Named(place) => rename_place(place, names),
        TypeRef::List(inner)
        | TypeRef::Map(inner)
        | TypeRef::OneOrMany(inner)
        | TypeRef::Nullable(inner) => rename(inner, names),
        _ => {}
    }
}

fn rename_place(place: &mut String, names: &Names) {
    if let Some(name) = names.rust_type(place) {
        *place = name.to_owned();
    }
}
