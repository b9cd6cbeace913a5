//! What a schema is: decided here, once, for everything that asks.

use std::collections::BTreeSet;

use serde_json::Value;

use super::kinds;
use crate::Error;
use crate::document::{AdditionalProperties, Document, Schema};

/// What a schema is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Shape<'s> {
    /// Whatever the schema of that name is.
    Reference(&'s str),
    /// Text that has one of these values today.
    Enum(Vec<&'s str>),
    /// An object whose kind one of its properties tells.
    Union,
    /// An object with members of its own, those of others, or those of each alternative.
    Record,
    /// One value, or an array of such values.
    OneOrMany(&'s Schema),
    /// A string.
    Text(Text),
    /// `true` or `false`.
    Bool,
    /// A whole number.
    Integer,
    /// Any number.
    Number,
    /// An array whose elements are any of these; of anything, if there are none.
    List(Vec<&'s Schema>),
    /// An object with arbitrary keys, and values of that type or of any.
    Map(Option<&'s Schema>),
    /// An object of which nothing is said.
    Object,
    /// Anything.
    Any,
}

/// What a string holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Text {
    /// Text, as far as types are concerned.
    Plain,
    /// A point in time.
    Timestamp,
    /// A secret.
    Secret,
}

/// A schema without its wrappers, and what the wrappers said.
pub(super) struct Shaped<'s> {
    /// What it is.
    pub shape: Shape<'s>,
    /// The schema inside the wrappers.
    pub schema: &'s Schema,
    /// Never sent.
    pub read_only: bool,
    /// Never received.
    pub write_only: bool,
    /// Whether null is a value.
    pub nullable: bool,
}

/// What a schema is, with what its wrappers say.
///
/// # Errors
/// If it refers to what the document lacks, or is of a type that `OpenAPI` does not have.
pub(super) fn of<'s>(document: &'s Document, schema: &'s Schema) -> Result<Shaped<'s>, Error> {
    let mut shapes = Shapes::new(document);
    let mut shaped = Shaped {
        shape: Shape::Any,
        schema,
        read_only: schema.read_only,
        write_only: schema.write_only,
        nullable: schema.nullable,
    };
    while let Some(inner) = shapes.unwrapped(shaped.schema)? {
        for part in shaped
            .schema
            .all_of
            .iter()
            .chain(shaped.schema.alternatives())
        {
            shaped.read_only |= part.read_only;
            shaped.write_only |= part.write_only;
            shaped.nullable |= part.nullable;
        }
        shaped.schema = inner;
    }
    if let Some(target) = shaped.schema.target() {
        let target = document.schema(target)?;
        shaped.read_only |= target.read_only;
        shaped.nullable |= target.nullable;
    }
    shaped.shape = shapes.bare(shaped.schema)?;
    Ok(shaped)
}

/// What a schema is in the end: what a reference leads to, instead of the reference. Anything, if
/// it leads to itself.
///
/// # Errors
/// As [`of`].
pub(super) fn resolved<'s>(document: &'s Document, schema: &'s Schema) -> Result<Shape<'s>, Error> {
    let resolved = Shapes::new(document).resolved(schema)?;
    Ok(resolved.unwrap_or(Shape::Any))
}

impl Shape<'_> {
    /// Whether it is always an object, and one whose members may have names.
    pub(super) fn is_object(&self) -> bool {
        matches!(self, Self::Union | Self::Record | Self::Object)
    }

    /// Whether the other says nothing that this one does not say as well.
    fn says_more_than(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Enum(more), Self::Enum(less)) => more.len() <= less.len(),
            (Self::Enum(_) | Self::Text(_), Self::Text(Text::Plain))
            | (Self::Integer, Self::Number)
            | (Self::Map(_), Self::Map(None) | Self::Object)
            | (_, Self::Any) => true,
            (Self::List(_), Self::List(less)) if less.is_empty() => true,
            _ => self == other,
        }
    }
}

/// Looks into schemas, and remembers through which references it came: a schema may lead to itself.
struct Shapes<'s> {
    document: &'s Document,
    open: Vec<&'s str>,
}

impl<'s> Shapes<'s> {
    fn new(document: &'s Document) -> Self {
        Self {
            document,
            open: Vec::new(),
        }
    }

