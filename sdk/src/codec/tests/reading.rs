//! From JSON: what is kept, and what an error says.

use serde_json::json;

use super::*;

#[test]
fn null_and_absent_differ_only_where_that_matters() {
    for (json, nickname, mood) in [
        (json!({}), Nullable::Absent, None),
        (
            json!({"nickname": null, "mood": null}),
            Nullable::Null,
            None,
        ),
        (
            json!({"nickname": "Isa", "mood": "GOOD"}),
            Nullable::Value("Isa".to_owned()),
            Some(Mood::Good),
        ),
    ] {
        let person = person(&json).unwrap();
        assert_eq!((person.nickname, person.mood), (nickname, mood), "{json}");
    }
}

#[test]
fn nullable_models_and_entries_know_null_too() {
    let json = json!({"pet": null, "titles": {"en": null, "fr": "Mme"}});
    let person = person(&json).unwrap();
    assert!(person.pet.is_null());
    let titles = person.titles.as_ref().unwrap();
    assert_eq!(titles["en"], Nullable::Null);
    assert_eq!(titles["fr"].as_deref(), Some("Mme"));
}

#[test]
fn unknown_properties_and_values_are_kept() {
    let json = json!({
        "mood": "EUPHORIC",
        "shoeSize": 43,
        "badge": {"href": [1, null]},
        "friends": [{"": true}],
    });
    let person = person(&json).unwrap();
    assert_eq!(person.mood, Some(Mood::Unrecognized("EUPHORIC".to_owned())));
    assert_eq!(person.extra.get("shoeSize"), Some(&json!(43)));
    assert_eq!(person.extra.get_as::<u8>("shoeSize").unwrap(), Some(43));
    assert_eq!(person.extra.len(), 2);
    assert_eq!(serde_json::to_value(&person).unwrap(), json);
}

#[test]
fn an_empty_body_is_a_model_without_properties() {
    for body in ["", " \r\n", "{}"] {
        assert_eq!(
            decode::<Person>(body.as_bytes()).unwrap(),
            Person::default(),
            "{body:?}"
        );
    }
}

#[test]
fn a_property_that_comes_twice_counts_once() {
    let json = br#"{"age":1,"friends":[{"id":"a"}],"age":2,"friends":[],"age":3}"#;
    let person = decode::<Person>(json).unwrap();
    assert_eq!((person.age, person.friends), (Some(3), Some(Vec::new())));
}

#[test]
fn a_strict_reader_says_where_and_what() {
    for (json, path, reason) in [
        (
            json!({"age": "7"}),
            "$.age",
            "expected a whole number, found a string",
        ),
        (
            json!({"age": 1.5}),
            "$.age",
            "expected a whole number, found a number",
        ),
        (
            json!({"age": u64::MAX}),
            "$.age",
            "expected a whole number, found a number",
        ),
        (
            json!({"active": 1}),
            "$.active",
            "expected a boolean, found a number",
        ),
        (
            json!({"mood": true}),
            "$.mood",
            "expected a string, found a boolean",
        ),
        (
            json!({"id": {"a": 1}}),
            "$.id",
            "expected a string, found an object",
        ),
        (
            json!({"friends": {}}),
            "$.friends",
            "expected an array, found an object",
        ),
        (
            json!({"friends": [{}, null]}),
            "$.friends[1]",
            "expected an object, found null",
        ),
        (
            json!({"partner": {"friends": [{}, {"scores": {"a b": "x"}}]}}),
            "$.partner.friends[1].scores[\"a b\"]",
            "expected a number, found a string",
        ),
        (
            json!({"pet": {"kind": "CAT", "lives": []}}),
            "$.pet.lives",
            "expected a whole number, found an array",
        ),
        (
            json!({"pet": {"lives": "x", "kind": "CAT"}}),
            "$.pet.lives",
            "expected a whole number, found a string",
        ),
        (json!([]), "$", "expected an object, found an array"),
    ] {
        let text = json.to_string();
        let error =
            super::super::decode::<Person>(text.as_bytes(), Strictness::Strict).unwrap_err();
        assert_eq!((&*error.path, &*error.reason), (path, reason), "{json}");
        assert_eq!(error.raw.unwrap(), text);
    }
}

#[test]
fn what_is_not_json_is_said_to_be_none() {
    for text in ["{", "<html>", "{} {}", r#"{"id": "\x"}"#] {
        let error = decode::<Person>(text.as_bytes()).unwrap_err();
        assert!(
            error.reason.starts_with("not valid JSON: "),
            "{text}: {error}"
        );
    }
}

#[test]
fn any_format_of_serde_gives_the_same() {
    let json = json!({
        "id": "1",
        "age": 7,
        "born": "2026-01-31T09:30:00.000Z",
        "links": {"href": "x"},
        "pet": {"name": "Tom", "kind": "TOMCAT"},
        "nickname": null,
        "more": [1.5],
    });
    let text = json.to_string();
    let from_text: Person = serde_json::from_str(&text).unwrap();
    let from_value: Person = serde_json::from_value(json.clone()).unwrap();
    let from_reader: Person = serde_json::from_reader(text.as_bytes()).unwrap();
    let from_yaml: Person = serde_norway::from_str(&text).unwrap();
    for other in [from_value, from_reader, from_yaml, person(&json).unwrap()] {
        assert_eq!(from_text, other);
    }
    let error = serde_json::from_value::<Person>(json!(["7"])).unwrap_err();
    assert_eq!(error.to_string(), "$: expected an object, found an array");
}
