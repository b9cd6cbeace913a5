//! Files and the indexes of their folders.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::PathBuf;

use super::folders::Folder;
use crate::Error;
use crate::emit::source::{self, MARKER};

/// What stands in a file.
#[derive(Default)]
pub(super) struct Module {
    pub(super) body: String,
    /// Types that stand in it.
    pub(super) own: BTreeSet<String>,
    /// Types that it refers to.
    pub(super) references: BTreeSet<String>,
}

/// Files by their path below `models`, without its ending.
#[derive(Default)]
pub(super) struct Modules(BTreeMap<String, Module>);

impl Modules {
    pub(super) fn at(&mut self, path: String) -> &mut Module {
        self.0.entry(path).or_default()
    }

    /// Every file, and an index for each folder. What is below one of `folders` is there where its
    /// features are.
    ///
    /// # Errors
    /// If a file is not Rust.
    pub(super) fn emit(
        self,
        folders: &BTreeMap<String, Folder>,
    ) -> Result<BTreeMap<PathBuf, String>, Error> {
        let mut texts = BTreeMap::new();
        let mut indexes = BTreeMap::<String, BTreeSet<String>>::new();
        for (path, module) in self.0 {
            let mut below = path.as_str();
            while let Some((folder, name)) = below.rsplit_once('/') {
                indexes
                    .entry(folder.to_owned())
                    .or_default()
                    .insert(name.to_owned());
                below = folder;
            }
            indexes
                .entry(String::new())
                .or_default()
                .insert(below.to_owned());
            texts.insert(format!("models/{path}.rs"), module.text());
        }
        for (folder, names) in indexes {
            let path = format!("models/{folder}/mod.rs").replace("//", "/");
            texts.insert(path, index(&folder, &names, folders));
        }
        texts
            .into_iter()
            .map(|(path, text)| {
                source::check(&path, &text)?;
                Ok((path.into(), text))
            })
            .collect()
    }
}

const PRELUDE: &str = "\
use std::collections::BTreeMap;

use serde_json::Value;

use crate::codec::carried;
use crate::codec::macros::{open_enum, record, union};
";

/// What models are made of, besides each other.
const RUNTIME: [&str; 8] = [
    "Extra",
    "Id",
    "Nullable",
    "Number",
    "OneOrMany",
    "Secret",
    "SecretJson",
    "Timestamp",
];

impl Module {
    fn text(&self) -> String {
        let others = self.references.difference(&self.own).map(String::as_str);
        let imports: BTreeSet<&str> = others.chain(RUNTIME).collect();
        let mut text = format!("{MARKER}\n\n{PRELUDE}use crate::models::{{\n");
        for import in imports {
            let _ = writeln!(text, "    {import},");
        }
        text.push_str("};\n");
        text + &self.body
    }
}

/// `mod` and `pub use` of all that is in a folder.
fn index(folder: &str, names: &BTreeSet<String>, folders: &BTreeMap<String, Folder>) -> String {
    let mut text = format!("{MARKER}\n");
    if folder.is_empty() {
        text.push_str("\n//! Every type of the API.\n");
    }
    for name in names {
        let path = match folder {
            "" => name.clone(),
            _ => format!("{folder}/{name}"),
        };
        let guard = folders.get(&path).map(Folder::guard).unwrap_or_default();
        let _ = write!(text, "\n{guard}mod {name};\n{guard}pub use {name}::*;\n");
    }
    text
}
