//! Generated names that handwritten code of the SDK uses: `openapi/needed.yaml`.
//!
//! A release that takes one of them away would otherwise show as an error of the compiler, in code
//! that nobody has touched.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Spacing, TokenStream, TokenTree};

use crate::Error;
use crate::emit::surface::{Item, Kind, Surface};

/// Handwritten file → the generated names that it uses, such as `models::User.status`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Needed(BTreeMap<String, BTreeSet<String>>);

impl Needed {
    /// Reads the list. An empty file is an empty list.
    ///
    /// # Errors
    /// If the text is no such list.
    pub fn parse(yaml: &str) -> Result<Self, Error> {
        let list: Option<BTreeMap<String, BTreeSet<String>>> = serde_norway::from_str(yaml)
            .map_err(|error| Error::unsupported("needed.yaml", error.to_string()))?;
        Ok(Self(list.unwrap_or_default()))
    }

    /// What files use, by their path from the root of the workspace and their text: a name counts
    /// as used if its type is named in the file and it stands where such a name would.
    ///
    /// # Errors
    /// If a text is not Rust.
    pub fn of_files<'a>(
        surface: &Surface,
        files: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, Error> {
        let mut needed = BTreeMap::new();
        for (path, text) in files {
            let tokens: TokenStream = text
                .parse()
                .map_err(|error| Error::unsupported(path, format!("is not Rust: {error}")))?;
            let mut mentioned = Mentioned::default();
            mentioned.read(tokens, false);
            let names = mentioned.names(surface);
            if !names.is_empty() {
                needed.insert(path.to_owned(), names);
            }
        }
        Ok(Self(needed))
    }

    /// Makes sure that everything is there.
    ///
    /// # Errors
    /// If something is not, with all that is missing.
    pub fn check(&self, surface: &Surface) -> Result<(), Error> {
        let there: BTreeSet<String> = surface.items().map(path_of).collect();
        let missing = self.0.iter().flat_map(|(file, names)| {
            let gone = names.iter().filter(|name| !there.contains(*name));
            gone.map(move |name| Error::Needed {
                name: name.clone(),
                file: file.clone(),
            })
        });
        Error::unless_empty(missing.collect())
    }

    /// The list as the text of the file.
    #[must_use]
    pub fn to_yaml(&self) -> String {
        let mut text = String::from(HEADER);
        for (file, names) in &self.0 {
            text.push_str(&format!("{file}:\n"));
            for name in names {
                text.push_str(&format!("- {name}\n"));
            }
        }
        text
    }
}

/// What stands at the top of the file.
const HEADER: &str = "\
# Generated names that handwritten code of the SDK uses, by file. `cargo xtask codegen` fails if one
# of them is gone, and a test of xtask if the list is not what the files use.
";

/// What an item is called in the list.
fn path_of(item: &Item) -> String {
    format!("{}{}", item.owner, item.member)
}

/// Modules that generated types are used from.
const MODULES: &[&str] = &["models", "resources", "paths"];

/// Names in a file, by what stands before them.
#[derive(Default)]
struct Mentioned {
    /// Types behind one of the modules.
    types: BTreeSet<String>,
    behind_dot: BTreeSet<String>,
    behind_colons: BTreeSet<String>,
    before_colon: BTreeSet<String>,
}

impl Mentioned {
    /// Reads tokens that stand behind a module, or nowhere in particular.
    fn read(&mut self, tokens: TokenStream, in_module: bool) {
        let mut before = String::new();
        let mut last: Option<String> = None;
        for token in tokens {
            match token {
                TokenTree::Ident(ident) => {
                    let ident = ident.to_string();
                    let is_in_module = last.take().is_some_and(|it| MODULES.contains(&&*it));
                    match before.as_str() {
                        "::" if is_in_module => drop(self.types.insert(ident.clone())),
                        "::" => drop(self.behind_colons.insert(ident.clone())),
                        "." => drop(self.behind_dot.insert(ident.clone())),
                        _ if in_module => drop(self.types.insert(ident.clone())),
                        _ => {}
                    }
                    before.clear();
                    last = Some(ident);
                }
                TokenTree::Punct(punct) => {
                    before.push(punct.as_char());
                    if before != ":" && before != "::" {
                        last = None;
                        before = punct.as_char().to_string();
                    }
                    if let (":", Spacing::Alone, Some(ident)) =
                        (before.as_str(), punct.spacing(), &last)
                    {
                        self.before_colon.insert(ident.clone());
                    }
                }
                TokenTree::Group(group) => {
                    let is_module = before == "::"
                        && last
                            .as_ref()
                            .is_some_and(|it| MODULES.contains(&it.as_str()));
                    self.read(group.stream(), is_module);
                    before.clear();
                    last = None;
                }
                TokenTree::Literal(_) => {
                    before.clear();
                    last = None;
                }
            }
        }
    }

    /// The items that the names are of.
    fn names(&self, surface: &Surface) -> BTreeSet<String> {
        let of_client = |owner: &str| owner == "Client";
        let named = |owner: &str| {
            owner
                .rsplit("::")
                .next()
                .is_some_and(|it| self.types.contains(it))
        };
        let owners: BTreeSet<&str> = surface
            .items()
            .map(|item| item.owner.as_str())
            .filter(|owner| of_client(owner) || named(owner))
            .collect();
        surface
            .items()
            .filter(|item| owners.contains(item.owner.as_str()) && self.uses(item))
            .map(path_of)
            .collect()
    }

    fn uses(&self, item: &Item) -> bool {
        let name = item.member.trim_start_matches(['.', ':']);
        match &item.kind {
            Kind::Struct(_) | Kind::Enum => true,
            Kind::Field(_) => self.behind_dot.contains(name) || self.before_colon.contains(name),
            Kind::Variant(_) => self.behind_colons.contains(name),
            Kind::Function { .. } => {
                self.behind_dot.contains(name) || self.behind_colons.contains(name)
            }
            Kind::Trait(_) => false,
        }
    }
}

#[cfg(test)]
mod tests;
