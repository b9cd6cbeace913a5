//! From JSON into places: the one visitor that serves every model.

use std::fmt;

use serde::de::{
    DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use serde_json::{Map, Value};

use super::error::{DecodeError, Trail};
use super::order::{Expected, START};
use super::{Dictionary, List, Opened, Opening, Place, Record, Scalar, Slot, Union};

/// Decodes a model from any serde format that describes itself.
///
/// # Errors
/// Where a value does not fit its property; the message says the JSON path.
pub fn deserialize<'de, T: Slot, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let mut value = T::vacant();
    into_place(&mut value, deserializer)?;
    Ok(value)
}

/// [`deserialize`] without the model's type, so that it is compiled once for each format.
fn into_place<'de, D: Deserializer<'de>>(
    place: &mut dyn Place,
    deserializer: D,
) -> Result<(), D::Error> {
    let mut trail = Trail::default();
    Seed {
        place,
        trail: &mut trail,
    }
    .deserialize(deserializer)
    .map_err(|error| match trail.take_error() {
        Some(mismatch) => D::Error::custom(mismatch),
        None => error,
    })
}

/// Decodes JSON text into `place`; the whole input has to be one JSON value.
pub(super) fn from_slice(place: &mut dyn Place, json: &[u8]) -> Result<(), DecodeError> {
    // Once for the document costs far less than for each string in it.
    let json = std::str::from_utf8(json).map_err(|error| DecodeError::syntax(&error))?;
    let mut trail = Trail::default();
    let outcome = decode_prefix(place, json, &mut trail)
        .and_then(|end| serde_json::Deserializer::from_str(&json[end..]).end());
    outcome.map_err(|error| {
        trail
            .take_error()
            .unwrap_or_else(|| DecodeError::syntax(&error))
    })
}

/// The text of a body.
pub(super) fn text_of(body: Vec<u8>) -> Result<String, DecodeError> {
    String::from_utf8(body).map_err(|error| DecodeError::syntax(&error.utf8_error()))
}

/// Decodes the JSON value at the start of `json` into `place`, and says where it ends. On an
/// error the trail knows if it is that a value did not fit.
pub(super) fn decode_prefix(
    place: &mut dyn Place,
    json: &str,
    trail: &mut Trail,
) -> Result<usize, serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_str(json);
    Seed { place, trail }.deserialize(&mut deserializer)?;
    Ok(deserializer.into_iter::<IgnoredAny>().byte_offset())
}

