//! Schemas to types.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::merge::{self, Flat, Property};
use super::{facts, place, unions};
use crate::Error;
use crate::api::{EnumValue, Field, Record, Type, TypeKind, TypeRef};
use crate::document::{AdditionalProperties, Document, Schema};
use crate::names::Names;

/// Types met so far.
pub(super) struct Types<'a> {
    pub(super) document: &'a Document,
    names: &'a Names,
    types: BTreeMap<String, Type>,
    /// What a component became.
    components: BTreeMap<String, TypeRef>,
    /// Schemas of inline types, by place.
    inline: BTreeMap<String, Schema>,
    tags: Tags,
}

/// Values that unions give to the discriminator of a record: record, property, values.
pub(super) type Tags = BTreeMap<(String, String), BTreeSet<String>>;

/// A schema without its wrappers of one, and what the wrappers said.
pub(super) struct Peeled<'a> {
    pub(super) schema: &'a Schema,
    pub(super) read_only: bool,
    pub(super) write_only: bool,
    pub(super) nullable: bool,
}

impl<'a> Types<'a> {
    pub(super) fn new(document: &'a Document, names: &'a Names) -> Self {
        Self {
            document,
            names,
            types: BTreeMap::new(),
            components: BTreeMap::new(),
            inline: BTreeMap::new(),
            tags: BTreeMap::new(),
        }
    }

    /// The components met so far.
    pub(super) fn met(&self) -> BTreeSet<String> {
        self.components.keys().cloned().collect()
    }

    /// All types by place, once nothing more will be met, and what unions tell them by.
    pub(super) fn finish(self) -> (BTreeMap<String, Type>, Tags) {
        (self.types, self.tags)
    }

    /// What a component became, whether by name or by what it stands for.
    pub(super) fn component(&mut self, schema_name: &str) -> Result<TypeRef, Error> {
        if let Some(known) = self.components.get(schema_name) {
            return Ok(known.clone());
        }
        let document = self.document;
        let schema = document.schema(schema_name)?;
        if !self.deserves_name(schema)? {
            let ty = self.value(schema, schema_name)?;
            self.components.insert(schema_name.to_owned(), ty.clone());
            return Ok(ty);
        }
        let ty = TypeRef::Named(schema_name.to_owned());
        self.components.insert(schema_name.to_owned(), ty.clone());
        self.define(schema_name, Some(schema_name), schema)?;
        Ok(ty)
    }

    /// Whether a component is a type of its own rather than another word for one.
    fn deserves_name(&self, schema: &Schema) -> Result<bool, Error> {
        let peeled = self.peel(schema)?.schema;
        match peeled.target() {
            // An object that adds nothing to another may be a kind of a union all the same.
            Some(target) => {
                let target = self.document.schema(target)?;
                Ok(is_union(target) || target.is_record())
            }
            None => Ok(is_enum(peeled)
                || is_union(peeled)
                || peeled.is_record()
                || self.is_choice_of_records(peeled)?),
        }
    }

    /// Type of the value at a place.
    pub(super) fn value(&mut self, schema: &Schema, place: &str) -> Result<TypeRef, Error> {
        let peeled = self.peel(schema)?.schema.clone();
        if let Some(target) = peeled.target() {
            return self.component(target);
        }
        if is_enum(&peeled)
            || is_union(&peeled)
            || peeled.is_record()
            || self.is_choice_of_records(&peeled)?
        {
            return self.hoist(&peeled, place);
        }
        if !peeled.one_of.is_empty() || !peeled.any_of.is_empty() {
            return self.choice(&peeled, place);
        }
        Ok(match (peeled.kind.as_deref(), &peeled.items) {
            (Some("string"), _) => match peeled.format.as_deref() {
                Some("date-time") => TypeRef::Timestamp,
                Some("password") => TypeRef::Secret,
                _ => TypeRef::String,
            },
            (Some("boolean"), _) => TypeRef::Bool,
            (Some("integer"), _) => TypeRef::Integer,
            (Some("number"), _) => TypeRef::Number,
            (Some("array") | None, Some(items)) => {
                TypeRef::List(Box::new(self.value(items, &place::item(place))?))
            }
            (Some("array"), None) => TypeRef::List(Box::new(TypeRef::Json)),
            (Some("object") | None, None) => match &peeled.additional_properties {
                Some(AdditionalProperties::Schema(values)) => {
                    let value = Box::new(self.value(values, &place::map_value(place))?);
                    let nullable = self.peel(values)?.nullable;
                    TypeRef::Map(if nullable {
                        Box::new(TypeRef::Nullable(value))
                    } else {
                        value
                    })
                }
                Some(AdditionalProperties::Allowed(true)) => TypeRef::Map(Box::new(TypeRef::Json)),
                Some(AdditionalProperties::Allowed(false)) | None => TypeRef::Json,
            },
            (Some(kind), _) => {
                return Err(Error::unsupported(
                    place,
                    format!("type `{kind}` is not of OpenAPI"),
                ));
            }
        })
    }

