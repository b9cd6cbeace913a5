#![allow(clippy::unwrap_used)]

use crate::Error;
use crate::api::{Api, Record, TypeKind};
use crate::document::Document;
use crate::names::{Names, Taken};
use crate::proposal::{self, Proposal};
use crate::roots::Roots;
use crate::{arguments, defaults, ids, lower};

/// A document with these schemas, and with an operation with these parameters.
fn document(schemas: &str, parameters: &str) -> Document {
    let operation = "/users/{userId}/groups/{id}: {put: {operationId: putMember, parameters: [\
                     {name: userId, in: path}, {name: id, in: path}";
    let text = format!(
        "info: {{version: '1'}}\npaths:\n  {operation}{parameters}]}}}}\ncomponents:\n  schemas:\n{}",
        schemas
            .lines()
            .map(|line| format!("    {}\n", line.trim()))
            .collect::<String>()
    );
    Document::parse(&text).unwrap()
}

const NAMES: &str =
    "tags: {}\noperations: {putMember: {feature: x, handle: a, method: put}}\ntypes: {}";

/// Names for all that a document has.
fn complete(document: &Document, names: &Names, previous: Option<&Document>) -> Proposal {
    let roots = Roots::all(document, "x");
    proposal::complete(document, names, &roots, previous, &Taken::default()).unwrap()
}

/// The names for one document, completed for another that comes after it.
fn proposed(before: &Document, after: &Document) -> Proposal {
    let names = complete(before, &Names::load(NAMES).unwrap(), None).names;
    complete(after, &names, Some(before))
}

fn lowered(document: &Document, names: &Names) -> Result<Api, Error> {
    let mut api = lower::lower(document, names, &Roots::all(document, "x"))?;
    ids::mark(&mut api, names)?;
    defaults::apply(&mut api, names)?;
    arguments::apply(&mut api, names)?;
    Ok(api)
}

fn record<'a>(api: &'a Api, name: &str) -> &'a Record {
    match &api.types[name].kind {
        TypeKind::Record(record) => record,
        other => unreachable!("{other:?}"),
    }
}

#[test]
fn a_new_name_takes_none_that_is_there() {
    let before = document(
        "Thing: {properties: {foo_: {type: string}, foo: {type: string}}}
         Color: {type: string, enum: [red, light-blue]}",
        ", {name: sort-by, in: query}",
    );
    let after = document(
        "Thing: {properties: {Foo: {type: string}, foo_: {type: string}, foo: {type: string}}}
         Color: {type: string, enum: [RED, light_blue, red, light-blue]}",
        ", {name: SortBy, in: query}, {name: sort-by, in: query}",
    );
    let proposal = proposed(&before, &after);
    assert_eq!(
        proposal.added,
        [
            "`putMember`: `SortBy` is `sort_by_`",
            "`Color`: `RED` is `Red_`",
            "`Color`: `light_blue` is `LightBlue_`",
            "`Thing`: `Foo` is `foo__`",
        ]
    );
    let api = lowered(&after, &proposal.names).unwrap();
    let idents = record(&api, "Thing").fields.iter().map(|it| &*it.ident);
    assert_eq!(idents.collect::<Vec<_>>(), ["foo__", "foo", "foo_"]);
}

#[test]
fn what_is_gone_for_a_while_comes_back_under_its_name() {
    let schemas = "Thing: {properties: {a: {type: string}, A: {type: string}}}";
    let with = document(schemas, "");
    let without = document("Thing: {properties: {a: {type: string}}}", "");
    let names = proposed(&with, &without).names;
    let again = complete(&with, &names, Some(&without));
    assert_eq!(again.added, [""; 0]);
    assert_eq!(again.names.fields["Thing"]["A"], "a");
    assert_eq!(again.names.fields["Thing"]["a"], "a_");
}

#[test]
fn a_new_kind_renames_no_sibling_and_is_called_like_them() {
    let union = |kinds: &[&str]| {
        let mapping: Vec<_> = kinds.iter().map(|it| format!("{it}: '#/c/{it}'")).collect();
        let schemas: Vec<_> = kinds
            .iter()
            .map(|it| format!("{it}: {{properties: {{k: {{type: string}}}}}}\n"))
            .collect();
        let mapping = mapping.join(", ");
        let union = format!("App: {{discriminator: {{propertyName: k, mapping: {{{mapping}}}}}}}");
        document(&format!("{}{union}", schemas.concat()), "")
    };
    let before = union(&["SamlApp", "SwaApp"]);
    let after = union(&[
        "OidcApp",
        "SamlApp",
        "SwaApp",
        "Bookmark",
        "SamlApplication",
    ]);
    let kinds = &proposed(&before, &after).names.kinds["App"];
    let kinds: Vec<_> = kinds
        .iter()
        .map(|(ty, variant)| format!("{ty} {variant}"))
        .collect();
    assert_eq!(
        kinds,
        [
            "Bookmark Bookmark",
            "OidcApp Oidc",
            "SamlApp Saml",
            "SamlApplication SamlApplication",
            "SwaApp Swa",
        ]
    );
}

