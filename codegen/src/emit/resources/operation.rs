//! One operation: its method on the handle, and the type of its calls.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::argument::{Argument, type_of};
use super::{docs, path};
use crate::api::{Body, Operation, Param, Success, TypeRef};
use crate::case;
use crate::emit::wire;

fn deprecation(deprecated: bool) -> TokenStream {
    if deprecated {
        quote!(#[deprecated(note = "deprecated by Okta")])
    } else {
        TokenStream::new()
    }
}

/// What a list lists. Only a `GET` lists; what a `POST` answers is its result.
pub(in crate::emit) fn item(operation: &Operation) -> Option<&TypeRef> {
    match &operation.success {
        _ if operation.http_method != "GET" => None,
        Success::Json(TypeRef::List(item)) => Some(item),
        Success::WrappedList { item, .. } => Some(item),
        _ => None,
    }
}

/// What the call gives.
fn output(operation: &Operation) -> TokenStream {
    match &operation.success {
        Success::Empty => quote!(()),
        Success::Json(ty) | Success::WrappedList { ty, .. } => type_of(ty),
        Success::Text(_) => quote!(Text),
        Success::Bytes(_) => quote!(Bytes),
    }
}

/// Name of the type of its calls.
pub(in crate::emit) fn call_type(operation: &Operation) -> proc_macro2::Ident {
    format_ident!("{}", operation.call)
}

/// The method of the handle.
pub(super) fn method(operation: &Operation) -> TokenStream {
    let docs = docs::method(operation);
    let deprecated = deprecation(operation.deprecated);
    let alias = &operation.id;
    let name = format_ident!("{}", operation.method);
    let signature = signature(operation);
    let call = call_type(operation);
    let built = built(operation);
    let body = operation.body.as_ref().and_then(attached);
    let prepared = quote!(#call(Prepared::new(&self.client, #call::OPERATION, built) #body));
    let set: Vec<_> = set_afterwards(operation).collect();
    let call_with_all = if set.is_empty() {
        prepared
    } else {
        quote! {
            let mut call = #prepared;
            #(call.0.#set;)*
            call
        }
    };
    quote! {
        #(#[doc = #docs])*
        #[doc(alias = #alias)]
        #deprecated
        #[inline]
        pub fn #name(&self, #(#signature),*) -> #call {
            let built = #built;
            #call_with_all
        }
    }
}

/// Parameters outside the path that the call cannot do without.
pub(super) fn required_params(operation: &Operation) -> impl Iterator<Item = &Param> {
    let params = operation
        .query_params
        .iter()
        .chain(&operation.header_params);
    params.filter(|param| param.required)
}

/// Arguments of the method: all that the call cannot do without.
fn signature(operation: &Operation) -> Vec<TokenStream> {
    let query = required_params(operation)
        .filter(|param| !path::is_identifying(operation, param))
        .map(|param| {
            let argument = Argument::new(param);
            let (ident, taken) = (&argument.ident, argument.taken());
            quote!(#ident: #taken)
        });
    let body = operation.body.as_ref().and_then(|body| match body {
        Body::Json {
            ty, required: true, ..
        } => {
            let ty = type_of(ty);
            Some(quote!(body: impl Body<#ty>))
        }
        Body::Multipart { .. } => Some(quote!(file: FilePart)),
        Body::Bytes { required: true, .. } => Some(quote!(body: impl Into<Bytes>)),
        Body::Json { .. } | Body::Bytes { .. } => None,
    });
    path::signature(operation)
        .into_iter()
        .chain(query)
        .chain(body)
        .collect()
}

/// The request with all that the call cannot do without, as an expression.
fn built(operation: &Operation) -> TokenStream {
    let builder = format_ident!("{}", wire::function_name(operation));
    let segments: Vec<_> = operation
        .path_params
        .iter()
        .map(|param| match param.ident.as_str() {
            // The query is read from the argument of that name.
            "path" if wire::required_of_query(operation).next().is_some() => {
                format_ident!("path_segment")
            }
            ident => format_ident!("{ident}"),
        })
        .collect();
    let rest = wire::required_of_query(operation).map(|param| path::passed(operation, param));
    let built = quote!(self.client.wire().#builder(#(&#segments,)* #(#rest),*));
    if segments.is_empty() {
        return quote!(#built.map_err(built_error));
    }
    let path = path::segments(operation);
    quote!(#path.and_then(|[#(#segments),*]| #built.map_err(built_error)))
}

/// What the call cannot do without and `wire` does not take, as calls of `Prepared`.
fn set_afterwards(operation: &Operation) -> impl Iterator<Item = TokenStream> {
    let in_query = operation.query_params.iter().map(|param| (true, param));
    let in_headers = operation.header_params.iter().map(|param| (false, param));
    in_query
        .chain(in_headers)
        .filter(|(in_query, param)| param.required && !(*in_query && wire::takes(operation, param)))
        .map(|(in_query, param)| {
            let place = path::place_of(operation, param);
            set(in_query, param, &place)
        })
}

/// What sets a parameter to what was given at a place, as a call of `Prepared`.
fn set(in_query: bool, param: &Param, place: &TokenStream) -> TokenStream {
    let argument = Argument::new(param);
    let (name, text) = (&param.name, argument.text(place));
    match (in_query, argument.is_exploded()) {
        (true, false) => quote!(query(#name, #text)),
        (true, true) => quote!(query_each(#name, #text)),
        (false, _) => quote!(header(#name, &#text)),
    }
}

/// What attaches the body that the call cannot do without.
fn attached(body: &Body) -> Option<TokenStream> {
    match body {
        Body::Json { required: true, .. } => Some(quote!(.with_json(body.place()))),
        Body::Bytes { required: true, .. } => Some(quote!(.with_bytes(body.into()))),
        Body::Multipart { field } => Some(quote!(.with_file(#field, file))),
        Body::Json { .. } | Body::Bytes { .. } => None,
    }
}

/// The type of an operation's calls.
pub(super) fn call(operation: &Operation) -> TokenStream {
    let name = call_type(operation);
    let docs = docs::call(operation, &case::handle_type(&operation.handle));
    let facts = facts(operation);
    let (kind, gives) = match item(operation) {
        Some(item) => (format_ident!("listed"), type_of(item)),
        None => (format_ident!("awaited"), output(operation)),
    };
    let setters: Vec<_> = setters(operation).collect();
    let setters = (!setters.is_empty()).then(|| {
        quote! {
            impl #name {
                #(#setters)*
            }
        }
    });
    quote! {
        #(#[doc = #docs])*
        #[must_use = "a call does nothing until it is awaited or streamed"]
        pub struct #name(pub(crate) Prepared);

        #setters

        #kind!(#name => #gives, #facts);
    }
}

/// `Operation::new(…)`
fn facts(operation: &Operation) -> TokenStream {
    let Operation {
        id, path, scopes, ..
    } = operation;
    let method = format_ident!("{}", operation.http_method);
    let accept = operation.accept.as_ref().map(|it| quote!(.accept(#it)));
    let gives = match &operation.success {
        Success::Text(content_type) | Success::Bytes(content_type) => {
            Some(quote!(.accept(#content_type)))
        }
        Success::WrappedList { property, .. } => Some(quote!(.wraps(#property))),
        Success::Empty | Success::Json(_) => None,
    };
    let content_type = match &operation.body {
        Some(Body::Json { content_type, .. }) if content_type != "application/json" => {
            Some(content_type)
        }
        Some(Body::Bytes { content_types, .. }) => content_types.first(),
        _ => None,
    };
    let content_type = content_type.map(|it| quote!(.content_type(#it)));
    // Repeating it after a lost answer would take the second step.
    let once = operation.two_step.then(|| quote!(.once()));
    let bucket = operation.bucket.as_ref();
    let bucket = bucket.map(|bucket| quote!(.bucket(#bucket)));
    let end = operation.ends_with.as_ref();
    let end = end.map(|parameter| quote!(.ends_with(#parameter)));
    quote! {
        Operation::new(#id, Method::#method, #path, &[#(#scopes),*])
            #accept #gives #content_type #once #end #bucket
    }
}

fn setters(operation: &Operation) -> impl Iterator<Item = TokenStream> {
    let query = operation.query_params.iter().map(|param| (true, param));
    let headers = operation.header_params.iter().map(|param| (false, param));
    query
        .chain(headers)
        .filter(|(_, param)| !param.required)
        .map(|(in_query, param)| setter(in_query, param))
        .chain(operation.body.as_ref().map(body_setters))
}

fn setter(in_query: bool, param: &Param) -> TokenStream {
    let argument = Argument::new(param);
    let place = if in_query {
        "query parameter"
    } else {
        "header"
    };
    let docs = docs::setter(place, param);
    let deprecated = deprecation(param.facts.deprecated);
    let (ident, taken) = (&argument.ident, argument.taken());
    let set = set(in_query, param, &quote!(#ident));
    quote! {
        #(#[doc = #docs])*
        #deprecated
        #[inline]
        pub fn #ident(mut self, #ident: #taken) -> Self {
            self.0.#set;
            self
        }
    }
}

fn body_setters(body: &Body) -> TokenStream {
    match body {
        Body::Json {
            ty,
            required: false,
            ..
        } => {
            let ty = type_of(ty);
            quote! {
                /// What to send.
                #[inline]
                pub fn body(mut self, body: impl Body<#ty>) -> Self {
                    self.0.json(body.place());
                    self
                }
            }
        }
        Body::Bytes {
            content_types,
            required,
        } => {
            let doc = format!(" Content type of the body: {}.", content_types.join(" or "));
            let body = (!required).then(|| {
                quote! {
                    /// What to send.
                    #[inline]
                    pub fn body(mut self, body: impl Into<Bytes>) -> Self {
                        self.0.bytes(body.into());
                        self
                    }
                }
            });
            quote! {
                #body

                #[doc = #doc]
                #[inline]
                pub fn content_type(mut self, content_type: impl AsRef<str>) -> Self {
                    self.0.header("content-type", content_type.as_ref());
                    self
                }
            }
        }
        _ => TokenStream::new(),
    }
}
