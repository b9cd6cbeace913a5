//! How the differences are told.
#![allow(clippy::unwrap_used)]

use super::*;

fn changed() -> Value {
    let mut changed = set(
        &format!("{USER}/properties"),
        &json!({"id": {"type": "string", "readOnly": true}, "login": {"type": "string"},
            "provider": {"type": "string", "enum": ["OKTA"]}}),
    );
    changed["paths"]["/api/v1/groups"]["get"]["deprecated"] = json!(true);
    changed
}

#[test]
fn people_read_it_by_class_and_by_what_it_is_about() {
    assert_eq!(
        report_of(&document(), &changed()).to_markdown(),
        "# 2026.01.0 → 2026.02.0

11 changes: 9 break, 0 compile but behave otherwise, 2 are compatible.

## Breaks

### Types

- `models::Cat`, `models::Dog`, `models::Pet`, `models::PetBase`, `models::UserStatus`: \
         removed

### `models::User`

- `models::User.age`, `models::User.nick`, `models::User.pet`, `models::User.status`: removed

## Compatible

### `groups()`

- `groups().list()`: deprecated

### `models::User`

- `models::User.login`: no longer: At most 100 characters.
"
    );
}

#[test]
fn programs_read_class_group_place_and_change() {
    let report = report_of(&document(), &changed());
    let json: Value = serde_json::from_str(&report.to_json().unwrap()).unwrap();
    assert_eq!(json["from"], "2026.01.0");
    assert_eq!(json["to"], "2026.02.0");
    assert_eq!(json["review"], json!([]));
    let last = json["changes"].as_array().unwrap().last().unwrap();
    assert_eq!(
        *last,
        json!({"class": "compatible", "group": "models::User", "at": "models::User.login",
            "change": "no longer: At most 100 characters."})
    );
}

#[test]
fn only_what_no_longer_compiles_breaks() {
    let gone = set("/paths/~1api~1v1~1groups", &Value::Null);
    assert!(report_of(&document(), &gone).breaks());
    assert!(!report_of(&gone, &document()).breaks());
    let scope = set(
        &format!("{LIST}/security/1/oauth2"),
        &json!(["okta.users.manage"]),
    );
    assert!(!report_of(&document(), &scope).breaks());
}
