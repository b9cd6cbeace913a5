//! The public surface: handles with a method for each operation, and a type of its calls, whose
//! setters are what the operation may be given.

mod argument;
mod docs;
mod example;
mod index;
mod operation;
mod path;

use std::collections::BTreeMap;
use std::path::PathBuf;

pub(super) use argument::type_of;
pub(super) use operation::item;
pub(super) use path::is_identifying;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::source;
use crate::Error;
use crate::api::{Api, Operation};
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
        let text = source::render(&path, handle(api, name, operations)?)?;
        files.insert(path.into(), text);
    }
    let index = "resources/mod.rs";
    files.insert(index.into(), source::render(index, module(&handles))?);
    let accessors = "resources/accessors.rs";
    files.insert(
        accessors.into(),
        source::render(accessors, self::accessors(api, &handles))?,
    );
    let paths = "resources/paths.rs";
    files.insert(paths.into(), source::render(paths, path::structs(api)?)?);
    Ok(files)
}

/// All handles and calls are in one module.
fn check_names(handles: &BTreeMap<&str, Vec<&Operation>>) -> Result<(), Error> {
    let mut taken = BTreeMap::<String, &str>::new();
    let calls = handles.values().flatten();
    let names = handles
        .keys()
        .map(|handle| (case::handle_type(handle), *handle))
        .chain(calls.map(|operation| (operation.call.clone(), operation.id.as_str())));
    for (name, of) in names {
        if let Some(other) = taken.insert(name.clone(), of) {
            let detail = format!("its type would be `{name}`, as that of `{other}`; rename one");
            return Err(Error::unsupported(of, detail));
        }
    }
    Ok(())
}

fn handle(api: &Api, name: &str, operations: &[&Operation]) -> Result<TokenStream, Error> {
    let ty = format_ident!("{}", case::handle_type(name));
    let mut docs = docs::handle(api, name, operations);
    docs.extend(example::lines(api, name, operations)?);
    docs.extend(docs::models(operations));
    let methods = operations
        .iter()
        .map(|operation| operation::method(operation));
    let calls = operations
        .iter()
        .map(|operation| operation::call(operation));
    Ok(quote! {
        #[allow(unused_imports)] // which of these are needed depends on the operations
        use super::prelude::*;

        #(#[doc = #docs])*
        #[derive(Clone, Debug)]
        pub struct #ty {
            client: Client,
        }

        impl #ty {
            #[inline]
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
    let mut rows = Vec::new();
    for (name, operations) in handles {
        let feature = operations
            .first()
            .map_or("", |operation| operation.feature.as_str());
        let module = format_ident!("{name}");
        let row = docs::row(name, feature, operations);
        rows.push(quote!(#![cfg_attr(feature = #feature, doc = #row)]));
        modules.push(quote! {
            #[cfg(feature = #feature)]
            mod #module;
            #[cfg(feature = #feature)]
            pub use #module::*;
        });
    }
    quote! {
        //! Handles of the parts of the API, and the calls of their operations.
        //!
        //! Each handle is a method of [`Client`](crate::Client), such as `client.users()`, and has a
        //! method for each operation. This is the index of handles and of the models that their
        //! operations take and give, as far as their cargo features are enabled.
        //!
        //! | handle | feature | requests | responses |
        //! |---|---|---|---|
        #(#rows)*

        mod accessors;
        pub(crate) mod paths;
        #(#modules)*

        /// What every file here uses.
        mod prelude {
            #![allow(unused_imports)] // which of these are needed depends on the features
            pub(super) use bytes::Bytes;
            pub(super) use http::Method;

            pub(super) use super::paths;
            pub(super) use crate::argument::joined;
            pub(super) use crate::body::Body;
            pub(super) use crate::call::{awaited, listed};
            pub(super) use crate::path::{PathParameter, checked};
            pub(super) use crate::request::{Prepared, built_error};
            pub(super) use crate::{Client, FilePart, Operation, Text, models};
        }
    }
}

/// What gives a client its handles.
fn accessors(api: &Api, handles: &BTreeMap<&str, Vec<&Operation>>) -> TokenStream {
    let mut accessors = Vec::new();
    for (name, operations) in handles {
        let feature = operations
            .first()
            .map_or("", |operation| operation.feature.as_str());
        let method = format_ident!("{name}");
        let ty = format_ident!("{}", case::handle_type(name));
        let docs = docs::accessor(api, name, operations);
        accessors.push(quote! {
            #(#[doc = #docs])*
            #[cfg(feature = #feature)]
            #[inline]
            pub fn #method(&self) -> #ty {
                #ty::new(self.clone())
            }
        });
    }
    quote! {
        //! A method of the client for each handle.

        #[allow(unused_imports)] // which of these are needed depends on the features
        use super::*;

        impl crate::Client {
            #(#accessors)*
        }
    }
}

#[cfg(test)]
mod tests;
