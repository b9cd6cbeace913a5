//! Places of the document where types are: the keys of `types` in `names.yaml`.
//!
//! | place | what is there |
//! |---|---|
//! | `User` | the schema of that name |
//! | `User.status` | a member of an object |
//! | `User.factors[]`, `User.hints{}` | an element of a list, a value of a map |
//! | `Application/base` | what all kinds of a union share |
//! | `createUser/request`, `createUser/response` | what an operation sends and answers |
//! | `listUsers?sortBy` | a parameter |
//! | `Thing.size|2` | the second type at the same place |

use crate::names::type_name;

/// A member of an object.
pub(super) fn member(owner: &str, name: &str) -> String {
    format!("{owner}.{name}")
}

/// An element of a list.
pub(super) fn item(list: &str) -> String {
    format!("{list}[]")
}

/// A value of a map.
pub(super) fn map_value(map: &str) -> String {
    format!("{map}{{}}")
}

/// What all kinds of a union share.
pub(super) fn base(union: &str) -> String {
    format!("{union}/base")
}

/// What an operation sends.
pub(super) fn request(operation: &str) -> String {
    format!("{operation}/request")
}

/// What an operation answers.
pub(super) fn response(operation: &str) -> String {
    format!("{operation}/response")
}

/// A parameter of an operation.
pub(super) fn parameter(operation: &str, name: &str) -> String {
    format!("{operation}?{name}")
}

/// One of several types at the same place, counted from 1.
pub(super) fn nth(place: &str, count: usize) -> String {
    if count == 1 {
        place.to_owned()
    } else {
        format!("{place}|{count}")
    }
}

/// Whether a place is what all kinds of a union share.
pub(super) fn is_base(place: &str) -> bool {
    place.ends_with("/base")
}

/// Whether this is where something in a type starts.
pub(super) fn is_start(rest: &str) -> bool {
    rest.starts_with(['.', '/', '|'])
}

/// The last name in a place: `status` in `User.status`.
pub(super) fn last_name(place: &str) -> &str {
    let names = place.split(['.', '[', ']', '{', '}', '/', '?', '|']);
    let mut named = names.filter(|name| name.starts_with(|c: char| !c.is_ascii_digit()));
    named.next_back().unwrap_or(place)
}

/// A place, or a part of one, as the name of a type: `createUser/request` is `CreateUserRequest`,
/// `User.factors[]` is `UserFactor`.
pub(super) fn pascal(place: &str) -> String {
    if let Some(list) = place.strip_suffix("[]") {
        return singular(&pascal(list));
    }
    if let Some(map) = place.strip_suffix("{}") {
        return format!("{}Value", pascal(map));
    }
    if let Some((place, _)) = place.rsplit_once('|') {
        return format!("{}Value", pascal(place));
    }
    place
        .split(['.', '/', '?'])
        .filter(|part| !part.is_empty())
        .map(|part| match part.find(['[', '{']) {
            Some(at) if at > 0 => pascal(&part[..at]) + &pascal(&part[at..]),
            _ => type_name(part),
        })
        .collect()
}

/// Name of one of several.
fn singular(name: &str) -> String {
    if let Some(stem) = name.strip_suffix("ies") {
        return format!("{stem}y");
    }
    match name.strip_suffix('s') {
        Some(stem) if !stem.ends_with('s') && !stem.ends_with('u') => stem.to_owned(),
        _ => format!("{name}Item"),
    }
}
