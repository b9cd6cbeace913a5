//! Takes the facts out of a document, and finds what is not as the grammar says.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::fault::Fault;
use super::grammar::{Fields, Keys, NO_FACTS, PROSE, Shape};
use super::refs::{self, Target};
use super::{below, literal};

/// Takes facts out of one document.
pub(super) struct Keeper<'a> {
    upstream: &'a Value,
    /// Whether the document has to be whole: nothing may be missing, and references lead somewhere.
    whole: bool,
    pub(super) faults: Vec<Fault>,
    /// Facts of Okta's that are not kept: keyword and kind of object → places.
    unknown: BTreeMap<(String, &'static str), Vec<String>>,
    /// References into components whose schemas are being copied.
    copied: Vec<String>,
}

impl<'a> Keeper<'a> {
    pub(super) fn new(upstream: &'a Value, whole: bool) -> Self {
        Self {
            upstream,
            whole,
            faults: Vec::new(),
            unknown: BTreeMap::new(),
            copied: Vec::new(),
        }
    }

    /// What people should know, although nothing is wrong.
    pub(super) fn notes(&self) -> impl Iterator<Item = String> {
        self.unknown.iter().map(|((keyword, kind), places)| {
            let first = places.first().map_or("", String::as_str);
            let count = places.len();
            format!("`{keyword}` of {kind} is not kept ({count} times, first at {first})")
        })
    }

    /// The facts in an object of a known kind; none if it is no object.
    pub(super) fn object(
        &mut self,
        value: &Value,
        fields: &'static Fields,
        at: &str,
    ) -> Option<Value> {
        let Some(from) = value.as_object() else {
            return self.unexpected(value, "a map", at);
        };
        let mut kept = Map::new();
        if let (Some(section), Some(reference), true) = (
            fields.section,
            from.get("$ref").and_then(Value::as_str),
            self.whole,
        ) {
            match refs::target(self.upstream, section, reference) {
                Ok(Target::Component(reference)) => {
                    kept.insert("$ref".to_owned(), Value::from(reference));
                }
                Ok(Target::Inside(schema)) => return self.copy(reference, schema, fields, at),
                Err(what) => self.faults.push(Fault::new(below(at, "$ref"), what)),
            }
        }
        for (name, value) in from {
            let at = below(at, name);
            if let Some((_, shape)) = fields.kept.iter().find(|(kept, _)| kept == name) {
                if kept.contains_key(name) || literal::is_prose(name, value, from) {
                    continue;
                }
                let value = match shape {
                    Shape::Literal => self.literal(name, value, from, &at),
                    shape => self.keep(value, shape, &at),
                };
                kept.extend(value.map(|value| (name.clone(), value)));
            } else {
                self.leave_out(name, fields, &at);
            }
        }
        if self.whole && !from.contains_key("$ref") {
            for name in fields
                .needed
                .iter()
                .filter(|name| !from.contains_key(**name))
            {
                let what = format!("{} needs `{name}`", fields.name);
                self.faults.push(Fault::new(at, what));
            }
        }
        Some(Value::Object(kept))
    }

    /// A schema that stands inside a component, in place of a reference to it: only components
    /// have names.
    fn copy(
        &mut self,
        reference: &str,
        schema: &Value,
        fields: &'static Fields,
        at: &str,
    ) -> Option<Value> {
        if self.copied.iter().any(|open| open == reference) {
            let what = format!("`{reference}` contains itself; make a component of it");
            self.faults.push(Fault::new(below(at, "$ref"), what));
            return None;
        }
        self.copied.push(reference.to_owned());
        let copy = self.object(schema, fields, at);
        self.copied.pop();
        copy
    }

    fn leave_out(&mut self, name: &str, fields: &Fields, at: &str) {
        if PROSE.contains(&name) || NO_FACTS.contains(&name) || fields.dropped.contains(&name) {
            return;
        }
        if name.starts_with("x-okta-") || fields.open && !name.starts_with("x-") {
            let places = self
                .unknown
                .entry((name.to_owned(), fields.name))
                .or_default();
            places.push(at.to_owned());
        } else if !name.starts_with("x-") {
            let like = fields.kept.iter().map(|(kept, _)| *kept);
            let what = match closest(name, like) {
                Some(like) => format!(
                    "{} has no keyword `{name}`; is `{like}` meant?",
                    fields.name
                ),
                None => format!(
                    "{} has no keyword `{name}`; delete it or write `x-{name}`",
                    fields.name
                ),
            };
            self.faults.push(Fault::new(at, what));
        }
    }

