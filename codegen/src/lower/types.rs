//! Schemas to types.

use std::collections::{BTreeMap, BTreeSet};

use super::merge::{self, Flat, Property};
use super::registry::Registry;
use super::shape::{self, Shape, Text};
use super::unions::{self, Kind};
use super::{facts, place};
use crate::Error;
use crate::api::{EnumValue, Field, Record, TypeKind, TypeRef, Union, Variant};
use crate::document::{Document, Schema};
use crate::names::Names;

/// Makes types of schemas, each once.
pub(super) struct Types<'a> {
    document: &'a Document,
    pub(super) registry: Registry<'a>,
    /// What a component became.
    components: BTreeMap<String, TypeRef>,
    /// Components that are another word for a type, while that type is looked for.
    open_aliases: BTreeSet<String>,
    /// Schemas of inline types, by place.
    inline: BTreeMap<String, Schema>,
    /// Places of inline types that are being defined: what contains itself has its place.
    open: Vec<String>,
}

impl<'a> Types<'a> {
    pub(super) fn new(document: &'a Document, names: &'a Names) -> Self {
        Self {
            document,
            registry: Registry::new(names),
            components: BTreeMap::new(),
            open_aliases: BTreeSet::new(),
            inline: BTreeMap::new(),
            open: Vec::new(),
        }
    }

    /// The components met so far.
    pub(super) fn met(&self) -> BTreeSet<String> {
        self.components.keys().cloned().collect()
    }

    /// What a component became, whether by name or by what it stands for.
    pub(super) fn component(&mut self, name: &str) -> Result<TypeRef, Error> {
        if let Some(known) = self.components.get(name) {
            return Ok(known.clone());
        }
        let document = self.document;
        let schema = document.schema(name)?;
        if self.deserves_name(schema)? {
            let ty = TypeRef::Named(name.to_owned());
            self.components.insert(name.to_owned(), ty.clone());
            self.define(name, Some(name), schema)?;
            return Ok(ty);
        }
        if !self.open_aliases.insert(name.to_owned()) {
            // A list of itself, or nothing but itself: no Rust type is that.
            return Ok(TypeRef::Json);
        }
        let ty = self.value(schema, name)?;
        self.open_aliases.remove(name);
        self.components.insert(name.to_owned(), ty.clone());
        Ok(ty)
    }

    /// Whether a component is a type of its own rather than another word for one.
    fn deserves_name(&self, schema: &Schema) -> Result<bool, Error> {
        Ok(match shape::of(self.document, schema)?.shape {
            // An object that adds nothing to another may be a kind of a union all the same.
            Shape::Reference(target) => matches!(
                shape::resolved(self.document, self.document.schema(target)?)?,
                Shape::Union | Shape::Record
            ),
            Shape::Enum(_) | Shape::Union | Shape::Record => true,
            _ => false,
        })
    }

    /// Type of the value at a place.
    pub(super) fn value(&mut self, schema: &Schema, place: &str) -> Result<TypeRef, Error> {
        let shaped = shape::of(self.document, schema).map_err(|error| error.at(place))?;
        Ok(match shaped.shape {
            Shape::Reference(target) => self.component(target)?,
            Shape::Enum(_) | Shape::Union | Shape::Record => self.hoist(shaped.schema, place)?,
            Shape::OneOrMany(one) => TypeRef::OneOrMany(Box::new(self.value(one, place)?)),
            Shape::Text(Text::Plain) => TypeRef::String,
            Shape::Text(Text::Timestamp) => TypeRef::Timestamp,
            Shape::Text(Text::Secret) => TypeRef::Secret,
            Shape::Bool => TypeRef::Bool,
            Shape::Integer => TypeRef::Integer,
            Shape::Number => TypeRef::Number,
            Shape::List(items) => TypeRef::List(Box::new(self.item(&items, place)?)),
            Shape::Map(Some(values)) => TypeRef::Map(Box::new(self.map_value(values, place)?)),
            Shape::Map(None) => TypeRef::Map(Box::new(TypeRef::Json)),
            Shape::Object | Shape::Any => TypeRef::Json,
        })
    }

    /// Type of the elements of a list.
    fn item(&mut self, items: &[&Schema], list: &str) -> Result<TypeRef, Error> {
        let place = place::item(list);
        match items {
            [] => Ok(TypeRef::Json),
            [only] => self.value(only, &place),
            several => {
                let any_of = several.iter().map(|&item| item.clone()).collect();
                let any = Schema {
                    any_of,
                    ..Schema::default()
                };
                self.value(&any, &place)
            }
        }
    }

