//! Each kind of fault in a small document that has no other.

use super::super::*;

/// A document in which nothing is wrong.
pub(super) const WHOLE: &str = r##"openapi: 3.0.3
info:
  title: A
  version: 2026.06.3
tags:
  - name: User
x-tagGroups:
  - name: Users
    tags: [User]
paths:
  /users/{userId}:
    parameters:
      - $ref: "#/components/parameters/pathUserId"
    get:
      operationId: getUser
      tags: [User]
      security:
        - oauth2: [okta.users.read]
      parameters:
        - name: expand
          in: query
          schema: {type: string}
      responses:
        "200":
          description: A
          content:
            application/json:
              schema: {$ref: "#/components/schemas/User"}
    put:
      operationId: replaceUser
      tags: [User]
      requestBody:
        content:
          application/json:
            schema: {$ref: "#/components/schemas/User"}
      responses:
        default: {$ref: "#/components/responses/Error"}
components:
  parameters:
    pathUserId: {name: userId, in: path, required: true, schema: {type: string}}
  responses:
    Error: {description: A}
  schemas:
    User:
      type: object
      required: [id]
      discriminator:
        propertyName: kind
        mapping: {staff: "#/components/schemas/Staff"}
      properties:
        id: {type: string, minLength: 1}
        kind: {type: string, enum: [staff]}
    Staff:
      allOf:
        - $ref: "#/components/schemas/User"
  securitySchemes:
    oauth2: {type: oauth2, flows: {clientCredentials: {tokenUrl: /t, scopes: {okta.users.read: A}}}}
"##;

/// What is wrong with [`WHOLE`] after a change, a line for each fault.
fn faults(from: &str, to: &str) -> Vec<String> {
    assert!(WHOLE.contains(from), "{from}");
    let reading = read(&WHOLE.replacen(from, to, 1)).unwrap();
    reading.faults.0.iter().map(ToString::to_string).collect()
}

/// Asserts that each change makes just one fault.
fn each(changes: &[(&str, &str, &str)]) {
    for (from, to, expected) in changes {
        assert_eq!(faults(from, to), [*expected], "{to}");
    }
}

#[test]
fn nothing_is_wrong() {
    let reading = read(WHOLE).unwrap();
    assert_eq!(reading.faults.0, []);
    assert_eq!(reading.notes, [""; 0]);
}

#[test]
fn references() {
    let user = r##"schema: {$ref: "#/components/schemas/User"}"##;
    let at =
        "line 28, /paths/~1users~1{userId}/get/responses/200/content/application~1json/schema/$ref";
    for (reference, expected) in [
        (
            "#/components/schemas/Usr",
            "leads nowhere; define it or mend the reference",
        ),
        (
            "#/components/schemas/Usr/properties/a",
            "leads nowhere; define it or mend the reference",
        ),
        (
            "#/components/responses/Error",
            "leads to another kind of thing; write `#/components/schemas/…`",
        ),
        (
            "#/definitions/User",
            "leads to another kind of thing; write `#/components/schemas/…`",
        ),
        (
            "#/components/schemas/User/required",
            "is no reference; write `#/components/schemas/…`",
        ),
        (
            "#components/schemas/User",
            "is no reference; write `#/components/schemas/…`",
        ),
        ("User", "is no reference; write `#/components/schemas/…`"),
        ("./other.yaml#/X", OTHER),
        ("other.yaml", OTHER),
        ("https://example.com/a.yaml#/components/schemas/User", OTHER),
    ] {
        let changed = format!("schema: {{$ref: \"{reference}\"}}");
        assert_eq!(
            faults(user, &changed),
            [format!("{at}: `{reference}` {expected}")]
        );
    }
    each(&[
        (
            r##"$ref: "#/components/parameters/pathUserId""##,
            "$ref: 5",
            "line 13, /paths/~1users~1{userId}/parameters/0/$ref: expected text, found a number; put it in quotes",
        ),
        (
            r##"{staff: "#/components/schemas/Staff"}"##,
            "{staff: Stuff}",
            "line 49, /components/schemas/User/discriminator/mapping/staff: `Stuff` is no reference; \
             write `#/components/schemas/…`",
        ),
        (
            "oauth2: [okta.users.read]",
            "oauth: [okta.users.read]",
            "line 18, /paths/~1users~1{userId}/get/security/0/oauth: there is no security scheme `oauth` \
             in the components",
        ),
    ]);
}

const OTHER: &str = "leads to another document; copy what it means into `components/schemas` and \
                     write `#/components/schemas/…`";

