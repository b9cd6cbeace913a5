//! The items of a file.

use std::collections::BTreeSet;

use proc_macro2::Span;
use syn::spanned::Spanned as _;
use syn::{Attribute, Fields, File, FnArg, ImplItem, ReturnType, Signature, Visibility};

use super::table;
use crate::Error;

/// A public item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The type or handle that it is or that has it, such as `models::User`.
    pub owner: String,
    /// What it is called there, such as `.id` or `::new`; empty if it is the owner itself.
    pub member: String,
    /// What it is.
    pub kind: Kind,
    /// What it is on the wire, and other facts that no compiler checks.
    pub wire: String,
    /// Whether it is deprecated.
    pub is_deprecated: bool,
    /// Features under which it is there, as the code names them; the file's part, if it names none.
    pub parts: BTreeSet<String>,
}

/// What an item is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// A struct, and what its calls give, if it is one of calls: `=> list of models::User`.
    Struct(String),
    /// An enum.
    Enum,
    /// A member of a struct, and its type.
    Field(String),
    /// A variant of an enum, and what it holds.
    Variant(String),
    /// A function.
    Function {
        /// What it takes, `self` aside.
        arguments: Vec<Argument>,
        /// What it gives.
        gives: String,
        /// All of it, on one line.
        signature: String,
    },
    /// A trait that the owner has, with its items.
    Trait(String),
}

/// An argument of a function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Argument {
    /// What it is called.
    pub name: String,
    /// What it takes.
    pub ty: String,
}

impl Item {
    /// Whether it is what another item has, and no item of its own.
    pub fn is_of_another(&self) -> bool {
        !self.member.is_empty() && !matches!(self.kind, Kind::Trait(_))
    }

    /// The item on one line.
    pub fn line(&self) -> String {
        let Self {
            owner,
            member,
            wire,
            ..
        } = self;
        let deprecated = if self.is_deprecated {
            " (deprecated)"
        } else {
            ""
        };
        let path = match self.kind {
            Kind::Function { .. } => format!("{owner}::"),
            _ => format!("{owner}{member}"),
        };
        format!("{path}{}{wire}{deprecated}", self.kind.text())
    }
}

impl Kind {
    /// What stands behind the path of an item; of a function, all but its owner.
    pub fn text(&self) -> String {
        match self {
            Self::Struct(gives) => format!(" struct{gives}"),
            Self::Enum => " enum".to_owned(),
            Self::Field(ty) => format!(": {ty}"),
            Self::Variant(text) | Self::Trait(text) => text.clone(),
            Self::Function { signature, .. } => signature.clone(),
        }
    }
}

/// The items of a generated file of `models` or `resources`.
pub(super) fn items_of(file: &str, text: &str) -> Result<Vec<Item>, Error> {
    let parsed: File = syn::parse_file(text).map_err(|source| Error::InvalidRust {
        file: file.to_owned(),
        source,
        excerpt: String::new(),
    })?;
    let module = file.split('/').next().unwrap_or_default();
    let mut items = Items {
        module,
        found: Vec::new(),
    };
    for item in &parsed.items {
        items.item(item).map_err(|what| Error::Unsupported {
            place: file.to_owned(),
            detail: format!("{what} has no line in the surface"),
        })?;
    }
    Ok(items.found)
}

struct Items<'a> {
    /// `models` or `resources`.
    module: &'a str,
    found: Vec<Item>,
}

impl Items<'_> {
    fn push(&mut self, attributes: &[Attribute], owner: &str, member: String, kind: Kind) {
        self.found.push(Item {
            owner: owner.to_owned(),
            member,
            kind,
            wire: String::new(),
            is_deprecated: is_deprecated(attributes),
            parts: features(attributes),
        });
    }

    /// Says more of an item that is there.
    fn add(&mut self, more: table::More) -> Result<(), String> {
        let table::More {
            owner,
            member,
            gives,
            wire,
        } = more;
        let owner = format!("{}::{owner}", self.module);
        let mut items = self.found.iter_mut().rev();
        let item = items.find(|item| item.owner == owner && item.member == member);
        let item = item.ok_or_else(|| format!("`{owner}{member}`, which is no item,"))?;
        item.wire.push_str(&wire);
        if let Kind::Struct(of_calls) = &mut item.kind {
            of_calls.push_str(&gives);
        }
        Ok(())
    }

    fn item(&mut self, item: &syn::Item) -> Result<(), String> {
        use syn::Item;
        let module = self.module;
        let owner = |ident: &syn::Ident| format!("{module}::{ident}");
        match item {
            Item::Struct(item) if is_public(&item.vis) => {
                let owner = owner(&item.ident);
                let kind = Kind::Struct(String::new());
                self.push(&item.attrs, &owner, String::new(), kind);
                for field in item.fields.iter().filter(|field| is_public(&field.vis)) {
                    let Some(name) = field.ident.as_ref().filter(|name| *name != "extra") else {
                        continue;
                    };
                    let kind = Kind::Field(text(field.ty.span()));
                    self.push(&field.attrs, &owner, format!(".{name}"), kind);
                }
            }
            Item::Enum(item) if is_public(&item.vis) => {
                let owner = owner(&item.ident);
                self.push(&item.attrs, &owner, String::new(), Kind::Enum);
                for variant in item.variants.iter().filter(|v| v.ident != "Unrecognized") {
                    let holds = match &variant.fields {
                        Fields::Unit => String::new(),
                        fields => text(fields.span()),
                    };
                    let member = format!("::{}", variant.ident);
                    self.push(&variant.attrs, &owner, member, Kind::Variant(holds));
                }
            }
            Item::Impl(item) => self.implementation(item)?,
            Item::Macro(item) => {
                let name = item.mac.path.span().source_text().unwrap_or_default();
                for more in table::lines(&name, item.mac.tokens.clone())? {
                    self.add(more)?;
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
            let member = format!(": {}", text(name.span()));
            let kind = Kind::Trait(format!(" {{ {members} }}"));
            self.push(&item.attrs, &owner, member, kind);
            return Ok(());
        }
        for member in &item.items {
            match member {
                ImplItem::Fn(function) if is_public(&function.vis) => {
                    let member = format!("::{}", function.sig.ident);
                    let kind = function_of(&function.sig);
                    self.push(&function.attrs, &owner, member, kind);
                }
                ImplItem::Fn(_) => {}
                other => return Err(text(other.span()).chars().take(60).collect()),
            }
        }
        Ok(())
    }
}

fn function_of(signature: &Signature) -> Kind {
    let whole = text(signature.span());
    let arguments = signature.inputs.iter().filter_map(|input| match input {
        FnArg::Typed(argument) => Some(Argument {
            name: text(argument.pat.span()),
            ty: text(argument.ty.span()),
        }),
        FnArg::Receiver(_) => None,
    });
    Kind::Function {
        arguments: arguments.collect(),
        gives: match &signature.output {
            ReturnType::Default => "()".to_owned(),
            ReturnType::Type(_, ty) => text(ty.span()),
        },
        signature: whole
            .strip_prefix("fn ")
            .map_or(whole.clone(), str::to_owned),
    }
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
fn features(attributes: &[Attribute]) -> BTreeSet<String> {
    let mut features = BTreeSet::new();
    for attribute in attributes.iter().filter(|a| a.path().is_ident("cfg")) {
        let condition = text(attribute.span());
        let mut rest = condition.as_str();
        while let Some((_, after)) = rest.split_once("feature = \"") {
            let Some((feature, after)) = after.split_once('"') else {
                break;
            };
            features.insert(feature.to_owned());
            rest = after;
        }
    }
    features
}
