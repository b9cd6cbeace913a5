//! From what was read to what can be written: the members that the other type declares, and what
//! nobody knows.

use super::encode::serialize;
use super::reader::read_document;
use super::{Extra, Opened, Opening, Place, Record, Scalar, Slot, Strictness, View};

/// The members of `read` that `W` declares, at any depth, and all that is in `extra`. What only the
/// type of `read` declares stays behind, and so does a placeholder for a secret, such as the
/// `password: {}` of a user.
pub fn carried<W: Slot>(read: &dyn Place) -> W {
    let mut json = String::new();
    // Shows what the other type declares; the values go there as text, by the one reader.
    write(&mut json, read, &mut W::vacant());
    let mut written = W::vacant();
    let outcome = read_document(&mut written, json.as_bytes(), Strictness::Lenient);
    debug_assert!(outcome.is_ok(), "what was written cannot be read");
    written
}

fn write(json: &mut String, read: &dyn Place, like: &mut dyn Place) {
    match read.view() {
        View::Record(record) => match like.open(Opening::Object) {
            Opened::Record(like) => write_record(json, record, like, None),
            Opened::Union(union) => {
                let name = union.discriminator();
                let like = union.choose(text_of(record, name));
                write_record(json, record, like, Some(name));
            }
            _ => write_whole(json, read),
        },
        View::List(list) => match like.open(Opening::Array) {
            Opened::List(like) => {
                let mut separator = '[';
                for element in super::inspect::elements(list) {
                    json.push(std::mem::replace(&mut separator, ','));
                    write(json, element, like.push());
                }
                json.push_str(if separator == '[' { "[]" } else { "]" });
            }
            _ => write_whole(json, read),
        },
        View::Dictionary(dictionary) => match like.open(Opening::Object) {
            Opened::Dictionary(like) => {
                let mut separator = '{';
                dictionary.each(&mut |key, place| {
                    json.push(std::mem::replace(&mut separator, ','));
                    write_name(json, key);
                    write(json, place, like.entry(key));
                    true
                });
                json.push_str(if separator == '{' { "{}" } else { "}" });
            }
            _ => write_whole(json, read),
        },
        _ => write_whole(json, read),
    }
}

/// The text of a member, if it is a string that is known.
fn text_of<'a>(record: &'a dyn Record, name: &str) -> Option<&'a str> {
    let index = record.shape().index_of(name)?;
    match record.get(index)?.view() {
        View::Text(text) => Some(text),
        _ => None,
    }
}

/// `tag` is the member that tells the kind, and goes along in any case.
fn write_record(
    json: &mut String,
    record: &dyn Record,
    like: &mut dyn Record,
    tag: Option<&'static str>,
) {
    let mut separator = '{';
    for (index, property) in record.shape().properties.iter().enumerate() {
        let Some(place) = record.get(index) else {
            continue;
        };
        if matches!(place.view(), View::Absent | View::Missing) {
            continue;
        }
        let slot = like.shape().index_of(property.name);
        match slot.and_then(|index| like.slot(index)) {
            Some(like) => {
                if is_placeholder(place, like) {
                    continue;
                }
                json.push(std::mem::replace(&mut separator, ','));
                write_name(json, property.name);
                write(json, place, like);
            }
            None if tag == Some(property.name) => {
                json.push(std::mem::replace(&mut separator, ','));
                write_name(json, property.name);
                write_whole(json, place);
            }
            None => {}
        }
    }
    write_extra(json, record.extra(), &mut separator);
    json.push_str(if separator == '{' { "{}" } else { "}" });
}

fn write_extra(json: &mut String, extra: &Extra, separator: &mut char) {
    for (name, _) in extra.iter() {
        if let Some(raw) = extra.raw(name) {
            json.push(std::mem::replace(separator, ','));
            write_name(json, name);
            json.push_str(&raw);
        }
    }
}

/// Whether Okta shows with an empty object that there is a secret: sent back, it would stand for
/// none.
fn is_placeholder(place: &dyn Place, like: &mut dyn Place) -> bool {
    let View::Record(record) = place.view() else {
        return false;
    };
    let is_empty = record.extra().is_empty()
        && (0..)
            .map_while(|index| record.get(index))
            .all(|place| matches!(place.view(), View::Absent));
    is_empty && holds_secret(like)
}

fn holds_secret(like: &mut dyn Place) -> bool {
    let Opened::Record(record) = like.open(Opening::Object) else {
        return false;
    };
    (0..record.shape().properties.len()).any(|index| {
        record.slot(index).is_some_and(|slot| {
            slot.accept(Scalar::Text("")).is_ok() && matches!(slot.view(), View::Secret(_))
        })
    })
}

fn write_whole(json: &mut String, place: &dyn Place) {
    let mut text = Vec::new();
    // Keys are strings, numbers are finite and the writer is memory: nothing is left to fail.
    let written = serialize(place, &mut serde_json::Serializer::new(&mut text));
    debug_assert!(written.is_ok(), "a model could not be encoded");
    json.push_str(&String::from_utf8_lossy(&text));
}

fn write_name(json: &mut String, name: &str) {
    json.push_str(&serde_json::Value::from(name).to_string());
    json.push(':');
}
