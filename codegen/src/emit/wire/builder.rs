//! Cuts progenitor's functions after the request is built.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident};
use syn::punctuated::Punctuated;
use syn::visit_mut::VisitMut;
use syn::{Expr, FnArg, ImplItem, ImplItemFn, Item, Pat, Stmt, Token, parse_quote};

use super::letters;
use crate::Error;
use crate::api::Operation;

/// A function that builds a request; its parameters are still in progenitor's order.
#[derive(Debug)]
pub(super) struct Builder(ImplItemFn);

/// Cuts every function of progenitor's client, by name.
pub(super) fn cut(tokens: &TokenStream) -> Result<BTreeMap<String, Builder>, Error> {
    let file: syn::File = syn::parse2(tokens.clone())
        .map_err(|error| Error::Progenitor(format!("its output is no Rust: {error}")))?;
    let mut builders = BTreeMap::new();
    for item in file.items {
        match item {
            Item::Mod(module) if module.ident == "types" => refuse_types(&module)?,
            Item::Impl(item) if item.trait_.is_none() => {
                for item in item.items {
                    if let ImplItem::Fn(function) = item
                        && function.sig.asyncness.is_some()
                    {
                        let name = function.sig.ident.to_string();
                        builders.insert(name, Builder(cut_function(function)?));
                    }
                }
            }
            _ => {}
        }
    }
    Ok(builders)
}

/// Types are the models' business: progenitor must not have invented any for operations.
fn refuse_types(module: &syn::ItemMod) -> Result<(), Error> {
    let items = module.content.iter().flat_map(|(_, items)| items);
    for item in items {
        match item {
            Item::Use(_) => {}
            // Its own support for conversion errors, there in every output.
            Item::Mod(module) if module.ident == "error" => {}
            Item::Mod(module) if module.ident == "defaults" => {}
            other => {
                let text: String = other
                    .to_token_stream()
                    .to_string()
                    .chars()
                    .take(80)
                    .collect();
                return Err(Error::Progenitor(format!(
                    "it wrote a type of its own: {text}"
                )));
            }
        }
    }
    Ok(())
}

