//! What identifies the object of a call.
//!
//! One identifier is an argument. Several are the fields of a struct, since two strings side by
//! side can be swapped and nobody notices until the wrong user is in the wrong group.

use std::collections::BTreeMap;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::argument::{Argument, type_of};
use crate::Error;
use crate::api::{Api, Operation, Param, TypeRef};

/// Whether a parameter is one of those that identify the object of a call.
pub(in crate::emit) fn is_identifying(operation: &Operation, param: &Param) -> bool {
    operation
        .identifying()
        .any(|other| std::ptr::eq(other, param))
}

/// Name of the struct that holds them; `None` if a single one is an argument.
pub(super) fn struct_name(operation: &Operation) -> Option<Ident> {
    let name = operation.path_struct.as_ref()?;
    Some(format_ident!("{name}"))
}

/// Arguments of the method for what identifies.
pub(super) fn signature(operation: &Operation) -> Vec<TokenStream> {
    if let Some(name) = struct_name(operation) {
        let types = operation
            .identifying()
            .filter(|param| param.ty != TypeRef::Bool)
            .map(bound);
        return vec![quote!(path: paths::#name<#(#types),*>)];
    }
    operation
        .identifying()
        .map(|param| {
            let (ident, bound) = (format_ident!("{}", param.ident), bound(param));
            quote!(#ident: #bound)
        })
        .collect()
}

/// What may be given for a parameter.
fn bound(param: &Param) -> TokenStream {
    match &param.ty {
        TypeRef::Bool => quote!(bool),
        TypeRef::Named(_) => {
            let ty = type_of(&param.ty);
            quote!(impl Into<#ty>)
        }
        _ if param.in_path => quote!(impl PathParameter),
        ty => {
            let ty = type_of(ty);
            quote!(impl Into<#ty>)
        }
    }
}

/// Where the method finds what was given for a parameter.
pub(super) fn place(operation: &Operation, param: &Param) -> TokenStream {
    let ident = format_ident!("{}", param.ident);
    if struct_name(operation).is_some() {
        quote!(path.#ident)
    } else {
        quote!(#ident)
    }
}

/// `checked([…])`, which gives the segments of the path or an error that names one.
pub(super) fn segments(operation: &Operation) -> TokenStream {
    let segments = operation.path_params.iter().map(|param| {
        let (name, place) = (&param.ident, place(operation, param));
        match &param.ty {
            TypeRef::Named(_) => {
                let ty = type_of(&param.ty);
                quote!((#name, Some(Into::<#ty>::into(#place).as_str())))
            }
            _ => quote!((#name, #place.segment())),
        }
    });
    quote!(checked([#(#segments),*]))
}

/// What `wire` is passed for a parameter of the query that a call cannot do without.
pub(super) fn passed(operation: &Operation, param: &Param) -> TokenStream {
    Argument::new(param).passed(&place_of(operation, param))
}

/// Where the method finds what was given for any parameter that a call cannot do without.
pub(super) fn place_of(operation: &Operation, param: &Param) -> TokenStream {
    if is_identifying(operation, param) {
        return place(operation, param);
    }
    let ident = format_ident!("{}", param.ident);
    quote!(#ident)
}

/// `resources/paths.rs`: every such struct, once.
///
/// # Errors
/// If two of them would have the same name and different fields.
pub(super) fn structs(api: &Api) -> Result<TokenStream, Error> {
    let mut structs = BTreeMap::<Ident, (Vec<(&str, bool)>, &Operation)>::new();
    for operation in &api.operations {
        let Some(name) = struct_name(operation) else {
            continue;
        };
        let fields: Vec<_> = operation
            .identifying()
            .map(|param| (param.ident.as_str(), param.ty == TypeRef::Bool))
            .collect();
        let (other, first) = structs
            .entry(name.clone())
            .or_insert_with(|| (fields.clone(), operation));
        if *other != fields {
            let detail = format!(
                "its path would be a `{name}`, as that of `{}`: give a parameter of one of them \
                 another name in codegen/src/fixups",
                first.id
            );
            return Err(Error::unsupported(&operation.id, detail));
        }
    }
    let structs = structs
        .iter()
        .map(|(name, (fields, _))| definition(name, fields));
    Ok(quote! {
        //! What several identifiers name together, such as a user in a group: they are given by
        //! name, so that they cannot be swapped.

        #(#structs)*
    })
}

fn definition(name: &Ident, fields: &[(&str, bool)]) -> TokenStream {
    let letters = ('A'..='Z').map(|letter| format_ident!("{letter}"));
    let mut generic = Vec::new();
    let mut members = Vec::new();
    for ((field, is_bool), letter) in fields.iter().zip(letters) {
        let (ident, doc) = (format_ident!("{field}"), format!(" `{field}`."));
        if *is_bool {
            members.push(quote!(#[doc = #doc] pub #ident: bool));
        } else {
            members.push(quote!(#[doc = #doc] pub #ident: #letter));
            generic.push(letter);
        }
    }
    let names: Vec<String> = fields
        .iter()
        .map(|(field, _)| format!("`{field}`"))
        .collect();
    let doc = format!(" Of {}.", names.join(" and "));
    quote! {
        #[doc = #doc]
        #[derive(Clone, Copy, Debug)]
        pub struct #name<#(#generic),*> {
            #(#members,)*
        }
    }
}
