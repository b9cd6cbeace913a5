//! Objects that come in kinds.

use std::fmt::Write as _;

use super::records::is_kept_plain;
use super::{deprecation, docs, rust_type};
use crate::api::{Api, Field, Record, Type, TypeKind, TypeRef, Union};

pub(super) fn emit(out: &mut String, api: &Api, ty: &Type, union: &Union) {
    let name = &ty.name;
    let _ = write!(
        out,
        "\n{}{}#[derive(Clone)]\n#[non_exhaustive]\npub enum {name} {{\n",
        docs::of_type(ty),
        deprecation(ty.deprecated),
    );
    for variant in &union.variants {
        let values: Vec<String> = variant
            .values
            .iter()
            .map(|value| docs::code(value))
            .collect();
        let comment = docs::comment("    ", &values.join(", "));
        let _ = writeln!(
            out,
            "{comment}    {}(Box<{}>),",
            variant.variant, variant.ty
        );
    }
    let _ = write!(
        out,
        "    /// Any other kind: what all kinds share, and the rest in `extra`\n    \
         Unrecognized(Box<{}>),\n}}\n\nunion! {{\n    {name} by {:?} {{\n",
        union.base, union.discriminator
    );
    for variant in &union.variants {
        let values: Vec<String> = variant
            .values
            .iter()
            .map(|value| format!("{value:?}"))
            .collect();
        let _ = writeln!(
            out,
            "        {}({}) = {},",
            variant.variant,
            variant.ty,
            values.join(" | ")
        );
    }
    let _ = write!(out, "    }} else {}\n}}\n", union.base);
    accessors(out, api, ty, union);
}

/// What all kinds share can be read without knowing the kind.
fn accessors(out: &mut String, api: &Api, ty: &Type, union: &Union) {
    let mut methods = String::new();
    for field in &union.base_fields {
        if is_in_all_kinds(api, union, field) {
            accessor(&mut methods, union, field);
        }
    }
    if methods.ends_with("\n\n") {
        methods.pop();
    }
    if !methods.is_empty() {
        let _ = write!(out, "\nimpl {} {{\n{methods}}}\n", ty.name);
    }
}

fn accessor(out: &mut String, union: &Union, field: &Field) {
    let (ty, read) = match &field.ty {
        _ if is_kept_plain(field) => ("&Id".to_owned(), None),
        TypeRef::String if !field.boxed => ("Option<&str>".to_owned(), Some("as_deref")),
        _ if field.boxed => {
            let ty = rust_type(&field.ty);
            (format!("Option<&{ty}>"), Some("as_deref"))
        }
        other => (format!("Option<&{}>", rust_type(other)), Some("as_ref")),
    };
    let deprecated = match deprecation(field.facts.deprecated) {
        "" => String::new(),
        attribute => format!("    {attribute}"),
    };
    let _ = write!(
        out,
        "    /// {}, whatever the kind.\n{deprecated}    #[inline]\n    pub fn {}(&self) -> {ty} {{\n        \
         match self {{\n",
        docs::code(&field.name),
        field.ident
    );
    let variants = union
        .variants
        .iter()
        .map(|variant| variant.variant.as_str());
    for variant in variants.chain(["Unrecognized"]) {
        let read = match read {
            Some(read) => format!("kind.{}.{read}()", field.ident),
            None => format!("&kind.{}", field.ident),
        };
        let _ = writeln!(out, "            Self::{variant}(kind) => {read},");
    }
    out.push_str("        }\n    }\n\n");
}

/// A kind may say something else of a property: then there is no accessor.
fn is_in_all_kinds(api: &Api, union: &Union, field: &Field) -> bool {
    let like = |record: &Record| {
        record.fields.iter().any(|other| {
            other.ident == field.ident
                && other.ty == field.ty
                && other.nullable == field.nullable
                && other.boxed == field.boxed
        })
    };
    union.variants.iter().all(
        |variant| match api.types.get(&variant.ty).map(|ty| &ty.kind) {
            Some(TypeKind::Record(record)) => like(record),
            _ => false,
        },
    )
}
