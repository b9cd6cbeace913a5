//! Lists, of which one element may be bad.

use serde_json::json;

use super::*;
use crate::codec::{DecodeError, Element, Elements, Slot};

/// All elements of a list, unless it is broken.
fn decode_list<T: Slot>(
    json: &[u8],
    property: Option<&str>,
) -> Result<Vec<Result<T, DecodeError>>, DecodeError> {
    let mut elements = Elements::open(json.to_vec().into(), property, Strictness::Lenient)?;
    std::iter::from_fn(|| next(&mut elements)).collect()
}

/// The next element by itself.
fn next<T: Slot>(elements: &mut Elements) -> Option<Element<T>> {
    let mut slot = None;
    let item = elements.next_in(&mut slot)?;
    Some(item.map(|fit| fit.map(|()| slot.unwrap())))
}

#[test]
fn a_bad_element_does_not_spoil_its_neighbours() {
    for (bad, reason) in [
        (r#""b""#, "expected an object, found a string"),
        ("7", "expected an object, found a number"),
        ("null", "expected an object, found null"),
        (r#"[{"id":"b"}]"#, "expected an object, found an array"),
        (r#"{"id":tru}"#, "not valid JSON: expected a value at byte"),
        (
            r#"{"id":"\x"}"#,
            "not valid JSON: a string has an unknown escape",
        ),
        (r#"{"id" 1}"#, "not valid JSON: expected a colon"),
        (
            r#"{"id":1,}"#,
            "not valid JSON: expected the name of a member",
        ),
        (r#"{"id":01}"#, "not valid JSON: a number is malformed"),
        (r#"{"id":"a]"]}"#, "not valid JSON: expected a comma"),
    ] {
        let list = format!(r#"[{{"id":"a"}}, {bad} ,{{"id":"c"}}]"#);
        for (body, property, path) in [
            (list.clone(), None, "$[1]"),
            (
                format!(r#"{{"x":[1,{{}}],"list":{list},"_links":{{}}}}"#),
                Some("list"),
                "$.list[1]",
            ),
        ] {
            let elements = decode_list::<Person>(body.as_bytes(), property).unwrap();
            let [Ok(first), Err(second), Ok(third)] = elements.as_slice() else {
                panic!("{body}: {elements:?}");
            };
            assert_eq!(
                (first.id.as_deref(), third.id.as_deref()),
                (Some("a"), Some("c"))
            );
            assert_eq!(second.path, path);
            assert!(second.reason.starts_with(reason), "{body}: {second}");
            assert_eq!(second.raw.as_ref().unwrap(), bad);
        }
    }
}

#[test]
fn bytes_that_are_not_utf8_cost_their_element_only() {
    let body = b"[{\"id\":\"a\"},{\"id\":\"\xff\"} ,{\"id\":\"c\"}]";
    let elements = decode_list::<Person>(body, None).unwrap();
    let [Ok(first), Err(second), Ok(third)] = elements.as_slice() else {
        panic!("{elements:?}");
    };
    assert_eq!(
        (first.id.as_deref(), third.id.as_deref()),
        (Some("a"), Some("c"))
    );
    assert_eq!(&second.raw.as_ref().unwrap()[..], b"{\"id\":\"\xff\"}");
}

#[test]
fn nothing_is_not_an_empty_list() {
    for (body, property, path) in [
        ("", None, "$"),
        (" \n", Some("list"), "$"),
        ("{}", Some("list"), "$.list"),
        (r#"{"message": "maintenance"}"#, Some("list"), "$.list"),
        (r#"{"list": null}"#, Some("list"), "$.list"),
    ] {
        let error = decode_list::<Person>(body.as_bytes(), property).unwrap_err();
        assert_eq!(error.path, path, "{body}");
        assert!(!error.malformed, "another copy would be the same: {body}");
    }
    for (body, property) in [
        ("[]", None),
        (" [ ] ", None),
        (r#"{"list": [], "other": 1}"#, Some("list")),
        (
            r#"{"other": {"list": 1}, "l\u0069st" : [ ] }"#,
            Some("list"),
        ),
    ] {
        let elements = decode_list::<Person>(body.as_bytes(), property).unwrap();
        assert_eq!(elements, [], "{body}");
    }
}

#[test]
fn elements_that_were_given_are_passed_over() {
    let mut elements =
        Elements::open("[{},7,{\"id\":\"c\"}]".into(), None, Strictness::Lenient).unwrap();
    elements.pass_over(2).unwrap();
    assert_eq!(elements.path(), "$[2]");
    let last: Person = next(&mut elements).unwrap().unwrap().unwrap();
    assert_eq!(last.id.as_deref(), Some("c"));
    assert!(elements.is_empty());
}

#[test]
fn elements_come_as_bytes_or_as_a_type_of_the_caller() {
    let body = r#"[ {"id":"a"} , 7 ,"x"]"#;
    let mut elements = Elements::open(body.into(), None, Strictness::Lenient).unwrap();
    let mut slot = None;
    let mut raw = Vec::new();
    while let Some(item) = elements.next_raw(&mut slot) {
        item.unwrap().unwrap();
        raw.push(slot.take().unwrap());
    }
    assert_eq!(raw, [r#"{"id":"a"}"#, "7", r#""x""#]);

    let mut elements = Elements::open("[1, true, 3]".into(), None, Strictness::Lenient).unwrap();
    let mut numbers = Vec::new();
    let mut slot = None;
    while let Some(item) = elements.next_as::<u8>(&mut slot) {
        numbers.push(item.unwrap().map(|()| slot.take().unwrap()));
    }
    let [Ok(1), Err(error), Ok(3)] = numbers.as_slice() else {
        panic!("{numbers:?}");
    };
    assert_eq!(
        (&*error.path, error.raw.as_ref().unwrap()),
        ("$[1]", &"true".into())
    );
}

#[test]
fn what_is_no_list_is_an_error() {
    for (body, property, path) in [
        ("{}", None, "$"),
        ("7", None, "$"),
        ("[]", Some("list"), "$"),
        ("<html>", None, "$"),
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
        let mut elements = Elements::open(body.into(), None, Strictness::Lenient).unwrap();
        for _ in 0..whole {
            assert!(
                matches!(next::<Person>(&mut elements), Some(Ok(Ok(_)))),
                "{body}"
            );
        }
        assert!(!elements.is_empty(), "{body}");
        let Some(Err(error)) = next::<Person>(&mut elements) else {
            panic!("{body}");
        };
        assert_eq!(error.path, "$");
        assert!(error.reason.starts_with("not valid JSON"), "{error}");
        assert!(next::<Person>(&mut elements).is_none(), "{body}");
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
