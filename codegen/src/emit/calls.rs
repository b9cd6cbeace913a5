//! Calls every operation: functions that call it through the typed API, and a table of what each
//! is given, what it must send and what it is answered.
//!
//! The table is made from the facts alone, so that the code under test has no say in what is
//! expected of it.

mod facts;
mod replacing;
mod sample;

use std::collections::BTreeMap;
use std::path::PathBuf;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{resources, source};
use crate::Error;
use crate::api::{Api, Body, Operation, Param, Success, TypeRef};

/// Writes `calls/mod.rs`, a file of functions for each handle, and `calls/operations.json`, one
/// operation a line.
///
/// # Errors
/// If an operation has a kind of parameter that cannot be made up.
pub fn emit(api: &Api) -> Result<BTreeMap<PathBuf, String>, Error> {
    let mut handles = BTreeMap::<&str, Vec<&Operation>>::new();
    for operation in &api.operations {
        handles
            .entry(&operation.handle)
            .or_default()
            .push(operation);
    }
    let mut files = BTreeMap::new();
    for (handle, operations) in &handles {
        let path = format!("calls/{handle}.rs");
        let calls = operations.iter().map(|operation| call(operation));
        let calls = calls.collect::<Result<Vec<_>, _>>()?;
        let tokens = quote! {
            #[allow(unused_imports)] // which of these are needed depends on the operations
            use crate::caller::{Call, bytes, json, list, set, text};
            #[allow(unused_imports)]
            use okta_sdk::models;

            pub(super) const CALLS: &[Call] = &[#(#calls),*];
        };
        let text = source::render(&path, tokens)?;
        files.insert(path.into(), text);
    }
    let names: Vec<_> = handles
        .keys()
        .map(|handle| format_ident!("{handle}"))
        .collect();
    let index = quote! {
        //! A function for each operation, which calls it through the typed API.

        #(mod #names;)*

        /// All calls, by handle.
        pub(crate) const CALLS: &[&[crate::caller::Call]] = &[#(#names::CALLS),*];
    };
    files.insert(
        "calls/mod.rs".into(),
        source::render("calls/mod.rs", index)?,
    );
    files.insert("calls/operations.json".into(), facts::table(api));
    let replacing = "replacing/mod.rs";
    files.insert(
        replacing.into(),
        source::render(replacing, replacing::functions(api)?)?,
    );
    files.insert("replacing/pairs.json".into(), replacing::table(api));
    Ok(files)
}

/// `Call { document: "…", operation: "…", call: |okta, given| … }`
fn call(operation: &Operation) -> Result<TokenStream, Error> {
    let handle = format_ident!("{}", operation.handle);
    let method = format_ident!("{}", operation.method);
    let arguments = arguments(operation)?;
    let options = options(operation)?;
    let body = optional_body(operation);
    let start = quote!(okta.#handle().#method(#(#arguments),*));
    let needs_nothing = arguments.is_empty() && options.is_empty() && body.is_none();
    let call = if options.is_empty() && body.is_none() {
        start
    } else {
        quote!({
            let mut call = #start;
            #(set!(call, given, #options);)*
            #body
            call
        })
    };
    let (pending, send) = pending(operation);
    let (document, id) = (operation.document.name, &operation.id);
    let given = if needs_nothing {
        quote!(_)
    } else {
        quote!(given)
    };
    Ok(quote! {
        Call { document: #document, operation: #id, call: |okta, #given| Ok(#pending(#call.#send())) }
    })
}

/// What becomes of the answer, and which method sends the call.
fn pending(operation: &Operation) -> (TokenStream, TokenStream) {
    if resources::item(operation).is_some() {
        return (quote!(list), quote!(first_page));
    }
    let pending = match &operation.success {
        Success::Text(_) => quote!(text),
        Success::Bytes(_) => quote!(bytes),
        Success::Empty | Success::Json(_) | Success::WrappedList { .. } => quote!(json),
    };
    (pending, quote!(send))
}

/// Arguments of the method but for its body, in its order.
fn required_arguments(operation: &Operation) -> Result<Vec<TokenStream>, Error> {
    let required = operation
        .query_params
        .iter()
        .chain(&operation.header_params)
        .filter(|param| param.required);
    let mut arguments = Vec::new();
    for param in operation.path_params.iter().chain(required) {
        let name = &param.name;
        let value = if param.in_path {
            quote!(given.path(#name))
        } else {
            let kind = kind(operation, param)?;
            quote!(given.#kind(#name).unwrap_or_default())
        };
        arguments.push((param, value));
    }
    let mut written = Vec::new();
    if let Some(path) = &operation.path_struct {
        let path = format_ident!("{path}");
        let fields = arguments
            .iter()
            .filter(|(param, _)| resources::is_identifying(operation, param));
        let fields = fields.map(|(param, value)| {
            let ident = format_ident!("{}", param.ident);
            quote!(#ident: #value)
        });
        written.push(quote!(okta_sdk::paths::#path { #(#fields),* }));
        arguments.retain(|(param, _)| !resources::is_identifying(operation, param));
    }
    written.extend(arguments.into_iter().map(|(_, value)| value));
    Ok(written)
}

/// All arguments of the method, in its order.
fn arguments(operation: &Operation) -> Result<Vec<TokenStream>, Error> {
    let mut written = required_arguments(operation)?;
    written.extend(operation.body.iter().filter_map(|body| match body {
        Body::Json {
            ty, required: true, ..
        } => {
            let ty = resources::type_of(ty);
            Some(quote!(given.body::<#ty>()?))
        }
        Body::Bytes { required: true, .. } => Some(quote!(given.bytes())),
        Body::Multipart { .. } => Some(quote!(given.file())),
        Body::Json { .. } | Body::Bytes { .. } => None,
    }));
    Ok(written)
}

/// Optional arguments, as `set!` takes them.
fn options(operation: &Operation) -> Result<Vec<TokenStream>, Error> {
    operation
        .query_params
        .iter()
        .chain(&operation.header_params)
        .filter(|param| !param.required)
        .map(|param| {
            let setter = format_ident!("{}", param.ident);
            let (kind, name) = (kind(operation, param)?, &param.name);
            Ok(quote!(#setter = #kind(#name)))
        })
        .collect()
}

fn optional_body(operation: &Operation) -> Option<TokenStream> {
    match operation.body {
        Some(Body::Json {
            ref ty,
            required: false,
            ..
        }) => {
            let ty = resources::type_of(ty);
            Some(quote! {
                if let Some(body) = given.optional_body::<#ty>()? {
                    call = call.body(&body);
                }
            })
        }
        Some(Body::Bytes {
            required: false, ..
        }) => Some(quote! {
            call = call.body(given.bytes());
        }),
        _ => None,
    }
}

/// Function that gives an argument of that type.
fn kind(operation: &Operation, param: &Param) -> Result<TokenStream, Error> {
    Ok(match &param.ty {
        TypeRef::Bool => quote!(boolean),
        TypeRef::Integer => quote!(integer),
        TypeRef::Number => quote!(number),
        TypeRef::String | TypeRef::Timestamp | TypeRef::Named(_) => quote!(text),
        TypeRef::List(item) if **item == TypeRef::Integer => quote!(integers),
        TypeRef::List(_) => quote!(texts),
        other => {
            let detail = format!("parameter `{}` is of type {other:?}", param.name);
            return Err(Error::unsupported(&operation.id, detail));
        }
    })
}

#[cfg(test)]
mod tests;
