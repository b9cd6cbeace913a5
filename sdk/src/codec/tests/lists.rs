//! Lists, of which one element may be bad.

use serde_json::json;

use super::*;
use crate::codec::{DecodeError, Elements, Slot};

/// All elements of a list, unless it is broken.
fn decode_list<T: Slot>(
    json: &[u8],
    property: Option<&str>,
) -> Result<Vec<Result<T, DecodeError>>, DecodeError> {
    let mut elements = Elements::open(json.to_vec().into(), property)?;
    std::iter::from_fn(|| elements.next()).collect()
}

#[test]
fn a_bad_element_does_not_spoil_its_neighbours() {
    let json = json!([{"id": "a"}, {"id": "b", "friends": [{"age": "x"}]}, {"id": "c"}]);
    for (body, property, path) in [
        (json.to_string(), None, "$[1].friends[0].age"),
        (
            json!({"list": json}).to_string(),
            Some("list"),
            "$.list[1].friends[0].age",
        ),
    ] {
        let elements = decode_list::<Person>(body.as_bytes(), property).unwrap();
        let [Ok(first), Err(second), Ok(third)] = elements.as_slice() else {
            panic!("{elements:?}");
        };
        assert_eq!(
            (first.id.as_deref(), third.id.as_deref()),
            (Some("a"), Some("c"))
        );
        assert_eq!(second.path, path);
        assert_eq!(second.reason, "expected a whole number, found a string");
        assert_eq!(second.raw, Some(json[1].clone()));
    }
}

#[test]
fn a_list_that_is_not_there_is_empty() {
    for (body, property) in [
        ("", None),
        ("[]", None),
        ("{}", Some("list")),
        (r#"{"list": null}"#, Some("list")),
        (r#"{"list": [], "other": 1}"#, Some("list")),
    ] {
        assert_eq!(
            decode_list::<Person>(body.as_bytes(), property).unwrap(),
            [],
            "{body}"
        );
    }
}

#[test]
fn what_is_no_list_is_an_error() {
    for (body, property, path) in [
        ("{}", None, "$"),
        ("7", None, "$"),
        ("[]", Some("list"), "$"),
        (r#"{"list": {}}"#, Some("list"), "$.list"),
    ] {
        let error = decode_list::<Person>(body.as_bytes(), property).unwrap_err();
        assert_eq!(error.path, path, "{body}");
        assert!(error.reason.starts_with("expected an array"), "{error}");
    }
}

#[test]
fn a_list_that_breaks_off_gives_what_was_before_and_then_an_error() {
    for (body, whole) in [
        ("[{]", 0),
        ("[{},{}", 2),
        ("[{},", 1),
        ("[{} {}]", 1),
        ("[{}]]", 1),
        ("[] x", 0),
        ("[,]", 0),
        ("[", 0),
    ] {
        let mut elements = Elements::open(body.into(), None).unwrap();
        for _ in 0..whole {
            assert!(
                matches!(elements.next::<Person>(), Some(Ok(Ok(_)))),
                "{body}"
            );
        }
        assert!(!elements.is_empty(), "{body}");
        let Some(Err(error)) = elements.next::<Person>() else {
            panic!("{body}");
        };
        assert_eq!(error.path, "$");
        assert!(error.reason.starts_with("not valid JSON"), "{error}");
        assert!(elements.next::<Person>().is_none(), "{body}");
    }
}

#[test]
fn unknown_properties_are_kept_whatever_their_order_and_number() {
    // More names than are remembered, and two objects that differ in the order of theirs.
    let many: Vec<_> = (0..200).map(|number| format!("x{number}")).collect();
    let object = |names: &mut dyn Iterator<Item = &String>| {
        let members: Vec<_> = names.map(|name| format!(r#""{name}":"{name}""#)).collect();
        format!(r#"{{"a0":1,{},"id":"p"}}"#, members.join(","))
    };
    let body = format!(
        "[{},{},{}]",
        object(&mut many.iter()),
        object(&mut many.iter().rev()),
        object(&mut many.iter())
    );
    let people = decode_list::<Person>(body.as_bytes(), None).unwrap();
    assert_eq!(people.len(), 3);
    for person in people {
        let person = person.unwrap();
        assert_eq!(person.id.as_deref(), Some("p"));
        assert_eq!(person.extra.len(), 201);
        for name in &many {
            assert_eq!(person.extra.get(name), Some(&json!(name)));
        }
    }
}