    /// Type of the values of a map, which may be null one by one.
    fn map_value(&mut self, values: &Schema, map: &str) -> Result<TypeRef, Error> {
        let value = self.value(values, &place::map_value(map))?;
        let is_nullable = shape::of(self.document, values)?.nullable;
        Ok(if is_nullable {
            TypeRef::Nullable(Box::new(value))
        } else {
            value
        })
    }

    /// Makes an inline schema a type of its own.
    fn hoist(&mut self, schema: &Schema, place: &str) -> Result<TypeRef, Error> {
        let mut open = self.open.iter();
        if let Some(itself) = open.find(|open| self.inline.get(*open) == Some(schema)) {
            return Ok(TypeRef::Named(itself.clone()));
        }
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
        self.open.push(place.clone());
        self.define(&place, None, schema)?;
        self.open.pop();
        Ok(TypeRef::Named(place))
    }

    /// Defines the type at a place; `component` is its name, if it has one of its own.
    fn define(
        &mut self,
        place: &str,
        component: Option<&str>,
        schema: &Schema,
    ) -> Result<(), Error> {
        let shaped = shape::of(self.document, schema).map_err(|error| error.at(place))?;
        let kind = match shaped.shape {
            Shape::Enum(values) => TypeKind::Enum(enum_values(&values)),
            Shape::Union => TypeKind::Union(self.union(place, component, shaped.schema)?),
            _ => {
                let owner = component.unwrap_or(place);
                let flat = merge::flatten(self.document, schema, owner);
                TypeKind::Record(self.record(&flat.map_err(|error| error.at(place))?)?)
            }
        };
        self.registry.insert(place, component, schema, kind)
    }

    /// A schema with a discriminator. Defines the record of all other kinds as well.
    fn union(
        &mut self,
        place: &str,
        component: Option<&str>,
        schema: &Schema,
    ) -> Result<Union, Error> {
        let plan = unions::plan(self.document, place, component, schema)
            .map_err(|error| error.at(place))?;
        let base = place::base(place);
        let base_record = self.record(&plan.base)?;
        let base_fields = base_record.fields.clone();
        let base_kind = TypeKind::Record(base_record);
        self.registry
            .insert(&base, None, &Schema::default(), base_kind)?;
        let located = format!(
            "what all kinds of `{}` share",
            self.registry.rust_name(place)
        );
        self.registry
            .locate(&TypeRef::Named(base.clone()), &located);

        let mut variants = Vec::new();
        for Kind {
            target,
            is_union,
            values,
        } in plan.kinds
        {
            let ty = if is_union {
                // Its own kinds are told apart by another property: what they share is typed.
                self.component(&target)?;
                place::base(&target)
            } else {
                let ty = self.kind(&target)?;
                self.registry.tags.add(&ty, &plan.discriminator, &values);
                ty
            };
            variants.push(Variant {
                variant: String::new(),
                values,
                ty,
            });
        }
        Ok(Union {
            discriminator: plan.discriminator,
            variants,
            base,
            base_fields,
        })
    }

    /// Place of the record of a kind. An object without members is one here, and anything elsewhere.
    fn kind(&mut self, target: &str) -> Result<String, Error> {
        if let TypeRef::Named(place) = self.component(target)? {
            return Ok(place);
        }
        if !self.registry.types().contains_key(target) {
            self.define(target, Some(target), self.document.schema(target)?)?;
        }
        Ok(target.to_owned())
    }

    fn record(&mut self, flat: &Flat) -> Result<Record, Error> {
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
        let located = format!("`{name}` of `{}`", self.registry.rust_name(owner));
        self.registry.locate(&ty, &located);
        let shaped = shape::of(self.document, &property.schema)?;
        Ok(Field {
            name: name.to_owned(),
            ident: String::new(),
            ty,
            boxed: false,
            nullable: shaped.nullable,
            required: property.required && !shaped.read_only,
            read_only: shaped.read_only,
            server_owned: false,
            requested: false,
            write_only: shaped.write_only,
            facts: facts::of_value(shaped.schema),
        })
    }
}

fn enum_values(texts: &[&str]) -> Vec<EnumValue> {
    let mut values = Vec::new();
    for text in texts {
        EnumValue::add(&mut values, text);
    }
    values
}
