//! A table of every named type, for making up JSON that fits it.

use std::fmt::Write as _;

use crate::api::{Api, Field, Record, Type, TypeKind, TypeRef, Union};
use crate::emit::source::MARKER;

/// Emits the table, by name.
pub(super) fn emit(api: &Api) -> String {
    let mut text = format!(
        "{MARKER}\n\n//! What every type looks like in JSON.\n\n\
         use crate::models::*;\n\
         use crate::round_trip::{{Form, Kind, Model, Property, through}};\n\n\
         /// Every named type, sorted by name.\npub static MODELS: &[Model] = &[\n"
    );
    for ty in api.types.values() {
        model(&mut text, ty);
    }
    text.push_str("];\n");
    text
}

fn model(out: &mut String, ty: &Type) {
    let name = &ty.name;
    let form = match &ty.kind {
        TypeKind::Record(record) => record_form(record),
        TypeKind::Enum(values) => {
            let values: Vec<_> = values.iter().map(|value| value.value.as_str()).collect();
            format!("Form::Enum(&{values:?})")
        }
        TypeKind::Union(union) => union_form(union),
    };
    let _ = write!(
        out,
        "    Model {{\n        name: {name:?},\n        passage: through::<{name}>,\n        \
         form: {form},\n    }},\n"
    );
}

fn record_form(record: &Record) -> String {
    let mut form = String::from("Form::Record(&[\n");
    for Field {
        name, ty, nullable, ..
    } in &record.fields
    {
        let _ = writeln!(
            form,
            "            Property {{ name: {name:?}, nullable: {nullable}, kind: {} }},",
            kind(ty)
        );
    }
    form.push_str("        ])");
    form
}

fn union_form(union: &Union) -> String {
    let mut form = format!(
        "Form::Union {{ discriminator: {:?}, kinds: &[\n",
        union.discriminator
    );
    for variant in &union.variants {
        for value in &variant.values {
            let _ = writeln!(form, "            ({value:?}, {:?}),", variant.ty);
        }
    }
    let _ = write!(form, "        ], base: {:?} }}", union.base);
    form
}

fn kind(ty: &TypeRef) -> String {
    match ty {
        TypeRef::String | TypeRef::Id | TypeRef::Secret => "Kind::Text".to_owned(),
        TypeRef::Bool => "Kind::Bool".to_owned(),
        TypeRef::Integer => "Kind::Integer".to_owned(),
        TypeRef::Number => "Kind::Number".to_owned(),
        TypeRef::Timestamp => "Kind::Timestamp".to_owned(),
        TypeRef::Json | TypeRef::SecretJson => "Kind::Json".to_owned(),
        TypeRef::Named(name) => format!("Kind::Model({name:?})"),
        TypeRef::List(inner) => format!("Kind::List(&{})", kind(inner)),
        TypeRef::Map(inner) => format!("Kind::Map(&{})", kind(inner)),
        TypeRef::OneOrMany(inner) => format!("Kind::OneOrMany(&{})", kind(inner)),
        TypeRef::Nullable(inner) => format!("Kind::Nullable(&{})", kind(inner)),
    }
}
