//! One operation: its method on the handle, and the struct of its options.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::argument::{Argument, type_of};
use super::docs;
use crate::Error;
use crate::api::{Body, Operation, Param, Success, TypeRef};
use crate::case;
use crate::emit::wire;

/// Whether the method gives a struct of options; otherwise it gives the request itself.
pub(in crate::emit) fn has_options(operation: &Operation) -> bool {
    optional_params(operation).next().is_some()
        || match &operation.body {
            Some(Body::Json { required, .. }) => !required,
            Some(Body::Bytes {
                required,
                content_types,
            }) => !required || content_types.len() > 1,
            Some(Body::Multipart { .. }) | None => false,
        }
}

fn params(operation: &Operation) -> impl Iterator<Item = &Param> {
    operation
        .query_params
        .iter()
        .chain(&operation.header_params)
}

fn optional_params(operation: &Operation) -> impl Iterator<Item = &Param> {
    params(operation).filter(|param| !param.required)
}

fn required_params(operation: &Operation) -> impl Iterator<Item = &Param> {
    params(operation).filter(|param| param.required)
}

fn deprecation(deprecated: bool) -> TokenStream {
    if deprecated {
        quote!(#[deprecated(note = "deprecated by Okta")])
    } else {
        TokenStream::new()
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

fn is_list(operation: &Operation) -> bool {
    matches!(
        operation.success,
        Success::Json(TypeRef::List(_)) | Success::WrappedList { .. }
    )
}

/// The method of the handle.
pub(super) fn method(operation: &Operation) -> Result<TokenStream, Error> {
    check_arguments(operation)?;
    let docs = docs::method(operation);
    let deprecated = deprecation(operation.deprecated);
    let alias = &operation.id;
    let name = format_ident!("{}", operation.method);
    let signature = signature(operation);
    let body = if has_options(operation) {
        construct(operation)
    } else {
        let path = path(operation);
        let request = request(operation, &Kept::Local);
        quote!(#path #request)
    };
    let gives = if has_options(operation) {
        let call = call_type(operation);
        quote!(#call)
    } else {
        let output = output(operation);
        quote!(Request<#output>)
    };
    Ok(quote! {
        #(#[doc = #docs])*
        #[doc(alias = #alias)]
        #deprecated
        pub fn #name(&self, #(#signature),*) -> #gives {
            #body
        }
    })
}

/// Names of arguments come from two places of the document, so they may clash.
fn check_arguments(operation: &Operation) -> Result<(), Error> {
    let mut names = vec!["client", "segments"];
    names.extend(operation.body.as_ref().map(|body| match body {
        Body::Multipart { .. } => "file",
        Body::Json { .. } | Body::Bytes { .. } => "body",
    }));
    for param in operation.path_params.iter().chain(params(operation)) {
        if names.contains(&param.ident.as_str()) {
            let detail = format!("two arguments would be called `{}`", param.ident);
            return Err(Error::unsupported(&operation.id, detail));
        }
        names.push(&param.ident);
    }
    Ok(())
}

fn call_type(operation: &Operation) -> proc_macro2::Ident {
    format_ident!("{}", case::pascal(&operation.id))
}

/// Arguments of the method: all that the call cannot do without.
fn signature(operation: &Operation) -> Vec<TokenStream> {
    let path = operation.path_params.iter().map(|param| {
        let ident = format_ident!("{}", param.ident);
        match &param.ty {
            TypeRef::Named(_) => {
                let ty = type_of(&param.ty);
                quote!(#ident: impl Into<#ty>)
            }
            _ => quote!(#ident: impl PathParameter),
        }
    });
    let query = required_params(operation).map(|param| {
        let argument = Argument::new(param);
        let (ident, taken) = (&argument.ident, argument.taken());
        quote!(#ident: #taken)
    });
    let body = operation.body.as_ref().and_then(|body| match body {
        Body::Json {
            ty, required: true, ..
        } => {
            let ty = type_of(ty);
            Some(quote!(body: &#ty))
        }
        Body::Multipart { .. } => Some(quote!(file: FilePart)),
        Body::Bytes { required: true, .. } => Some(quote!(body: impl Into<Bytes>)),
        Body::Json { .. } | Body::Bytes { .. } => None,
    });
    path.chain(query).chain(body).collect()
}

/// `let segments = checked([…]);`
fn path(operation: &Operation) -> TokenStream {
    if operation.path_params.is_empty() {
        return TokenStream::new();
    }
    let segments = operation.path_params.iter().map(|param| {
        let (name, ident) = (&param.ident, format_ident!("{}", param.ident));
        match &param.ty {
            TypeRef::Named(_) => {
                let ty = type_of(&param.ty);
                quote!((#name, Some(Into::<#ty>::into(#ident).as_str())))
            }
            _ => quote!((#name, #ident.segment())),
        }
    });
    quote!(let segments = checked([#(#segments),*]);)
}

/// The struct with all that was given, and nothing optional yet.
fn construct(operation: &Operation) -> TokenStream {
    let call = call_type(operation);
    let path = path(operation);
    let path_field = (!operation.path_params.is_empty()).then(|| quote!(segments,));
    let required = required_params(operation).map(|param| {
        let argument = Argument::new(param);
        let (ident, converted) = (&argument.ident, argument.converted());
        quote!(#ident: #converted)
    });
    let optional = optional_params(operation).map(|param| {
        let ident = format_ident!("{}", param.ident);
        quote!(#ident: None)
    });
    let body = operation.body.as_ref().map(|body| match body {
        Body::Json { required: true, .. } => quote!(body: encode_body(body),),
        Body::Bytes {
            required,
            content_types,
        } => {
            let body = if *required {
                quote!(body.into())
            } else {
                quote!(None)
            };
            let first = content_types.first().map_or("", String::as_str);
            quote!(body: #body, content_type: #first.to_owned(),)
        }
        Body::Json { .. } => quote!(body: None,),
        Body::Multipart { .. } => quote!(file,),
    });
    quote! {
        #path
        #call {
            client: self.client.clone(),
            #path_field
            #(#required,)*
            #(#optional,)*
            #body
        }
    }
}

/// Where arguments are when the request is made.
enum Kept {
    /// In arguments of the method.
    Local,
    /// In fields of the struct.
    Fields,
}

/// The request, as an expression.
fn request(operation: &Operation, kept: &Kept) -> TokenStream {
    let (client, path, body, file) = match kept {
        Kept::Local => (
            quote!(self.client.clone()),
            quote!(segments),
            quote!(body),
            quote!(file),
        ),
        Kept::Fields => (
            quote!(self.client),
            quote!(self.segments),
            quote!(self.body),
            quote!(self.file),
        ),
    };
    let segments: Vec<_> = operation
        .path_params
        .iter()
        .map(|param| format_ident!("{}", param.ident))
        .collect();
    let rest = params(operation).map(|param| {
        let argument = Argument::new(param);
        let ident = &argument.ident;
        match kept {
            Kept::Fields => argument.passed(&quote!(self.#ident)),
            Kept::Local => argument.passed(&argument.converted_in_place()),
        }
    });
    let builder = format_ident!("{}", wire::function_name(operation));
    let built = quote!(self.client.wire().#builder(#(&#segments,)* #(#rest),*));
    let built = if segments.is_empty() {
        quote!(#built.map_err(Error::from))
    } else {
        quote!(#path.and_then(|[#(#segments),*]| Ok(#built?)))
    };
    let method = format_ident!("{}", operation.http_method);
    let (id, template) = (&operation.id, &operation.path);
    let accept = match &operation.success {
        Success::Text(content_type) | Success::Bytes(content_type) => {
            quote!(.accept(#content_type))
        }
        Success::WrappedList { property, .. } => quote!(.wraps(#property)),
        Success::Empty | Success::Json(_) => TokenStream::new(),
    };
    let (prepare, body) = match (&operation.body, kept) {
        (None, _) => (quote!(), quote!()),
        (
            Some(Body::Json {
                content_type,
                required: true,
                ..
            }),
            Kept::Local,
        ) => (quote!(), quote!(.body(#content_type, encode_body(#body)))),
        (
            Some(Body::Json {
                content_type,
                required: true,
                ..
            }),
            Kept::Fields,
        ) => (quote!(), quote!(.body(#content_type, #body))),
        (
            Some(Body::Json {
                content_type,
                required: false,
                ..
            }),
            _,
        ) => (quote!(), quote!(.optional_body(#content_type, #body))),
        (Some(Body::Multipart { field }), _) => (
            quote!(let (content_type, form) = #file.into_form(#field);),
            quote!(.body(&content_type, form)),
        ),
        (Some(Body::Bytes { content_types, .. }), Kept::Local) => {
            let first = content_types.first().map_or("", String::as_str);
            (quote!(), quote!(.body(#first, #body.into())))
        }
        (Some(Body::Bytes { required: true, .. }), Kept::Fields) => {
            (quote!(), quote!(.body(&self.content_type, #body)))
        }
        (
            Some(Body::Bytes {
                required: false, ..
            }),
            Kept::Fields,
        ) => (quote!(), quote!(.optional_body(&self.content_type, #body))),
    };
    // Repeating it after a lost answer would take the second step.
    let once = operation.two_step.then(|| quote!(.idempotent(false)));
    quote! {
        let built = #built;
        #prepare
        Request::new(#client, Method::#method, Call::new(#id, #template) #once, built)
            #accept #body
    }
}

/// The struct of an operation's options.
pub(super) fn call(operation: &Operation) -> Result<TokenStream, Error> {
    let name = call_type(operation);
    let docs = docs::call(operation, &super::handle_type(&operation.handle));
    let output = output(operation);
    let path = (!operation.path_params.is_empty()).then(|| {
        let count = operation.path_params.len();
        quote!(segments: Result<[String; #count], Error>,)
    });
    let fields = params(operation).map(|param| {
        let argument = Argument::new(param);
        let (ident, kept) = (&argument.ident, argument.kept());
        if param.required {
            quote!(#ident: #kept)
        } else {
            quote!(#ident: Option<#kept>)
        }
    });
    let body = operation.body.as_ref().map(|body| match body {
        Body::Json { required: true, .. } => quote!(body: Bytes,),
        Body::Json {
            required: false, ..
        } => quote!(body: Option<Bytes>,),
        Body::Bytes { required: true, .. } => quote!(body: Bytes, content_type: String,),
        Body::Bytes {
            required: false, ..
        } => quote!(body: Option<Bytes>, content_type: String,),
        Body::Multipart { .. } => quote!(file: FilePart,),
    });
    let setters = operation
        .query_params
        .iter()
        .map(|param| ("Query parameter", param))
        .chain(
            operation
                .header_params
                .iter()
                .map(|param| ("Header", param)),
        )
        .filter(|(_, param)| !param.required)
        .map(|(place, param)| setter(place, param));
    let body_setters = body_setters(operation);
    let request = request(operation, &Kept::Fields);
    let kind = if is_list(operation) {
        format_ident!("listed")
    } else {
        format_ident!("awaited")
    };
    Ok(quote! {
        #(#[doc = #docs])*
        #[must_use = "a call does nothing until it is awaited"]
        pub struct #name {
            client: Client,
            #path
            #(#fields,)*
            #body
        }

        impl #name {
            #(#setters)*
            #body_setters

            /// The request with these options.
            pub fn request(self) -> Request<#output> {
                #request
            }
        }

        #kind!(#name => #output);
    })
}

fn setter(place: &str, param: &Param) -> TokenStream {
    let argument = Argument::new(param);
    let docs = docs::setter(place, argument.param());
    let deprecated = deprecation(param.facts.deprecated);
    let (ident, taken, converted) = (&argument.ident, argument.taken(), argument.converted());
    quote! {
        #(#[doc = #docs])*
        #deprecated
        pub fn #ident(mut self, #ident: #taken) -> Self {
            self.#ident = Some(#converted);
            self
        }
    }
}

fn body_setters(operation: &Operation) -> TokenStream {
    match &operation.body {
        Some(Body::Json {
            ty,
            required: false,
            ..
        }) => {
            let ty = type_of(ty);
            quote! {
                /// What to send; properties that only Okta writes are left out.
                pub fn body(mut self, body: &#ty) -> Self {
                    self.body = Some(encode_body(body));
                    self
                }
            }
        }
        Some(Body::Bytes {
            content_types,
            required,
        }) => {
            let doc = format!(" Content type of the body: {}.", content_types.join(" or "));
            let body = (!required).then(|| {
                quote! {
                    /// What to send.
                    pub fn body(mut self, body: impl Into<Bytes>) -> Self {
                        self.body = Some(body.into());
                        self
                    }
                }
            });
            quote! {
                #body

                #[doc = #doc]
                pub fn content_type(mut self, content_type: impl Into<String>) -> Self {
                    self.content_type = content_type.into();
                    self
                }
            }
        }
        _ => TokenStream::new(),
    }
}