    /// One of several types that are not all objects.
    fn choice(&mut self, schema: &Schema, place: &str) -> Result<TypeRef, Error> {
        let alternatives: Vec<&Schema> = schema.one_of.iter().chain(&schema.any_of).collect();
        if let [first, second] = alternatives[..] {
            for (one, many) in [(first, second), (second, first)] {
                if many.items.as_deref() == Some(one)
                    || (many.kind.as_deref() == Some("array")
                        && many
                            .items
                            .as_ref()
                            .is_some_and(|items| items.kind == one.kind)
                        && one.kind.as_deref() == Some("string"))
                {
                    return Ok(TypeRef::OneOrMany(Box::new(self.value(one, place)?)));
                }
            }
        }
        let types = alternatives
            .into_iter()
            .map(|alternative| self.value(alternative, place))
            .collect::<Result<BTreeSet<_>, _>>()?;
        let all_text = types
            .iter()
            .all(|ty| matches!(ty, TypeRef::String | TypeRef::Timestamp));
        Ok(if all_text {
            TypeRef::String
        } else {
            TypeRef::Json
        })
    }

    /// Makes an inline schema a type of its own.
    fn hoist(&mut self, schema: &Schema, place: &str) -> Result<TypeRef, Error> {
        let mut count = 1;
        let place = loop {
            let place = place::nth(place, count);
            match self.inline.get(&place) {
                Some(known) if known == schema => return Ok(TypeRef::Named(place)),
                Some(_) => count += 1,
                None => break place,
            }
        };
        self.inline.insert(place.clone(), schema.clone());
        self.define(&place, None, schema)?;
        Ok(TypeRef::Named(place))
    }

    fn define(
        &mut self,
        name: &str,
        component: Option<&str>,
        schema: &Schema,
    ) -> Result<(), Error> {
        let peeled = self.peel(schema)?.schema.clone();
        let kind = if is_enum(&peeled) {
            TypeKind::Enum(enum_values(name, &peeled)?)
        } else if is_union(&peeled) {
            TypeKind::Union(unions::lower(self, name, component, &peeled)?)
        } else {
            let owner = component.unwrap_or(name);
            TypeKind::Record(self.record(&merge::flatten(self.document, schema, owner)?)?)
        };
        self.insert(name, component, schema, kind)
    }

    pub(super) fn insert(
        &mut self,
        name: &str,
        component: Option<&str>,
        schema: &Schema,
        kind: TypeKind,
    ) -> Result<(), Error> {
        let ty = Type {
            name: name.to_owned(),
            schema: component.map(str::to_owned),
            place: None,
            places: BTreeSet::from([name.to_owned()]),
            features: BTreeSet::new(),
            deprecated: schema.deprecated,
            lifecycle: facts::of_lifecycle(schema.lifecycle.as_ref()),
            prose: None,
            kind,
        };
        if self.types.insert(name.to_owned(), ty).is_some() {
            return Err(Error::unsupported(
                name,
                "the document has two types at this place",
            ));
        }
        Ok(())
    }

    /// What a place is called; the place itself if it has no name.
    pub(super) fn rust_name<'n>(&'n self, place: &'n str) -> &'n str {
        self.names.rust_type(place).unwrap_or(place)
    }

    /// Types so far.
    pub(super) fn types(&self) -> &BTreeMap<String, Type> {
        &self.types
    }

    /// Says that a union tells this record by a value of that property.
    pub(super) fn tag(&mut self, record: &str, property: &str, values: &[String]) {
        self.tags
            .entry((record.to_owned(), property.to_owned()))
            .or_default()
            .extend(values.iter().cloned());
    }

