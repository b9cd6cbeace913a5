//! Lists, an element at a time.

use std::collections::BTreeMap;

use bytes::Bytes;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::decode::{decode_prefix, text_of};
use super::error::{DecodeError, Trail};
use super::order::Orders;
use super::{Place, Slot};

/// An element; the inner error is that it does not fit, with its raw JSON, the outer one that
/// the list around it is broken, after which nothing comes.
pub type Element<T> = Result<Result<T, DecodeError>, DecodeError>;

/// The elements of a list, each decoded when it is asked for: a bad one does not spoil its
/// neighbours, and a page of hundreds costs the memory of one.
#[derive(Debug)]
pub struct Elements {
    json: String,
    next: Next,
    /// Index of the next element.
    index: usize,
    /// JSON path of the list.
    path: String,
    /// What is learned from an element helps with the others.
    orders: Orders,
}

/// What comes next.
#[derive(Debug)]
enum Next {
    /// An element that starts here.
    Element(usize),
    Broken(DecodeError),
    Nothing,
}

impl Elements {
    /// A response body that is a list, or an object that has one in `property`. An empty body,
    /// and a property that is absent or null, are an empty list.
    ///
    /// # Errors
    /// If the body is not JSON as far as it is read by now, or not a list.
    pub fn open(body: Bytes, property: Option<&str>) -> Result<Self, DecodeError> {
        let json = text_of(body.into())?;
        let (json, path) = match property {
            None => (json, "$".to_owned()),
            Some(name) => (list_in(&json, name)?, format!("$.{name}")),
        };
        let mut elements = Self {
            json,
            next: Next::Nothing,
            index: 0,
            path,
            orders: Orders::default(),
        };
        let start = elements.after_space(0);
        match elements.json.as_bytes().get(start) {
            None => {}
            Some(b'[') => {
                let first = elements.after_space(start + 1);
                elements.next = match elements.json.as_bytes().get(first) {
                    Some(b']') => elements.end(first + 1),
                    _ => Next::Element(first),
                };
            }
            Some(_) => return Err(not_a_list(&elements.path, &elements.json)),
        }
        Ok(elements)
    }

    /// JSON path of the next element.
    pub fn path(&self) -> String {
        format!("{}[{}]", self.path, self.index)
    }

    /// Whether all have been taken.
    pub fn is_empty(&self) -> bool {
        matches!(self.next, Next::Nothing)
    }

    /// Decodes the next one.
    pub fn next<T: Slot>(&mut self) -> Option<Element<T>> {
        let mut value = T::vacant();
        let outcome = self.next_into(&mut value)?;
        Some(outcome.map(|fit| fit.map(|()| value)))
    }

    fn next_into(&mut self, place: &mut dyn Place) -> Option<Element<()>> {
        let start = match std::mem::replace(&mut self.next, Next::Nothing) {
            Next::Nothing => return None,
            Next::Broken(error) => return Some(Err(error)),
            Next::Element(start) => start,
        };
        let mut trail = Trail::with_orders(std::mem::take(&mut self.orders));
        let rest = &self.json[start..];
        let (length, fit) = match decode_prefix(place, rest, &mut trail) {
            Ok(length) => (length, Ok(())),
            Err(syntax) => match trail.take_error() {
                None => return Some(Err(self.broken(&syntax))),
                // What is left of the element is passed over.
                Some(mismatch) => match element_of(rest) {
                    Err(syntax) => return Some(Err(self.broken(&syntax))),
                    Ok(element) => {
                        let raw = serde_json::from_str(element).ok();
                        (element.len(), Err(mismatch.inside(&self.path(), raw)))
                    }
                },
            },
        };
        self.orders = trail.orders;
        self.next = self.following(start + length);
        self.index += 1;
        Some(Ok(fit))
    }

    /// What comes after the element that ends at `position`.
    fn following(&self, position: usize) -> Next {
        let position = self.after_space(position);
        match self.json.as_bytes().get(position) {
            Some(b',') => Next::Element(self.after_space(position + 1)),
            Some(b']') => self.end(position + 1),
            _ => Next::Broken(self.broken("expected `,` or `]` after an element")),
        }
    }

    fn end(&self, position: usize) -> Next {
        if self.after_space(position) == self.json.len() {
            Next::Nothing
        } else {
            Next::Broken(self.broken("there is more after the list"))
        }
    }

    fn broken(&self, why: impl std::fmt::Display) -> DecodeError {
        DecodeError {
            path: self.path.clone(),
            ..DecodeError::syntax(&why)
        }
    }

    /// The first position from `position` on that is not white space.
    fn after_space(&self, position: usize) -> usize {
        let rest = self.json.as_bytes().iter().skip(position);
        let space = |byte: &&u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
        position + rest.take_while(space).count()
    }
}

/// The text of the list in a property of an object.
fn list_in(json: &str, property: &str) -> Result<String, DecodeError> {
    if json.trim_ascii().is_empty() {
        return Ok(String::new());
    }
    let object: BTreeMap<String, &RawValue> =
        serde_json::from_str(json).map_err(|_| not_a_list("$", json))?;
    Ok(match object.get(property).map(|list| list.get()) {
        None | Some("null") => String::new(),
        Some(list) => list.to_owned(),
    })
}

/// The text of the JSON value at the start of `rest`.
fn element_of(rest: &str) -> Result<&str, serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_str(rest);
    <&RawValue>::deserialize(&mut deserializer).map(RawValue::get)
}

fn not_a_list(path: &str, json: &str) -> DecodeError {
    DecodeError {
        path: path.to_owned(),
        reason: "expected an array".to_owned(),
        raw: serde_json::from_str(json).ok(),
    }
}
