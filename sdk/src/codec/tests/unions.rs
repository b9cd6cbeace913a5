//! Tagged unions.

use serde_json::json;

use super::*;

fn pet(text: &str) -> Pet {
    let pet = decode::<Pet>(text.as_bytes()).unwrap();
    let before: Value = serde_json::from_str(text).unwrap();
    assert_eq!(serde_json::to_value(&pet).unwrap(), before, "{text}");
    pet
}

#[test]
fn the_kind_is_found_wherever_it_stands() {
    for text in [
        r#"{"kind":"CAT","lives":9,"name":"Tom","more":{"a":1}}"#,
        r#"{"lives":9,"kind":"CAT","name":"Tom","more":{"a":1}}"#,
        r#"{"more":{"a":1},"lives":9,"name":"Tom","kind":"CAT"}"#,
        r#"{"more":{"a":1},"lives":9,"name":"Tom","kind":"TOMCAT"}"#,
    ] {
        let Pet::Cat(cat) = pet(text) else {
            panic!("{text}")
        };
        assert_eq!((cat.lives, cat.name.as_deref()), (Some(9), Some("Tom")));
        assert_eq!(cat.extra.get("more"), Some(&json!({"a": 1})));
    }
    assert!(matches!(pet(r#"{"good":true,"kind":"DOG"}"#), Pet::Dog(_)));
}

#[test]
fn any_other_kind_has_what_all_share_and_keeps_the_rest() {
    for text in [
        r#"{"kind":"HAMSTER","name":"Tom","wheel":true}"#,
        r#"{"name":"Tom","wheel":true}"#,
        r#"{"kind":"cat","name":"Tom","wheel":true}"#,
    ] {
        let Pet::Unrecognized(pet) = pet(text) else {
            panic!("{text}")
        };
        assert_eq!(pet.name.as_deref(), Some("Tom"));
        assert_eq!(pet.extra.get("wheel"), Some(&json!(true)));
    }
}

#[test]
fn a_kind_that_is_null_is_no_kind() {
    let pet = decode::<Pet>(br#"{"name":"Tom","kind":null,"lives":9}"#).unwrap();
    let Pet::Unrecognized(pet) = pet else {
        panic!("{pet:?}")
    };
    assert_eq!((pet.kind, pet.name.as_deref()), (None, Some("Tom")));
    assert_eq!(pet.extra.get("lives"), Some(&json!(9)));
}

#[test]
fn a_known_kind_becomes_the_union() {
    let cat = Cat {
        kind: Some("CAT".to_owned()),
        ..Cat::default()
    };
    let pet = Pet::from(cat);
    assert_eq!(serde_json::to_value(pet).unwrap(), json!({"kind": "CAT"}));
}
