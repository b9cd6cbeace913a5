//! Values made up from types.

use serde_json::{Map, Value, json};

use crate::api::{Api, Field, Record, TypeKind, TypeRef, Union};

/// What a value is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// An answer: all that Okta may send.
    Answer,
    /// What a caller holds: all properties there are.
    Given,
    /// What must be sent of [`Purpose::Given`].
    Sent,
    /// The least that Okta takes.
    Minimal,
}

/// Objects inside objects inside an object have plain values only.
const DEEP: usize = 2;
/// No object that can be sent needs more levels than this.
const BOTTOM: usize = 8;

/// A value of a type.
pub(super) fn value(api: &Api, ty: &TypeRef, purpose: Purpose) -> Value {
    at_depth(api, "text", ty, purpose, 0)
}

/// A value of a property. Text is the property's own name, so that no two get mixed up unseen.
fn at_depth(api: &Api, name: &str, ty: &TypeRef, purpose: Purpose, depth: usize) -> Value {
    match ty {
        TypeRef::String | TypeRef::Id | TypeRef::Secret => json!(name),
        TypeRef::Bool => json!(true),
        TypeRef::Integer => json!(7),
        TypeRef::Number => json!(1.5),
        TypeRef::Timestamp => json!("2026-01-31T09:30:00.000Z"),
        TypeRef::Json | TypeRef::SecretJson => json!({ "any": ["json", 1, null] }),
        TypeRef::List(item) => json!([at_depth(api, name, item, purpose, depth)]),
        TypeRef::Map(item) => json!({ "a key": at_depth(api, name, item, purpose, depth) }),
        TypeRef::OneOrMany(item) | TypeRef::Nullable(item) => {
            at_depth(api, name, item, purpose, depth)
        }
        TypeRef::Named(name) => match api.types.get(name).map(|ty| &ty.kind) {
            None => Value::Null,
            Some(TypeKind::Enum(values)) => {
                json!(
                    values
                        .first()
                        .map_or("UNKNOWN", |value| value.value.as_str())
                )
            }
            Some(TypeKind::Record(record)) => {
                Value::Object(self::record(api, record, purpose, depth))
            }
            Some(TypeKind::Union(union)) => Value::Object(self::union(api, union, purpose, depth)),
        },
    }
}

fn record(api: &Api, record: &Record, purpose: Purpose, depth: usize) -> Map<String, Value> {
    let mut object = Map::new();
    for field in record
        .fields
        .iter()
        .filter(|field| holds(api, field, purpose, depth))
    {
        let fixed = record.fixed.iter().find(|(fixed, _)| *fixed == field.name);
        let value = match fixed {
            Some((_, value)) => json!(value),
            None => at_depth(api, &field.name, &field.ty, purpose, depth + 1),
        };
        object.insert(field.name.clone(), value);
    }
    object
}

fn holds(api: &Api, field: &Field, purpose: Purpose, depth: usize) -> bool {
    let wanted = match purpose {
        Purpose::Answer => !field.write_only,
        Purpose::Given => true,
        Purpose::Sent => !field.server_owned,
        Purpose::Minimal => field.required && !field.read_only && depth < BOTTOM,
    };
    wanted && (purpose == Purpose::Minimal || depth < DEEP || is_plain(api, &field.ty))
}

fn is_plain(api: &Api, ty: &TypeRef) -> bool {
    match ty {
        TypeRef::Named(name) => api
            .types
            .get(name)
            .is_some_and(|ty| matches!(ty.kind, TypeKind::Enum(_))),
        TypeRef::List(item)
        | TypeRef::Map(item)
        | TypeRef::OneOrMany(item)
        | TypeRef::Nullable(item) => is_plain(api, item),
        _ => true,
    }
}

/// The first kind, or what all kinds share if there is none.
fn union(api: &Api, union: &Union, purpose: Purpose, depth: usize) -> Map<String, Value> {
    let kind = union.variants.first();
    let name = kind.map_or(&union.base, |kind| &kind.ty);
    let mut object = match api.types.get(name).map(|ty| &ty.kind) {
        Some(TypeKind::Record(record)) => self::record(api, record, purpose, depth),
        _ => Map::new(),
    };
    if let Some(value) = kind.and_then(|kind| kind.values.first()) {
        object.insert(union.discriminator.clone(), json!(value));
    }
    object
}
