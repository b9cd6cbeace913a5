//! Documents that are not the ones that they are taken for.

use std::fmt::Write as _;

use super::super::plausible::{Doubt, doubts};
use super::super::*;

/// A document with this many operations and schemas, all with a list of values, and kinds that
/// name their base.
fn document(operations: usize, schemas: usize) -> String {
    let mut text = String::from("openapi: 3.0.3\ninfo: {version: '1'}\npaths:\n  /none: {}\n");
    for n in 0..operations {
        let _ = writeln!(
            text,
            "  /{n}: {{get: {{operationId: get{n}, responses: {{}}}}}}"
        );
    }
    text.push_str("components:\n  schemas:\n");
    text.push_str("    Base: {discriminator: {propertyName: kind, mapping: {");
    for n in 1..schemas {
        let _ = write!(text, "k{n}: '#/components/schemas/Kind{n}', ");
    }
    text.push_str("}}}\n");
    for n in 1..schemas {
        let _ = writeln!(
            text,
            "    Kind{n}: {{allOf: [{{$ref: '#/components/schemas/Base'}}, \
             {{properties: {{value: {{enum: [a]}}}}}}]}}"
        );
    }
    text
}

fn doubts_about(theirs: &str) -> Vec<Doubt> {
    doubts(&facts(&document(20, 20)).unwrap(), &facts(theirs).unwrap())
}

#[test]
fn releases_are_not_in_doubt() {
    assert_eq!(doubts_about(&document(20, 20)), []);
    assert_eq!(doubts_about(&document(40, 40)), []);
    assert_eq!(doubts_about(&document(18, 18)), [], "a tenth may go");
}

#[test]
fn more_than_a_tenth_may_not_go() {
    let loss = |what, lost| Doubt::Loss {
        what,
        ours: 20,
        lost,
    };
    assert_eq!(doubts_about(&document(17, 20)), [loss("operations", 3)]);
    assert_eq!(doubts_about(&document(20, 17)), [loss("schemas", 3)]);
    assert_eq!(doubts_about(&document(0, 20)), [loss("operations", 20)]);
}

#[test]
fn other_apis_and_variants_are_told() {
    let other = document(20, 20).replace("operationId: get", "operationId: read");
    assert_eq!(
        doubts_about(&other),
        [Doubt::OtherApi {
            operations: 20,
            shared: 0
        }]
    );
    let no_enums = document(20, 20).replace("enum: [a]", "type: string");
    assert_eq!(
        doubts_about(&no_enums),
        [Doubt::NoEnums {
            ours: 19,
            theirs: 0
        }]
    );
    let one_of = document(20, 20).replace("$ref: '#/components/schemas/Base'", "type: object");
    assert_eq!(
        doubts_about(&one_of),
        [Doubt::OneOfInheritance {
            ours: 19,
            theirs: 0
        }]
    );
}
