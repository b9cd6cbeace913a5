//! JSON made up from a model's description and a few random bytes.
//!
//! Bytes rather than a tree of strategies: types refer to each other in circles, and fewer or
//! smaller bytes give simpler JSON, so that a failure shrinks.

use std::collections::HashMap;

use serde_json::{Map, Value, json};
use xtask_drivers::models::{Form, Kind, Model, Property};

/// How deep models are nested before objects stay empty.
const DEPTH: usize = 4;

/// Random bytes that choices are made of; after the last one, every choice is the first.
pub struct Entropy<'a> {
    bytes: std::slice::Iter<'a, u8>,
}

impl<'a> Entropy<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Self {
            bytes: bytes.iter(),
        }
    }

    fn below(&mut self, count: usize) -> usize {
        self.bytes
            .next()
            .map_or(0, |byte| usize::from(*byte) % count.max(1))
    }

    fn pick<T: Clone>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())].clone()
    }
}

/// Makes JSON up.
pub struct MakeUp<'a> {
    models: &'a HashMap<&'static str, Model>,
    entropy: Entropy<'a>,
}

impl<'a> MakeUp<'a> {
    pub fn new(models: &'a HashMap<&'static str, Model>, entropy: Entropy<'a>) -> Self {
        Self { models, entropy }
    }

    /// JSON that fits a model.
    pub fn model(&mut self, model: &Model) -> Value {
        self.form(model.form, DEPTH)
    }

    /// An object of which no model knows a property.
    pub fn unknown_object(&mut self) -> Value {
        Value::Object(self.unknown_properties())
    }

    fn form(&mut self, form: &Form, depth: usize) -> Value {
        match form {
            Form::Enum(values) => {
                if values.is_empty() || self.entropy.below(3) == 0 {
                    self.text()
                } else {
                    self.entropy.pick(values.as_slice()).into()
                }
            }
            Form::Record(properties) => Value::Object(self.properties(properties, depth)),
            Form::Union {
                discriminator,
                kinds,
                base,
            } => self.union(discriminator, kinds, base, depth),
        }
    }

    /// A kind that is known, one that is not, or none at all.
    fn union(
        &mut self,
        discriminator: &str,
        kinds: &[(String, String)],
        base: &str,
        depth: usize,
    ) -> Value {
        let base = || base.to_owned();
        let (tag, name) = match self.entropy.below(4) {
            0 => (None, base()),
            1 => (Some("A_NEW_KIND".to_owned()), base()),
            _ if kinds.is_empty() => (None, base()),
            _ => {
                let (tag, name) = self.entropy.pick(kinds);
                (Some(tag), name)
            }
        };
        let mut value = self.named(&name, depth);
        if let Value::Object(object) = &mut value {
            match tag {
                Some(tag) => object.insert(discriminator.to_owned(), tag.into()),
                None => object.remove(discriminator),
            };
        }
        value
    }

    fn named(&mut self, name: &str, depth: usize) -> Value {
        let model = &self.models[name];
        self.form(model.form, depth)
    }

    /// Some of the properties, and unknown ones among them.
    fn properties(&mut self, properties: &[Property], depth: usize) -> Map<String, Value> {
        let mut object = self.unknown_properties();
        for property in properties {
            let chosen = self.entropy.below(3) == 1;
            if chosen && let Some(depth) = depth.checked_sub(1) {
                let value = if property.nullable && self.entropy.below(3) == 0 {
                    Value::Null
                } else {
                    self.value(&property.kind, depth)
                };
                object.insert(property.name.clone(), value);
            }
        }
        object
    }

    fn value(&mut self, kind: &Kind, depth: usize) -> Value {
        match kind {
            Kind::Text => self.text(),
            Kind::Bool => self.entropy.pick(&[false, true]).into(),
            Kind::Integer => self
                .entropy
                .pick(&[0, 1, -7, 1_700_000_000_000, i64::MIN])
                .into(),
            Kind::Number => self.number(),
            Kind::Timestamp => self.entropy.pick(TIMESTAMPS).into(),
            Kind::Json => self.any(2),
            Kind::Model(name) => self.named(name, depth),
            Kind::List(inner) => self.list(inner, depth),
            Kind::Map(inner) => (0..self.entropy.below(3))
                .map(|_| (self.key(), self.value(inner, depth)))
                .collect::<Map<_, _>>()
                .into(),
            Kind::OneOrMany(inner) => match self.entropy.below(2) {
                0 => self.value(inner, depth),
                _ => self.list(inner, depth),
            },
            Kind::Nullable(inner) => match self.entropy.below(3) {
                0 => Value::Null,
                _ => self.value(inner, depth),
            },
        }
    }

    fn list(&mut self, inner: &Kind, depth: usize) -> Value {
        (0..self.entropy.below(3))
            .map(|_| self.value(inner, depth))
            .collect()
    }

    fn unknown_properties(&mut self) -> Map<String, Value> {
        (0..self.entropy.below(3))
            .map(|_| (self.key(), self.any(2)))
            .collect()
    }

    /// Any JSON at all.
    fn any(&mut self, depth: usize) -> Value {
        match self.entropy.below(if depth == 0 { 4 } else { 6 }) {
            0 => Value::Null,
            1 => self.entropy.pick(&[false, true]).into(),
            2 => self.number(),
            3 => self.text(),
            4 => (0..self.entropy.below(3))
                .map(|_| self.any(depth - 1))
                .collect(),
            _ => (0..self.entropy.below(3))
                .map(|_| (self.key(), self.any(depth - 1)))
                .collect::<Map<_, _>>()
                .into(),
        }
    }

    fn number(&mut self) -> Value {
        let numbers = [
            json!(0),
            json!(1),
            json!(1.0),
            json!(-2.5),
            json!(1e300),
            json!(u64::MAX),
        ];
        self.entropy.pick(&numbers)
    }

    fn text(&mut self) -> Value {
        let length = self.entropy.below(4);
        (0..length)
            .map(|_| self.entropy.pick(LETTERS))
            .collect::<String>()
            .into()
    }

    /// A property name that Okta's document has not.
    fn key(&mut self) -> String {
        let length = self.entropy.below(3);
        let name: String = (0..length).map(|_| self.entropy.pick(LETTERS)).collect();
        format!("{name}\u{1f511}")
    }
}

const LETTERS: &[char] = &[
    'A',
    'z',
    '0',
    ' ',
    '_',
    '"',
    '\\',
    '/',
    '\n',
    '\u{0}',
    'é',
    '字',
    '\u{1f600}',
];

const TIMESTAMPS: &[&str] = &[
    "",
    "2026-01-31T09:30:00.000Z",
    "2026-03-27 03:16:16.0",
    "2022-01-01T00:00:06+02:00",
    "soon",
];