fn cut_function(mut function: ImplItemFn) -> Result<ImplItemFn, Error> {
    let name = function.sig.ident.to_string();
    let changed = |what: &str| {
        Error::Progenitor(format!(
            "its function `{name}` has changed its shape: {what}"
        ))
    };

    let mut statements = std::mem::take(&mut function.block.stmts);
    let end = statements
        .iter()
        .position(|statement| local_name(statement).as_deref() == Some("info"))
        .ok_or_else(|| changed("no `let info`"))?;
    statements.truncate(end);
    let request = match statements.pop() {
        Some(Stmt::Local(local)) => local.init.map(|init| *init.expr),
        _ => None,
    };
    let Some(Expr::Try(built)) = request else {
        return Err(changed("no `let request = ….build()?`"));
    };
    let Expr::MethodCall(mut build) = *built.expr else {
        return Err(changed("the request is not built by a call"));
    };
    if build.method != "build" {
        return Err(changed("the last call is not `build`"));
    }
    if statements.len() < 3 || local_name(&statements[1]).as_deref() != Some("header_map") {
        return Err(changed("no `let mut header_map`"));
    }
    // Okta has no such header: it is how progenitor's own servers tell versions apart.
    let api_version = statements.remove(2);
    if !api_version
        .to_token_stream()
        .to_string()
        .contains("\"api-version\"")
    {
        return Err(changed("no `api-version` header"));
    }
    if statements.len() == 2 {
        statements.pop();
        build.receiver = match *build.receiver {
            Expr::MethodCall(call) if call.method == "headers" => call.receiver,
            _ => return Err(changed("no `.headers(header_map)`")),
        };
    }
    statements.push(Stmt::Expr(parse_quote!(#build), None));

    function.block.stmts = statements;
    function.attrs = vec![parse_quote!(#[inline])];
    function.vis = parse_quote!(pub(crate));
    function.sig.asyncness = None;
    function.sig.generics = syn::Generics::default();
    function.sig.output = parse_quote!(-> reqwest::Result<reqwest::Request>);
    Shorten.visit_impl_item_fn_mut(&mut function);
    Ok(function)
}

fn local_name(statement: &Stmt) -> Option<String> {
    let Stmt::Local(local) = statement else {
        return None;
    };
    match &local.pat {
        Pat::Ident(pattern) => Some(pattern.ident.to_string()),
        _ => None,
    }
}

/// Writes types and paths as one would by hand.
struct Shorten;

impl VisitMut for Shorten {
    /// `encode_path(&id.to_string())` to `encode_path(id)`: every path parameter is a `&str`.
    fn visit_macro_mut(&mut self, call: &mut syn::Macro) {
        let arguments = Punctuated::<Expr, Token![,]>::parse_terminated;
        if let Ok(mut arguments) = call.parse_body_with(arguments) {
            for argument in &mut arguments {
                if let Expr::Call(encode) = argument
                    && let Some(Expr::Reference(reference)) = encode.args.first()
                    && let Expr::MethodCall(to_string) = reference.expr.as_ref()
                {
                    let value = to_string.receiver.clone();
                    encode.args.clear();
                    encode.args.push(*value);
                }
            }
            arguments.pop_punct();
            call.tokens = arguments.to_token_stream();
        }
    }

    fn visit_type_reference_mut(&mut self, reference: &mut syn::TypeReference) {
        reference.lifetime = None;
        syn::visit_mut::visit_type_reference_mut(self, reference);
    }

    fn visit_receiver_mut(&mut self, receiver: &mut syn::Receiver) {
        *receiver = parse_quote!(&self);
    }

    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        let names: Vec<String> = path
            .segments
            .iter()
            .map(|segment| segment.ident.to_string())
            .collect();
        let known = match names
            .iter()
            .map(String::as_str)
            .collect::<Vec<_>>()
            .as_slice()
        {
            ["progenitor_client", "QueryParam", ..] => 1,
            ["std", "vec", "Vec"] => 2,
            ["std" | "core", "option", "Option"] => 2,
            ["std", "string", "String"] => 2,
            ["reqwest", ..] => 0,
            _ => {
                syn::visit_mut::visit_path_mut(self, path);
                return;
            }
        };
        path.leading_colon = None;
        path.segments = std::mem::take(&mut path.segments)
            .into_iter()
            .skip(known)
            .collect();
        syn::visit_mut::visit_path_mut(self, path);
    }
}

impl Builder {
    /// The function with its parameters in our order: path, query, headers.
    pub(super) fn with_parameters_of(self, operation: &Operation) -> Result<ImplItemFn, Error> {
        let mut function = self.0;
        let mut inputs = std::mem::take(&mut function.sig.inputs).into_iter();
        let receiver = inputs.next();
        let mut named: BTreeMap<String, FnArg> = inputs
            .map(|input| match &input {
                FnArg::Typed(typed) => (letters(&typed.pat.to_token_stream().to_string()), input),
                FnArg::Receiver(_) => (String::new(), input),
            })
            .collect();
        function.sig.inputs.extend(receiver);
        let params = operation
            .path_params
            .iter()
            .map(|param| &param.ident)
            .chain(super::required_of_query(operation).map(|param| &param.name));
        for name in params {
            let input = named.remove(&letters(name)).ok_or_else(|| {
                Error::unsupported(
                    &operation.id,
                    format!("progenitor dropped its parameter `{name}`"),
                )
            })?;
            function.sig.inputs.push(input);
        }
        if let Some(name) = named.into_keys().next() {
            return Err(Error::unsupported(
                &operation.id,
                format!("progenitor added `{name}`"),
            ));
        }
        function.sig.ident = format_ident!("{}", super::function_name(operation));
        Ok(function)
    }
}