    /// The facts in `value`, which stands at `at` and has the given shape.
    fn keep(&mut self, value: &Value, shape: &Shape, at: &str) -> Option<Value> {
        match shape {
            Shape::Any | Shape::Literal => Some(value.clone()),
            Shape::Blank => Some(Value::from("")),
            Shape::Text => self.fact(value, value.is_string(), "text", at),
            Shape::Flag => self.fact(value, value.is_boolean(), "true or false", at),
            Shape::Number => self.fact(value, value.is_number(), "a number", at),
            Shape::Count => self.fact(
                value,
                value.is_u64(),
                "a number from 0 without a fraction",
                at,
            ),
            Shape::Texts => self.texts(value, at),
            Shape::Word(words) => self.word(value, words, at),
            Shape::Names => {
                let names = self.map(value, at)?.keys();
                Some(names.map(|name| (name.clone(), Value::from(""))).collect())
            }
            Shape::Mapping => self.mapping(value, at),
            Shape::Security => self.security(value, at),
            Shape::One(fields) => self.object(value, fields, at),
            Shape::OneOrBool(_) if value.is_boolean() => Some(value.clone()),
            Shape::OneOrBool(fields) => self.object(value, fields, at),
            Shape::List(fields) => {
                let items = self.list(value, at)?.iter().enumerate();
                let kept =
                    items.filter_map(|(n, item)| self.object(item, fields, &format!("{at}/{n}")));
                Some(kept.collect())
            }
            Shape::Map(fields, keys) => {
                let mut kept = Map::new();
                for (name, item) in self.map(value, at)? {
                    let at = below(at, name);
                    if !self.is_key(name, keys, &at) {
                        continue;
                    }
                    let item = self.object(item, fields, &at);
                    kept.extend(item.map(|item| (name.clone(), item)));
                }
                Some(Value::Object(kept))
            }
            Shape::Refused(instead) => {
                self.faults
                    .push(Fault::new(at, format!("is not understood; {instead}")));
                None
            }
        }
    }

    /// Whether a key of a map is one of its kind: extensions are not, and are no fault either.
    fn is_key(&mut self, name: &str, keys: &Keys, at: &str) -> bool {
        let wanted = match keys {
            Keys::Any => return true,
            Keys::Components if refs::is_component_name(name) => return true,
            Keys::Components => "a name of letters, digits, `.`, `-` and `_`",
            Keys::Paths | Keys::Statuses if name.starts_with("x-") => return false,
            Keys::Paths if name.starts_with('/') => return true,
            Keys::Paths => "a path, which starts with `/`",
            Keys::Statuses if is_status(name) => return true,
            Keys::Statuses => "a status such as `200` or `2XX`, or `default`",
            Keys::ContentTypes if name.contains('/') => return true,
            Keys::ContentTypes => "a content type such as `application/json`",
        };
        if self.whole {
            self.faults
                .push(Fault::new(at, format!("expected {wanted}, found `{name}`")));
        }
        true
    }

    fn fact(&mut self, value: &Value, fits: bool, expected: &str, at: &str) -> Option<Value> {
        if fits {
            Some(value.clone())
        } else {
            self.unexpected(value, expected, at)
        }
    }

    fn texts(&mut self, value: &Value, at: &str) -> Option<Value> {
        let items = self.list(value, at)?.iter().enumerate();
        let kept =
            items.filter_map(|(n, item)| self.keep(item, &Shape::Text, &format!("{at}/{n}")));
        Some(kept.collect())
    }

