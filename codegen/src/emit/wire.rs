//! The requests, written by progenitor.
//!
//! progenitor gets a document that holds no schema: paths, and parameters of plain types. What it
//! writes for an operation falls in two halves. The first builds the request: encoded path, query
//! and headers. The second sends it and decodes the answer, which is the pipeline's and the
//! codec's business here. So each function is cut in the middle and becomes a plain builder of a
//! `reqwest::Request`: no future and no type for each of 732 operations to compile.
//!
//! Bodies are attached afterwards by the request type, since their content type may depend on the
//! value (the boundary of a form, one of several alternatives) and many are optional.

mod builder;
mod document;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use quote::quote;

use crate::Error;
use crate::api::{Api, Operation, Param};
use crate::emit::source;

/// Name of the function that builds an operation's request.
pub(super) fn function_name(operation: &Operation) -> String {
    format!("{}_{}", operation.handle, operation.method)
}

/// Parameters of the query that a call cannot do without and that builders take: progenitor names
/// an argument after each, so that names which no identifier can tell apart are set on the finished
/// request instead, as are headers.
pub(super) fn required_of_query(operation: &Operation) -> impl Iterator<Item = &Param> {
    let params = operation.query_params.iter();
    params.filter(|param| param.required && takes(operation, param))
}

/// Whether the builder takes a parameter of the query.
pub(super) fn takes(operation: &Operation, param: &Param) -> bool {
    let name = letters(&param.name);
    let query = operation.query_params.iter();
    let before = query.take_while(|other| !std::ptr::eq(*other, param));
    let of_path = operation.path_params.iter().map(|other| &other.ident);
    let mut taken = of_path.chain(
        before
            .filter(|other| other.required)
            .map(|other| &other.name),
    );
    name.starts_with(|c: char| c.is_ascii_alphabetic()) && taken.all(|other| letters(other) != name)
}

/// What stays the same of a name however it is cased.
fn letters(name: &str) -> String {
    name.chars()
        .filter(|c| c.is_alphanumeric())
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

/// Name of the module that holds a feature's functions.
fn module_name(feature: &str) -> String {
    feature.replace('-', "_")
}

/// Writes `wire/mod.rs` and one file for each feature; paths are relative to the generated folder.
///
/// # Errors
/// If progenitor refuses an operation, or its output no longer has the shape that is cut here.
pub fn emit(api: &Api) -> Result<BTreeMap<PathBuf, String>, Error> {
    let mut builders = builder::cut(&progenitor(api)?)?;
    let mut files = BTreeMap::new();
    let mut by_feature = BTreeMap::<&str, Vec<syn::ImplItemFn>>::new();
    for operation in &api.operations {
        let name = function_name(operation);
        let builder = builders.remove(&name).ok_or_else(|| {
            Error::unsupported(&operation.id, "progenitor wrote no function for it")
        })?;
        let builder = builder.with_parameters_of(operation)?;
        by_feature
            .entry(&operation.feature)
            .or_default()
            .push(builder);
    }
    for (feature, functions) in &by_feature {
        let tokens = quote! {
            #[allow(unused_imports)]
            use super::{QueryParam, Wire, encode_path};

            impl Wire {
                #(#functions)*
            }
        };
        let path = format!("wire/{}.rs", module_name(feature));
        let text = source::render(&path, tokens)?;
        files.insert(path.into(), text);
    }
    let features: BTreeSet<&str> = by_feature.into_keys().collect();
    files.insert(
        "wire/mod.rs".into(),
        source::render("wire/mod.rs", module(&features))?,
    );
    Ok(files)
}

/// Runs progenitor over all operations at once.
fn progenitor(api: &Api) -> Result<proc_macro2::TokenStream, Error> {
    let document = document::lowered(api)?;
    let mut settings = progenitor::GenerationSettings::default();
    settings.with_interface(progenitor::InterfaceStyle::Positional);
    let mut generator = progenitor::Generator::new(&settings);
    generator
        .generate_tokens(&document)
        .map_err(|error| Error::Progenitor(error.to_string()))
}

fn module(features: &BTreeSet<&str>) -> proc_macro2::TokenStream {
    let modules = features.iter().map(|feature| {
        let module = quote::format_ident!("{}", module_name(feature));
        quote! {
            #[cfg(feature = #feature)]
            mod #module;
        }
    });
    quote! {
        //! Builds requests: method, encoded path, query and headers.

        #(#modules)*

        #[allow(unused_imports)]
        use crate::path::encode as encode_path;
        #[allow(unused_imports)]
        use progenitor_client::QueryParam;

        /// Builds the request of every operation.
        #[derive(Clone, Debug)]
        pub(crate) struct Wire {
            /// Makes requests; does not send them.
            pub(crate) client: reqwest::Client,
            /// Origin of the org, without a slash at its end.
            pub(crate) baseurl: String,
        }
    }
}

#[cfg(test)]
mod tests;
