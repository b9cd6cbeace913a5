//! Parameters and bodies: how callers give them, how a call keeps them, how `wire` wants them.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::api::{Param, TypeRef};

/// A type as it is written in a signature.
pub(in crate::emit) fn type_of(ty: &TypeRef) -> TokenStream {
    match ty {
        TypeRef::String => quote!(String),
        TypeRef::Id => quote!(models::Id),
        TypeRef::Secret => quote!(models::Secret),
        TypeRef::Bool => quote!(bool),
        TypeRef::Integer => quote!(i64),
        TypeRef::Number => quote!(models::Number),
        TypeRef::Timestamp => quote!(models::Timestamp),
        TypeRef::Json => quote!(serde_json::Value),
        TypeRef::SecretJson => quote!(models::SecretJson),
        TypeRef::Named(name) => {
            let name = format_ident!("{name}");
            quote!(models::#name)
        }
        TypeRef::List(item) => {
            let item = type_of(item);
            quote!(Vec<#item>)
        }
        TypeRef::Map(item) => {
            let item = type_of(item);
            quote!(std::collections::BTreeMap<String, #item>)
        }
        TypeRef::OneOrMany(item) => {
            let item = type_of(item);
            quote!(models::OneOrMany<#item>)
        }
        TypeRef::Nullable(item) => {
            let item = type_of(item);
            quote!(models::Nullable<#item>)
        }
    }
}

/// How a query or header parameter is taken.
#[derive(Debug)]
pub(super) struct Argument<'a> {
    param: &'a Param,
    pub(super) ident: proc_macro2::Ident,
}

impl<'a> Argument<'a> {
    pub(super) fn new(param: &'a Param) -> Self {
        Self {
            param,
            ident: format_ident!("{}", param.ident),
        }
    }

    /// What callers pass.
    pub(super) fn taken(&self) -> TokenStream {
        match &self.param.ty {
            TypeRef::Bool => quote!(bool),
            TypeRef::Integer => quote!(i64),
            TypeRef::List(item) => {
                let item = type_of(item);
                quote!(impl IntoIterator<Item = impl Into<#item>>)
            }
            ty => {
                let ty = type_of(ty);
                quote!(impl Into<#ty>)
            }
        }
    }

    /// Whether it is sent once for each of its values.
    pub(super) fn is_exploded(&self) -> bool {
        self.param.explode && matches!(self.param.ty, TypeRef::List(_))
    }

    /// From `place`, where callers gave it, to the text that is sent, or to each of them.
    pub(super) fn text(&self, place: &TokenStream) -> TokenStream {
        match &self.param.ty {
            TypeRef::Bool | TypeRef::Integer => quote!(#place.to_string()),
            TypeRef::String => quote!(#place.into()),
            TypeRef::List(item) => {
                let items = match &**item {
                    TypeRef::String => quote!(#place.into_iter().map(Into::into)),
                    item => {
                        let item = type_of(item);
                        quote!(#place.into_iter().map(|item| Into::<#item>::into(item).to_string()))
                    }
                };
                if self.is_exploded() {
                    items
                } else {
                    quote!(joined(#items))
                }
            }
            ty => {
                let ty = type_of(ty);
                quote!(Into::<#ty>::into(#place).to_string())
            }
        }
    }

    /// From `place`, where it was given, to what `wire` wants.
    pub(super) fn passed(&self, place: &TokenStream) -> TokenStream {
        match &self.param.ty {
            TypeRef::Bool | TypeRef::Integer => quote!(#place),
            TypeRef::String => quote!(&Into::<String>::into(#place)),
            TypeRef::List(_) => {
                let text = self.text(place);
                if self.is_exploded() {
                    quote!(&#text.collect::<Vec<String>>())
                } else {
                    quote!(&#text)
                }
            }
            ty => {
                let ty = type_of(ty);
                quote!(&Into::<#ty>::into(#place).to_string())
            }
        }
    }
}
