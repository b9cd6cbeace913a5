//! One test for each kind of change, in both directions where they differ.
#![allow(clippy::unwrap_used)]

mod operations;
mod report;
mod review;
mod types;

use serde_json::{Value, json};

use super::*;
use crate::document::Document;
use crate::names::{self, Names, Taken};
use crate::roots::Roots;
use crate::{Source, documents, proposal};

/// A document of users, as the facts of Okta's are.
fn document() -> Value {
    let user = json!({"$ref": "#/components/schemas/User"});
    json!({
        "openapi": "3.0.3",
        "info": {"title": "t", "version": "2026.01.0"},
        "x-tagGroups": [{"name": "Users", "tags": ["User"]}, {"name": "Groups", "tags": ["Group"]}],
        "paths": {
            "/api/v1/users": {
                "get": {
                    "operationId": "listUsers", "tags": ["User"],
                    "security": [{"apiToken": []}, {"oauth2": ["okta.users.read"]}],
                    "parameters": [
                        {"name": "limit", "in": "query",
                         "schema": {"type": "integer", "default": 20, "maximum": 200}},
                        {"name": "q", "in": "query", "schema": {"type": "string"}},
                    ],
                    "responses": {"200": {"content": {"application/json": {
                        "schema": {"type": "array", "items": user.clone()}}}}},
                },
                "post": {
                    "operationId": "createUser", "tags": ["User"],
                    "security": [{"oauth2": ["okta.users.manage"]}],
                    "requestBody": {"required": true,
                        "content": {"application/json": {"schema": user.clone()}}},
                    "responses": {"200": {"content": {"application/json": {"schema": user.clone()}}}},
                },
            },
            "/api/v1/users/{userId}": {
                "parameters": [{"name": "userId", "in": "path", "required": true,
                    "schema": {"type": "string"}}],
                "get": {
                    "operationId": "getUser", "tags": ["User"],
                    "responses": {"200": {"content": {"application/json": {"schema": user}}}},
                },
            },
            "/api/v1/groups": {
                "get": {
                    "operationId": "listGroups", "tags": ["Group"],
                    "responses": {"200": {"content": {"application/json": {"schema":
                        {"type": "array", "items": {"$ref": "#/components/schemas/Group"}}}}}},
                },
            },
        },
        "components": {"schemas": {
            "User": {
                "type": "object", "required": ["login", "provider"],
                "properties": {
                    "id": {"type": "string", "readOnly": true},
                    "age": {"type": "integer"},
                    "login": {"type": "string", "maxLength": 100},
                    "nick": {"type": "string"},
                    "provider": {"type": "string", "enum": ["OKTA"]},
                    "status": {"$ref": "#/components/schemas/UserStatus"},
                    "pet": {"$ref": "#/components/schemas/Pet"},
                },
            },
            "UserStatus": {"type": "string", "enum": ["ACTIVE", "STAGED"]},
            "Group": {
                "type": "object",
                "properties": {
                    "id": {"type": "string"}, "name": {"type": "string"},
                    "note": {"type": "string"}, "size": {"type": "integer"},
                },
            },
            "Pet": {
                "type": "object",
                "discriminator": {"propertyName": "kind", "mapping": {
                    "CAT": "#/components/schemas/Cat", "DOG": "#/components/schemas/Dog"}},
                "properties": {"kind": {"type": "string"}, "name": {"type": "string"}},
            },
            "Cat": {"allOf": [{"$ref": "#/components/schemas/Pet"},
                {"type": "object", "properties": {"lives": {"type": "integer"}}}]},
            "Dog": {"allOf": [{"$ref": "#/components/schemas/Pet"},
                {"type": "object", "properties": {"tricks": {"type": "integer"}}}]},
        }},
    })
}

/// The document with `change` made to it.
fn with(change: impl Fn(&mut Value)) -> Value {
    let mut changed = document();
    change(&mut changed);
    changed["info"]["version"] = json!("2026.02.0");
    changed
}

/// A document with another value at a JSON pointer; null takes the entry away.
fn set(pointer: &str, value: &Value) -> Value {
    with(|document| {
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        let key = key.replace("~1", "/");
        match document.pointer_mut(parent).unwrap() {
            Value::Object(map) if value.is_null() => drop(map.remove(&key)),
            Value::Object(map) => drop(map.insert(key, value.clone())),
            Value::Array(list) if key == "-" => list.push(value.clone()),
            Value::Array(list) => list[key.parse::<usize>().unwrap()] = value.clone(),
            other => *other = value.clone(),
        }
    })
}

/// Every name that a document needs, as if it had been imported.
fn names_of(document: &Value) -> Names {
    let taken = Taken::default();
    let names = Names::default();
    let names = names::propose(about(), document, &names, &taken).names;
    let document = Document::from_value(about(), document.clone()).unwrap();
    let roots = Roots::default();
    let complete = proposal::complete(&document, &names, &roots, None, &taken);
    complete.unwrap().names
}

/// The report of two documents, the first of which is ours. Neither has anything for Okta's fixups
/// to mend.
fn report_of(ours: &Value, theirs: &Value) -> Report {
    report_with(ours, theirs, |_| {})
}

fn report_with(ours: &Value, theirs: &Value, change: impl Fn(&mut Names)) -> Report {
    let mut names = names_of(ours);
    change(&mut names);
    let names = names.to_yaml().unwrap();
    let text = ours.to_string();
    let sources = sources(&text, &names);
    let (was, _) = other::load(&sources, about(), ours.clone()).unwrap();
    let (is, notes) = other::load(&sources, about(), theirs.clone()).unwrap();
    let notes = notes.into_iter().filter(|note| !note.starts_with("repair"));
    compare(
        Side::new(was).unwrap(),
        &Side::new(is).unwrap(),
        about(),
        notes.collect(),
    )
}

fn about() -> &'static About {
    documents::MANAGEMENT
}

fn sources<'a>(document: &'a str, names: &'a str) -> Sources<'a> {
    Sources {
        documents: vec![Source {
            about: about(),
            document,
            names,
            roots: "",
        }],
        server_owned: "",
        rate_limits: "",
        not_secret: "",
        words: "",
        examples: "",
        needed: "",
    }
}

/// Its lines, such as `breaks users().list(): removed`.
fn lines(report: &Report) -> Vec<String> {
    let changes = report.changes.iter();
    changes
        .map(
            |Change {
                 class, at, change, ..
             }| {
                let class = match class {
                    Class::Breaks => "breaks",
                    Class::BehavesOtherwise => "behaves",
                    Class::Compatible => "compatible",
                };
                format!("{class} {at}: {change}")
            },
        )
        .collect()
}

/// From the document to another, and back.
#[track_caller]
fn there_and_back(other: &Value, there: &[&str], back: &[&str]) {
    let ours = document();
    assert_eq!(lines(&report_of(&ours, other)), there);
    assert_eq!(lines(&report_of(other, &ours)), back);
}

const LIST: &str = "/paths/~1api~1v1~1users/get";
const CREATE: &str = "/paths/~1api~1v1~1users/post";
const USER: &str = "/components/schemas/User";
