#![allow(clippy::unwrap_used)]

use serde_json::json;

use super::*;

const OLD: &str = r##"
openapi: 3.0.3
info: {title: "", version: 2026.06.3}
paths:
  /users:
    get:
      operationId: listUsers
      parameters:
        - {name: limit, in: query, schema: {type: integer}}
        - {name: filter, in: query, schema: {type: string}}
        - {name: q, in: query, schema: {type: string}}
      responses:
        "200":
          description: ""
          content:
            application/json: {schema: {type: array, items: {$ref: "#/components/schemas/User"}}}
    post:
      operationId: createUser
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: "#/components/schemas/User"}}}
      responses:
        "200":
          description: ""
          content: {application/json: {schema: {$ref: "#/components/schemas/User"}}}
        "400": {description: ""}
  /users/{id}:
    delete: {operationId: deleteUser, responses: {"204": {description: ""}}}
components:
  schemas:
    Application:
      type: object
      discriminator:
        propertyName: signOnMode
        mapping: {SAML_2_0: "#/components/schemas/Saml", AUTO_LOGIN: "#/components/schemas/Login"}
    Gone: {type: object}
    Login: {type: object}
    Saml: {type: object}
    User:
      type: object
      required: [login]
      properties:
        id: {type: string, readOnly: true}
        login: {type: string}
        age: {type: integer}
        nick: {type: string}
        status: {$ref: "#/components/schemas/UserStatus"}
    UserStatus: {type: string, enum: [ACTIVE, STAGED]}
"##;

const NEW: &str = r##"
openapi: 3.0.3
info: {title: "", version: 2026.07.0}
paths:
  /users:
    get:
      operationId: listUsers
      parameters:
        - {name: limit, in: query, schema: {type: string}}
        - {name: q, in: query, required: true, schema: {type: string}}
        - {name: after, in: query, schema: {type: string}}
      responses:
        "200":
          description: ""
          content:
            application/json: {schema: {type: array, items: {$ref: "#/components/schemas/Saml"}}}
    post:
      operationId: createUser
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: "#/components/schemas/User"}}}
      responses:
        "200":
          description: ""
          content: {application/json: {schema: {$ref: "#/components/schemas/User"}}}
        "201":
          description: ""
          content: {application/json: {schema: {$ref: "#/components/schemas/User"}}}
  /people/{id}:
    delete: {operationId: deleteUser, responses: {"204": {description: ""}}}
    get: {operationId: getUser, responses: {"204": {description: ""}}}
components:
  schemas:
    Application:
      type: object
      discriminator:
        propertyName: signOnMode
        mapping: {SAML_2_0: "#/components/schemas/Login", BOOKMARK: "#/components/schemas/Login"}
    Come: {type: object}
    Login: {type: object}
    Saml: {type: object}
    User:
      type: object
      required: [login, email]
      properties:
        id: {type: string, readOnly: true}
        login: {type: string, nullable: true}
        age: {type: string}
        email: {type: string}
        phone: {type: string}
        status: {$ref: "#/components/schemas/UserStatus"}
    UserStatus: {type: string, enum: [ACTIVE, DEPROVISIONED]}
"##;

fn report() -> Report {
    let facts = |text| crate::import::facts(text).unwrap();
    diff(&facts(OLD), &facts(NEW))
}

#[test]
fn people_read_what_breaks_first() {
    insta::assert_snapshot!(report().to_markdown());
}

#[test]
fn programs_read_every_change() {
    let report = report();
    let read: Value = serde_json::from_str(&report.to_json().unwrap()).unwrap();

    assert_eq!(read["from"], "2026.06.3");
    assert_eq!(read["to"], "2026.07.0");
    assert_eq!(
        read["changes"][0],
        json!({
            "subject": "operation",
            "at": "deleteUser",
            "change": "DELETE /users/{id} is now DELETE /people/{id}",
            "breaks": false,
        })
    );
    assert_eq!(
        read["changes"].as_array().unwrap().len(),
        report.changes.len()
    );
}

