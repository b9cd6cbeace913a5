//! Operations to methods.

use std::collections::BTreeMap;

use super::shape::{self, Shape};
use super::types::Types;
use super::{facts, merge, params, place};
use crate::Error;
use crate::api::{Body, Operation, Record, Success, Type, TypeKind, TypeRef};
use crate::document::{self, Document, MediaType, PathItem, Response, Schema};
use crate::names::Names;

/// Operations that do another thing when they are sent again: the first `deleteUser` deactivates,
/// the second deletes for good.
///
/// Source: <https://developer.okta.com/docs/api/openapi/okta-management/management/user/deleteuser>.
const TWO_STEPS: &[&str] = &["deleteUser"];

/// Operations whose list has no end, unless a query parameter says where it is.
///
/// Source: <https://developer.okta.com/docs/reference/system-log-query/>.
const ENDLESS: &[(&str, &str)] = &[("listLogEvents", "until")];

/// Lowers every operation, ordered by feature, handle and method. Those that cannot be are left
/// out, with what is wrong with them.
pub(super) fn lower(
    document: &Document,
    names: &Names,
    types: &mut Types<'_>,
    wrong: &mut Vec<Error>,
) -> Vec<Operation> {
    let mut operations = Vec::new();
    for (path, method, item, operation) in document.operations() {
        match lower_one(document, names, types, path, method, item, operation) {
            Ok(operation) => operations.push(operation),
            Err(error) => wrong.push(error),
        }
    }
    operations.sort_by(|a, b| {
        (&a.feature, &a.handle, &a.method).cmp(&(&b.feature, &b.handle, &b.method))
    });
    operations
}

fn lower_one(
    document: &Document,
    names: &Names,
    types: &mut Types<'_>,
    path: &str,
    method: &str,
    item: &PathItem,
    operation: &document::Operation,
) -> Result<Operation, Error> {
    let id = &operation.operation_id;
    let name = names.operation(id).ok_or_else(|| Error::Unnamed {
        operation: id.clone(),
    })?;
    let params::Params {
        path: path_params,
        query: query_params,
        headers: header_params,
    } = params::lower(document, types, id, path, item, operation)?;
    let oauth = operation
        .security
        .iter()
        .find_map(|scheme| scheme.get("oauth2"));
    Ok(Operation {
        document: document.about,
        id: id.clone(),
        feature: name.feature.clone(),
        handle: name.handle.clone(),
        method: name.method.clone(),
        call: String::new(),
        path_struct: None,
        tag: operation.tags.first().cloned().unwrap_or_default(),
        http_method: method.to_owned(),
        path: path.to_owned(),
        path_params,
        query_params,
        header_params,
        body: lower_body(document, types, id, operation)?,
        success: lower_success(document, types, id, method, operation)?,
        accept: versioned(document, operation)?,
        lifecycle: facts::of_lifecycle(operation.lifecycle.as_ref()),
        scopes: oauth.cloned().unwrap_or_default(),
        api_token: operation
            .security
            .iter()
            .any(|scheme| scheme.contains_key("apiToken")),
        deprecated: operation.deprecated,
        bucket: None,
        two_step: TWO_STEPS.contains(&id.as_str()),
        ends_with: ENDLESS
            .iter()
            .find(|(operation, _)| operation == id)
            .map(|(_, parameter)| (*parameter).to_owned()),
        words: None,
        prose: None,
    })
}

/// Whether what has that content type is JSON. A schema that is no plain text makes it so where any
/// content type will do.
fn is_json(document: &Document, content_type: &str, media: &MediaType) -> Result<bool, Error> {
    let kind = content_type.split(';').next().unwrap_or_default().trim();
    Ok(match kind.to_ascii_lowercase().as_str() {
        "application/json" => true,
        "*/*" | "application/*" => !matches!(
            shape::resolved(document, &media.schema)?,
            Shape::Text(_) | Shape::Any
        ),
        other => other.ends_with("+json"),
    })
}

