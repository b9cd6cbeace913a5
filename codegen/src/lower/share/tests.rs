#![allow(clippy::unwrap_used)]

use crate::document::Document;
use crate::lower::lower;
use crate::names::Names;
use crate::roots::Roots;

/// What is wrong with the schemas of a document, given in YAML, and the names of its types.
fn refused(schemas: &str, types: &str) -> String {
    let document = format!(
        "info: {{version: '1'}}\npaths: {{}}\ncomponents:\n  schemas:\n{}",
        indented(schemas)
    );
    let names = format!("tags: {{}}\noperations: {{}}\ntypes:\n{}", indented(types));
    let document = Document::parse(&document).unwrap();
    let roots = Roots::all(&document, "x");
    lower(&document, &Names::load(&names).unwrap(), &roots)
        .unwrap_err()
        .to_string()
}

fn indented(lines: &str) -> String {
    lines
        .lines()
        .map(|line| format!("    {}\n", line.trim()))
        .collect()
}

const TWO: &str = "A: {properties: {size: {type: integer}, name: {type: string}}}
                   B: {properties: {size: {type: string}, name: {type: string}}}";

#[test]
fn members_of_a_shared_type_do_not_contradict_each_other() {
    assert_eq!(
        refused(TWO, "A: Thing\nB: Thing"),
        "type `Thing`: `size` is an integer at `A`, and text at `B`: give one of them another \
         type in names.yaml"
    );
    let nested = "A: {properties: {part: {properties: {x: {type: string}}}}}
                  B: {properties: {part: {properties: {y: {type: string}}}}}";
    assert_eq!(
        refused(nested, "A: Thing\nA.part: Left\nB: Thing\nB.part: Right"),
        "type `Thing`: `part` is `Left` at `A`, and `Right` at `B`: give one of them another \
         type in names.yaml"
    );
}

#[test]
fn a_shared_type_is_of_one_kind() {
    let schemas = "A: {type: string, enum: [x, y]}
                   B: {properties: {x: {type: string}}}";
    assert_eq!(
        refused(schemas, "A: Thing\nB: Thing"),
        "type `Thing`: it is an enum at `A`, and an object at `B`: give one of them another type \
         in names.yaml"
    );
}

#[test]
fn kinds_of_shared_unions_have_values_of_their_own() {
    let schemas = "U: {discriminator: {propertyName: k, mapping: {x: '#/c/A'}}}
                   V: {discriminator: {propertyName: k, mapping: {x: '#/c/B'}}}
                   W: {discriminator: {propertyName: l, mapping: {x: '#/c/A'}}}
                   A: {properties: {k: {type: string}, l: {type: string}, a: {type: string}}}
                   B: {properties: {k: {type: string}, b: {type: string}}}";
    let names = |u: &str, v: &str, w: &str| {
        format!(
            "U: {u}\nV: {v}\nW: {w}\nA: A\nB: B\n\
             U/base: {u}Base\nV/base: {v}Base\nW/base: {w}Base"
        )
    };
    assert_eq!(
        refused(schemas, &names("Same", "Same", "Other")),
        "type `Same`: kind `x` is `A`, and `B`: give one of them another type in \
         names.yaml"
    );
    assert_eq!(
        refused(schemas, &names("Same", "Other", "Same")),
        "type `Same`: its discriminator is `k` at `U`, and `l` at `W`: give one of them another \
         type in names.yaml"
    );
}

#[test]
fn every_place_has_a_type() {
    assert_eq!(
        refused(TWO, "A: A"),
        "names.yaml has no type for `B`: run `cargo xtask spec names`, and read what it \
         proposes"
    );
}
