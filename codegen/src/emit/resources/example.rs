//! The example in the documentation of a handle: a handwritten one that runs against the emulator,
//! or one that is made from the signature of an operation and compiled only.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::argument::type_of;
use super::operation::{call_type, item};
use super::path;
use crate::Error;
use crate::api::{Api, Body, Operation, Success, TypeRef};
use crate::examples::handles_in;

/// The lines of the example of a handle, as its doc comment has them.
///
/// # Errors
/// If what was generated is not Rust.
pub(super) fn lines(
    api: &Api,
    handle: &str,
    operations: &[&Operation],
) -> Result<Vec<String>, Error> {
    let code = match (api.examples.get(handle), best(operations)) {
        (Some(text), _) => running(api, handle, text),
        (None, Some(operation)) => compiled(operation)?,
        (None, None) => return Ok(Vec::new()),
    };
    let lines = code.lines().map(|line| match line {
        "" => String::new(),
        line => format!(" {line}"),
    });
    let before = ["", " # Example", ""].map(str::to_owned);
    Ok(before.into_iter().chain(lines).collect())
}

/// Statements as a test that starts an emulated org, in which all handles that they use exist.
fn running(api: &Api, handle: &str, text: &str) -> String {
    let feature_of = |handle: &String| {
        let mut features = api.features.iter();
        features
            .find(|(_, handles)| handles.contains(handle))
            .map(|(feature, _)| feature)
    };
    let own = feature_of(&handle.to_owned());
    let others: BTreeSet<_> = handles_in(text).iter().filter_map(feature_of).collect();
    let others = others.into_iter().filter(|feature| Some(*feature) != own);
    let others: Vec<_> = others
        .map(|feature| format!("feature = {feature:?}"))
        .collect();
    let condition = match others.as_slice() {
        [] => String::new(),
        others => format!("# #[cfg(all({}))] {{\n", others.join(", ")),
    };
    let end = if others.is_empty() { "" } else { "} " };
    format!(
        "```\n\
         # #[tokio::main(flavor = \"current_thread\")]\n\
         # async fn main() -> Result<(), Box<dyn std::error::Error>> {{\n\
         {condition}\
         # let emulator = okta_emulator::Emulator::start().await?;\n\
         # let okta = okta_sdk::Client::builder()\n\
         #     .org_url(emulator.org_url())\n\
         #     .api_token(emulator.token())\n\
         #     .build()?;\n\
         {}\n\
         # {end}Ok(()) }}\n\
         ```",
        text.trim_end()
    )
}

/// The operation that shows best what a handle is for: one that lists, or one that reads, and of
/// those the one that takes the least.
fn best<'a>(operations: &[&'a Operation]) -> Option<&'a Operation> {
    let rank = |operation: &&Operation| {
        let kind = match operation.http_method.as_str() {
            "GET" if item(operation).is_some() => 0,
            "GET" => 1,
            _ => 2,
        };
        (
            operation.deprecated,
            kind,
            arguments(operation).len(),
            operation.method.clone(),
        )
    };
    operations.iter().copied().min_by_key(rank)
}

/// A function that calls an operation with arguments of its types.
fn compiled(operation: &Operation) -> Result<String, Error> {
    let (handle, method) = (
        format_ident!("{}", operation.handle),
        format_ident!("{}", operation.method),
    );
    let parameters = arguments(operation)
        .into_iter()
        .map(|(name, ty)| quote!(#name: #ty));
    let parameters: Vec<_> = parameters.collect();
    let passed = passed(operation);
    let call = quote!(okta.#handle().#method(#(#passed),*));
    let body = match (item(operation), &operation.success) {
        (Some(_), _) => quote! {
            let mut items = #call.stream();
            while let Some(item) = items.try_next().await? {
                println!("{item:?}");
            }
        },
        (None, Success::Empty) => quote!(#call.await?;),
        (None, _) => quote! {
            let answer = #call.await?;
            println!("{answer:?}");
        },
    };
    let imports = imports(operation);
    let name = call_type(operation).to_string();
    let tokens = quote! {
        #imports
        async fn example(okta: &Client, #(#parameters),*) -> Result<(), Error> {
            #body
            Ok(())
        }
    };
    let file = syn::parse2(tokens.clone()).map_err(|source| Error::InvalidRust {
        file: name,
        source,
        excerpt: tokens.to_string(),
    })?;
    let code = prettyplease::unparse(&file).replacen("\nasync fn", "\n\nasync fn", 1);
    Ok(format!("```no_run\n{code}```"))
}

/// `use` of what the function names.
fn imports(operation: &Operation) -> TokenStream {
    let types: String = arguments(operation)
        .iter()
        .map(|(_, ty)| ty.to_string() + " ")
        .collect();
    let of_crate = ["Bytes", "FilePart", "models"]
        .into_iter()
        .filter(|name| types.split(' ').any(|word| word == *name))
        .map(|name| format_ident!("{name}"));
    let paths = path::struct_name(operation).map(|name| quote!(use okta_sdk::paths::#name;));
    quote! {
        #paths
        use okta_sdk::{#(#of_crate,)* Client, Error};
    }
}

/// What the function takes: name and type of each argument of the operation.
fn arguments(operation: &Operation) -> Vec<(proc_macro2::Ident, TokenStream)> {
    let identifying = operation.identifying();
    let others = super::operation::required_params(operation)
        .filter(|param| !path::is_identifying(operation, param));
    let mut arguments: Vec<_> = identifying
        .chain(others)
        .map(|param| {
            let ty = match &param.ty {
                TypeRef::String | TypeRef::Id => quote!(&str),
                ty => type_of(ty),
            };
            (format_ident!("{}", param.ident), ty)
        })
        .collect();
    arguments.extend(match &operation.body {
        Some(Body::Json {
            ty, required: true, ..
        }) => Some((format_ident!("body"), type_of(ty))),
        Some(Body::Multipart { .. }) => Some((format_ident!("file"), quote!(FilePart))),
        Some(Body::Bytes { required: true, .. }) => Some((format_ident!("body"), quote!(Bytes))),
        _ => None,
    });
    arguments
}

/// What the function passes on.
fn passed(operation: &Operation) -> Vec<TokenStream> {
    let names = arguments(operation).into_iter().map(|(name, _)| name);
    let Some(path) = path::struct_name(operation) else {
        return names.map(|name| quote!(#name)).collect();
    };
    let (fields, rest): (Vec<_>, Vec<_>) = names.partition(|name| {
        let mut identifying = operation.identifying();
        identifying.any(|param| *name == param.ident)
    });
    let path = quote!(#path { #(#fields),* });
    let rest = rest.into_iter().map(|name| quote!(#name));
    std::iter::once(path).chain(rest).collect()
}

#[cfg(test)]
mod tests;