#[test]
fn a_document_does_not_differ_from_itself() {
    for text in [OLD, NEW] {
        let facts = crate::import::facts(text).unwrap();
        let report = diff(&facts, &facts);
        assert_eq!(report.changes, []);
        assert!(!report.breaks());
    }
}

/// The differences of schema `It`, which requests hold, as `! change` if they
/// break and `. change` if not.
fn of_schema(old: &Value, new: &Value) -> Vec<String> {
    let document = |schema: &Value| {
        let it = json!({"$ref": "#/components/schemas/It"});
        json!({
            "paths": {"/": {"post": {
                "operationId": "send",
                "requestBody": {"content": {"application/json": {"schema": it}}},
            }}},
            "components": {"schemas": {"It": schema}},
        })
    };
    diff(&document(old), &document(new))
        .changes
        .into_iter()
        .map(|change| {
            format!(
                "{} {}: {}",
                if change.breaks { '!' } else { '.' },
                change.at,
                change.change
            )
        })
        .collect()
}

#[test]
fn types_break_when_their_rust_type_does() {
    let named = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
    for (old, new, expected) in [
        (
            json!({"type": "string"}),
            json!({"type": "string", "format": "uri"}),
            "",
        ),
        (
            json!({"type": "string"}),
            json!({"type": "string", "format": "date-time"}),
            "! It: type string is now string (date-time)",
        ),
        (
            json!({"type": "string"}),
            json!({"type": "string", "enum": ["A"]}),
            "! It: type string is now enum",
        ),
        (
            named("A"),
            json!({"allOf": [named("A"), {"nullable": true}]}),
            "",
        ),
        (
            json!({"type": "array", "items": named("A")}),
            json!({"type": "array", "items": named("B")}),
            "! It[]: type A is now B",
        ),
        (
            json!({"type": "object", "additionalProperties": {"type": "string"}}),
            json!({"type": "object", "additionalProperties": {"type": "integer"}}),
            "! It{}: type string is now integer",
        ),
        (
            json!({"oneOf": [named("A"), named("B")]}),
            json!({"oneOf": [named("B"), named("C")]}),
            "! It: A removed, . It: C added",
        ),
        (
            json!({"discriminator": {"propertyName": "type"}}),
            json!({"discriminator": {"propertyName": "kind"}}),
            "! It: property type is now kind",
        ),
    ] {
        assert_eq!(of_schema(&old, &new).join(", "), expected, "{old} → {new}");
    }
}

#[test]
fn properties_break_when_their_setters_or_arguments_do() {
    let string = || json!({"type": "string"});
    let read_only = || json!({"type": "string", "readOnly": true});
    let object = |required: &[&str], property: Value| json!({"type": "object", "required": required, "properties": {"p": property}});
    for (old, new, expected) in [
        (
            object(&[], string()),
            object(&["p"], string()),
            "! It.p: is now required",
        ),
        (
            object(&["p"], string()),
            object(&[], string()),
            "! It.p: is no longer required",
        ),
        (
            object(&[], read_only()),
            object(&["p"], read_only()),
            ". It.p: is now required",
        ),
        (
            object(&[], string()),
            object(&[], read_only()),
            "! It.p: is now read-only",
        ),
        (
            object(&[], read_only()),
            object(&[], string()),
            ". It.p: is no longer read-only",
        ),
        (
            object(&["p"], read_only()),
            object(&["p"], string()),
            "! It.p: is no longer read-only",
        ),
        (
            object(&[], string()),
            object(&[], json!({"type": "string", "nullable": true})),
            "! It.p: is now nullable",
        ),
        (
            json!({"type": "object", "allOf": [object(&[], string())]}),
            json!({"type": "object", "allOf": [object(&[], json!({"type": "integer"}))]}),
            "! It.p: type string is now integer",
        ),
    ] {
        assert_eq!(of_schema(&old, &new).join(", "), expected, "{old} → {new}");
    }
}
