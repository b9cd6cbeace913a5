//! `Debug` and `PartialEq`.

use serde_json::json;

use super::*;

#[test]
fn debug_shows_what_is_there_but_no_secrets() {
    let person = person(&json!({
        "password": "hunter2",
        "mood": "NEW",
        "pet": {"kind": "CAT"},
        "nickname": null,
        "friends": [{"password": "hunter2"}],
        "titles": {"fr": "Mme"},
        "pin": "hunter2",
    }))
    .unwrap();
    let shown = format!("{person:?}");
    assert_eq!(
        shown,
        "Person { friends: [Person { password: [redacted] }], mood: \"NEW\", nickname: null, \
         password: [redacted], pet: Cat { kind: \"CAT\" }, titles: {\"fr\": \"Mme\"}, \
         extra: {\"pin\"} }"
    );
}

#[test]
fn equal_means_the_same_json() {
    let kinds = [
        json!({}),
        json!({"nickname": null}),
        json!({"nickname": ""}),
        json!({"anything": 1}),
        json!({"anything": 2}),
        json!({"password": "a"}),
        json!({"password": "b"}),
        json!({"friends": []}),
        json!({"friends": [{}]}),
        json!({"friends": [{"id": "1"}]}),
        json!({"friends": [{}, {}]}),
        json!({"links": {"href": "x"}}),
        json!({"links": [{"href": "x"}]}),
        json!({"pet": {"kind": "CAT"}}),
        json!({"pet": {"kind": "TOMCAT"}}),
        json!({"pet": {"kind": "DOG"}}),
        json!({"pet": {"kind": "OWL"}}),
        json!({"scores": {"a": 1}}),
        json!({"scores": {"b": 1}}),
        json!({"scores": {"a": 1, "b": 1}}),
        json!({"scores": {"a": 1.0}}),
        json!({"titles": {"a": null}}),
        json!({"titles": {"a": "x"}}),
        json!({"active": true}),
        json!({"active": false}),
        json!({"unknown": 1}),
        json!({"unknown": 2}),
    ];
    for (i, left) in kinds.iter().enumerate() {
        for (j, right) in kinds.iter().enumerate() {
            let same = person(left).unwrap() == person(right).unwrap();
            assert_eq!(same, i == j, "{left} and {right}");
        }
    }
}
