//! Words that the documentation avoids: the table in CONTRIBUTING.md is the list.

mod list;
mod prose;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;

use self::list::List;
use crate::output;

/// The file with the table.
const LIST: &str = "CONTRIBUTING.md";

/// Where rustdoc comments are checked: what users of the crates read.
const SOURCES: [&str; 4] = ["auth/src", "emulator/src", "examples/src", "sdk/src"];

/// Folders of other people's files.
const SKIPPED: [&str; 3] = [".git", "node_modules", "target"];

/// What to check.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Leave out the documentation of generated code
    #[arg(long)]
    handwritten: bool,
}

impl Arguments {
    /// Prints each place where a word of the list is used; fails if there is one.
    pub fn run(self, workspace: &Path) -> anyhow::Result<ExitCode> {
        let list = fs::read_to_string(workspace.join(LIST)).context(LIST)?;
        let list = List::parse(&list)?;
        let mut files = Vec::new();
        collect(workspace, "md", &mut files)?;
        for sources in SOURCES {
            collect(&workspace.join(sources), "rs", &mut files)?;
        }
        files.sort();

        let mut report = String::new();
        let (mut found, mut looked_at) = (0, 0);
        for file in &files {
            let name = file.strip_prefix(workspace).unwrap_or(file);
            if self.handwritten && name.iter().any(|part| part == "generated") {
                continue;
            }
            looked_at += 1;
            let text = fs::read_to_string(file).with_context(|| name.display().to_string())?;
            let words = match file.extension() {
                Some(extension) if extension == "rs" => prose::of_rust(&text),
                _ => prose::of_markdown(&text),
            };
            for hit in list.search(&words) {
                found += 1;
                writeln!(
                    report,
                    "{}:{}: \"{}\"; write: {}",
                    name.display(),
                    hit.line,
                    hit.phrase,
                    hit.instead
                )?;
            }
        }
        writeln!(report, "{found} found in {looked_at} files")?;
        output::print(&report)?;
        Ok(if found == 0 {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        })
    }
}

/// Files below a folder with that extension.
fn collect(folder: &Path, extension: &str, files: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    let entries = fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    for entry in entries {
        let entry = entry?;
        let (path, kind) = (entry.path(), entry.file_type()?);
        let skipped = SKIPPED.iter().any(|name| entry.file_name() == *name);
        if kind.is_dir() && !skipped {
            collect(&path, extension, files)?;
        } else if kind.is_file() && path.extension().is_some_and(|is| is == extension) {
            files.push(path);
        }
    }
    Ok(())
}
