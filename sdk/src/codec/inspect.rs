//! `Debug` and `PartialEq` of all models.

use std::fmt;

use super::{Dictionary, List, Place, Record, View};

/// Shows a model without its secrets, and without properties that are absent.
///
/// # Errors
/// What the formatter says.
pub fn debug(place: &dyn Place, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
    match place.view() {
        View::Absent | View::Missing => formatter.write_str("Absent"),
        View::Null => formatter.write_str("null"),
        View::Bool(value) => fmt::Debug::fmt(&value, formatter),
        View::Integer(value) => fmt::Debug::fmt(&value, formatter),
        View::Number(value) => fmt::Display::fmt(value, formatter),
        View::Text(value) => fmt::Debug::fmt(value, formatter),
        View::Secret(_) | View::SecretJson(_) => formatter.write_str("[redacted]"),
        View::Json(value) => fmt::Debug::fmt(&value, formatter),
        View::Record(record) => debug_record(record, formatter),
        View::List(list) => formatter
            .debug_list()
            .entries(elements(list).map(Shown))
            .finish(),
        View::Dictionary(dictionary) => debug_dictionary(dictionary, formatter),
    }
}

struct Shown<'a>(&'a dyn Place);

impl fmt::Debug for Shown<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        debug(self.0, formatter)
    }
}

pub(super) fn elements(list: &dyn List) -> impl Iterator<Item = &dyn Place> {
    (0..).map_while(|index| list.element(index))
}

fn debug_record(record: &dyn Record, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
    let shape = record.shape();
    let mut shown = formatter.debug_struct(shape.name);
    for (index, property) in shape.properties.iter().enumerate() {
        match record.get(index) {
            Some(place) if !matches!(place.view(), View::Absent | View::Missing) => {
                shown.field(property.name, &Shown(place));
            }
            _ => {}
        }
    }
    if !record.extra().is_empty() {
        shown.field("extra", record.extra());
    }
    shown.finish()
}

fn debug_dictionary(
    dictionary: &dyn Dictionary,
    formatter: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    let mut shown = formatter.debug_map();
    dictionary.each(&mut |key, place| {
        shown.entry(&key, &Shown(place));
        true
    });
    shown.finish()
}

/// Whether two places hold the same.
pub fn equal(left: &dyn Place, right: &dyn Place) -> bool {
    match (left.view(), right.view()) {
        (View::Absent | View::Missing, View::Absent | View::Missing) | (View::Null, View::Null) => {
            true
        }
        (View::Bool(left), View::Bool(right)) => left == right,
        (View::Integer(left), View::Integer(right)) => left == right,
        (View::Number(left), View::Number(right)) => left == right,
        (View::Text(left), View::Text(right)) | (View::Secret(left), View::Secret(right)) => {
            left == right
        }
        (View::Json(left), View::Json(right))
        | (View::SecretJson(left), View::SecretJson(right)) => left == right,
        (View::Record(left), View::Record(right)) => equal_records(left, right),
        (View::List(left), View::List(right)) => {
            let mut right = elements(right);
            elements(left).all(|place| right.next().is_some_and(|other| equal(place, other)))
                && right.next().is_none()
        }
        (View::Dictionary(left), View::Dictionary(right)) => equal_dictionaries(left, right),
        _ => false,
    }
}

fn equal_records(left: &dyn Record, right: &dyn Record) -> bool {
    std::ptr::eq(left.shape(), right.shape())
        && (0..left.shape().properties.len()).all(|index| {
            match (left.get(index), right.get(index)) {
                (Some(left), Some(right)) => equal(left, right),
                _ => false,
            }
        })
        && left.extra() == right.extra()
}

fn equal_dictionaries(left: &dyn Dictionary, right: &dyn Dictionary) -> bool {
    if left.size() != right.size() {
        return false;
    }
    let mut same = true;
    left.each(&mut |key, place| {
        let mut found = false;
        right.each(&mut |other_key, other| {
            if key == other_key {
                found = equal(place, other);
            }
            key != other_key
        });
        same = found;
        same
    });
    same
}
