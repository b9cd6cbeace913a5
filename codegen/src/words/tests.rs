#![allow(clippy::unwrap_used)]

use super::*;
use crate::names::{Names, Taken};
use crate::roots::Roots;
use crate::{documents, lower, proposal};

const DOCUMENT: &str = "info: {version: '1'}
paths:
  /a:
    get:
      operationId: listA
      parameters: [{name: limit, in: query}, {name: q, in: query}]
      responses: {'200': {content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}}
components:
  schemas:
    A: {properties: {id: {type: string}, name: {type: string}}}
";

fn api() -> Api {
    let document = crate::document::Document::parse(DOCUMENT).unwrap();
    let names = "tags: {}\noperations: {listA: {feature: x, handle: a, method: list}}\ntypes: {}";
    let names = Names::load(names).unwrap();
    let (roots, taken) = (Roots::default(), Taken::default());
    let names = proposal::complete(&document, &names, &roots, None, &taken)
        .unwrap()
        .names;
    lower::lower(&document, &names, &roots).unwrap()
}

const WORDS: &str = "handles: {a: Things.}
operations: {listA: Lists things.}
parameters: {limit: At most so many., 'listA?q': What to look for., q: A query.}
complete: [A]
members: {A.name: What people see., '*.id': Never changes.}
";

#[test]
fn every_sentence_finds_its_place() {
    let mut api = api();
    let words = Words::parse(WORDS).unwrap();
    assert_eq!(words.add_to(&mut api), ["parameters: q"]);
    assert_eq!(words.missing(&api), [""; 0]);
    assert_eq!(api.words["a"], "Things.");
    let operation = &api.operations[0];
    assert_eq!(operation.words.as_deref(), Some("Lists things."));
    let said = |at: usize| operation.query_params[at].facts.words.as_deref().unwrap();
    assert_eq!(
        (said(0), said(1)),
        ("At most so many.", "What to look for.")
    );
    let TypeKind::Record(record) = &api.types["A"].kind else {
        unreachable!()
    };
    let said: Vec<_> = record
        .fields
        .iter()
        .map(|it| it.facts.words.as_deref().unwrap())
        .collect();
    assert_eq!(said, ["Never changes.", "What people see."]);
}

#[test]
fn what_has_no_sentence_is_told() {
    let mut api = api();
    let words = Words::parse("complete: [A]\nhandles: {gone: Nothing.}").unwrap();
    assert_eq!(words.add_to(&mut api), ["handles: gone"]);
    assert_eq!(
        words.missing(&api),
        [
            "handles: a",
            "operations: listA",
            "parameters: listA?limit",
            "parameters: listA?q",
            "members: A.id",
            "members: A.name",
        ]
    );
}

#[test]
fn other_documents_than_management_are_named() {
    let mut api = api();
    api.operations[0].document = documents::named("governance").unwrap();
    let words = Words::parse("operations: {governance/listA: Lists things.}").unwrap();
    assert_eq!(words.add_to(&mut api), [""; 0]);
    assert_eq!(words.missing(&api), [""; 0]);
    assert!(Words::parse("operation: {a: b}").is_err());
}
