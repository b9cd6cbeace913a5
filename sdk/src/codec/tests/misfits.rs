//! Values whose type does not fit their member.

use serde_json::json;

use super::*;

/// What goes out again.
fn written(person: &Person) -> Value {
    serde_json::from_slice(&crate::codec::encode_body(person).unwrap()).unwrap()
}

#[test]
fn a_misfit_stays_as_it_came_and_spoils_nothing_else() {
    for (member, value) in [
        ("active", json!("yes")),
        ("age", json!("7")),
        ("age", json!(1.5)),
        ("age", json!(u64::MAX)),
        ("id", json!({"a": 1})),
        ("mood", json!(true)),
        ("friends", json!({"id": "one"})),
        ("friends", json!([{"id": "one"}, null])),
        ("friends", json!([{"id": "one"}, "two"])),
        ("scores", json!({"a": 1, "b": null})),
        ("scores", json!({"a": 1, "b": "x"})),
        ("titles", json!({"en": null, "fr": []})),
        ("partner", json!("Isaac")),
        ("pet", json!([])),
        ("nickname", json!(7)),
        ("links", json!([{"href": "a"}, 7])),
        ("born", json!([])),
        ("password", json!({"hash": "x"})),
    ] {
        let mut whole = json!({"age": 7, "id": "p", "shoeSize": 43});
        whole[member] = value.clone();
        let person = person(&whole).unwrap();
        assert_eq!(person.unfit(), [member], "{whole}");
        assert_eq!(person.extra.get(member), Some(&value));
        assert_eq!(person.extra.raw(member).unwrap(), value.to_string());
        assert_eq!(person.extra.get("shoeSize"), Some(&json!(43)));
        if member != "id" {
            assert_eq!(person.id.as_deref(), Some("p"));
        }
        assert_eq!(serde_json::to_value(&person).unwrap(), whole);
        assert_eq!(written(&person), whole);
    }
}

#[test]
fn the_nearest_record_keeps_it() {
    let json = json!({
        "partner": {"friends": [{"id": "f"}, {"scores": {"a b": "x"}, "id": "g"}]},
        "pet": {"lives": "nine", "kind": "CAT", "name": "Tom"},
    });
    let person = person(&json).unwrap();
    assert_eq!(person.unfit(), ["partner.friends[1].scores", "pet.lives"]);
    let friends = person.partner.as_ref().unwrap().friends.as_ref().unwrap();
    assert_eq!(friends[1].id.as_deref(), Some("g"));
    let Nullable::Value(Pet::Cat(cat)) = &person.pet else {
        panic!("{:?}", person.pet);
    };
    assert_eq!(cat.name.as_deref(), Some("Tom"));
    assert_eq!(written(&person), json);
}

#[test]
fn a_tag_of_another_type_gives_the_base() {
    for tag in [json!(5), json!(null), json!(["CAT"])] {
        let json = json!({"pet": {"kind": tag, "name": "Tom", "lives": 9}});
        let person = person(&json).unwrap();
        let Nullable::Value(Pet::Unrecognized(pet)) = &person.pet else {
            panic!("{:?}", person.pet);
        };
        assert_eq!(pet.name.as_deref(), Some("Tom"));
        assert_eq!(pet.extra.get("lives"), Some(&json!(9)));
        if !tag.is_null() {
            assert_eq!(pet.extra.get("kind"), Some(&tag));
            assert_eq!(written(&person), json);
        }
    }
}

#[test]
fn of_members_that_come_twice_the_last_counts() {
    let unfit: [&str; 0] = [];
    for (text, age, raw) in [
        (r#"{"age":"x","age":1}"#, Some(1), None),
        (r#"{"age":"x","age":null}"#, None, None),
        (r#"{"age":1,"age":"x"}"#, None, Some(r#""x""#)),
        (r#"{"age":"x","age":"y"}"#, None, Some(r#""y""#)),
        (r#"{"age":"x","id":"p","age":1,"age":2}"#, Some(2), None),
    ] {
        let person = person_of_text(text);
        assert_eq!(person.age, age, "{text}");
        assert_eq!(person.extra.raw("age").as_deref(), raw, "{text}");
        assert_eq!(person.extra.len(), raw.into_iter().count(), "{text}");
    }
    let person = person_of_text(r#"{"pet":{"kind":"CAT","lives":9,"kind":"DOG","good":true}}"#);
    let Nullable::Value(Pet::Dog(dog)) = &person.pet else {
        panic!("{:?}", person.pet);
    };
    assert_eq!(
        (dog.good, dog.extra.get("lives")),
        (Some(true), Some(&json!(9)))
    );
    let person =
        person_of_text(r#"{"scores":{"a":1,"a":2},"partner":{"id":"a"},"partner":{"age":1}}"#);
    assert_eq!(person.scores.as_ref().unwrap()["a"].as_i64(), Some(2));
    assert_eq!(person.partner.as_ref().unwrap().id, None);
    assert_eq!(person.unfit(), unfit);
}

#[test]
fn setting_the_member_or_removing_the_misfit_drops_it() {
    let json = json!({"age": "x", "nickname": 7, "id": 5});
    let mut person = person(&json).unwrap();
    assert_eq!(person.unfit(), ["age", "id", "nickname"]);
    person.age = None;
    assert_eq!(written(&person), json, "None is not a value");
    person.age = Some(3);
    person.nickname = Nullable::Null;
    person.extra.remove("id");
    assert_eq!(written(&person), json!({"age": 3, "nickname": null}));
    assert_eq!(person.unfit(), [""; 0]);
}

#[test]
fn a_misfit_secret_does_not_show() {
    let person = person(&json!({"password": ["leak"]})).unwrap();
    let shown = format!("{person:?}");
    assert!(
        shown.contains("password") && !shown.contains("leak"),
        "{shown}"
    );
}

#[test]
fn what_is_nested_too_deeply_is_a_misfit() {
    let deep = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    for depth in [100, 1000, 100_000] {
        let text = format!(r#"{{"id":"p","anything":{0},"other":{0}}}"#, deep(depth));
        let person = person_of_text(&text);
        assert_eq!(person.id.as_deref(), Some("p"));
        assert_eq!(person.extra.raw("other").unwrap(), deep(depth));
        assert_eq!(person.unfit().len(), usize::from(depth > 127));
        let sent = crate::codec::encode_body(&person).unwrap();
        assert!(
            sent.windows(depth)
                .any(|text| text == "[".repeat(depth).as_bytes())
        );
    }
    let text = format!(
        "{}{}{}",
        r#"{"partner":"#.repeat(5000),
        "{}",
        "}".repeat(5000)
    );
    let person = person_of_text(&text);
    assert_eq!(person.unfit().len(), 1);
    assert_eq!(crate::codec::encode_body(&person).unwrap(), text);
}