#[test]
fn an_argument_that_okta_asks_for_later_comes_last() {
    let thing = |required: &str| {
        let properties = "a: {type: string}, b: {type: integer}, c: {type: boolean}";
        document(
            &format!("Thing: {{required: [{required}], properties: {{{properties}}}}}"),
            "",
        )
    };
    let after = thing("a, b, c");
    let proposal = proposed(&thing("b, c"), &after);
    assert_eq!(proposal.added, ["`Thing` is made of b, c, a"]);
    let api = lowered(&after, &proposal.names).unwrap();
    assert_eq!(record(&api, "Thing").arguments, ["b", "c", "a"]);

    let names = proposed(&thing("b, c"), &thing("b, c")).names;
    let error = lowered(&after, &names).unwrap_err().to_string();
    assert!(
        error.contains("`Thing.a (its place among the arguments)`"),
        "{error}"
    );
}

#[test]
fn what_moves_keeps_its_name() {
    let inline = document(
        "User: {properties: {home: {properties: {city: {type: string}, at: {enum: [x, y]}}}}}",
        "",
    );
    let component = document(
        "User: {properties: {home: {$ref: '#/components/schemas/Address'}}}
         Address: {properties: {city: {type: string}, at: {enum: [x, y]}}}",
        "",
    );
    for (before, after, added) in [
        (
            &inline,
            &component,
            [
                "`Address`: UserHome as `User.home`, which is gone",
                "`Address.at`: UserHomeAt as `User.home.at`",
            ],
        ),
        (
            &component,
            &inline,
            [
                "`User.home`: Address as `Address`, which is gone",
                "`User.home.at`: AddressAt as `Address.at`",
            ],
        ),
    ] {
        let proposal = proposed(before, after);
        assert_eq!(proposal.added, added);
        let back = complete(before, &proposal.names, Some(after));
        assert_eq!(back.added, [""; 0]);
        lowered(after, &proposal.names).unwrap();
    }
}

#[test]
fn calls_and_paths_have_names_of_their_own() {
    let text = "info: {version: '1'}
paths:
  /users/{userId}/groups/{id}: {put: {operationId: a_b, parameters: [{name: userId, in: path}, {name: id, in: path}]}}
  /other/{userId}/{groupId}: {put: {operationId: aB, parameters: [{name: userId, in: path}, {name: groupId, in: path}]}}
  /x: {put: {operationId: handles}}
";
    let names = "tags: {}\ntypes: {}\noperations:
  a_b: {feature: x, handle: handles, method: a}
  aB: {feature: x, handle: handles, method: b}
  handles: {feature: x, handle: handles, method: c}";
    let document = Document::parse(text).unwrap();
    let names = complete(&document, &Names::load(names).unwrap(), None).names;
    let types = |id: &str| {
        let name = names.operation(id).unwrap();
        (name.call.clone().unwrap(), name.path.clone())
    };
    assert_eq!(
        types("a_b"),
        ("AB".to_owned(), Some("UserGroup".to_owned()))
    );
    assert_eq!(
        types("aB"),
        ("ABCall".to_owned(), Some("UserGroupPath".to_owned()))
    );
    assert_eq!(types("handles"), ("HandlesCall".to_owned(), None));
}

#[test]
fn a_list_written_by_hand_is_checked() {
    let with = document(
        "Thing: {properties: {a: {type: string}, b: {type: string}}}",
        "",
    );
    let mut names = proposed(&with, &with).names;
    names
        .fields
        .get_mut("Thing")
        .unwrap()
        .insert("a".into(), "b".into());
    let error = lowered(&with, &names).unwrap_err().to_string();
    assert!(error.contains("Thing") && error.contains("`b`"), "{error}");

    names.fields.get_mut("Thing").unwrap().remove("a");
    names.parameters.clear();
    names.operations.get_mut("putMember").unwrap().call = None;
    let error = lowered(&with, &names).unwrap_err().to_string();
    for missing in ["`putMember?userId`", "`putMember (its call)`", "`Thing.a`"] {
        assert!(error.contains(missing), "{error}");
    }
}

#[test]
fn a_setter_hides_nothing_that_every_call_has() {
    let with = document("", ", {name: timeout, in: query}, {name: id, in: query}");
    let proposal = proposed(&with, &with);
    let params = &proposal.names.parameters["putMember"];
    assert_eq!(
        (&*params["timeout"], &*params["id in query"]),
        ("timeout_", "id_")
    );

    let mut names = proposal.names.clone();
    let params = names.parameters.get_mut("putMember").unwrap();
    params.insert("timeout".into(), "timeout".into());
    let error = lowered(&with, &names).unwrap_err().to_string();
    assert!(error.contains("`timeout`"), "{error}");
}

#[test]
fn a_path_knows_its_parameters_by_their_place() {
    let with = document(
        "",
        ", {name: id, in: query, required: true, schema: {type: string}}",
    );
    let proposal = proposed(&with, &with);
    let name = proposal.names.operation("putMember").unwrap();
    assert_eq!(name.path.as_deref(), Some("UserGroupId"));
    lowered(&with, &proposal.names).unwrap();
}
