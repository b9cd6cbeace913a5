//! Which names of a file belong to other crates.

use std::collections::BTreeMap;

use syn::{Item, Path, UseTree};

/// First segments of paths that lead to no other crate.
const OWN: [&str; 6] = ["alloc", "core", "crate", "self", "std", "super"];

/// What `use` brings into a file from other crates: the name there, and the crate and the name in
/// it.
#[derive(Debug, Default)]
pub struct Imports(BTreeMap<String, (String, String)>);

impl Imports {
    pub fn of(items: &[Item]) -> Self {
        let mut imports = Self::default();
        for item in items {
            if let Item::Use(item) = item {
                imports.add(&item.tree, &mut Vec::new());
            }
        }
        imports
    }

    fn add(&mut self, tree: &UseTree, path: &mut Vec<String>) {
        match tree {
            UseTree::Path(tree) => {
                path.push(tree.ident.to_string());
                self.add(&tree.tree, path);
                path.pop();
            }
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.add(tree, path);
                }
            }
            UseTree::Name(name) => {
                self.insert(&name.ident.to_string(), &name.ident.to_string(), path)
            }
            UseTree::Rename(name) => {
                self.insert(&name.rename.to_string(), &name.ident.to_string(), path);
            }
            _ => {}
        }
    }

    fn insert(&mut self, here: &str, there: &str, path: &[String]) {
        match path.first() {
            Some(first) if !OWN.contains(&first.as_str()) => {
                let name = match there {
                    "self" => path.last().map_or(first.as_str(), String::as_str),
                    name => name,
                };
                let entry = (first.clone(), name.to_owned());
                self.0.insert(here.to_owned(), entry);
            }
            _ => {}
        }
    }

    /// The crate and the name that `path` stands for, if it leads to another crate.
    pub fn resolve(&self, path: &Path) -> Option<(String, String)> {
        let mut segments = path
            .segments
            .iter()
            .map(|segment| segment.ident.to_string());
        let first = segments.next()?;
        let last = segments.next_back();
        match (self.0.get(&first), last) {
            (Some((other, name)), None) => Some((other.clone(), name.clone())),
            (Some((other, _)), Some(last)) => Some((other.clone(), last)),
            (None, Some(last)) if is_crate(&first) => Some((first, last)),
            (None, _) => None,
        }
    }
}

/// A path of several segments that begins in small letters begins with a crate: the modules of a
/// file are not written out in its signatures.
fn is_crate(first: &str) -> bool {
    !OWN.contains(&first) && first.starts_with(char::is_lowercase)
}
