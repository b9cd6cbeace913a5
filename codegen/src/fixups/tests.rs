#![allow(clippy::unwrap_used)]

use super::*;

const OURS: &str = include_str!("../../../openapi/management/document.yaml");

#[test]
fn our_document_needs_every_repair() {
    let mut document = Document::parse(OURS).unwrap();
    assert_eq!(apply_where_needed(&mut document), []);
}

#[test]
fn a_repair_that_is_not_needed_is_an_error_or_told() {
    // Two mistakes that Okta has mended, the first in one of the two places of its repair.
    let mut mended = Document::parse(OURS).unwrap();
    property(&mut mended, "DetailedHookKeyInstance", "isUsed")
        .unwrap_or_else(none)
        .format = None;
    property(&mut mended, "UserFactorTokenVerifySymantec", "nextPassCode")
        .unwrap_or_else(none)
        .kind = None;

    let error = apply(&mut mended.clone()).unwrap_err();
    assert!(
        matches!(&error, Error::Several(errors) if errors.len() == 2),
        "{error}"
    );

    let told: Vec<String> = apply_where_needed(&mut mended)
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        told,
        [
            "repair `hook_key_use_is_a_boolean` no longer needed (expected the format `boolean`)",
            "repair `next_pass_code_is_text` no longer needed (expected an integer)",
        ]
    );
    // Half a repair is none.
    let used = property(&mut mended, "HookKey", "isUsed").unwrap_or_else(none);
    assert_eq!(used.kind.as_deref(), Some("string"));
}

fn none<'a>(Stale(detail): Stale) -> &'a mut Schema {
    unreachable!("{detail}")
}
