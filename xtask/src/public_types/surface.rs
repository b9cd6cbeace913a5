//! The public items of a crate, and the names of other crates in their signatures.

use std::collections::{BTreeMap, BTreeSet};

use syn::visit::{self, Visit};
use syn::{Attribute, File, ImplItem, Item, ItemImpl, Path, Type, UseTree, Visibility};

use super::imports::Imports;

/// What is found in the public API of a crate.
#[derive(Debug)]
pub struct Surface {
    /// Names of the crate's own public types.
    own: BTreeSet<String>,
    /// Names of other crates in the API, by crate.
    pub found: BTreeMap<String, BTreeSet<String>>,
}

impl Surface {
    /// An empty surface of the crate that consists of `files`.
    pub fn new(files: &[File]) -> Self {
        let own = files
            .iter()
            .flat_map(|file| &file.items)
            .filter_map(public_type);
        Self {
            own: own.collect(),
            found: BTreeMap::new(),
        }
    }

    /// Adds what the public items of `file` name.
    pub fn add(&mut self, file: &File) {
        let imports = Imports::of(&file.items);
        for item in &file.items {
            let mut names = Names {
                imports: &imports,
                found: &mut self.found,
            };
            match item {
                Item::Struct(item) if is_public(&item.vis) => {
                    names.of_derives(&item.attrs);
                    names.visit_generics(&item.generics);
                    for field in item.fields.iter().filter(|field| is_public(&field.vis)) {
                        names.visit_field(field);
                    }
                }
                Item::Enum(item) if is_public(&item.vis) => {
                    names.of_derives(&item.attrs);
                    names.visit_item_enum(item);
                }
                Item::Trait(item) if is_public(&item.vis) => names.visit_item_trait(item),
                Item::Type(item) if is_public(&item.vis) => names.visit_item_type(item),
                Item::Fn(item) if is_public(&item.vis) => names.visit_signature(&item.sig),
                Item::Use(item) if is_public(&item.vis) => names.of_reexport(&item.tree),
                Item::Impl(item) => names.of_impl(item, &self.own),
                _ => {}
            }
        }
    }
}

/// The name of a public type or trait.
fn public_type(item: &Item) -> Option<String> {
    let (visibility, name) = match item {
        Item::Struct(item) => (&item.vis, &item.ident),
        Item::Enum(item) => (&item.vis, &item.ident),
        Item::Trait(item) => (&item.vis, &item.ident),
        _ => return None,
    };
    is_public(visibility).then(|| name.to_string())
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

/// The last name of a type's path, without its arguments.
fn head(ty: &Type) -> String {
    match ty {
        Type::Path(ty) => ty
            .path
            .segments
            .last()
            .map(|segment| segment.ident.to_string())
            .unwrap_or_default(),
        _ => String::new(),
    }
}

/// Collects names of other crates from the syntax that it visits.
struct Names<'a> {
    imports: &'a Imports,
    found: &'a mut BTreeMap<String, BTreeSet<String>>,
}

impl Names<'_> {
    fn insert(&mut self, path: &Path) {
        if let Some((other, name)) = self.imports.resolve(path) {
            self.found.entry(other).or_default().insert(name);
        }
    }

    fn of_derives(&mut self, attributes: &[Attribute]) {
        for attribute in attributes.iter().filter(|a| a.path().is_ident("derive")) {
            // What is no path is no trait.
            let _ = attribute.parse_nested_meta(|meta| {
                self.insert(&meta.path);
                Ok(())
            });
        }
    }

    fn of_reexport(&mut self, tree: &UseTree) {
        if let UseTree::Path(path) = tree
            && let UseTree::Name(name) = &*path.tree
        {
            let (other, name) = (&path.ident, &name.ident);
            self.insert(&syn::parse_quote!(#other::#name));
        }
    }

    fn of_impl(&mut self, item: &ItemImpl, own: &BTreeSet<String>) {
        let is_own = own.contains(&head(&item.self_ty));
        let Some((of, _)) = &item.trait_ else {
            for function in item.items.iter().filter(|_| is_own) {
                if let ImplItem::Fn(function) = function
                    && is_public(&function.vis)
                {
                    self.visit_signature(&function.sig);
                }
            }
            return;
        };
        let trait_is_own = of
            .segments
            .last()
            .is_some_and(|s| own.contains(&s.ident.to_string()));
        if is_own || trait_is_own {
            self.visit_path(of);
            self.visit_type(&item.self_ty);
        }
    }
}

impl<'ast> Visit<'ast> for Names<'_> {
    fn visit_path(&mut self, path: &'ast Path) {
        self.insert(path);
        visit::visit_path(self, path);
    }

    // Attributes and default bodies are no part of a signature.
    fn visit_attribute(&mut self, _: &'ast Attribute) {}
    fn visit_block(&mut self, _: &'ast syn::Block) {}
}
