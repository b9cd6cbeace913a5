//! Whatever comes is read or refused, and what was read goes back.

use proptest::prelude::*;
use serde_json::{Map, json};

use super::*;
use crate::codec::{Elements, encode_body};

/// Names that the model knows, and one that it does not.
const NAMES: &[&str] = &[
    "active", "age", "anything", "born", "friends", "id", "links", "mood", "nickname", "partner",
    "password", "pet", "scores", "titles", "kind", "lives", "href", "serial", "shoeSize",
];

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        prop_oneof![
            Just("CAT"),
            Just("DOG"),
            Just("GOOD"),
            Just("2026-01-31T09:30:00Z")
        ]
        .prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 48, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            any_members(inner).prop_map(Value::Object),
        ]
    })
}

fn any_members(value: impl Strategy<Value = Value>) -> impl Strategy<Value = Map<String, Value>> {
    let name = prop::sample::select(NAMES).prop_map(str::to_owned);
    prop::collection::vec((name, value), 0..6).prop_map(|members| members.into_iter().collect())
}

/// The same without members that are null: of most members that says no more than absent.
fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Object(members) => members
            .iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| (name.clone(), without_nulls(value)))
            .collect::<Map<_, _>>()
            .into(),
        Value::Array(elements) => elements.iter().map(without_nulls).collect(),
        // A whole number may come back without its fraction of zero.
        Value::Number(number) => number.as_f64().into(),
        other => other.clone(),
    }
}

proptest! {
    #[test]
    fn an_object_goes_back_as_it_came(members in any_members(any_value())) {
        let json = Value::Object(members);
        let person = person(&json).unwrap();
        let sent: Value = serde_json::from_slice(&encode_body(&person).unwrap()).unwrap();
        let shown = serde_json::to_value(&person).unwrap();
        prop_assert_eq!(without_nulls(&shown), without_nulls(&json));
        // What the server owns is left out; nothing else is.
        let again = super::person(&sent).unwrap();
        prop_assert_eq!(again.unfit(), person.unfit());
    }

    #[test]
    fn an_item_that_fits_nowhere_costs_nobody_else(items in prop::collection::vec(any_value(), 0..6)) {
        let body = json!(items).to_string();
        let mut elements = Elements::open(body.into(), None, Strictness::Lenient).unwrap();
        let mut slot = None::<Person>;
        for item in &items {
            let fit = elements.next_in(&mut slot).unwrap().unwrap();
            prop_assert_eq!(fit.is_ok(), item.is_object());
            if let Err(error) = fit {
                prop_assert_eq!(error.raw.unwrap(), item.to_string());
            }
        }
        prop_assert!(elements.next_in(&mut slot).is_none());
    }

    #[test]
    fn no_bytes_are_too_odd(bytes in prop::collection::vec(
        prop_oneof![
            prop::sample::select(&b"[]{}\",:\\ \n\t0123456789.-+eEtrufalsn"[..]),
            any::<u8>(),
        ],
        0..200,
    )) {
        // Read or refused, but without a panic and to an end.
        let _ = decode::<Person>(&bytes);
        let mut open = b"[".to_vec();
        open.extend(&bytes);
        for (body, property) in [(&bytes, None), (&bytes, Some("list")), (&open, None)] {
            let Ok(mut elements) = Elements::open(body.clone().into(), property, Strictness::Lenient) else {
                continue;
            };
            let mut slot = None::<Person>;
            let mut count = 0;
            while elements.next_in(&mut slot).is_some() {
                count += 1;
            }
            prop_assert!(count <= body.len());
        }
    }
}
