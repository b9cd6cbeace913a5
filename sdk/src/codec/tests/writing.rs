//! To JSON: what callers see, and what is sent.

use serde_json::json;

use super::*;
use crate::codec::encode_body;

fn everything() -> Value {
    json!({
        "active": false,
        "age": -1,
        "anything": {"b": [null, 1, 1.0]},
        "born": "2026-01-31T09:30:00.000Z",
        "friends": [{"id": "f", "mood": "NOT_SO_GOOD"}, {}],
        "id": "1",
        "links": [{"href": "x", "serial": 1}],
        "mood": "NEW",
        "nickname": null,
        "partner": {"id": "p", "age": 1},
        "password": "secret",
        "pet": {"kind": "DOG", "good": true},
        "scores": {"a": 1, "b": 1.0, "c": -2.5e300},
        "titles": {"en": null, "fr": "Mme"},
        "extra": {"id": "kept"},
    })
}

#[test]
fn callers_see_everything() {
    let before = everything();
    let person = person(&before).unwrap();
    assert_eq!(serde_json::to_value(&person).unwrap(), before);
    let text = serde_json::to_string(&person).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), before);
}

#[test]
fn what_the_server_owns_is_not_sent_and_all_else_is() {
    let mut expected = everything();
    let link = expected.pointer_mut("/links/0").unwrap();
    link.as_object_mut().unwrap().remove("serial").unwrap();
    let sent = encode_body(&person(&everything()).unwrap()).unwrap();
    assert_eq!(serde_json::from_slice::<Value>(&sent).unwrap(), expected);
}

#[test]
fn absent_properties_are_not_sent_and_null_ones_are() {
    for (person, body) in [
        (Person::default(), "{}"),
        (
            Person {
                nickname: Nullable::Null,
                ..Person::default()
            },
            r#"{"nickname":null}"#,
        ),
        (
            Person {
                age: Some(0),
                active: Some(false),
                ..Person::default()
            },
            r#"{"active":false,"age":0}"#,
        ),
        (
            Person {
                friends: Some(Vec::new()),
                ..Person::default()
            },
            r#"{"friends":[]}"#,
        ),
        (
            Person {
                extra: [("custom", Value::Null)].into_iter().collect(),
                ..Person::default()
            },
            r#"{"custom":null}"#,
        ),
    ] {
        assert_eq!(encode_body(&person).unwrap(), body);
    }
}

#[test]
fn lists_and_maps_are_bodies_too() {
    let badges = vec![Badge {
        serial: Some(1),
        ..Badge::default()
    }];
    assert_eq!(encode_body(&badges).unwrap(), "[{}]");
    let map = BTreeMap::from([("a".to_owned(), Nullable::<String>::Null)]);
    assert_eq!(encode_body(&map).unwrap(), r#"{"a":null}"#);
}
