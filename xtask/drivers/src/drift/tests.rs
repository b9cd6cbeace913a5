#![allow(clippy::unwrap_used)]

use super::*;
use crate::operations::MANAGEMENT;

fn one(value: &Value, alteration: Alteration) -> Option<Option<Value>> {
    alteration.of(value, &mut fastrand::Rng::with_seed(1))
}

#[test]
fn each_alteration_changes_what_it_says() {
    for (alteration, value, altered) in [
        (Alteration::Null, json!(1), Some(Some(json!(null)))),
        (Alteration::Null, json!(null), None),
        (Alteration::Absent, json!(1), Some(None)),
        (Alteration::UnknownValue, json!(1), None),
        (Alteration::UnknownMember, json!([]), None),
        (
            Alteration::OneForMany,
            json!([{"a": 1}, 2]),
            Some(Some(json!({"a": 1}))),
        ),
        (Alteration::OneForMany, json!([]), None),
        (
            Alteration::OneForMany,
            json!({"a": 1}),
            Some(Some(json!([{"a": 1}]))),
        ),
        (Alteration::Fraction, json!(3), Some(Some(json!(3.5)))),
        (Alteration::Fraction, json!("3"), None),
    ] {
        assert_eq!(one(&value, alteration), altered, "{alteration} of {value}");
    }
    for value in [json!(true), json!(1), json!("x"), json!([]), json!({})] {
        let other = one(&value, Alteration::OtherType).unwrap().unwrap();
        let same = std::mem::discriminant(&other) == std::mem::discriminant(&value);
        assert!(!same, "{value} became {other}");
    }
    let unknown = one(&json!("ACTIVE"), Alteration::UnknownValue).unwrap();
    assert!(unknown.unwrap().as_str().unwrap().starts_with("UNKNOWN_"));
    let more = one(&json!({"a": 1}), Alteration::UnknownMember)
        .unwrap()
        .unwrap();
    assert_eq!(more.as_object().unwrap().len(), 2);
}

#[test]
fn every_member_is_found_and_can_go() {
    let body = json!({"a": {"b/c": [1, {"d": 2}]}, "e": null});
    let found = members(&body);
    assert_eq!(
        found,
        [
            "/a",
            "/a/b~1c",
            "/a/b~1c/0",
            "/a/b~1c/1",
            "/a/b~1c/1/d",
            "/e"
        ]
    );
    for member in found {
        let mut less = body.clone();
        remove(&mut less, &member).unwrap();
        assert_ne!(less, body, "{member}");
    }
}

#[test]
fn recorded_answers_are_kept_however_they_are_altered() {
    let line = json!({
        "operation_id": "listUsers",
        "status": 200,
        "response_body": [{
            "id": "00u1",
            "activated": null,
            "profile": {"login": "a@example.com", "shoeSize": 43, "tags": [1, 2.5, null]},
            "credentials": {"emails": [{"value": "a@example.com", "status": "VERIFIED"}]},
            "_links": {"self": {"href": "https://acme.okta.com"}},
        }, {"id": "00u2"}],
    });
    let mut totals = Totals::default();
    let mut random = fastrand::Rng::with_seed(7);
    assert_eq!(
        totals.check(MANAGEMENT, &line.to_string(), 50, usize::MAX, &mut random),
        []
    );
    let Count {
        tried,
        decoded,
        kept,
    } = totals.sum();
    assert!(
        tried > 500 && totals.counts.len() == Alteration::ALL.len(),
        "{totals}"
    );
    assert_eq!((decoded, kept), (tried, tried));
}

#[test]
fn no_more_members_are_altered_than_asked_for() {
    let line = json!({"operation_id": "getUser", "status": 200, "response_body": {"a": 1, "b": 2, "c": 3}});
    let mut totals = Totals::default();
    let mut random = fastrand::Rng::with_seed(7);
    assert_eq!(
        totals.check(MANAGEMENT, &line.to_string(), 5, 2, &mut random),
        []
    );
    assert_eq!(totals.sum().tried, 10);
}

#[test]
fn what_is_lost_or_refused_is_counted() {
    let forgetful = |_: &[u8]| Ok(json!({}));
    let refusing = |_: &[u8]| Err(DecodeError::misfit("$", "no"));
    let mut totals = Totals::default();
    let altered = json!({"id": "00u1"});
    let lost = totals.pass(forgetful, Alteration::Fraction, &altered);
    assert_eq!(lost.unwrap_err(), "$.id: a string was lost");
    let refused = totals.pass(refusing, Alteration::Fraction, &altered);
    assert_eq!(refused.unwrap_err(), "$: no");
    assert_eq!(
        totals.sum(),
        Count {
            tried: 2,
            decoded: 1,
            kept: 0
        }
    );
    assert!(totals.to_string().ends_with("altered 2, decoded 1, kept 0"));
}