fn lower_body(
    document: &Document,
    types: &mut Types<'_>,
    id: &str,
    operation: &document::Operation,
) -> Result<Option<Body>, Error> {
    let Some(body) = &operation.request_body else {
        return Ok(None);
    };
    let body = document.request_body(body)?;
    let required = body.required;
    for (content_type, media) in &body.content {
        if !is_json(document, content_type, media)? {
            continue;
        }
        let ty = types.value(&media.schema, &place::request(id))?;
        types.registry.locate(&ty, &format!("what `{id}` sends"));
        let content_type = match content_type.split_once('*') {
            Some(_) => "application/json".to_owned(),
            None => content_type.clone(),
        };
        return Ok(Some(Body::Json {
            ty,
            content_type,
            required,
        }));
    }
    if let Some(media) = body.content.get("multipart/form-data") {
        let form = merge::flatten(document, &media.schema, id)?;
        let mut fields = form.properties.into_keys();
        if let (Some(field), None) = (fields.next(), fields.next()) {
            return Ok(Some(Body::Multipart { field }));
        }
    }
    // A body of which nothing is said is none, and a form of several fields is the caller's.
    if body.content.is_empty() {
        return Ok(None);
    }
    let mut content_types: Vec<String> = body.content.keys().cloned().collect();
    // PEM is what people have at hand.
    content_types.sort_by_key(|content_type| content_type != "application/x-pem-file");
    Ok(Some(Body::Bytes {
        content_types,
        required,
    }))
}

fn lower_success(
    document: &Document,
    types: &mut Types<'_>,
    id: &str,
    method: &str,
    operation: &document::Operation,
) -> Result<Success, Error> {
    let mut json = Vec::<Schema>::new();
    let mut other: Option<(String, MediaType)> = None;
    for response in successes(operation) {
        for (content_type, media) in &document.response(response)?.content {
            if !is_json(document, content_type, media)? {
                other = Some((content_type.clone(), media.clone()));
            } else if !json.contains(&media.schema) {
                json.push(media.schema.clone());
            }
        }
    }
    let place = place::response(id);
    let ty = match (json.len(), other) {
        (0, None) => return Ok(Success::Empty),
        (0, Some((content_type, _))) => {
            let text = content_type.starts_with("text/") || content_type.ends_with("xml");
            return Ok(if text {
                Success::Text(content_type)
            } else {
                Success::Bytes(content_type)
            });
        }
        (1, _) => types.value(&json[0], &place)?,
        // Answers that differ by status: an object that may be any of them.
        _ => types.value(
            &Schema {
                one_of: json,
                ..Schema::default()
            },
            &place,
        )?,
    };
    types.registry.locate(&ty, &format!("what `{id}` answers"));
    Ok(match wrapped_list(types.registry.types(), &ty) {
        Some((property, item)) if method == "GET" => Success::WrappedList { ty, property, item },
        _ => Success::Json(ty),
    })
}

/// The content type of an answer that has parameters, which callers have to ask for.
fn versioned(
    document: &Document,
    operation: &document::Operation,
) -> Result<Option<String>, Error> {
    for response in successes(operation) {
        for content_type in document.response(response)?.content.keys() {
            if content_type.starts_with("application/json") && content_type.contains(';') {
                return Ok(Some(content_type.clone()));
            }
        }
    }
    Ok(None)
}

/// The answers of success. Where no status is named, the answer of all statuses is one.
fn successes(operation: &document::Operation) -> impl Iterator<Item = &Response> {
    let answers = |status: &String| status.starts_with(['1', '2', '3']);
    let only_default = !operation.responses.keys().any(answers);
    let is_success =
        move |status: &str| status.starts_with('2') || (only_default && status == "default");
    let responses = operation.responses.iter();
    responses
        .filter(move |(status, _)| is_success(status))
        .map(|(_, response)| response)
}

/// The list inside an object that has nothing else but links.
fn wrapped_list(types: &BTreeMap<String, Type>, ty: &TypeRef) -> Option<(String, TypeRef)> {
    let mut members = record(types, ty)?
        .fields
        .iter()
        .filter(|field| field.name != "_links");
    let (only, None) = (members.next()?, members.next()) else {
        return None;
    };
    match &only.ty {
        TypeRef::List(item) => Some((only.name.clone(), (**item).clone())),
        _ => None,
    }
}

fn record<'a>(types: &'a BTreeMap<String, Type>, ty: &TypeRef) -> Option<&'a Record> {
    let TypeRef::Named(name) = ty else {
        return None;
    };
    match &types.get(name)?.kind {
        TypeKind::Record(record) => Some(record),
        TypeKind::Enum(_) | TypeKind::Union(_) => None,
    }
}
