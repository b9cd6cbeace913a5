//! Parameters of operations.

use std::collections::BTreeMap;

use super::merge::{self, Flat};
use super::shape::{self, Shape};
use super::types::Types;
use super::{facts, place};
use crate::Error;
use crate::api::{Facts, Param, TypeKind, TypeRef};
use crate::document::{Document, Operation, Parameter, PathItem, Schema};

/// The parameters of an operation, by where they go. They have no identifiers yet.
#[derive(Default)]
pub(super) struct Params {
    /// In the order of the path's template.
    pub path: Vec<Param>,
    /// Sorted by name.
    pub query: Vec<Param>,
    /// Sorted by name.
    pub headers: Vec<Param>,
}

/// Lowers the parameters of an operation: its own, and those of its path that it does not replace.
pub(super) fn lower(
    document: &Document,
    types: &mut Types<'_>,
    id: &str,
    path: &str,
    item: &PathItem,
    operation: &Operation,
) -> Result<Params, Error> {
    let mut declared = BTreeMap::<(&str, &str), &Parameter>::new();
    for param in item.parameters.iter().chain(&operation.parameters) {
        let param = document.parameter(param).map_err(|error| error.at(id))?;
        declared.insert((&param.location, &param.name), param);
    }
    let mut params = Params::default();
    let template = names_in(path);
    for (&(location, name), &param) in &declared {
        match location {
            "path" if template.contains(&name) => {
                params.path.push(lower_one(types, id, param)?);
            }
            // Okta declares some that no path has.
            "path" => {}
            "query" => params.query.extend(of_query(document, types, id, param)?),
            "header" => params.headers.push(lower_one(types, id, param)?),
            "cookie" if !param.required => {}
            _ => {
                let detail = format!(
                    "parameter `{name}` is in `{location}`; only `path`, `query` and `header` can \
                     be required: mend it in codegen/src/fixups"
                );
                return Err(Error::unsupported(id, detail));
            }
        }
    }
    for name in &template {
        if !params.path.iter().any(|param| param.name == *name) {
            params.path.push(undeclared(name));
        }
    }
    let at = |param: &Param| template.iter().position(|name| *name == param.name);
    params.path.sort_by_key(at);
    params.query.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(params)
}

/// The names in a path's template, each once.
fn names_in(path: &str) -> Vec<&str> {
    let mut names = Vec::new();
    for part in path.split('{').skip(1) {
        let name = part.split('}').next().unwrap_or_default();
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// A parameter that stands in the path and nowhere else.
fn undeclared(name: &str) -> Param {
    Param {
        name: name.to_owned(),
        ident: String::new(),
        ty: TypeRef::String,
        in_path: true,
        required: true,
        explode: false,
        facts: Facts::default(),
    }
}

/// A parameter of the query; one for each member of an object that is written by its members.
fn of_query(
    document: &Document,
    types: &mut Types<'_>,
    id: &str,
    param: &Parameter,
) -> Result<Vec<Param>, Error> {
    let is_deep = param.style.as_deref() == Some("deepObject");
    let is_exploded = param.explode.unwrap_or(true) && param.content.is_empty();
    let shape = shape::resolved(document, &param.schema).map_err(|error| error.at(id))?;
    if !matches!(shape, Shape::Record | Shape::Union) || !(is_deep || is_exploded) {
        return Ok(vec![lower_one(types, id, param)?]);
    }
    let place = place::parameter(id, &param.name);
    let Flat { properties, .. } = merge::flatten(document, &param.schema, &place)?;
    let mut members = Vec::new();
    for (member, property) in properties {
        let name = if is_deep {
            format!("{}[{member}]", param.name)
        } else {
            member.clone()
        };
        members.push(Param {
            required: param.required && property.required,
            ..typed(
                types,
                id,
                &name,
                &property.schema,
                &place::member(&place, &member),
            )?
        });
    }
    Ok(members)
}

fn lower_one(types: &mut Types<'_>, id: &str, param: &Parameter) -> Result<Param, Error> {
    let place = place::parameter(id, &param.name);
    let text = Schema::default();
    let schema = if param.content.is_empty() {
        &param.schema
    } else {
        &text
    };
    let lowered = typed(types, id, &param.name, schema, &place)?;
    let in_path = param.location == "path";
    let in_query = param.location == "query";
    let has_own_style = !matches!(param.style.as_deref(), None | Some("form" | "simple"));
    let ty = match lowered.ty {
        TypeRef::Named(_) | TypeRef::String => lowered.ty,
        _ if in_path => TypeRef::String,
        // Spaces or bars between the elements: the caller writes them.
        TypeRef::List(_) if has_own_style => TypeRef::String,
        ty => ty,
    };
    let mut facts = lowered.facts;
    facts.deprecated |= param.deprecated;
    Ok(Param {
        ty,
        in_path,
        required: param.required || in_path,
        explode: param.explode.unwrap_or(true) && in_query,
        facts,
        ..lowered
    })
}

/// An optional parameter of that type.
fn typed(
    types: &mut Types<'_>,
    id: &str,
    name: &str,
    schema: &Schema,
    place: &str,
) -> Result<Param, Error> {
    let ty = types.value(schema, place)?;
    types
        .registry
        .locate(&ty, &format!("parameter `{name}` of `{id}`"));
    let ty = match ty {
        TypeRef::Bool | TypeRef::Integer | TypeRef::Number => ty,
        TypeRef::List(item) | TypeRef::OneOrMany(item) => {
            let item = match *item {
                TypeRef::Integer => TypeRef::Integer,
                item => text_like(types, item),
            };
            TypeRef::List(Box::new(item))
        }
        ty => text_like(types, ty),
    };
    Ok(Param {
        name: name.to_owned(),
        ident: String::new(),
        ty,
        in_path: false,
        required: false,
        explode: true,
        facts: facts::of_value(schema),
    })
}

/// The type, if its values are written as text; otherwise text, which the caller writes.
fn text_like(types: &Types<'_>, ty: TypeRef) -> TypeRef {
    let is_enum = |place: &str| {
        let ty = types.registry.types().get(place);
        ty.is_some_and(|ty| matches!(ty.kind, TypeKind::Enum(_)))
    };
    match ty {
        TypeRef::Timestamp => ty,
        TypeRef::Named(ref place) if is_enum(place) => ty,
        _ => TypeRef::String,
    }
}
