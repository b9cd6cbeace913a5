//! Types of other crates in the public API of the handwritten crates.
//!
//! A new major version of a crate whose types are public is a breaking change of ours. The table in
//! RELEASING.md is the list of them, and a test compares it with the code.

mod imports;
mod surface;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{fs, io};

use anyhow::Context;

use self::surface::Surface;
use crate::output;

/// Crates whose public API is a promise, as their folders.
const CRATES: [&str; 5] = ["auth", "emulator", "provision", "sdk", "web"];

/// Crates of macros, which leave no name of theirs behind.
const MACROS: [&str; 1] = ["thiserror"];

/// Print the table of types of other crates in the public API
#[derive(Debug, clap::Args)]
pub struct Arguments {}

impl Arguments {
    /// Prints the table.
    pub fn run(self, workspace: &Path) -> anyhow::Result<ExitCode> {
        output::print(&table(workspace)?)?;
        Ok(ExitCode::SUCCESS)
    }
}

/// The rows of the table: a crate of ours, another crate, and the names of that in the public API.
fn table(workspace: &Path) -> anyhow::Result<String> {
    let mut table = String::from("| crate | uses | in its public API |\n|---|---|---|\n");
    for folder in CRATES {
        for (other, names) in of_crate(&workspace.join(folder))? {
            let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
            writeln!(
                table,
                "| `okta-{folder}` | `{other}` | {} |",
                names.join(", ")
            )?;
        }
    }
    Ok(table)
}

/// The names of other crates in the public API of the crate in `folder`, by crate.
fn of_crate(folder: &Path) -> anyhow::Result<BTreeMap<String, BTreeSet<String>>> {
    let mut files = Vec::new();
    sources(&folder.join("src"), &mut files)?;
    let parsed = files
        .iter()
        .map(|file| {
            let text = fs::read_to_string(file)?;
            syn::parse_file(&text).with_context(|| file.display().to_string())
        })
        .collect::<anyhow::Result<Vec<_>>>()?;
    let mut surface = Surface::new(&parsed);
    for file in &parsed {
        surface.add(file);
    }
    let others = dependencies(folder)?;
    surface.found.retain(|name, _| others.contains(name));
    Ok(surface.found)
}

/// The crates that the crate in `folder` depends on, as paths name them.
fn dependencies(folder: &Path) -> anyhow::Result<BTreeSet<String>> {
    let manifest = fs::read_to_string(folder.join("Cargo.toml"))?;
    let manifest: toml::Table = toml::from_str(&manifest)?;
    let names = manifest.get("dependencies").and_then(toml::Value::as_table);
    let names = names.into_iter().flat_map(toml::Table::keys);
    let names = names.map(|name| name.replace('-', "_"));
    Ok(names
        .filter(|name| !MACROS.contains(&name.as_str()))
        .collect())
}

/// The source files below `folder`, without tests and generated code.
fn sources(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str());
        match name {
            Some("tests" | "tests.rs" | "generated") => {}
            _ if path.is_dir() => sources(&path, files)?,
            Some(name) if name.ends_with(".rs") => files.push(path),
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::fs;

    use super::table;

    #[test]
    fn releasing_lists_the_types_of_other_crates() {
        let workspace = crate::workspace();
        let releasing = fs::read_to_string(workspace.join("RELEASING.md")).unwrap();
        let table = table(&workspace).unwrap();

        assert!(table.lines().count() > 10, "{table}");
        assert!(
            releasing.contains(&table),
            "the table in RELEASING.md should be that of `cargo xtask public-types`:\n{table}"
        );
    }
}