    pub(super) fn record(&mut self, flat: &Flat) -> Result<Record, Error> {
        let fields = flat
            .properties
            .iter()
            .map(|(name, property)| self.field(name, property))
            .collect::<Result<_, _>>()?;
        Ok(Record {
            fields,
            fixed: Vec::new(),
            defaults: Vec::new(),
            arguments: Vec::new(),
            custom_properties: flat.custom,
        })
    }

    fn field(&mut self, name: &str, property: &Property) -> Result<Field, Error> {
        let owner = &property.owner;
        let ty = self.value(&property.schema, &place::member(owner, name))?;
        self.locate(&ty, &format!("`{name}` of `{}`", self.rust_name(owner)));
        let peeled = self.peel(&property.schema)?;
        Ok(Field {
            name: name.to_owned(),
            ident: String::new(),
            ty,
            boxed: false,
            nullable: peeled.nullable,
            required: property.required && !peeled.read_only,
            read_only: peeled.read_only,
            server_owned: false,
            requested: false,
            write_only: peeled.write_only,
            facts: facts::of_value(peeled.schema),
        })
    }

    /// Says where an inline type stands, unless that is known.
    pub(super) fn locate(&mut self, ty: &TypeRef, place: &str) {
        match ty {
            TypeRef::Named(name) => {
                if let Some(ty) = self.types.get_mut(name)
                    && ty.schema.is_none()
                {
                    ty.place.get_or_insert_with(|| place.to_owned());
                }
            }
            TypeRef::List(inner)
            | TypeRef::Map(inner)
            | TypeRef::OneOrMany(inner)
            | TypeRef::Nullable(inner) => self.locate(inner, place),
            _ => {}
        }
    }

    /// Takes off wrappers: an `allOf` of one type and of remarks on it.
    pub(super) fn peel<'s>(&self, schema: &'s Schema) -> Result<Peeled<'s>, Error>
    where
        'a: 's,
    {
        let mut peeled = Peeled {
            schema,
            read_only: schema.read_only,
            write_only: schema.write_only,
            nullable: schema.nullable,
        };
        while peeled.schema.reference.is_none()
            && peeled.schema.properties.is_empty()
            && peeled.schema.one_of.is_empty()
            && peeled.schema.any_of.is_empty()
        {
            let mut real = peeled.schema.all_of.iter().filter(|part| !is_remark(part));
            let (Some(only), None) = (real.next(), real.next()) else {
                break;
            };
            for part in &peeled.schema.all_of {
                peeled.read_only |= part.read_only;
                peeled.write_only |= part.write_only;
                peeled.nullable |= part.nullable;
            }
            peeled.schema = only;
        }
        if let Some(target) = peeled.schema.target() {
            let target = self.document.schema(target)?;
            peeled.read_only |= target.read_only;
            peeled.nullable |= target.nullable;
        }
        Ok(peeled)
    }

    fn is_choice_of_records(&self, schema: &Schema) -> Result<bool, Error> {
        let mut alternatives = schema.one_of.iter().chain(&schema.any_of).peekable();
        if alternatives.peek().is_none() {
            return Ok(false);
        }
        for alternative in alternatives {
            let resolved = match alternative.target() {
                Some(target) => self.document.schema(target)?,
                None => alternative,
            };
            let empty_object = resolved.kind.as_deref() == Some("object")
                && resolved.additional_properties.is_none();
            if is_enum(resolved)
                || !(resolved.is_record()
                    || empty_object && alternative.target().is_some()
                    || !resolved.one_of.is_empty())
            {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// Whether a schema says something about another rather than being a type.
fn is_remark(schema: &Schema) -> bool {
    schema.is_untyped()
        || (schema.kind.as_deref() == Some("object")
            && Schema {
                kind: None,
                ..schema.clone()
            }
            .is_untyped())
}

pub(super) fn is_union(schema: &Schema) -> bool {
    schema
        .discriminator
        .as_ref()
        .is_some_and(|discriminator| !discriminator.mapping.is_empty())
}

fn is_enum(schema: &Schema) -> bool {
    matches!(schema.kind.as_deref(), None | Some("string"))
        && schema.values.iter().any(Value::is_string)
}

fn enum_values(name: &str, schema: &Schema) -> Result<Vec<EnumValue>, Error> {
    let mut values = Vec::<EnumValue>::new();
    for value in &schema.values {
        match value {
            Value::String(value) => EnumValue::add(&mut values, value),
            Value::Null => {}
            other => return Err(Error::unsupported(name, format!("enum value `{other}`"))),
        }
    }
    Ok(values)
}
