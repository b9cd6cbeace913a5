//! The facts of a document as the emulator reads them: operations and the schemas that they reach,
//! one a line, so that a new release is a readable diff.
//!
//! The emulator takes schemas as the document writes them and not as the SDK's types, so that a
//! mistake of ours in lowering them shows when the two talk to each other.

mod schemas;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::Error;
use crate::document::{Document, MediaType, Operation, Parameter, PathItem, RequestBody, Response};

/// Where the facts go, from the root of the workspace.
pub const FILE: &str = "emulator/src/document/facts.json";

/// The facts of a repaired document.
///
/// # Errors
/// If the document refers to something that it lacks.
pub fn facts(document: &Document) -> Result<String, Error> {
    let mut operations = Vec::new();
    let mut reached = BTreeSet::new();
    for (path, method, item, operation) in document.operations() {
        let entry = entry(document, path, method, item, operation)?;
        schemas::references(&entry, &mut reached);
        operations.push(entry.to_string());
    }
    let schemas: Vec<String> = schemas::reached(document, reached)?
        .iter()
        .map(|(name, schema)| format!("{}:{schema}", json!(name)))
        .collect();
    Ok(format!(
        "{{\"operations\":[\n{}\n],\"schemas\":{{\n{}\n}}}}\n",
        operations.join(",\n"),
        schemas.join(",\n"),
    ))
}

fn entry(
    document: &Document,
    path: &str,
    method: &str,
    item: &PathItem,
    operation: &Operation,
) -> Result<Value, Error> {
    let mut entry = json!({
        "id": operation.operation_id,
        "tag": operation.tags.first(),
        "method": method,
        "path": path,
        "answer": answer(document, operation)?,
    });
    let parameters = parameters(document, item, operation)?;
    let members = [
        ("inPath", of(&parameters, "path")),
        ("query", of(&parameters, "query")),
    ];
    for (name, member) in members {
        if !member.is_empty() {
            entry[name] = member.into();
        }
    }
    let headers = parameters.keys().filter(|(place, _)| *place == "header");
    let headers: Vec<&str> = headers.map(|(_, name)| *name).collect();
    if !headers.is_empty() {
        entry["headers"] = json!(headers);
    }
    if let Some(body) = &operation.request_body {
        entry["body"] = body_of(document.request_body(body)?);
    }
    let scopes = scopes(operation);
    if !scopes.is_empty() {
        entry["scopes"] = json!(scopes);
    }
    if operation.security.is_empty() {
        entry["public"] = json!(true);
    }
    Ok(entry)
}

/// Parameters of an operation; its own replace those of its path.
fn parameters<'d>(
    document: &'d Document,
    item: &'d PathItem,
    operation: &'d Operation,
) -> Result<BTreeMap<(&'d str, &'d str), &'d Parameter>, Error> {
    let mut parameters = BTreeMap::new();
    for parameter in item.parameters.iter().chain(&operation.parameters) {
        let parameter = document.parameter(parameter)?;
        let key = (parameter.location.as_str(), parameter.name.as_str());
        parameters.insert(key, parameter);
    }
    Ok(parameters)
}

/// The schemas of the parameters at one place, by name.
fn of(parameters: &BTreeMap<(&str, &str), &Parameter>, place: &str) -> Map<String, Value> {
    let there = parameters
        .iter()
        .filter(|((location, _), _)| *location == place);
    there
        .map(|((_, name), parameter)| ((*name).to_owned(), schemas::schema(&parameter.schema)))
        .collect()
}

fn body_of(body: &RequestBody) -> Value {
    json!({ "required": body.required, "content": content(&body.content) })
}

/// The answer of the lowest status that is no error.
fn answer(document: &Document, operation: &Operation) -> Result<Value, Error> {
    let found = operation
        .responses
        .iter()
        .find(|(status, _)| status.starts_with(['2', '3']));
    let Some((status, response)) = found else {
        return Ok(json!({ "status": 200 }));
    };
    let response: &Response = document.response(response)?;
    let status: u16 = status.parse().unwrap_or(200);
    let mut answer = json!({ "status": status });
    if !response.content.is_empty() {
        answer["content"] = content(&response.content).into();
    }
    let headers: Vec<&String> = response.headers.keys().collect();
    if !headers.is_empty() {
        answer["headers"] = json!(headers);
    }
    Ok(answer)
}

fn content(content: &BTreeMap<String, MediaType>) -> Map<String, Value> {
    let types = content.iter();
    types
        .map(|(name, media)| (name.clone(), schemas::schema(&media.schema)))
        .collect()
}

/// OAuth 2.0 scopes, all of which the call needs. Only what stands side by side in `security` is an
/// alternative (OpenAPI 3.0, Security Requirement Object), and of those with scopes there is one.
fn scopes(operation: &Operation) -> BTreeSet<&str> {
    let mut lists = operation
        .security
        .iter()
        .filter_map(|scheme| scheme.get("oauth2"));
    let first = lists.next().into_iter().flatten();
    first.map(String::as_str).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const MINI: &str = r##"
openapi: 3.0.3
info: { title: Mini, version: "1" }
paths:
  /api/v1/zones/{zoneId}:
    parameters:
      - { name: zoneId, in: path, required: true, schema: { type: string } }
      - { name: If-Match, in: header, schema: { type: string } }
    put:
      operationId: replaceZone
      tags: [Zone]
      security: [{ oauth2: [okta.zones.manage] }]
      requestBody:
        required: true
        content: { application/json: { schema: { $ref: "#/components/schemas/Zone" } } }
      responses:
        "400": { content: { application/json: { schema: { $ref: "#/components/schemas/Error" } } } }
        "200":
          headers: { ETag: { schema: { type: string } } }
          content: { application/json: { schema: { $ref: "#/components/schemas/Zone" } } }
components:
  schemas:
    Error: { type: object }
    Zone:
      type: object
      required: [type]
      properties: { type: { type: string, enum: [IP] }, id: { type: string, readOnly: true } }
      discriminator: { propertyName: type, mapping: { IP: "#/components/schemas/IpZone" } }
    IpZone: { allOf: [{ $ref: "#/components/schemas/Zone" }] }
    Unused: { type: object }
"##;

    #[test]
    fn what_operations_reach_is_written_one_a_line() {
        let document = Document::parse(MINI).unwrap();
        insta::assert_snapshot!(facts(&document).unwrap());
    }

    #[test]
    fn a_schema_that_is_not_there_is_an_error() {
        let document = Document::parse(&MINI.replace("    IpZone:", "    Other:")).unwrap();
        assert!(facts(&document).unwrap_err().to_string().contains("IpZone"));
    }
}
