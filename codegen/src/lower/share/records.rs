//! Objects as one: every member that any place has.

use std::collections::BTreeMap;

use super::agree::Agreement;
use super::{Member, at};
use crate::Error;
use crate::api::{Facts, Field, Record, TypeRef};

/// A member of an object, with the place that has it.
type Seen<'a> = Vec<(&'a Member, &'a Field)>;

/// An object with the members of all places.
pub(super) fn merge(
    name: &str,
    places: &[(&Member, &Record)],
    agreement: &Agreement,
) -> Result<Record, Error> {
    let mut seen = BTreeMap::<&str, Seen<'_>>::new();
    for &(member, record) in places {
        for field in &record.fields {
            seen.entry(&field.name).or_default().push((member, field));
        }
    }
    let mut fields = Vec::new();
    for (json_name, seen) in seen {
        fields.push(Field {
            name: json_name.to_owned(),
            ident: String::new(),
            ty: common_type(name, json_name, &seen, agreement)?,
            boxed: false,
            nullable: any(&seen, |field| field.nullable),
            required: is_required(places, json_name),
            read_only: all(&seen, |field| field.read_only),
            server_owned: false,
            requested: false,
            write_only: all(&seen, |field| field.write_only),
            facts: common_facts(&seen),
        });
    }
    Ok(Record {
        fields,
        fixed: Vec::new(),
        defaults: Vec::new(),
        arguments: Vec::new(),
        custom_properties: places.iter().any(|(_, record)| record.custom_properties),
    })
}

/// Whether `new` asks for a member: only if every place that a request may hold does. What one
/// request needs and another does not have is left to a setter, since the type has to be made for
/// both. Places that only answers hold do not count, unless there are no others: a server that
/// always writes a member does not ask for it.
fn is_required(places: &[(&Member, &Record)], name: &str) -> bool {
    let any_requested = places.iter().any(|(member, _)| member.is_requested);
    places
        .iter()
        .filter(|(member, _)| member.is_requested || !any_requested)
        .all(|(_, record)| {
            let mut fields = record.fields.iter();
            fields.any(|field| field.name == name && field.required)
        })
}

fn common_type(
    name: &str,
    json_name: &str,
    seen: &Seen<'_>,
    agreement: &Agreement,
) -> Result<TypeRef, Error> {
    let mut known: Option<(&Member, TypeRef)> = None;
    for &(member, field) in seen {
        known = Some(match known {
            None => (member, field.ty.clone()),
            Some((first, ty)) => match agreement.of(&ty, &field.ty) {
                Some(both) => (first, both),
                None => {
                    return Err(Error::Contradiction {
                        name: name.to_owned(),
                        what: format!("`{json_name}`"),
                        first: at(&first.place, &shown(&ty)),
                        second: at(&member.place, &shown(&field.ty)),
                    });
                }
            },
        });
    }
    let mut ty = known.map_or(TypeRef::Json, |(_, ty)| ty);
    // What one place never shows is not shown because another does.
    let hidden_somewhere = any(seen, |field| field.write_only);
    if hidden_somewhere && ty == TypeRef::String {
        ty = TypeRef::Secret;
    }
    Ok(ty)
}

/// What every place says of a member.
fn common_facts(seen: &Seen<'_>) -> Facts {
    let mut lines = match seen.first() {
        Some((_, first)) => first.facts.lines.clone(),
        None => Vec::new(),
    };
    lines.retain(|line| all(seen, |field| field.facts.lines.contains(line)));
    Facts {
        lines,
        deprecated: all(seen, |field| field.facts.deprecated),
        words: None,
        prose: None,
    }
}

fn any(seen: &Seen<'_>, holds: impl Fn(&Field) -> bool) -> bool {
    seen.iter().any(|(_, field)| holds(field))
}

fn all(seen: &Seen<'_>, holds: impl Fn(&Field) -> bool) -> bool {
    seen.iter().all(|(_, field)| holds(field))
}

/// A type as errors show it.
fn shown(ty: &TypeRef) -> String {
    match ty {
        TypeRef::Named(name) => format!("`{name}`"),
        TypeRef::List(item) => format!("a list of {}", shown(item)),
        TypeRef::Map(value) => format!("a map of {}", shown(value)),
        TypeRef::OneOrMany(item) => format!("one or many {}", shown(item)),
        TypeRef::Nullable(value) => format!("{} or null", shown(value)),
        TypeRef::String => "text".to_owned(),
        TypeRef::Id => "an id".to_owned(),
        TypeRef::Secret => "secret text".to_owned(),
        TypeRef::Bool => "a boolean".to_owned(),
        TypeRef::Integer => "an integer".to_owned(),
        TypeRef::Number => "a number".to_owned(),
        TypeRef::Timestamp => "a timestamp".to_owned(),
        TypeRef::Json | TypeRef::SecretJson => "any JSON".to_owned(),
    }
}
