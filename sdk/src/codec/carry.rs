//! From what was read to what can be written: the members that the other type declares, and what
//! nobody knows.

use super::encode::{Audience, json_of};
use super::inspect::elements;
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
                json.push('[');
                for element in elements(list) {
                    write(json, element, like.push());
                    json.push(',');
                }
                close(json, ']');
            }
            _ => write_whole(json, read),
        },
        View::Dictionary(dictionary) => match like.open(Opening::Object) {
            Opened::Dictionary(like) => {
                json.push('{');
                dictionary.each(&mut |key, place| {
                    write_name(json, key);
                    write(json, place, like.entry(key));
                    json.push(',');
                    true
                });
                close(json, '}');
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
    json.push('{');
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
                write_name(json, property.name);
                write(json, place, like);
                json.push(',');
            }
            None if tag == Some(property.name) => {
                write_name(json, property.name);
                write_whole(json, place);
                json.push(',');
            }
            None => {}
        }
    }
    write_extra(json, record.extra());
    close(json, '}');
}

fn write_extra(json: &mut String, extra: &Extra) {
    for (name, _) in extra.iter() {
        if let Some(raw) = extra.raw(name) {
            write_name(json, name);
            json.push_str(&raw);
            json.push(',');
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
    json.push_str(&String::from_utf8_lossy(&json_of(place, Audience::Caller)));
}

fn write_name(json: &mut String, name: &str) {
    json.push_str(&serde_json::Value::from(name).to_string());
    json.push(':');
}

/// Ends an array or object, whose elements each have a comma behind them.
fn close(json: &mut String, bracket: char) {
    if json.ends_with(',') {
        json.pop();
    }
    json.push(bracket);
}
