#![allow(clippy::unwrap_used)]

use super::*;

/// What is proposed for the schemas of a document, in YAML, and a list of names for some of them.
fn proposed(schemas: &str, types: &str) -> Proposal {
    let document = format!(
        "info: {{version: '1'}}\npaths:\n  /a:\n    get:\n      operationId: getA\n      \
         parameters: [{{name: order, in: query, schema: {{type: string, enum: [a, b]}}}}]\n\
         components:\n  schemas:\n{}",
        indented(schemas)
    );
    let names = format!(
        "tags: {{}}\noperations: {{getA: {{feature: x, handle: a, method: get}}}}\ntypes:\n    \
         getA?order: Order\n{}",
        indented(types)
    );
    let document = Document::parse(&document).unwrap();
    let roots = Roots::all(&document, "x");
    let names = Names::load(&names).unwrap();
    propose(&document, &names, &roots, None, &Taken::default()).unwrap()
}

fn indented(lines: &str) -> String {
    lines
        .lines()
        .map(|line| format!("    {}\n", line.trim()))
        .collect()
}

#[test]
fn what_is_new_has_a_name_of_its_own() {
    let schemas = "User: {properties: {keys: {type: array, items: {enum: [a, b]}},
                     hints: {additionalProperties: {properties: {at: {enum: [x]}}}}}}
                   Error: {properties: {code: {type: string}}}
                   GROUP: {properties: {id: {type: string}}}
                   Union: {discriminator: {propertyName: k, mapping: {u: '#/c/User'}}}";
    let schemas = schemas.replace(",\n", ", ");
    let proposal = proposed(&schemas, "Gone: Group");
    assert_eq!(
        proposal.added,
        [
            "`Error`: OktaError",
            "`GROUP`: Group2",
            "`Union`: Union",
            "`User`: User",
            "`Union/base`: UnionBase",
            "`User.hints{}`: UserHintsValue",
            "`User.hints{}.at`: UserHintsValueAt",
            "`User.keys[]`: UserKey",
        ]
    );
    assert_eq!(proposal.absent, ["Gone"]);
}

#[test]
fn a_name_that_is_there_stays_whatever_comes() {
    let schemas = "Group: {properties: {id: {type: string}}}
                   GROUP: {properties: {name: {type: string}}}
                   userKey: {properties: {at: {type: string}}}
                   User: {properties: {key: {properties: {of: {type: string}}}}}";
    let proposal = proposed(schemas, "Group: Group\nUser: User\nUser.key: UserKey");
    assert_eq!(proposal.added, ["`GROUP`: Group2", "`userKey`: UserKey2"]);
    assert_eq!(proposal.names.rust_type("Group"), Some("Group"));
    assert_eq!(proposal.names.rust_type("User.key"), Some("UserKey"));
}

#[test]
fn the_same_member_of_one_type_is_of_one_type() {
    let schemas = "A: {properties: {part: {properties: {x: {type: string}}}}}
                   B: {properties: {part: {properties: {y: {type: string}}}}}";
    let proposal = proposed(schemas, "A: Thing\nA.part: Part\nB: Thing");
    assert_eq!(proposal.added, ["`B.part`: Part as `A.part`"]);
}

#[test]
fn what_is_alike_is_proposed_as_one_type() {
    let schemas = "A: {properties: {x: {type: string}, order: {enum: [a, b]}}}
                   B: {properties: {x: {type: string}, order: {enum: [b, a]}}}";
    let known = "A: Thing\nA.order: Order";
    let proposal = proposed(schemas, known);
    assert_eq!(
        proposal.added,
        [
            "`B`: Thing as `A`, which is alike",
            "`B.order`: Order as `A.order`",
        ]
    );
}

#[test]
fn what_is_alike_by_chance_stays_apart() {
    for (what, schemas) in [
        ("one member", "B: {properties: {x: {type: string}}}"),
        (
            "another type of a member",
            "B: {properties: {x: {type: integer}, y: {type: string}}}",
        ),
        (
            "a member that null clears",
            "B: {properties: {x: {type: string, nullable: true}, y: {type: string}}}",
        ),
        (
            "the same values under another name",
            "B: {properties: {level: {enum: [a, b]}}}",
        ),
        ("one value", "B: {properties: {only: {enum: [a]}}}"),
    ] {
        let ours = "A: {properties: {x: {type: string}, y: {type: string}}}
                    One: {properties: {x: {type: string}}}
                    Only: {properties: {only: {enum: [a]}}}";
        let known = "A: A\nOne: One\nOnly: Only\nOnly.only: OnlyOnly";
        let proposal = proposed(&format!("{ours}\n{schemas}"), known);
        assert_eq!(proposal.added.first().unwrap(), "`B`: B", "{what}");
        let shared = proposal.added.iter().any(|line| line.contains(" as "));
        assert!(!shared, "{what}: {:?}", proposal.added);
    }
}

#[test]
fn kinds_of_a_union_stay_apart() {
    let schemas = "U: {discriminator: {propertyName: k, mapping: {a: '#/c/A', b: '#/c/B'}}}
                   A: {properties: {k: {type: string}, x: {type: string}}}
                   B: {properties: {k: {type: string}, x: {type: string}}}";
    let proposal = proposed(schemas, "A: A");
    assert_eq!(proposal.added, ["`B`: B", "`U`: U", "`U/base`: UBase"]);
}

#[test]
fn what_refers_to_schemas_that_stay_apart_stays_apart() {
    // Alone, one member says too little: `C` and `D` are two types, so `A` and `B` are.
    for part in [
        "{$ref: '#/components/schemas/D'}",
        "{properties: {x: {type: string}}}",
    ] {
        let schemas = format!(
            "A: {{properties: {{n: {{type: string}}, part: {{$ref: '#/components/schemas/C'}}}}}}
             B: {{properties: {{n: {{type: string}}, part: {part}}}}}
             C: {{properties: {{x: {{type: string}}}}}}
             D: {{properties: {{x: {{type: string}}}}}}"
        );
        let proposal = proposed(&schemas, "");
        let shared = proposal.added.iter().any(|line| line.contains(" as "));
        assert!(!shared, "{:?}", proposal.added);
    }
}
