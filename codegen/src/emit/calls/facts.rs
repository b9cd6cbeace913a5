//! The table of operations: what a call is given, what it must send, and its answer.

use serde_json::{Map, Value, json};

use super::sample::{self, Purpose};
use crate::api::{Api, Body, Operation, Param, Success, TypeRef};

/// One JSON object a line, so that a change of an operation is a change of a line.
pub(super) fn table(api: &Api) -> String {
    let lines: Vec<String> = api
        .operations
        .iter()
        .map(|operation| entry(api, operation).to_string())
        .collect();
    format!("[\n{}\n]\n", lines.join(",\n"))
}

fn entry(api: &Api, operation: &Operation) -> Value {
    let path: Map<String, Value> = operation
        .path_params
        .iter()
        .map(|param| (param.name.clone(), path_value(api, param).into()))
        .collect();
    let mut entry = json!({
        "document": operation.document.name,
        "operation": operation.id,
        "feature": operation.feature,
        "method": operation.http_method,
        "path": operation.path,
        "given_path": path,
        "sent_path": sent_path(api, operation),
        "query": params(api, &operation.query_params),
        "headers": params(api, &operation.header_params),
    });
    if let Some(accept) = &operation.accept {
        entry["accept"] = json!(accept);
    }
    if let Some(body) = &operation.body {
        entry["body"] = self::body(api, body);
    }
    if let Some(answer) = answer(api, &operation.success) {
        entry["answer"] = answer;
    }
    entry
}

/// A path parameter that shows whether it is encoded; of an enum, a value of it.
fn path_value(api: &Api, param: &Param) -> String {
    match sample::value(api, &param.ty, Purpose::Minimal) {
        Value::String(value) if param.ty != TypeRef::String => value,
        _ => format!("{}/1 é", param.name),
    }
}

fn sent_path(api: &Api, operation: &Operation) -> String {
    operation
        .path_params
        .iter()
        .fold(operation.path.clone(), |path, param| {
            path.replace(
                &format!("{{{}}}", param.name),
                &encoded(&path_value(api, param)),
            )
        })
}

/// Percent-encoding as RFC 3986 has it, for the characters that occur here.
fn encoded(value: &str) -> String {
    value
        .bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

/// Parameters: what they are given, and the values that must arrive.
fn params(api: &Api, params: &[Param]) -> Vec<Value> {
    params
        .iter()
        .map(|param| {
            let given = match &param.ty {
                TypeRef::List(item) => {
                    let first = sample::value(api, item, Purpose::Minimal);
                    json!([first, "other"])
                }
                TypeRef::String => json!(format!("{} & more", param.name)),
                ty => sample::value(api, ty, Purpose::Minimal),
            };
            let written: Vec<String> = match &given {
                Value::Array(items) => items.iter().map(plain).collect(),
                value => vec![plain(value)],
            };
            let sent = if param.explode {
                written
            } else {
                vec![written.join(",")]
            };
            json!({ "name": param.name, "required": param.required, "given": given, "sent": sent })
        })
        .collect()
}

fn plain(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

fn body(api: &Api, body: &Body) -> Value {
    match body {
        Body::Json {
            ty,
            content_type,
            required,
        } => json!({
            "content_type": content_type,
            "required": required,
            "minimal": sample::value(api, ty, Purpose::Minimal),
            "given": sample::value(api, ty, Purpose::Given),
            "sent": sample::value(api, ty, Purpose::Sent),
        }),
        Body::Multipart { field } => json!({
            "content_type": "multipart/form-data",
            "required": true,
            "field": field,
            "text": "bytes of a file",
        }),
        Body::Bytes {
            content_types,
            required,
        } => json!({
            "content_type": content_types.first(),
            "required": required,
            "text": "bytes",
        }),
    }
}

fn answer(api: &Api, success: &Success) -> Option<Value> {
    Some(match success {
        Success::Empty => return None,
        Success::Json(ty) => json!({
            "content_type": "application/json",
            "json": sample::value(api, ty, Purpose::Answer),
        }),
        Success::WrappedList { ty, property, .. } => json!({
            "content_type": "application/json",
            "json": sample::value(api, ty, Purpose::Answer),
            "list": property,
        }),
        Success::Text(content_type) | Success::Bytes(content_type) => json!({
            "content_type": content_type,
            "text": "<answer/>",
        }),
    })
}
