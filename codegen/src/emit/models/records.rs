//! Objects: a struct, its table for the codec, a constructor and setters.

use std::fmt::Write as _;

use super::constructor::Constructor;
use super::{deprecation, docs, rust_type};
use crate::Error;
use crate::api::{Api, Field, Record, Type, TypeRef};

pub(super) fn emit(out: &mut String, api: &Api, ty: &Type, record: &Record) -> Result<(), Error> {
    let constructor = Constructor::of(api, record);
    definition(out, ty, record);
    table(out, ty, record);
    if methods(out, ty, record, &constructor) {
        constructor.parts(out, api, ty)?;
    }
    Ok(())
}

fn definition(out: &mut String, ty: &Type, record: &Record) {
    let _ = write!(
        out,
        "\n{}{}#[derive(Clone, Default)]\n#[non_exhaustive]\npub struct {} {{\n",
        docs::of_type(ty),
        deprecation(ty.deprecated),
        ty.name
    );
    for field in &record.fields {
        let _ = writeln!(
            out,
            "{}{}    pub {}: {},",
            docs::of_field(field),
            indented(deprecation(field.facts.deprecated)),
            field.ident,
            place_type(field)
        );
    }
    let extra = if record.custom_properties {
        "Custom properties, and others that this release does not know."
    } else {
        "Properties that this release does not know."
    };
    let _ = write!(out, "    /// {extra}\n    pub extra: Extra,\n}}\n");
}

fn table(out: &mut String, ty: &Type, record: &Record) {
    let _ = write!(out, "\nrecord! {{\n    {} {{\n", ty.name);
    for field in &record.fields {
        let access = if field.server_owned {
            "server_owned"
        } else {
            "sent"
        };
        let _ = writeln!(out, "        {}: {:?} {access},", field.ident, field.name);
    }
    out.push_str("    }\n}\n");
}

/// Gives whether the record can be made.
fn methods(out: &mut String, ty: &Type, record: &Record, constructor: &Constructor<'_>) -> bool {
    let settable: Vec<&Field> = record
        .fields
        .iter()
        .filter(|field| field.is_settable() && !constructor.fixes(field))
        .collect();
    let can_be_made = !settable.is_empty() || !record.fixed.is_empty() || record.custom_properties;
    let id = record.fields.iter().find(|field| is_id(field));
    if !can_be_made && id.is_none() {
        return false;
    }
    let _ = write!(out, "\nimpl {} {{\n", ty.name);
    if can_be_made {
        constructor.method(out, ty);
    }
    if id.is_some() {
        out.push_str(ID);
    }
    for field in &settable {
        setter(out, field);
    }
    if record.custom_properties {
        out.push_str(CUSTOM);
    }
    // The last method leaves an empty line behind.
    if out.ends_with("\n\n") {
        out.pop();
    }
    out.push_str("}\n");
    can_be_made
}

/// Whether it is the id of the object itself, and not null that clears it.
pub(super) fn is_id(field: &Field) -> bool {
    field.ident == "id" && is_kept_plain(field)
}

/// Whether the field keeps its type as it is: an id knows by itself whether it is there.
pub(super) fn is_kept_plain(field: &Field) -> bool {
    field.ty == TypeRef::Id && !field.nullable && !field.boxed
}

const ID: &str = "    /// `id`, as a method: the same for all variants of a union.
    #[inline]
    pub fn id(&self) -> &Id {
        &self.id
    }

";

fn setter(out: &mut String, field: &Field) {
    let Field { ident, name, .. } = field;
    let method = if is_id(field) { "with_id" } else { ident };
    let code = docs::code(name);
    let deprecated = indented(deprecation(field.facts.deprecated));
    let _ = write!(
        out,
        "    /// Sets {code}.\n{deprecated}    #[inline]\n    #[must_use]\n    \
         pub fn {method}(mut self, {ident}: {}) -> Self {{\n        \
         self.{ident} = {};\n        self\n    }}\n\n",
        argument_type(&field.ty),
        stored(field)
    );
    if field.nullable {
        let clear = format!("clear_{}", ident.trim_start_matches('_'));
        let _ = write!(
            out,
            "    /// Sets {code} to null, which clears it.\n{deprecated}    #[inline]\n    \
             #[must_use]\n    pub fn {clear}(mut self) -> Self {{\n        \
             self.{ident} = Nullable::Null;\n        self\n    }}\n\n",
        );
    }
}

const CUSTOM: &str = "    /// Sets a custom property; a null clears it.
    #[must_use]
    pub fn custom(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.extra.insert(name, value);
        self
    }

    /// A custom property as a type of yours; `None` if it is absent.
    ///
    /// # Errors
    /// If the value is not of that type.
    pub fn get_custom<T: serde::de::DeserializeOwned>(
        &self,
        name: &str,
    ) -> Result<Option<T>, serde_json::Error> {
        self.extra.get_as(name)
    }

";

fn indented(attribute: &str) -> String {
    if attribute.is_empty() {
        String::new()
    } else {
        format!("    {attribute}")
    }
}

/// Type of the struct's field.
fn place_type(field: &Field) -> String {
    let mut ty = rust_type(&field.ty);
    if field.boxed {
        ty = format!("Box<{ty}>");
    }
    if field.nullable {
        format!("Nullable<{ty}>")
    } else if is_kept_plain(field) {
        ty
    } else {
        format!("Option<{ty}>")
    }
}

/// Type of an argument that sets the field.
pub(super) fn argument_type(ty: &TypeRef) -> String {
    match ty {
        TypeRef::Bool | TypeRef::Integer => rust_type(ty),
        TypeRef::List(inner) => format!("impl IntoIterator<Item = {}>", argument_type(inner)),
        TypeRef::Map(inner) => {
            format!(
                "impl IntoIterator<Item = (impl Into<String>, {})>",
                argument_type(inner)
            )
        }
        TypeRef::OneOrMany(_)
        | TypeRef::Nullable(_)
        | TypeRef::String
        | TypeRef::Id
        | TypeRef::Secret
        | TypeRef::Number
        | TypeRef::Timestamp
        | TypeRef::Json
        | TypeRef::SecretJson
        | TypeRef::Named(_) => format!("impl Into<{}>", rust_type(ty)),
    }
}

/// Expression that makes the field's value of the argument.
pub(super) fn stored(field: &Field) -> String {
    wrapped(field, converted(&field.ty, &field.ident))
}

/// From a value of the field's type to what the struct's field holds.
pub(super) fn wrapped(field: &Field, mut value: String) -> String {
    if field.boxed {
        value = format!("Box::new({value})");
    }
    if field.nullable {
        format!("Nullable::Value({value})")
    } else if is_kept_plain(field) {
        value
    } else {
        format!("Some({value})")
    }
}

fn converted(ty: &TypeRef, value: &str) -> String {
    match ty {
        TypeRef::Bool | TypeRef::Integer => value.to_owned(),
        TypeRef::List(inner) => match converted(inner, "item") {
            same if same == "item" => format!("{value}.into_iter().collect()"),
            item => format!("{value}.into_iter().map(|item| {item}).collect()"),
        },
        TypeRef::Map(inner) => format!(
            "{value}.into_iter().map(|(key, item)| (key.into(), {})).collect()",
            converted(inner, "item")
        ),
        TypeRef::Id => format!("Id::given({value}.into())"),
        _ => format!("{value}.into()"),
    }
}
