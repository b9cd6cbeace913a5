#![allow(clippy::unwrap_used)]

mod faults;
mod mutations;
mod plausible;

use super::*;

/// A document with prose in every place that has room for it, and with names
/// that look like prose.
const UPSTREAM: &str = r##"
openapi: 3.0.3
info: {title: Okta Admin, version: 2026.06.3, description: Prose, contact: {name: Prose}}
servers: [{url: "https://{yourOktaDomain}", description: Prose}]
externalDocs: {description: Prose, url: "https://example.com"}
tags: [{name: User, x-displayName: Prose, description: Prose}]
x-tagGroups: [{name: Users, tags: [User]}]
x-webhooks: {Hook: {post: {summary: Prose}}}
paths:
  /api/v1/users/{userId}:
    summary: Prose
    parameters: [{$ref: "#/components/parameters/pathUserId"}]
    post:
      operationId: updateUser
      tags: [User]
      summary: Prose
      description: Prose
      x-codegen-request-body-name: user
      x-okta-lifecycle: {lifecycle: GA, isGenerallyAvailable: true, SKUs: [], note: Prose}
      security: [{oauth2: [okta.users.manage]}]
      parameters:
        - {name: on, in: query, description: Prose, example: Prose, schema: {type: boolean, default: true}}
      requestBody:
        description: Prose
        content:
          application/json:
            examples: {one: {value: Prose}}
            schema: {$ref: "#/components/schemas/User", readOnly: true}
      responses:
        200:
          description: Prose
          headers: {Link: {description: Prose, schema: {type: string, example: Prose}}}
          content: {application/json: {example: Prose, schema: {title: Prose, type: object}}}
        "429": {$ref: "#/components/responses/TooMany"}
components:
  examples: {one: {value: Prose}}
  parameters:
    pathUserId: {name: userId, in: path, required: true, schema: {type: string, minLength: 0}}
  responses:
    TooMany: {description: Prose}
  schemas:
    User:
      description: Prose
      example: {title: Prose}
      type: object
      required: [title, description]
      additionalProperties: {type: string, description: Prose}
      properties:
        description: {type: string, description: Prose, maxLength: 10}
        example: {type: string, nullable: true}
        summary: {type: array, items: {type: string, title: Prose}}
        title: {allOf: [{$ref: "#/components/schemas/Title"}, {description: Prose, readOnly: true}]}
    Title:
      type: string
      enum: [description, Prose or not]
      x-enumDescriptions: {description: Prose}
  securitySchemes:
    oauth2:
      type: oauth2
      description: Prose
      flows:
        authorizationCode: {authorizationUrl: /a, tokenUrl: /t, scopes: {okta.users.manage: Prose}}
"##;

/// A document whose only schema has these keys.
fn schema(keys: &str) -> String {
    format!(
        "{{openapi: 3.0.3, info: {{version: 1.0.0}}, paths: {{}}, \
         components: {{schemas: {{It: {{{keys}}}}}}}}}"
    )
}

fn schema_facts(keys: &str) -> Result<Value, Error> {
    let facts = facts(&schema(keys))?;
    Ok(facts.pointer("/components/schemas/It").unwrap().clone())
}

#[test]
fn facts_stay_and_prose_goes() {
    let facts = import(UPSTREAM).unwrap();

    insta::assert_snapshot!(facts);
    assert_eq!(
        facts.matches("Prose").count(),
        1,
        "an enum value is no prose"
    );
}

#[test]
fn importing_facts_changes_nothing() {
    let facts = import(UPSTREAM).unwrap();
    assert_eq!(import(&facts).unwrap(), facts);
}

#[test]
fn texts_that_look_like_something_else_stay_texts() {
    let keys = "type: string, enum: [NO, on, y, ~, 'null', 2020-01-01, '1.10', 007, 1, true]";
    let facts = import(&schema(keys)).unwrap();

    let again: Value = serde_norway::from_str(&facts).unwrap();
    assert_eq!(
        again.pointer("/components/schemas/It/enum").unwrap(),
        &serde_json::json!([
            "NO",
            "on",
            "y",
            null,
            "null",
            "2020-01-01",
            "1.10",
            "007",
            "1",
            "true"
        ]),
    );
}

#[test]
fn values_of_other_types_keep_their_type() {
    for (keys, expected) in [
        ("type: boolean, enum: [true]", serde_json::json!(true)),
        ("type: integer, enum: [1]", serde_json::json!(1)),
        ("type: number, enum: [1.5]", serde_json::json!(1.5)),
        ("enum: [1]", serde_json::json!(1)),
    ] {
        let facts = schema_facts(keys).unwrap();
        assert_eq!(facts["enum"], serde_json::json!([expected]), "{keys}");
    }
}

#[test]
fn remarks_in_place_of_values_go() {
    for (keys, kept) in [
        ("type: integer, default: Last of all", false),
        ("type: integer, default: '5'", false),
        ("type: string, format: Opaque token, default: now", false),
        ("type: string, format: uri, default: now", true),
        ("type: string, default: Sign in", true),
        ("type: integer, default: 5", true),
    ] {
        let facts = schema_facts(keys).unwrap();
        assert_eq!(facts.get("default").is_some(), kept, "{keys}");
    }
    let facts = schema_facts("type: string, format: Opaque token").unwrap();
    assert_eq!(facts, serde_json::json!({"type": "string"}));
}

#[test]
fn what_is_no_document_is_refused() {
    for (text, expected) in [
        ("a: 1\n[\nb: 2\n", "the document is not valid YAML"),
        (
            "- 1",
            "expected an OpenAPI 3.0 document, but `openapi` is missing",
        ),
        (
            "hello: 1",
            "expected an OpenAPI 3.0 document, but `openapi` is missing",
        ),
        (
            "openapi: 3.1.0",
            "expected an OpenAPI 3.0 document, but `openapi` is \"3.1.0\"",
        ),
    ] {
        let error = import(text).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{error}");
    }
    let error = import("openapi: 3.0.3\ninfo: {title: [")
        .unwrap_err()
        .to_string();
    assert!(error.ends_with("the file may be cut off"), "{error}");
}
