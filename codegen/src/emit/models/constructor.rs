//! How a record is made: all that Okta needs is an argument, and no two arguments can be swapped
//! unseen. Where they could, they are the fields of a struct.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::records::{argument_type, stored, wrapped};
use super::{docs, rust_type};
use crate::Error;
use crate::api::{Api, Field, Record, Type, TypeKind, TypeRef};

/// What the constructor of a record takes.
pub(super) struct Constructor<'a> {
    required: Vec<&'a Field>,
    filled_in: Vec<Filled<'a>>,
    by_name: bool,
}

/// A field that is set without being asked for.
struct Filled<'a> {
    field: &'a Field,
    /// On the wire.
    value: &'a str,
    /// Whether nothing else can be set.
    for_good: bool,
}

impl<'a> Constructor<'a> {
    pub(super) fn of(api: &'a Api, record: &'a Record) -> Self {
        let mut filled_in = Vec::new();
        for field in &record.fields {
            let of_field = |(name, _): &&(String, String)| *name == field.name;
            let discriminator = record.fixed.iter().find(of_field);
            if let Some((_, value)) =
                discriminator.or_else(|| record.defaults.iter().find(of_field))
            {
                filled_in.push(Filled {
                    field,
                    value,
                    for_good: discriminator.is_some()
                        || api.values_of(&field.ty).is_some_and(|it| it.len() == 1),
                });
            }
        }
        let required: Vec<_> = (record.arguments.iter())
            .filter_map(|name| record.fields.iter().find(|field| field.name == *name))
            .collect();
        let by_name = could_be_swapped(api, &required);
        Self {
            required,
            filled_in,
            by_name,
        }
    }

    /// Whether callers never give that field.
    pub(super) fn fixes(&self, field: &Field) -> bool {
        self.filled_in
            .iter()
            .any(|filled| filled.for_good && filled.field.ident == field.ident)
    }

    /// `pub fn new(…) -> Self`
    pub(super) fn method(&self, out: &mut String, ty: &Type) {
        let name = &ty.name;
        let what = match (self.required.is_empty(), self.by_name) {
            (true, _) => "; nothing is required".to_owned(),
            (false, true) => " of what is required".to_owned(),
            (false, false) => " with what is required".to_owned(),
        };
        let arguments = if self.by_name {
            format!("parts: {name}Parts")
        } else {
            let arguments = self.required.iter();
            let arguments =
                arguments.map(|field| format!("{}: {}", field.ident, argument_type(&field.ty)));
            arguments.collect::<Vec<_>>().join(", ")
        };
        let _ = write!(
            out,
            "    /// New `{name}`{what}.\n    #[inline]\n    pub fn new({arguments}) -> Self {{\n        Self {{\n"
        );
        for field in &self.required {
            let value = if self.by_name {
                kept(field, &format!("parts.{}", field.ident))
            } else {
                stored(field)
            };
            let _ = writeln!(out, "            {}: {value},", field.ident);
        }
        for filled in &self.filled_in {
            let value = kept(filled.field, &format!("{:?}.into()", filled.value));
            let _ = writeln!(out, "            {}: {value},", filled.field.ident);
        }
        out.push_str("            ..Self::default()\n        }\n    }\n\n");
    }

    /// The struct of required parts, where the constructor takes one.
    pub(super) fn parts(&self, out: &mut String, api: &Api, ty: &Type) -> Result<(), Error> {
        if !self.by_name {
            return Ok(());
        }
        let name = format!("{}Parts", ty.name);
        if api.types.contains_key(&name) {
            let detail = "is a type, and what the required parts of another would be called: give \
                          it another name in names.yaml";
            return Err(Error::unsupported(&name, detail));
        }
        let _ = write!(
            out,
            "\n/// Required values of a new [`{}`].\n#[derive(Clone, Debug)]\n\
             pub struct {name} {{\n",
            ty.name
        );
        for field in &self.required {
            let _ = writeln!(
                out,
                "{}    pub {}: {},",
                docs::of_part(field),
                field.ident,
                rust_type(&field.ty)
            );
        }
        out.push_str("}\n");
        Ok(())
    }
}

/// Whether two arguments take the same value, or one says nothing where it stands.
fn could_be_swapped(api: &Api, required: &[&Field]) -> bool {
    let mut kinds = BTreeSet::new();
    let mut takes_anything = false;
    for field in required {
        let kind = kind_of(api, &field.ty);
        takes_anything |= kind == ANYTHING;
        if kind == BOOLEAN || !kinds.insert(kind) {
            return true;
        }
    }
    takes_anything && required.len() > 1
}

const BOOLEAN: &str = "a boolean";
const ANYTHING: &str = "anything";

/// Types that take the same values have the same kind.
fn kind_of(api: &Api, ty: &TypeRef) -> String {
    match ty {
        TypeRef::String | TypeRef::Id | TypeRef::Secret | TypeRef::Timestamp => "text".to_owned(),
        TypeRef::Bool => BOOLEAN.to_owned(),
        TypeRef::Integer | TypeRef::Number => "a number".to_owned(),
        TypeRef::Json | TypeRef::SecretJson => ANYTHING.to_owned(),
        TypeRef::List(item) => format!("a list of {}", kind_of(api, item)),
        TypeRef::Map(item) => format!("a map of {}", kind_of(api, item)),
        TypeRef::OneOrMany(item) | TypeRef::Nullable(item) => kind_of(api, item),
        TypeRef::Named(name) => match api.types.get(name).map(|ty| &ty.kind) {
            Some(TypeKind::Enum(_)) => "text".to_owned(),
            _ => name.clone(),
        },
    }
}

/// From a value of the field's type to what the field keeps.
fn kept(field: &Field, value: &str) -> String {
    let value = match &field.ty {
        TypeRef::Id => format!("Id::given({value})"),
        TypeRef::List(item) if **item == TypeRef::Id => {
            format!("{value}.into_iter().map(Id::given).collect()")
        }
        _ => value.to_owned(),
    };
    wrapped(field, value)
}
