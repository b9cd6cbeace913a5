//! From places to JSON.

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use serde_json::value::RawValue;

use super::{Dictionary, List, Place, Record, View};

/// Who reads what is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Audience {
    /// The caller: everything a model holds.
    Caller,
    /// Okta: what it refuses to be sent is left out.
    Server,
}

/// Encodes everything that a model holds.
///
/// # Errors
/// What the serializer says.
pub fn serialize<S: Serializer>(place: &dyn Place, serializer: S) -> Result<S::Ok, S::Error> {
    Encode {
        view: place.view(),
        audience: Audience::Caller,
    }
    .serialize(serializer)
}

/// The JSON text of a place.
pub(super) fn json_of(place: &dyn Place, audience: Audience) -> Vec<u8> {
    let mut json = Vec::with_capacity(256);
    let encode = Encode {
        view: place.view(),
        audience,
    };
    let written = encode.serialize(&mut serde_json::Serializer::new(&mut json));
    // Keys are strings, numbers are finite and the writer is memory: nothing is left to fail.
    debug_assert!(written.is_ok(), "a model could not be encoded");
    json
}

/// A view that serde can serialize.
pub(super) struct Encode<'a> {
    pub(super) view: View<'a>,
    pub(super) audience: Audience,
}

impl Serialize for Encode<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.view {
            View::Absent | View::Missing | View::Null => serializer.serialize_unit(),
            View::Bool(value) => serializer.serialize_bool(value),
            View::Integer(value) => serializer.serialize_i64(value),
            View::Number(value) => value.serialize(serializer),
            View::Text(value) | View::Secret(value) => serializer.serialize_str(value),
            View::Json(value) | View::SecretJson(value) => value.serialize(serializer),
            View::Record(record) => self.record(record, serializer),
            View::List(list) => self.list(list, serializer),
            View::Dictionary(dictionary) => self.dictionary(dictionary, serializer),
        }
    }
}

impl Encode<'_> {
    fn member<'a>(&self, place: &'a dyn Place) -> Encode<'a> {
        Encode {
            view: place.view(),
            audience: self.audience,
        }
    }

    fn record<S: Serializer>(&self, record: &dyn Record, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (index, property) in record.shape().properties.iter().enumerate() {
            if property.server_owned && self.audience == Audience::Server {
                continue;
            }
            let Some(place) = record.get(index) else {
                continue;
            };
            let member = self.member(place);
            if !matches!(member.view, View::Absent | View::Missing) {
                map.serialize_entry(property.name, &member)?;
            }
        }
        for (key, value, text) in record.extra().entries() {
            if !is_set(record, key) && !written_as_text(&mut map, key, text) {
                map.serialize_entry(key, value)?;
            }
        }
        map.end()
    }

    fn list<S: Serializer>(&self, list: &dyn List, serializer: S) -> Result<S::Ok, S::Error> {
        let mut seq = serializer.serialize_seq(None)?;
        let mut index = 0;
        while let Some(place) = list.element(index) {
            seq.serialize_element(&self.member(place))?;
            index += 1;
        }
        seq.end()
    }

    fn dictionary<S: Serializer>(
        &self,
        dictionary: &dyn Dictionary,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(dictionary.size()))?;
        let mut outcome = Ok(());
        dictionary.each(&mut |key, place| {
            outcome = map.serialize_entry(key, &self.member(place));
            outcome.is_ok()
        });
        outcome?;
        map.end()
    }
}

/// Whether a known property of that name is written already: an object has each name once.
fn is_set(record: &dyn Record, key: &str) -> bool {
    let index = record.shape().index_of(key);
    let place = index.and_then(|index| record.get(index));
    place.is_some_and(|place| !matches!(place.view(), View::Absent | View::Missing))
}

/// Writes the text of a value that [`Value`](serde_json::Value) cannot hold, where the format can:
/// JSON text can, a `Value` in memory cannot and gets what the value shows.
fn written_as_text<M: SerializeMap>(map: &mut M, key: &str, text: Option<&str>) -> bool {
    text.and_then(|text| RawValue::from_string(without_control_characters(text)).ok())
        .is_some_and(|raw| map.serialize_entry(key, &raw).is_ok())
}

/// The same JSON with control characters in strings written as escapes, as JSON wants them.
fn without_control_characters(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let (mut in_string, mut after_backslash) = (false, false);
    for character in text.chars() {
        if in_string && character < ' ' {
            escaped.push_str(&format!("\\u{:04x}", u32::from(character)));
        } else {
            escaped.push(character);
        }
        in_string ^= character == '"' && !after_backslash;
        after_backslash = in_string && character == '\\' && !after_backslash;
    }
    escaped
}