#[test]
fn references_that_are_taken() {
    // A name alone is a reference in a mapping; a path item's `$ref` is a parameter's here.
    assert_eq!(
        faults(
            r##"{staff: "#/components/schemas/Staff"}"##,
            "{staff: Staff}"
        ),
        [""; 0]
    );
    // What is inside a component is copied, and what stands for another component is skipped.
    let text = WHOLE
        .replace(
            r##"schema: {$ref: "#/components/schemas/User"}"##,
            r##"schema: {$ref: "#/components/schemas/User/properties/id"}"##,
        )
        .replace(
            "Error: {description: A}",
            r##"Error: {$ref: "#/components/responses/Real"}, Real: {description: A}"##,
        )
        .replace("  responses:\n    Error: {", "  responses:\n    {Error: {")
        .replace("Real: {description: A}", "Real: {description: A}}");
    let facts = read(&text).unwrap();
    assert_eq!(facts.faults.0, []);
    let put = facts.facts.pointer("/paths/~1users~1{userId}/put").unwrap();
    assert_eq!(
        put.pointer("/requestBody/content/application~1json/schema")
            .unwrap(),
        &serde_json::json!({"type": "string", "minLength": 1})
    );
    assert_eq!(
        put.pointer("/responses/default/$ref").unwrap(),
        "#/components/responses/Real"
    );
}

#[test]
fn schemas_that_are_nothing_but_themselves() {
    assert_eq!(
        faults(
            "required: [id]",
            r##"allOf: [{$ref: "#/components/schemas/Staff"}]"##
        ),
        [
            "line 44, /components/schemas/User: is made of itself, by `$ref` or `allOf`; say what it is",
            "line 53, /components/schemas/Staff: is made of itself, by `$ref` or `allOf`; say what it is",
        ]
    );
    let inside = r##"id: {$ref: "#/components/schemas/User/properties/id"}"##;
    let found = faults("id: {type: string, minLength: 1}", inside);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0].ends_with("contains itself; make a component of it"),
        "{found:?}"
    );
}

#[test]
fn operations() {
    each(&[
        (
            "operationId: replaceUser",
            "operationId: getUser",
            "line 30, /paths/~1users~1{userId}/put/operationId: `getUser` is the id of \
             /paths/~1users~1{userId}/get too; ids are unique",
        ),
        (
            "      operationId: replaceUser\n",
            "",
            "line 29, /paths/~1users~1{userId}/put: an operation needs `operationId`",
        ),
        (
            "operationId: replaceUser",
            "operationId: ''",
            "line 30, /paths/~1users~1{userId}/put/operationId: is empty; give the operation an id",
        ),
        (
            "    put:",
            "    retrieve:",
            "line 29, /paths/~1users~1{userId}/retrieve: a path item has no keyword `retrieve`; delete it or write \
             `x-retrieve`",
        ),
        (
            "    put:",
            "    PUT:",
            "line 29, /paths/~1users~1{userId}/PUT: a path item has no keyword `PUT`; is `put` meant?",
        ),
        (
            "      responses:\n        default: {$ref: \"#/components/responses/Error\"}\n",
            "",
            "line 29, /paths/~1users~1{userId}/put: an operation needs `responses`",
        ),
        (
            "        default: {",
            "        20: {",
            "line 37, /paths/~1users~1{userId}/put/responses/20: expected a status such as `200` or `2XX`, \
             or `default`, found `20`",
        ),
        (
            "            application/json:\n              schema",
            "            json:\n              schema",
            "line 27, /paths/~1users~1{userId}/get/responses/200/content/json: expected a content type \
             such as `application/json`, found `json`",
        ),
        (
            "      parameters:\n        - name: expand",
            "      parameters:\n        - {name: expand, in: query}\n        - name: expand",
            "line 21, /paths/~1users~1{userId}/get/parameters/1: parameter `expand` in `query` is there \
             twice, see 0",
        ),
    ]);
}

#[test]
fn paths_and_their_parameters() {
    each(
        &[
            (
                "parameters:\n      - $ref: \"#/components/parameters/pathUserId\"\n    get",
                "parameters: []\n    get",
                "line 13, /paths/~1users~1{userId}/get: `{userId}` of the path is no parameter; define it",
            ),
            (
                "  /users/{userId}:",
                "  /users:",
                "line 13, /paths/~1users/parameters/0: parameter `userId` is not in the path; write \
             `{userId}` there",
            ),
            (
                "  /users/{userId}:",
                "  /users/{userId:",
                "line 11, /paths/~1users~1{userId: has a brace without its other half; write `{name}`",
            ),
            (
                "  /users/{userId}:",
                "  users/{userId}:",
                "line 11, /paths/users~1{userId}: expected a path, which starts with `/`, found `users/{userId}`",
            ),
        ][1..],
    );
    // Both operations miss it.
    let found = faults(
        "    parameters:\n      - $ref: \"#/components/parameters/pathUserId\"\n",
        "",
    );
    assert_eq!(found.len(), 2, "{found:?}");
    let found = faults(
        "paths:\n",
        "paths:\n  /users/{id}:\n    parameters: [{name: id, in: path, required: true}]\n",
    );
    assert_eq!(
        found,
        [
            "line 13, /paths/~1users~1{userId}: differs from `/users/{id}` in the names of parameters only; \
          make one path of them"
        ]
    );
}

