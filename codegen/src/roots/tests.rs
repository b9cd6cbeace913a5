#![allow(clippy::unwrap_used)]

use super::*;
use crate::api::Api;
use crate::lower::without_identifiers;
use crate::names::Names;

const DOCUMENT: &str = r"
info: {version: '1'}
paths:
  /users:
    get:
      operationId: listUsers
      responses: {'200': {content: {application/json: {schema: {$ref: '#/components/schemas/User'}}}}}
components:
  schemas:
    User: {properties: {name: {type: string}}}
    Payload: {properties: {part: {$ref: '#/components/schemas/Part'}}}
    Part: {properties: {id: {type: string}}}
    Unused: {properties: {id: {type: string}, user: {$ref: '#/components/schemas/User'}}}
";

fn lowered(roots: &str, types: &str) -> Result<Api, Error> {
    let names = format!(
        "tags: {{}}\noperations: {{listUsers: {{feature: users, handle: users, method: list}}}}\n\
         types: {{User: User, {types}}}"
    );
    let document = Document::parse(DOCUMENT).unwrap();
    let roots = Roots::parse(roots)?;
    roots.check(&document)?;
    without_identifiers(&document, &Names::load(&names).unwrap(), &roots)
}

#[test]
fn what_nobody_reaches_is_left_out_and_needs_no_name() {
    let api = lowered("", "").unwrap();
    assert_eq!(api.types.keys().collect::<Vec<_>>(), ["User"]);
    let dropped: Vec<_> = api.dropped.iter().map(|(_, schema)| schema).collect();
    assert_eq!(dropped, ["Part", "Payload", "Unused"]);
}

#[test]
fn a_root_comes_with_all_that_it_refers_to() {
    let api = lowered("Payload: users", "Payload: Payload, Part: Part").unwrap();
    assert_eq!(
        api.types.keys().collect::<Vec<_>>(),
        ["Part", "Payload", "User"]
    );
    for ty in api.types.values() {
        assert_eq!(ty.features.iter().collect::<Vec<_>>(), ["users"]);
    }
    assert_eq!(
        api.dropped
            .iter()
            .map(|(_, schema)| schema)
            .collect::<Vec<_>>(),
        ["Unused"]
    );
}

#[test]
fn a_root_that_is_gone_or_has_no_feature_is_an_error() {
    for (roots, said) in [
        (
            "Gone: users",
            "roots.yaml: `Gone`: the document has no such schema",
        ),
        (
            "User: groups",
            "no operation is of feature `groups`; write one of users",
        ),
        ("[User]", "roots.yaml"),
    ] {
        let error = lowered(roots, "").unwrap_err().to_string();
        assert!(error.contains(said), "{roots}: {error}");
    }
}
