//! Reads with one operation and replaces with the other: functions that do it through the typed
//! API, and a table of what is read and what has to be sent.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::{Map, Value, json};

use super::sample::{self, Purpose};
use super::{arguments, required_arguments};
use crate::Error;
use crate::api::{Api, Record, TypeKind, TypeRef};
use crate::replacing::{Pair, discriminator, pairs, record};

/// `pub(crate) const REPLACING: &[Replacing] = &[…];`
pub(super) fn functions(api: &Api) -> Result<TokenStream, Error> {
    let pairs = pairs(api);
    let functions = pairs.iter().map(function).collect::<Result<Vec<_>, _>>()?;
    Ok(quote! {
        //! Reading and replacing, through the typed API.

        use okta_sdk::models;

        use crate::replacing::Replacing;

        pub(crate) const REPLACING: &[Replacing] = &[#(#functions),*];
    })
}

fn function(pair: &Pair<'_>) -> Result<TokenStream, Error> {
    let Pair { read, write, .. } = pair;
    let (document, read_id, write_id) = (read.document.name, &read.id, &write.id);
    let (read_handle, read_method) = (
        format_ident!("{}", read.handle),
        format_ident!("{}", read.method),
    );
    let (write_handle, write_method) = (
        format_ident!("{}", write.handle),
        format_ident!("{}", write.method),
    );
    let read_arguments = arguments(read)?;
    let write_arguments = required_arguments(write)?;
    let to = format_ident!("{}", pair.to);
    let given = if read_arguments.is_empty() && write_arguments.is_empty() {
        format_ident!("_given")
    } else {
        format_ident!("given")
    };
    Ok(quote! {
        Replacing {
            document: #document,
            read: #read_id,
            write: #write_id,
            run: |okta, #given| Box::pin(async move {
                let read = okta.#read_handle().#read_method(#(#read_arguments),*).await?;
                let body = models::#to::from(read);
                okta.#write_handle().#write_method(#(#write_arguments,)* body).raw().await?;
                Ok(())
            }),
        }
    })
}

/// One pair a line.
pub(super) fn table(api: &Api) -> String {
    let lines: Vec<String> = pairs(api)
        .iter()
        .map(|pair| entry(api, pair).to_string())
        .collect();
    format!("[\n{}\n]\n", lines.join(",\n"))
}

fn entry(api: &Api, pair: &Pair<'_>) -> Value {
    let (from, to) = (
        TypeRef::Named(pair.from.to_owned()),
        TypeRef::Named(pair.to.to_owned()),
    );
    let mut read = sample::value(api, &from, Purpose::Answer);
    if let Some(object) = read.as_object_mut() {
        object.insert("brandNew".into(), json!({ "a": [1, null] }));
    }
    // One type for both: nothing is converted.
    let body = if from == to {
        read.clone()
    } else {
        carried(api, &read, &from, &to)
    };
    json!({ "document": pair.read.document.name, "read": pair.read.id, "write": pair.write.id, "answer": read, "sent": body })
}

/// What a value that was read has to be when it is sent.
fn carried(api: &Api, value: &Value, from: &TypeRef, to: &TypeRef) -> Value {
    match (value, from, to) {
        (Value::Object(object), TypeRef::Named(from), TypeRef::Named(to)) => {
            let tag = |name: &str| object.get(discriminator(api, name)?)?.as_str();
            match (record(api, from, tag(from)), record(api, to, tag(to))) {
                (Some(from), Some(to_record)) => {
                    let kept = discriminator(api, to);
                    Value::Object(carried_members(api, object, from, to_record, kept))
                }
                _ => value.clone(),
            }
        }
        (Value::Array(items), TypeRef::List(from), TypeRef::List(to)) => items
            .iter()
            .map(|item| carried(api, item, from, to))
            .collect(),
        (Value::Object(object), TypeRef::Map(from), TypeRef::Map(to)) => object
            .iter()
            .map(|(key, item)| (key.clone(), carried(api, item, from, to)))
            .collect(),
        (_, TypeRef::OneOrMany(from), TypeRef::OneOrMany(to)) => carried(api, value, from, to),
        _ => value.clone(),
    }
}

fn carried_members(
    api: &Api,
    object: &Map<String, Value>,
    from: &Record,
    to: &Record,
    kept: Option<&str>,
) -> Map<String, Value> {
    let mut members = Map::new();
    for (name, value) in object {
        let known = from.fields.iter().find(|field| field.name == *name);
        let wanted = to.fields.iter().find(|field| field.name == *name);
        let value = match (known, wanted) {
            (_, Some(wanted)) if is_placeholder(api, value, &wanted.ty) => continue,
            (Some(known), Some(wanted)) => carried(api, value, &known.ty, &wanted.ty),
            (Some(_), None) if kept != Some(name) => continue,
            _ => value.clone(),
        };
        members.insert(name.clone(), value);
    }
    members
}

/// An empty object in the place of a secret says that there is one.
fn is_placeholder(api: &Api, value: &Value, ty: &TypeRef) -> bool {
    let (Value::Object(object), TypeRef::Named(name)) = (value, ty) else {
        return false;
    };
    match api.types.get(name).map(|ty| &ty.kind) {
        Some(TypeKind::Record(record)) => {
            object.is_empty()
                && record
                    .fields
                    .iter()
                    .any(|field| field.ty == TypeRef::Secret)
        }
        _ => false,
    }
}
