//! The document that progenitor reads: every operation, and no type but the plain ones.

use serde_json::{Map, Value, json};

use super::{function_name, required_of_query};
use crate::Error;
use crate::api::{Api, Operation, Param, TypeRef};

/// Lowers all operations.
pub(super) fn lowered(api: &Api) -> Result<openapiv3::OpenAPI, Error> {
    let mut paths = Map::new();
    for operation in &api.operations {
        let item = paths
            .entry(path_of_idents(operation))
            .or_insert_with(|| json!({}));
        item[operation.http_method.to_ascii_lowercase()] = lowered_operation(operation);
    }
    let document = json!({
        "openapi": "3.0.3",
        "info": { "title": "Okta", "version": "1" },
        "paths": paths,
    });
    serde_json::from_value(document)
        .map_err(|error| Error::Progenitor(format!("the lowered document: {error}")))
}

/// An operation with what it cannot do without: the rest is set on the finished request.
fn lowered_operation(operation: &Operation) -> Value {
    let parameters: Vec<Value> = operation
        .path_params
        .iter()
        .map(|param| {
            json!({
                "in": "path", "name": param.ident, "required": true, "schema": { "type": "string" },
            })
        })
        .chain(required_of_query(operation).map(lowered_param))
        .collect();
    json!({
        "operationId": function_name(operation),
        "parameters": parameters,
        "responses": { "2XX": { "description": "" } },
    })
}

fn lowered_param(param: &Param) -> Value {
    let schema = match &param.ty {
        TypeRef::Bool => json!({ "type": "boolean" }),
        TypeRef::Integer => json!({ "type": "integer", "format": "int64" }),
        TypeRef::List(_) if param.explode => {
            json!({ "type": "array", "items": { "type": "string" } })
        }
        // Enums, timestamps and numbers know how they are written; lists come joined by commas.
        _ => json!({ "type": "string" }),
    };
    json!({ "in": "query", "name": param.name, "required": param.required, "schema": schema })
}

/// The path template with Rust's names for its parameters, so that two operations that differ
/// only in what they call a parameter stay two paths, and names need no translation.
fn path_of_idents(operation: &Operation) -> String {
    operation
        .path_params
        .iter()
        .fold(operation.path.clone(), |path, param| {
            path.replace(
                &format!("{{{}}}", param.name),
                &format!("{{{}}}", param.ident),
            )
        })
}