#[test]
fn keywords_types_and_values() {
    each(&[
        (
            "minLength: 1",
            "minLenght: 1",
            "line 51, /components/schemas/User/properties/id/minLenght: a schema has no keyword \
             `minLenght`; is `minLength` meant?",
        ),
        (
            "      type: object",
            "      type: objekt",
            "line 45, /components/schemas/User/type: expected `array`, `boolean`, `integer`, `number`, \
             `object` or `string`, found `objekt`",
        ),
        (
            "      type: object",
            "      type: [object, 'null']",
            "line 45, /components/schemas/User/type: expected text, found a list",
        ),
        (
            "minLength: 1",
            "minLength: '1'",
            "line 51, /components/schemas/User/properties/id/minLength: expected a number from 0 without \
             a fraction, found text",
        ),
        (
            "required: [id]",
            "required: true",
            "line 46, /components/schemas/User/required: expected a list, found true or false",
        ),
        (
            "enum: [staff]",
            "enum: []",
            "line 52, /components/schemas/User/properties/kind/enum: expected at least one value, found none",
        ),
        (
            "enum: [staff]",
            "enum: [1.10]",
            "line 52, /components/schemas/User/properties/kind/enum/0: 1.1 stands in a string type and \
             reads as a number; put it in quotes",
        ),
        (
            "in: query",
            "in: body",
            "line 21, /paths/~1users~1{userId}/get/parameters/0/in: expected `cookie`, `header`, `path` or \
             `query`, found `body`",
        ),
        (
            "version: 2026.06.3",
            "version: 2026.06",
            "line 4, /info/version: expected text, found a number; put it in quotes",
        ),
        (
            "  version: 2026.06.3\n",
            "",
            "line 2, /info: the info needs `version`",
        ),
        (
            "        propertyName: kind\n",
            "",
            "line 47, /components/schemas/User/discriminator: a discriminator needs `propertyName`",
        ),
        (
            "paths:",
            "webhooks: {}\npaths:",
            "line 10, /webhooks: the document has no keyword `webhooks`; delete it or write `x-webhooks`",
        ),
    ]);
}

#[test]
fn keys_that_are_there_twice() {
    each(&[
        (
            "        kind: {type: string, enum: [staff]}",
            "        id: {type: string, enum: [staff]}",
            "line 52, /components/schemas/User/properties/id: is there twice, first in line 51",
        ),
        (
            "      required: [id]",
            "      type: object",
            "line 46, /components/schemas/User/type: is there twice, first in line 45",
        ),
        (
            "    put:",
            "    get:",
            "line 29, /paths/~1users~1{userId}/get: is there twice, first in line 14",
        ),
    ]);
}

#[test]
fn a_file_that_was_cut_off() {
    // Between two parts, at the end of a line, and in the middle of one.
    for end in [
        "components:\n",
        "      responses:\n        default",
        "  securitySchemes",
    ] {
        let (text, _) = WHOLE.split_once(end).unwrap();
        assert_ne!(read(text).unwrap().faults.0, [], "{end}");
    }
}

#[test]
fn all_faults_are_told_at_once() {
    let text = WHOLE
        .replacen("replaceUser", "getUser", 1)
        .replacen("minLength: 1", "minLength: many", 1)
        .replacen("type: object", "type: objekt", 1)
        .replacen("#/components/responses/Error", "./errors.yaml#/Error", 1)
        .replacen("#/components/schemas/User", "#/components/schemas/Usr", 1)
        .replacen("  title: A", "  version: A", 1);

    let error = import(&text).unwrap_err().to_string();

    assert!(error.starts_with("6 faults\n"), "{error}");
    let lines: Vec<&str> = error
        .lines()
        .skip(1)
        .map(|line| line.split(',').next().unwrap())
        .collect();
    assert_eq!(
        lines,
        [
            "  line 4",
            "  line 28",
            "  line 30",
            "  line 37",
            "  line 45",
            "  line 51"
        ]
    );
}

#[test]
fn very_many_faults_that_say_the_same_share_a_line() {
    let fault = |n| Fault {
        line: n,
        ..Fault::new("/a", "is wrong")
    };
    let other = Fault::new("", "is bad");
    let faults = Faults((1..=300).map(fault).chain([other]).collect());
    assert_eq!(
        faults.to_string(),
        "301 faults\n  the document: is bad\n  \
         line 1, /a; line 2, /a; line 3, /a; and 297 more places: is wrong"
    );
}

#[test]
fn facts_of_okta_that_are_not_kept_are_noted() {
    let changed = WHOLE.replace("minLength: 1", "x-okta-colour: red, x-other: blue");
    let reading = read(&changed).unwrap();
    assert_eq!(reading.faults.0, []);
    assert_eq!(
        reading.notes,
        [
            "`x-okta-colour` of a schema is not kept (1 times, first at \
          /components/schemas/User/properties/id/x-okta-colour)"
        ]
    );
}
