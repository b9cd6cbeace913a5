#![allow(clippy::unwrap_used)]

use super::*;
use crate::document::name_in;

const SCHEMAS: &str = "
    Text: {type: string}
    Color: {type: string, enum: [RED, GREEN]}
    Size: {type: string, enum: [SMALL]}
    Thing: {properties: {x: {type: string}}}
    Empty: {type: object}
    Itself: {$ref: '#/components/schemas/Itself'}
    Kinds: {discriminator: {propertyName: k, mapping: {t: '#/components/schemas/Thing'}}}
    Scalars: {discriminator: {propertyName: k, mapping: {t: '#/components/schemas/Text'}}}
";

fn document() -> Document {
    let text = format!("info: {{version: '1'}}\npaths: {{}}\ncomponents:\n  schemas:{SCHEMAS}");
    Document::parse(&text).unwrap()
}

/// What a schema is in the end, as `Debug` writes it; `@Name` is a reference.
fn shape_of(schema: &str) -> String {
    let document = document();
    let mut text = schema.to_owned();
    for name in document.components.schemas.keys() {
        let reference = format!("{{$ref: '#/components/schemas/{name}'}}");
        text = text.replace(&format!("@{name}"), &reference);
    }
    let schema: Schema = serde_norway::from_str(&text).unwrap();
    format!("{:?}", resolved(&document, &schema).unwrap())
}

#[test]
fn a_schema_is_one_thing() {
    for (schema, expected) in [
        ("{}", "Any"),
        ("{enum: [A, null]}", r#"Enum(["A"])"#),
        ("{type: string, enum: [A, 1]}", r#"Enum(["A"])"#),
        ("{enum: [A, 1]}", "Any"),
        ("{enum: [1, 2.5]}", "Number"),
        ("{enum: [null]}", "Any"),
        ("{type: integer, enum: [1]}", "Integer"),
        ("{type: string, format: date-time}", "Text(Timestamp)"),
        ("{type: string, format: nobody-knows}", "Text(Plain)"),
        ("{type: object}", "Object"),
        ("{type: object, additionalProperties: false}", "Any"),
        ("{type: object, additionalProperties: true}", "Map(None)"),
        ("{type: array}", "List([])"),
        ("@Kinds", "Union"),
        ("@Scalars", "Any"),
        ("@Itself", "Any"),
        ("{allOf: [@Text, @Text]}", "Text(Plain)"),
        (
            "{allOf: [@Color, {type: string}]}",
            r#"Enum(["RED", "GREEN"])"#,
        ),
        ("{allOf: [{type: integer}, {type: number}]}", "Integer"),
        ("{allOf: [{type: integer}, {type: string}]}", "Any"),
        ("{allOf: [@Thing, @Empty]}", "Record"),
        (
            "{oneOf: [@Color, @Size]}",
            r#"Enum(["RED", "GREEN", "SMALL"])"#,
        ),
        ("{oneOf: [@Color, @Text]}", "Text(Plain)"),
        (
            "{oneOf: [{allOf: [@Text]}, {allOf: [@Text]}]}",
            "Text(Plain)",
        ),
        ("{oneOf: [@Thing, @Kinds]}", "Record"),
        ("{oneOf: [@Thing, {additionalProperties: true}]}", "Record"),
        ("{oneOf: [@Thing, @Text]}", "Any"),
        ("{oneOf: [@Empty, {type: object}]}", "Object"),
        ("{anyOf: [{type: integer}]}", "Integer"),
    ] {
        assert_eq!(shape_of(schema), expected, "{schema}");
    }
}

#[test]
fn a_reference_that_leads_nowhere_is_an_error() {
    let document = document();
    for reference in ["#/components/schemas/Gone", "./other.yaml#/Thing"] {
        let schema = Schema {
            reference: Some(reference.to_owned()),
            ..Schema::default()
        };
        let error = resolved(&document, &schema).unwrap_err().to_string();
        assert!(error.contains(name_in(reference)), "{error}");
    }
}