    /// What a schema is in the end; nothing, if it leads to itself.
    fn resolved(&mut self, schema: &'s Schema) -> Result<Option<Shape<'s>>, Error> {
        let mut schema = schema;
        while let Some(inner) = self.unwrapped(schema)? {
            schema = inner;
        }
        let Some(target) = schema.target() else {
            return self.bare(schema).map(Some);
        };
        if self.open.contains(&target) {
            return Ok(None);
        }
        self.open.push(target);
        let resolved = self.resolved(self.document.schema(target)?);
        self.open.pop();
        resolved
    }

    /// The one schema that a wrapper is about: an `allOf` of one type and of remarks on it, or of
    /// several of which one says it all.
    fn unwrapped(&mut self, schema: &'s Schema) -> Result<Option<&'s Schema>, Error> {
        if schema.reference.is_some() || !schema.properties.is_empty() {
            return Ok(None);
        }
        if !schema.all_of.is_empty() && !schema.has_alternatives() && !is_enum(schema) {
            return self.inside_all_of(schema);
        }
        match (&schema.one_of[..], &schema.any_of[..]) {
            ([only], []) | ([], [only]) if schema.all_of.is_empty() && !is_enum(schema) => {
                let only_shape = self.resolved(only)?;
                let is_object = only_shape.is_some_and(|shape| shape.is_object());
                Ok((!is_object && !schema.tells_kinds_apart()).then_some(only))
            }
            _ => Ok(None),
        }
    }

    fn inside_all_of(&mut self, schema: &'s Schema) -> Result<Option<&'s Schema>, Error> {
        let real: Vec<_> = schema
            .all_of
            .iter()
            .filter(|part| !is_remark(part))
            .collect();
        match real[..] {
            [] => Ok(None),
            [only] => Ok(Some(only)),
            _ if real.iter().any(|part| !part.properties.is_empty()) => Ok(None),
            _ => self.most_telling(&real),
        }
    }

    /// The one of several parts that says all that they say together, if none is an object and they
    /// do not contradict each other.
    fn most_telling(&mut self, parts: &[&'s Schema]) -> Result<Option<&'s Schema>, Error> {
        let mut best: Option<(&'s Schema, Shape<'s>)> = None;
        for &part in parts {
            let Some(shape) = self.resolved(part)? else {
                continue;
            };
            if shape.is_object() {
                return Ok(None);
            }
            best = match best {
                Some((known, other)) if other.says_more_than(&shape) => Some((known, other)),
                Some((_, other)) if !shape.says_more_than(&other) => return Ok(None),
                _ => Some((part, shape)),
            };
        }
        Ok(best.map(|(part, _)| part))
    }

    /// What a schema without wrappers is.
    fn bare(&mut self, schema: &'s Schema) -> Result<Shape<'s>, Error> {
        if let Some(target) = schema.target() {
            return Ok(Shape::Reference(target));
        }
        if is_enum(schema) {
            return Ok(Shape::Enum(values(schema).collect()));
        }
        if schema.tells_kinds_apart() && self.kinds_are_objects(schema)? {
            return Ok(Shape::Union);
        }
        if !schema.properties.is_empty() {
            return Ok(Shape::Record);
        }
        if !schema.all_of.is_empty() {
            return self.sum(schema);
        }
        if schema.has_alternatives() {
            return self.choice(&schema.alternatives().collect::<Vec<_>>());
        }
        plain(schema)
    }

    fn kinds_are_objects(&mut self, schema: &'s Schema) -> Result<bool, Error> {
        for target in kinds::targets(schema) {
            if self.open.contains(&target) {
                continue;
            }
            self.open.push(target);
            let shape = self
                .document
                .schema(target)
                .and_then(|kind| self.resolved(kind));
            self.open.pop();
            if shape?.is_some_and(|shape| !shape.is_object()) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// `allOf` of what is no single type: an object, if any part is one, and otherwise a
    /// contradiction, which no value fits.
    fn sum(&mut self, schema: &'s Schema) -> Result<Shape<'s>, Error> {
        if schema.all_of.iter().any(|part| !part.properties.is_empty()) {
            return Ok(Shape::Record);
        }
        let mut leads_only_to_itself = true;
        for part in schema.all_of.iter().chain(schema.alternatives()) {
            match self.resolved(part)? {
                Some(shape) if shape.is_object() => return Ok(Shape::Record),
                Some(_) => leads_only_to_itself = false,
                None => {}
            }
        }
        Ok(if leads_only_to_itself {
            Shape::Record
        } else {
            Shape::Any
        })
    }

    /// One of several: the type that takes each of them.
    fn choice(&mut self, alternatives: &[&'s Schema]) -> Result<Shape<'s>, Error> {
        if let [first, second] = alternatives {
            for (one, many) in [(first, second), (second, first)] {
                if is_many_of(many, one) {
                    return Ok(Shape::OneOrMany(one));
                }
            }
        }
        let mut shapes = Vec::new();
        for alternative in alternatives {
            shapes.extend(self.resolved(alternative)?);
        }
        Ok(any_of(&shapes))
    }
}

/// The shape that takes what any of these takes.
fn any_of<'s>(shapes: &[Shape<'s>]) -> Shape<'s> {
    let Some(first) = shapes.first() else {
        return Shape::Any;
    };
    let has_members = |shape| matches!(shape, &Shape::Record | &Shape::Union);
    if !has_members(first) && shapes.iter().all(|shape| shape == first) {
        return first.clone();
    }
    let all = |test: fn(&Shape<'s>) -> bool| shapes.iter().all(test);
    if all(|shape| shape.is_object() || matches!(shape, Shape::Map(_))) {
        // Members without a name of their own are kept by any object.
        if shapes.iter().any(has_members) {
            Shape::Record
        } else {
            Shape::Map(None)
        }
    } else if all(|shape| matches!(shape, Shape::Enum(_))) {
        Shape::Enum(all_values(shapes))
    } else if all(|shape| matches!(shape, Shape::Enum(_) | Shape::Text(_))) {
        let is_secret = shapes.contains(&Shape::Text(Text::Secret));
        Shape::Text(if is_secret { Text::Secret } else { Text::Plain })
    } else if all(|shape| matches!(shape, Shape::Integer | Shape::Number)) {
        Shape::Number
    } else {
        Shape::Any
    }
}

fn all_values<'s>(shapes: &[Shape<'s>]) -> Vec<&'s str> {
    let mut seen = BTreeSet::new();
    let values = shapes.iter().flat_map(|shape| match shape {
        Shape::Enum(values) => values.as_slice(),
        _ => &[],
    });
    values
        .copied()
        .filter(|value| seen.insert(*value))
        .collect()
}

/// A schema that says by itself what it is.
fn plain(schema: &Schema) -> Result<Shape<'_>, Error> {
    let elements = schema.items.as_deref().into_iter();
    let elements: Vec<_> = elements.chain(&schema.prefix_items).collect();
    Ok(match schema.kind.as_deref() {
        Some("string") => Shape::Text(match schema.format.as_deref() {
            Some("date-time") => Text::Timestamp,
            Some("password") => Text::Secret,
            _ => Text::Plain,
        }),
        Some("boolean") => Shape::Bool,
        Some("integer") => Shape::Integer,
        Some("number") => Shape::Number,
        Some("array") => Shape::List(elements),
        Some("object") => object(schema),
        None if !elements.is_empty() => Shape::List(elements),
        None if schema.additional_properties.is_some() => object(schema),
        None => of_values(&schema.values),
        Some(kind) => {
            return Err(Error::unsupported(
                format!("type `{kind}`"),
                "is none of OpenAPI's; write string, boolean, integer, number, array or object",
            ));
        }
    })
}

fn object(schema: &Schema) -> Shape<'_> {
    match &schema.additional_properties {
        Some(AdditionalProperties::Schema(values)) => Shape::Map(Some(values)),
        Some(AdditionalProperties::Allowed(true)) => Shape::Map(None),
        // No member has a name, so there is nothing to be typed.
        Some(AdditionalProperties::Allowed(false)) => Shape::Any,
        None => Shape::Object,
    }
}

/// What values are, where nothing else says it.
fn of_values(values: &[Value]) -> Shape<'static> {
    let shapes: Vec<_> = values
        .iter()
        .filter(|value| !value.is_null())
        .map(|value| match value {
            Value::Bool(_) => Shape::Bool,
            Value::Number(number) if number.is_f64() => Shape::Number,
            Value::Number(_) => Shape::Integer,
            _ => Shape::Any,
        })
        .collect();
    any_of(&shapes)
}

/// Whether a schema says something about another rather than being a type.
fn is_remark(schema: &Schema) -> bool {
    let says_object = schema.kind.as_deref() == Some("object");
    let untyped = || Schema {
        kind: None,
        ..schema.clone()
    };
    schema.is_untyped() || (says_object && untyped().is_untyped())
}

/// Whether a schema lists texts. Null among them is no value, and says that null is one.
fn is_enum(schema: &Schema) -> bool {
    match schema.kind.as_deref() {
        Some("string") => values(schema).next().is_some(),
        None => {
            let mut known = schema
                .values
                .iter()
                .filter(|value| !value.is_null())
                .peekable();
            known.peek().is_some() && known.all(Value::is_string)
        }
        Some(_) => false,
    }
}

fn values(schema: &Schema) -> impl Iterator<Item = &str> {
    schema.values.iter().filter_map(Value::as_str)
}

/// Whether the first is an array of the second.
fn is_many_of(many: &Schema, one: &Schema) -> bool {
    let Some(item) = many.items.as_deref() else {
        return false;
    };
    let both_text = many.kind.as_deref() == Some("array")
        && one.kind.as_deref() == Some("string")
        && item.kind == one.kind;
    item == one || both_text
}

#[cfg(test)]
mod tests;
