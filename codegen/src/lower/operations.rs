//! Operations to methods.

use std::collections::BTreeMap;

use super::types::Types;
use super::{facts, place};
use crate::Error;
use crate::api::{Body, Operation, Param, Record, Success, Type, TypeKind, TypeRef};
use crate::case;
use crate::document::{self, Document, MediaType, PathItem, Schema};
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

/// Lowers every operation, ordered by feature, handle and method.
pub(super) fn lower(
    document: &Document,
    names: &Names,
    types: &mut Types<'_>,
) -> Result<Vec<Operation>, Error> {
    let mut operations = Vec::new();
    for (path, method, item, operation) in document.operations() {
        operations.push(lower_one(
            document, names, types, path, method, item, operation,
        )?);
    }
    operations.sort_by(|a, b| {
        (&a.feature, &a.handle, &a.method).cmp(&(&b.feature, &b.handle, &b.method))
    });
    Ok(operations)
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
    let mut params = BTreeMap::<(String, String), Param>::new();
    for param in item.parameters.iter().chain(&operation.parameters) {
        let param = document.parameter(param)?;
        params.insert(
            (param.location.clone(), param.name.clone()),
            lower_param(types, id, param)?,
        );
    }
    let mut take = |location: &str| -> Vec<Param> {
        let keys: Vec<_> = params
            .keys()
            .filter(|(at, _)| at == location)
            .cloned()
            .collect();
        keys.iter().filter_map(|key| params.remove(key)).collect()
    };
    let (mut path_params, query_params, header_params) =
        (take("path"), take("query"), take("header"));
    if let Some(((location, name), _)) = params.pop_first() {
        return Err(Error::unsupported(
            id,
            format!("parameter `{name}` is in `{location}`"),
        ));
    }
    path_params.retain(|param| path.contains(&format!("{{{}}}", param.name)));
    path_params.sort_by_key(|param| path.find(&format!("{{{}}}", param.name)));
    if path_params.len() != path.matches('{').count() {
        return Err(Error::unsupported(
            id,
            format!("path parameters of `{path}` are not all defined"),
        ));
    }
    let oauth = operation
        .security
        .iter()
        .find_map(|scheme| scheme.get("oauth2"));
    Ok(Operation {
        id: id.clone(),
        feature: name.feature.clone(),
        handle: name.handle.clone(),
        method: name.method.clone(),
        tag: operation.tags.first().cloned().unwrap_or_default(),
        http_method: method.to_owned(),
        path: path.to_owned(),
        path_params,
        query_params,
        header_params,
        body: lower_body(document, types, id, operation)?,
        success: lower_success(document, types, id, method, operation)?,
        lifecycle: facts::of_lifecycle(operation.lifecycle.as_ref()),
        scopes: oauth.cloned().unwrap_or_default(),
        api_token: operation
            .security
            .iter()
            .any(|scheme| scheme.contains_key("apiToken")),
        deprecated: operation.deprecated,
        two_step: TWO_STEPS.contains(&id.as_str()),
        ends_with: ENDLESS
            .iter()
            .find(|(operation, _)| operation == id)
            .map(|(_, parameter)| (*parameter).to_owned()),
        prose: None,
    })
}

fn lower_param(
    types: &mut Types<'_>,
    id: &str,
    param: &document::Parameter,
) -> Result<Param, Error> {
    let ty = types.value(&param.schema, &place::parameter(id, &param.name))?;
    types
        .registry
        .locate(&ty, &format!("parameter `{}` of `{id}`", param.name));
    let ty = match ty {
        // A parameter without a type is text.
        TypeRef::Json => TypeRef::String,
        ty => ty,
    };
    let mut facts = facts::of_value(&param.schema);
    facts.deprecated |= param.deprecated;
    Ok(Param {
        name: param.name.clone(),
        ident: case::snake(&param.name),
        ty,
        in_path: param.location == "path",
        required: param.required || param.location == "path",
        explode: param.explode.unwrap_or(true),
        facts,
    })
}

fn is_json(content_type: &str) -> bool {
    content_type == "application/json" || content_type.ends_with("+json")
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
    if let Some((content_type, media)) = body.content.iter().find(|(name, _)| is_json(name)) {
        let ty = types.value(&media.schema, &place::request(id))?;
        types.registry.locate(&ty, &format!("what `{id}` sends"));
        let content_type = content_type.clone();
        return Ok(Some(Body::Json {
            ty,
            content_type,
            required,
        }));
    }
    if let Some(media) = body.content.get("multipart/form-data") {
        let mut fields = media.schema.properties.keys();
        return match (fields.next(), fields.next()) {
            (Some(field), None) => Ok(Some(Body::Multipart {
                field: field.clone(),
            })),
            _ => Err(Error::unsupported(id, "a form has other than one field")),
        };
    }
    if body.content.is_empty() {
        return Err(Error::unsupported(
            id,
            "its request body has no content type",
        ));
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
    for (_, response) in operation
        .responses
        .iter()
        .filter(|(status, _)| status.starts_with('2'))
    {
        for (content_type, media) in &document.response(response)?.content {
            if !is_json(content_type) {
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
        Some((property, field, item)) if method == "GET" => Success::WrappedList {
            ty,
            property,
            field,
            item,
        },
        _ => Success::Json(ty),
    })
}

/// The list inside an object that has nothing else but links.
fn wrapped_list(types: &BTreeMap<String, Type>, ty: &TypeRef) -> Option<(String, String, TypeRef)> {
    let mut members = record(types, ty)?
        .fields
        .iter()
        .filter(|field| field.name != "_links");
    let (only, None) = (members.next()?, members.next()) else {
        return None;
    };
    match &only.ty {
        TypeRef::List(item) => Some((only.name.clone(), only.ident.clone(), (**item).clone())),
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
