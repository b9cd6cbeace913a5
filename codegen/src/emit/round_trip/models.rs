//! Tables of every named type: how to go through it, and what to know for making up JSON that fits
//! it.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use crate::api::{Api, Field, TypeKind, TypeRef};
use crate::emit::source::MARKER;
use crate::emit::wrap::wrapped;

/// Emits how to go through each type, by name.
pub(super) fn passages(api: &Api) -> String {
    let mut text = format!(
        "{MARKER}\n\n//! Through every type.\n\nuse okta_sdk::models::*;\n\n\
         use crate::round_trip::{{Passage, passages}};\n\n\
         /// Every named type, sorted by name.\n\
         pub(crate) static PASSAGES: &[(&str, Passage)] = passages![\n"
    );
    let names: Vec<&str> = api.types.keys().map(String::as_str).collect();
    for line in wrapped(&names.join(", "), 96) {
        let _ = writeln!(text, "    {line}");
    }
    text.push_str("];\n");
    text
}

/// Emits what each type looks like in JSON, one a line.
pub(super) fn forms(api: &Api) -> String {
    let lines: Vec<String> = api
        .types
        .iter()
        .map(|(name, ty)| format!("{}: {}", json!(name), form(&ty.kind)))
        .collect();
    format!("{{\n{}\n}}\n", lines.join(",\n"))
}

fn form(kind: &TypeKind) -> Value {
    match kind {
        TypeKind::Record(record) => {
            let properties: Vec<Value> = record.fields.iter().map(property).collect();
            json!({ "record": properties })
        }
        TypeKind::Enum(values) => {
            let values: Vec<&str> = values.iter().map(|value| value.value.as_str()).collect();
            json!({ "enum": values })
        }
        TypeKind::Union(union) => {
            let kinds = union.variants.iter();
            let kinds: Vec<(&str, &str)> = kinds
                .flat_map(|variant| {
                    let values = variant.values.iter();
                    values.map(|value| (value.as_str(), variant.ty.as_str()))
                })
                .collect();
            json!({ "union": {
                "discriminator": union.discriminator, "kinds": kinds, "base": union.base
            } })
        }
    }
}

fn property(field: &Field) -> Value {
    let mut property = Map::new();
    property.insert("name".into(), field.name.as_str().into());
    if field.nullable {
        property.insert("nullable".into(), true.into());
    }
    property.insert("kind".into(), kind(&field.ty));
    Value::Object(property)
}

fn kind(ty: &TypeRef) -> Value {
    match ty {
        TypeRef::String | TypeRef::Id | TypeRef::Secret => json!("text"),
        TypeRef::Bool => json!("bool"),
        TypeRef::Integer => json!("integer"),
        TypeRef::Number => json!("number"),
        TypeRef::Timestamp => json!("timestamp"),
        TypeRef::Json | TypeRef::SecretJson => json!("json"),
        TypeRef::Named(name) => json!({ "model": name }),
        TypeRef::List(inner) => json!({ "list": kind(inner) }),
        TypeRef::Map(inner) => json!({ "map": kind(inner) }),
        TypeRef::OneOrMany(inner) => json!({ "one_or_many": kind(inner) }),
        TypeRef::Nullable(inner) => json!({ "nullable": kind(inner) }),
    }
}
