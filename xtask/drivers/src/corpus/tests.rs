#![allow(clippy::unwrap_used)]
use serde_json::json;

use super::*;
use crate::operations::MANAGEMENT;

fn line(operation: &str, status: u16, request: Value, response: Value) -> String {
    let line = json!({
        "operation_id": operation,
        "status": status,
        "request_body": request,
        "response_body": response,
        "recorded_by": "not looked at",
    });
    line.to_string()
}

#[test]
fn faithful_exchanges_count_as_lossless() {
    let user = json!({
        "id": "00u1",
        "status": "A_NEW_STATUS",
        "activated": null,
        "profile": {"login": "a@example.com", "shoeSize": 43, "tags": [1, 2.5, null]},
        "brandNew": {"nested": [true]},
    });
    let envelope = json!({"errorCode": "E0000007", "errorCauses": [{"more": 1}], "new": null});
    let mut totals = Totals::default();
    for text in [
        line("getUser", 200, Value::Null, user.clone()),
        line(
            "createUser",
            200,
            json!({"profile": {"login": "a@example.com"}}),
            user.clone(),
        ),
        line("listUsers", 200, Value::Null, json!([user, {}])),
        line("getUser", 404, Value::Null, envelope),
        line("unsuspendUser", 200, Value::Null, json!({})),
        line("deleteUser", 204, Value::Null, Value::Null),
    ] {
        assert_eq!(totals.check(MANAGEMENT, 1, &text), [], "{text}");
    }
    assert_eq!(
        totals.to_string(),
        "pairs 6, decoded 6, lossless 6, sent 1 of 1"
    );
    assert!(totals.all_kept());
}

#[test]
fn what_does_not_fit_is_named_with_its_path() {
    let mut totals = Totals::default();
    let failures = totals.check(
        MANAGEMENT,
        3,
        &line("createUser", 200, json!([]), json!(["x"])),
    );
    let shown: Vec<_> = failures.iter().map(ToString::to_string).collect();
    assert_eq!(
        shown,
        [
            "line 3: createUser request $: expected an object, found an array",
            "line 3: createUser sent $: expected an object, found an array",
            "line 3: createUser response $: expected an object, found an array",
        ]
    );
    assert_eq!(
        totals,
        Totals {
            pairs: 1,
            decoded: 0,
            lossless: 0,
            accepted: 1,
            sent: 0,
        }
    );

    let failures = totals.check(
        MANAGEMENT,
        4,
        &line("getUser", 500, Value::Null, json!("out of order")),
    );
    assert_eq!(
        (failures[0].part, failures[0].decoded),
        (Part::Error, false)
    );
}

#[test]
fn a_request_that_okta_refused_need_not_be_one() {
    let mut totals = Totals::default();
    let text = line(
        "createUser",
        400,
        json!([1]),
        json!({"errorCode": "E0000003"}),
    );
    assert_eq!(totals.check(MANAGEMENT, 1, &text), []);
    assert_eq!(
        totals.to_string(),
        "pairs 1, decoded 1, lossless 1, sent 0 of 0"
    );
}

#[test]
fn a_misfit_is_kept() {
    let body = json!({"profile": {"login": 7}});
    let mut totals = Totals::default();
    assert_eq!(
        totals.check(MANAGEMENT, 1, &line("createUser", 200, body.clone(), body)),
        []
    );
    assert!(totals.all_kept());
}

#[test]
fn lines_that_are_no_exchange_fail() {
    let mut totals = Totals::default();
    for (text, reason) in [
        ("{", "no recorded exchange"),
        (r#"{"status": 200}"#, "missing field `operation_id`"),
        (
            &line("noSuchOperation", 200, Value::Null, Value::Null),
            "no operation of management has this id",
        ),
    ] {
        let failures = totals.check(MANAGEMENT, 1, text);
        assert_eq!(failures[0].part, Part::Line);
        assert!(failures[0].reason.contains(reason), "{}", failures[0]);
    }
    assert_eq!(
        totals,
        Totals {
            pairs: 3,
            ..Totals::default()
        }
    );
}

#[test]
fn the_json_form_says_the_same() {
    let failures =
        Totals::default().check(MANAGEMENT, 2, &line("x", 200, Value::Null, Value::Null));
    assert_eq!(
        serde_json::to_value(&failures[0]).unwrap(),
        json!({
            "line": 2,
            "operation": "x",
            "part": "line",
            "decoded": false,
            "path": "$",
            "reason": "no operation of management has this id",
        })
    );
}