    fn word(&mut self, value: &Value, words: &'static [&'static str], at: &str) -> Option<Value> {
        let Some(word) = value.as_str() else {
            return self.unexpected(value, "text", at);
        };
        if !words.contains(&word) {
            let what = format!("expected {}, found `{word}`", one_of(words));
            self.faults.push(Fault::new(at, what));
        }
        Some(value.clone())
    }

    fn literal(
        &mut self,
        name: &str,
        value: &Value,
        schema: &Map<String, Value>,
        at: &str,
    ) -> Option<Value> {
        if name == "enum" && self.list(value, at)?.is_empty() {
            self.faults
                .push(Fault::new(at, "expected at least one value, found none"));
        }
        Some(literal::of_type(
            value,
            schema.get("type"),
            at,
            &mut self.faults,
        ))
    }

    fn mapping(&mut self, value: &Value, at: &str) -> Option<Value> {
        let mut kept = Map::new();
        for (name, schema) in self.map(value, at)? {
            let at = below(at, name);
            let Some(reference) = self.keep(schema, &Shape::Text, &at) else {
                continue;
            };
            if let (Some(text), true) = (reference.as_str(), self.whole)
                && let Err(what) = refs::kind(self.upstream, text)
            {
                self.faults.push(Fault::new(at, what));
            }
            kept.insert(name.clone(), reference);
        }
        Some(Value::Object(kept))
    }

    fn security(&mut self, value: &Value, at: &str) -> Option<Value> {
        let mut kept = Vec::new();
        for (n, alternative) in self.list(value, at)?.iter().enumerate() {
            let at = format!("{at}/{n}");
            let mut schemes = Map::new();
            for (scheme, scopes) in self.map(alternative, &at)? {
                let at = below(&at, scheme);
                if self.whole && !refs::exists(self.upstream, "securitySchemes", scheme) {
                    let what = format!("there is no security scheme `{scheme}` in the components");
                    self.faults.push(Fault::new(at.as_str(), what));
                }
                schemes.extend(
                    self.texts(scopes, &at)
                        .map(|scopes| (scheme.clone(), scopes)),
                );
            }
            kept.push(Value::Object(schemes));
        }
        Some(Value::Array(kept))
    }

    fn map<'v>(&mut self, value: &'v Value, at: &str) -> Option<&'v Map<String, Value>> {
        if value.as_object().is_none() {
            self.unexpected(value, "a map", at);
        }
        value.as_object()
    }

    fn list<'v>(&mut self, value: &'v Value, at: &str) -> Option<&'v Vec<Value>> {
        if value.as_array().is_none() {
            self.unexpected(value, "a list", at);
        }
        value.as_array()
    }

    fn unexpected(&mut self, value: &Value, expected: &str, at: &str) -> Option<Value> {
        let found = match value {
            Value::Null => "nothing",
            Value::Bool(_) => "true or false",
            Value::Number(_) => "a number",
            Value::String(_) => "text",
            Value::Array(_) => "a list",
            Value::Object(_) => "a map",
        };
        let hint = match value {
            Value::Bool(_) | Value::Number(_) if expected == "text" => "; put it in quotes",
            _ => "",
        };
        let what = format!("expected {expected}, found {found}{hint}");
        self.faults.push(Fault::new(at, what));
        None
    }
}

fn is_status(name: &str) -> bool {
    let mut digits = name.chars();
    name == "default"
        || name.len() == 3
            && digits
                .next()
                .is_some_and(|first| ('1'..='5').contains(&first))
            && (digits.as_str() == "XX" || digits.all(|digit| digit.is_ascii_digit()))
}

/// The word that differs from `name` in capitals or in a letter or two, if there is one.
fn closest<'w>(name: &str, words: impl Iterator<Item = &'w str>) -> Option<&'w str> {
    let name = name.to_lowercase();
    words
        .map(|word| (distance(&name, &word.to_lowercase()), word))
        .filter(|(distance, word)| *distance <= 2 && *distance < word.len())
        .min()
        .map(|(_, word)| word)
}

/// How many letters to add, to take away or to change to get from one word to the other.
fn distance(from: &str, to: &str) -> usize {
    let mut row: Vec<usize> = (0..=to.chars().count()).collect();
    for (n, left) in from.chars().enumerate() {
        let mut diagonal = n;
        let mut before = n + 1;
        for (cell, right) in row.iter_mut().skip(1).zip(to.chars()) {
            let changed = diagonal + usize::from(left != right);
            diagonal = *cell;
            before = changed.min(before + 1).min(*cell + 1);
            *cell = before;
        }
        if let Some(first) = row.first_mut() {
            *first = n + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

fn one_of(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => quoted.concat(),
    }
}
