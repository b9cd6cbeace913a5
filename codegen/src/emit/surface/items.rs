//! Lines of the items of a file.

use proc_macro2::Span;
use syn::spanned::Spanned as _;
use syn::{Attribute, Fields, File, ImplItem, Item, Signature, Visibility};

use super::table;
use crate::Error;

/// A line, and the features under which the item is there; the file's, if it names none.
pub(super) struct Line {
    /// What the item is found by.
    path: String,
    /// What is said of it.
    rest: String,
    is_deprecated: bool,
    /// Whether it is an item of its own, and not what another one has.
    pub(super) is_item: bool,
    pub(super) features: Vec<String>,
}

impl Line {
    pub(super) fn text(&self) -> String {
        let Self { path, rest, .. } = self;
        let deprecated = if self.is_deprecated {
            " (deprecated)"
        } else {
            ""
        };
        format!("{path}{rest}{deprecated}")
    }
}

/// The lines of a generated file of `models` or `resources`.
pub(super) fn lines_of(file: &str, text: &str) -> Result<Vec<Line>, Error> {
    let parsed: File = syn::parse_file(text).map_err(|source| Error::InvalidRust {
        file: file.to_owned(),
        source,
        excerpt: String::new(),
    })?;
    let module = file.split('/').next().unwrap_or_default();
    let mut lines = Lines {
        module,
        found: Vec::new(),
    };
    for item in &parsed.items {
        lines.item(item).map_err(|what| Error::Unsupported {
            place: file.to_owned(),
            detail: format!("{what} has no line in the surface"),
        })?;
    }
    Ok(lines.found)
}

struct Lines<'a> {
    /// `models` or `resources`.
    module: &'a str,
    found: Vec<Line>,
}

impl Lines<'_> {
    fn push(&mut self, attributes: &[Attribute], path: String, rest: impl Into<String>) {
        self.found.push(Line {
            path,
            rest: rest.into(),
            is_deprecated: is_deprecated(attributes),
            is_item: false,
            features: features(attributes),
        });
    }

    fn push_item(&mut self, attributes: &[Attribute], path: String, rest: impl Into<String>) {
        self.push(attributes, path, rest);
        if let Some(line) = self.found.last_mut() {
            line.is_item = true;
        }
    }

    /// Says more of an item that has a line.
    fn add(&mut self, path: &str, more: &str) -> Result<(), String> {
        let mut lines = self.found.iter_mut().rev();
        let line = lines.find(|line| line.path == path);
        let line = line.ok_or_else(|| format!("`{path}`, which is no item,"))?;
        line.rest.push_str(more);
        Ok(())
    }

    fn item(&mut self, item: &Item) -> Result<(), String> {
        let module = self.module;
        match item {
            Item::Struct(item) if is_public(&item.vis) => {
                self.push_item(&item.attrs, format!("{module}::{}", item.ident), " struct");
                for field in item.fields.iter().filter(|field| is_public(&field.vis)) {
                    let Some(name) = field.ident.as_ref().filter(|name| *name != "extra") else {
                        continue;
                    };
                    let ty = text(field.ty.span());
                    let path = format!("{module}::{}.{name}", item.ident);
                    self.push(&field.attrs, path, format!(": {ty}"));
                }
            }
            Item::Enum(item) if is_public(&item.vis) => {
                self.push_item(&item.attrs, format!("{module}::{}", item.ident), " enum");
                for variant in item.variants.iter().filter(|v| v.ident != "Unrecognized") {
                    let fields = match &variant.fields {
                        Fields::Unit => String::new(),
                        fields => text(fields.span()),
                    };
                    let path = format!("{module}::{}::{}", item.ident, variant.ident);
                    self.push(&variant.attrs, path, fields);
                }
            }
            Item::Impl(item) => self.implementation(item)?,
            Item::Macro(item) => {
                let name = item.mac.path.span().source_text().unwrap_or_default();
                for (item, more) in table::lines(&name, item.mac.tokens.clone())? {
                    self.add(&format!("{module}::{item}"), &more)?;
                }
            }
            Item::Struct(_) | Item::Enum(_) | Item::Mod(_) | Item::Use(_) => {}
            Item::Fn(item) if !is_public(&item.vis) => {}
            other => return Err(text(other.span()).chars().take(60).collect()),
        }
        Ok(())
    }

    fn implementation(&mut self, item: &syn::ItemImpl) -> Result<(), String> {
        let ty = text(item.self_ty.span());
        let owner = match ty.strip_prefix("crate::") {
            Some(name) => name.to_owned(),
            None if ty.starts_with("models::") => ty,
            None => format!("{}::{ty}", self.module),
        };
        if let Some((name, _)) = &item.trait_ {
            // What a list lists, and where it is.
            let members = item.items.iter().map(|member| text(member.span()));
            let members = members.collect::<Vec<_>>().join(" ");
            // How it is compiled is nobody's affair.
            let members = members.replace("#[inline] ", "");
            let name = text(name.span());
            self.push_item(&item.attrs, owner, format!(": {name} {{ {members} }}"));
            return Ok(());
        }
        for member in &item.items {
            match member {
                ImplItem::Fn(function) if is_public(&function.vis) => self.push(
                    &function.attrs,
                    format!("{owner}::"),
                    signature(&function.sig),
                ),
                ImplItem::Fn(_) => {}
                other => return Err(text(other.span()).chars().take(60).collect()),
            }
        }
        Ok(())
    }
}

/// A signature without `fn`, on one line.
fn signature(signature: &Signature) -> String {
    let whole = text(signature.span());
    whole
        .strip_prefix("fn ")
        .map_or(whole.clone(), str::to_owned)
}

/// The text of a piece of code, on one line.
fn text(span: Span) -> String {
    let source = span.source_text().unwrap_or_default();
    let line = source.split_whitespace().collect::<Vec<_>>().join(" ");
    line.replace("( ", "(")
        .replace(", )", ")")
        .replace(" )", ")")
        .replace("< ", "<")
        .replace(", >", ">")
        .replace(" >", ">")
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

fn is_deprecated(attributes: &[Attribute]) -> bool {
    attributes
        .iter()
        .any(|attribute| attribute.path().is_ident("deprecated"))
}

/// The features of `#[cfg(feature = "a")]` and `#[cfg(any(feature = "a", feature = "b"))]`, where
/// an item stands among those of other features.
fn features(attributes: &[Attribute]) -> Vec<String> {
    let mut features = Vec::new();
    for attribute in attributes.iter().filter(|a| a.path().is_ident("cfg")) {
        let condition = text(attribute.span());
        let mut rest = condition.as_str();
        while let Some((_, after)) = rest.split_once("feature = \"") {
            let Some((feature, after)) = after.split_once('"') else {
                break;
            };
            features.push(feature.to_owned());
            rest = after;
        }
    }
    features
}
