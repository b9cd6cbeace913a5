//! Lists, of which one element may be bad.

use serde_json::json;

use super::*;
use crate::codec::decode_list;

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
        ("[{]", None, "$"),
        ("[]", Some("list"), "$"),
        (r#"{"list": {}}"#, Some("list"), "$.list"),
    ] {
        let error = decode_list::<Person>(body.as_bytes(), property).unwrap_err();
        assert_eq!(error.path, path, "{body}");
        assert!(error.reason.starts_with("expected an array"), "{error}");
    }
}