/// Puts the value that comes next into a place.
struct Seed<'a> {
    place: &'a mut dyn Place,
    trail: &'a mut Trail,
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Seed<'_> {
    fn scalar<E: serde::de::Error>(self, scalar: Scalar<'_>) -> Result<(), E> {
        self.place.accept(scalar).map_err(|mismatch| {
            self.trail.fail(mismatch, scalar.into());
            E::custom("value does not fit")
        })
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_bool<E: serde::de::Error>(self, value: bool) -> Result<(), E> {
        self.scalar(Scalar::Bool(value))
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<(), E> {
        self.scalar(Scalar::Integer(value))
    }

    fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<(), E> {
        self.scalar(match i64::try_from(value) {
            Ok(value) => Scalar::Integer(value),
            Err(_) => Scalar::Unsigned(value),
        })
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<(), E> {
        self.scalar(Scalar::Float(value))
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<(), E> {
        self.scalar(Scalar::Text(value))
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<(), E> {
        self.scalar(Scalar::Null)
    }

    fn visit_none<E: serde::de::Error>(self) -> Result<(), E> {
        self.scalar(Scalar::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<(), A::Error> {
        match self.place.open(Opening::Array) {
            Opened::List(list) => read_list(list, seq, self.trail),
            Opened::Json(value) => {
                *value = read_json_array(seq)?;
                Ok(())
            }
            Opened::Refused(mismatch) => {
                let raw = read_json_array(seq)?;
                self.trail.fail(mismatch, raw);
                Err(A::Error::custom("value does not fit"))
            }
            Opened::Record(_) | Opened::Union(_) | Opened::Dictionary(_) => {
                Err(A::Error::custom("an array was opened as an object"))
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        match self.place.open(Opening::Object) {
            Opened::Record(record) => read_record(record, map, self.trail),
            Opened::Union(union) => read_union(union, map, self.trail),
            Opened::Dictionary(dictionary) => read_dictionary(dictionary, map, self.trail),
            Opened::Json(value) => {
                *value = read_json_object(map)?;
                Ok(())
            }
            Opened::Refused(mismatch) => {
                let raw = read_json_object(map)?;
                self.trail.fail(mismatch, raw);
                Err(A::Error::custom("value does not fit"))
            }
            Opened::List(_) => Err(A::Error::custom("an object was opened as an array")),
        }
    }
}

fn read_json_array<'de, A: SeqAccess<'de>>(mut seq: A) -> Result<Value, A::Error> {
    let mut elements = Vec::new();
    while let Some(element) = seq.next_element()? {
        elements.push(element);
    }
    Ok(Value::Array(elements))
}

fn read_json_object<'de, A: MapAccess<'de>>(mut map: A) -> Result<Value, A::Error> {
    let mut object = Map::new();
    while let Some((key, value)) = map.next_entry()? {
        object.insert(key, value);
    }
    Ok(Value::Object(object))
}

fn read_list<'de, A: SeqAccess<'de>>(
    list: &mut dyn List,
    mut seq: A,
    trail: &mut Trail,
) -> Result<(), A::Error> {
    for index in 0.. {
        let next = NextElement { list, trail };
        match seq.next_element_seed(next) {
            Ok(Some(())) => {}
            Ok(None) => break,
            Err(error) => {
                trail.through_index(index);
                return Err(error);
            }
        }
    }
    Ok(())
}

/// Makes room for an element only once there is one.
struct NextElement<'a> {
    list: &'a mut dyn List,
    trail: &'a mut Trail,
}

impl<'de> DeserializeSeed<'de> for NextElement<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        Seed {
            place: self.list.push(),
            trail: self.trail,
        }
        .deserialize(deserializer)
    }
}

fn read_dictionary<'de, A: MapAccess<'de>>(
    dictionary: &mut dyn Dictionary,
    mut map: A,
    trail: &mut Trail,
) -> Result<(), A::Error> {
    // Maps are small and rare: reading ahead shows which entries are null.
    while let Some((key, value)) = map.next_entry::<String, Value>()? {
        if value.is_null() && !dictionary.keeps_null() {
            continue;
        }
        let place = dictionary.entry(key.clone());
        if let Err(error) = (Seed { place, trail }).deserialize(value) {
            trail.through_key(&key);
            return Err(A::Error::custom(error));
        }
    }
    Ok(())
}

fn read_record<'de, A: MapAccess<'de>>(
    record: &mut dyn Record,
    mut map: A,
    trail: &mut Trail,
) -> Result<(), A::Error> {
    let shape = record.shape();
    let order = trail.orders.of(shape);
    let mut place = START;
    while let Some(key) = map.next_key_seed(KeySeed(trail.orders.expected(order, place)))? {
        match key {
            Key::Known(index) => {
                place = trail.orders.follow(order, place, index);
                let Some(slot) = record.slot(index) else {
                    return Err(A::Error::custom(
                        "the shape has more properties than the record",
                    ));
                };
                let seed = Seed { place: slot, trail };
                if let Err(error) = map.next_value_seed(seed) {
                    trail.through_key(shape.properties[index].name);
                    return Err(error);
                }
            }
            Key::Unknown(key) => {
                place = trail.orders.follow_unknown(order, place, &key);
                let value: Value = map.next_value()?;
                record.extra_mut().insert(key, value);
            }
        }
    }
    Ok(())
}

/// Reads a union: what comes before the discriminator waits until the kind is known.
fn read_union<'de, A: MapAccess<'de>>(
    union: &mut dyn Union,
    mut map: A,
    trail: &mut Trail,
) -> Result<(), A::Error> {
    let discriminator = union.discriminator();
    let mut waiting: Vec<(String, Value)> = Vec::new();
    let mut tag = None;
    while let Some(key) = map.next_key::<String>()? {
        let value: Value = map.next_value()?;
        let found = key == discriminator;
        if found {
            tag = value.as_str().map(str::to_owned);
        }
        waiting.push((key, value));
        if found {
            break;
        }
    }
    let record = union.choose(tag.as_deref());
    for (key, value) in waiting {
        put(record, key, value, trail).map_err(A::Error::custom)?;
    }
    read_record(record, map, trail)
}

/// Puts a property that was read ahead into a record.
fn put(
    record: &mut dyn Record,
    key: String,
    value: Value,
    trail: &mut Trail,
) -> Result<(), serde_json::Error> {
    let index = record.shape().index_of(&key);
    match index.and_then(|index| record.slot(index)) {
        Some(place) => Seed { place, trail }
            .deserialize(value)
            .inspect_err(|_| trail.through_key(&key)),
        None => {
            record.extra_mut().insert(key, value);
            Ok(())
        }
    }
}

enum Key {
    Known(usize),
    Unknown(String),
}

/// Looks a key up in the shape without allocating it.
struct KeySeed<'a>(Expected<'a>);

impl<'de> DeserializeSeed<'de> for KeySeed<'_> {
    type Value = Key;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Key, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for KeySeed<'_> {
    type Value = Key;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a property name")
    }

    fn visit_str<E: serde::de::Error>(self, key: &str) -> Result<Key, E> {
        Ok(match self.0.index_of(key) {
            Some(index) => Key::Known(index),
            None => Key::Unknown(key.to_owned()),
        })
    }

    fn visit_string<E: serde::de::Error>(self, key: String) -> Result<Key, E> {
        Ok(match self.0.index_of(&key) {
            Some(index) => Key::Known(index),
            None => Key::Unknown(key),
        })
    }
}
