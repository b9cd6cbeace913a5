//! The public surface: handles with a method for each operation, and a small struct of chained
//! setters for each operation that has options.

mod argument;
mod docs;
mod operation;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

pub(super) use operation::has_options;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::source;
use crate::Error;
use crate::api::{Api, Operation, Success, TypeRef};
use crate::case;

/// Writes `resources/mod.rs` and one file for each handle; paths are relative to the generated
/// folder.
///
/// # Errors
/// If two things would have the same name, or what was emitted is not Rust.
pub fn emit(api: &Api) -> Result<BTreeMap<PathBuf, String>, Error> {
    let mut handles = BTreeMap::<&str, Vec<&Operation>>::new();
    for operation in &api.operations {
        handles
            .entry(&operation.handle)
            .or_default()
            .push(operation);
    }
    check_names(&handles)?;
    let mut files = BTreeMap::new();
    for (name, operations) in &handles {
        let path = format!("resources/{name}.rs");
        let text = source::render(&path, handle(name, operations)?)?;
        files.insert(path.into(), text);
    }
    let index = "resources/mod.rs";
    files.insert(index.into(), source::render(index, module(&handles))?);
    let lists = "resources/lists.rs";
    files.insert(lists.into(), source::render(lists, wrapped_lists(api))?);
    Ok(files)
}

/// Name of a handle's struct.
fn handle_type(handle: &str) -> String {
    handle.split('_').map(case::capitalize).collect()
}

/// All handles and calls are in one module.
fn check_names(handles: &BTreeMap<&str, Vec<&Operation>>) -> Result<(), Error> {
    let mut taken = BTreeMap::<String, &str>::new();
    let structs = handles
        .values()
        .flatten()
        .filter(|operation| has_options(operation));
    let names = handles
        .keys()
        .map(|handle| (handle_type(handle), *handle))
        .chain(structs.map(|operation| (case::pascal(&operation.id), operation.id.as_str())));
    for (name, of) in names {
        if let Some(other) = taken.insert(name.clone(), of) {
            let detail = format!("its type would be `{name}`, as that of `{other}`; rename one");
            return Err(Error::unsupported(of, detail));
        }
    }
    Ok(())
}

fn handle(name: &str, operations: &[&Operation]) -> Result<TokenStream, Error> {
    let ty = format_ident!("{}", handle_type(name));
    let docs = docs::handle(name, operations);
    let methods = operations
        .iter()
        .map(|operation| operation::method(operation));
    let methods = methods.collect::<Result<Vec<_>, _>>()?;
    let calls = operations.iter().filter(|operation| has_options(operation));
    let calls = calls.map(|operation| operation::call(operation));
    let calls = calls.collect::<Result<Vec<_>, _>>()?;
    Ok(quote! {
        #[allow(unused_imports)] // which of these are needed depends on the operations
        use super::prelude::*;

        #(#[doc = #docs])*
        #[derive(Clone, Debug)]
        pub struct #ty {
            client: Client,
        }

        impl #ty {
            pub(crate) fn new(client: Client) -> Self {
                Self { client }
            }

            #(#methods)*
        }

        #(#calls)*
    })
}

fn module(handles: &BTreeMap<&str, Vec<&Operation>>) -> TokenStream {
    let mut modules = Vec::new();
    let mut accessors = Vec::new();
    for (name, operations) in handles {
        let feature = operations
            .first()
            .map_or("", |operation| operation.feature.as_str());
        let module = format_ident!("{name}");
        let ty = format_ident!("{}", handle_type(name));
        let docs = docs::handle(name, operations);
        modules.push(quote! {
            #[cfg(feature = #feature)]
            mod #module;
            #[cfg(feature = #feature)]
            pub use #module::*;
        });
        accessors.push(quote! {
            #(#[doc = #docs])*
            #[cfg(feature = #feature)]
            pub fn #module(&self) -> #ty {
                #ty::new(self.clone())
            }
        });
    }
    quote! {
        //! Handles: one for each part of the API, with a method for each operation.

        mod lists;
        #(#modules)*

        /// What every file here uses.
        mod prelude {
            #![allow(unused_imports)] // which of these are needed depends on the features
            pub(super) use bytes::Bytes;
            pub(super) use http::Method;
            pub(super) use okta_auth::Call;

            pub(super) use crate::argument::joined;
            pub(super) use crate::codec::encode_body;
            pub(super) use crate::path::{PathParameter, checked};
            pub(super) use crate::request::{Request, awaited, listed};
            pub(super) use crate::{Client, Error, FilePart, Text, models};
        }

        impl crate::Client {
            #(#accessors)*
        }
    }
}

/// Objects that wrap a list: each says once where the list is.
fn wrapped_lists(api: &Api) -> TokenStream {
    let mut lists = BTreeMap::<TypeRef, (&str, &TypeRef, BTreeSet<&str>)>::new();
    for operation in &api.operations {
        if let Success::WrappedList {
            ty, property, item, ..
        } = &operation.success
        {
            lists
                .entry(ty.clone())
                .or_insert_with(|| (property, item, BTreeSet::new()))
                .2
                .insert(&operation.feature);
        }
    }
    let lists = lists.iter().map(|(ty, (property, item, features))| {
        let (ty, item) = (argument::type_of(ty), argument::type_of(item));
        let any = match features.len() {
            1 => quote!(#(feature = #features)*),
            _ => quote!(any(#(feature = #features),*)),
        };
        quote! {
            #[cfg(#any)]
            impl ListBody for #ty {
                type Item = #item;
                const PROPERTY: Option<&'static str> = Some(#property);
            }
        }
    });
    quote! {
        //! Where the answers that wrap a list have it.

        #[allow(unused_imports)] // if no feature with such an answer is on
        use crate::{ListBody, models};

        #(#lists)*
    }
}

#[cfg(test)]
mod tests;
