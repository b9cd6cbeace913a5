//! `cargo xtask codegen`: writes everything that is generated, or checks that it is up to date.

mod version;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;
use std::{fs, io};

use anyhow::Context as _;
use okta_codegen::descriptions::Descriptions;
use okta_codegen::{Generated, documents, import};
use similar::TextDiff;

use crate::openapi::{Folder, read};
use crate::output;

/// Options of `cargo xtask codegen`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Compare with what is there instead of writing; fails at the first difference
    #[arg(long)]
    check: bool,
    /// Generate from a release that is not the one that is committed: say which repairs of the
    /// document it does not need, and go on
    #[arg(long)]
    other_release: bool,
    /// Put the descriptions of this file, Okta's document as it is published, into the
    /// documentation; for use on your machine, not to be committed
    #[arg(long, value_name = "FILE", conflicts_with = "check")]
    with_descriptions: Option<PathBuf>,
}

impl Arguments {
    pub fn run(&self, root: &Path) -> anyhow::Result<ExitCode> {
        let started = Instant::now();
        let texts = Folder::of_workspace(root).texts()?;
        let descriptions = match &self.with_descriptions {
            Some(file) => Descriptions::parse(&read(file)?)?,
            None => Descriptions::default(),
        };
        let sources = texts.sources();
        let Generated {
            mut files,
            dropped,
            release,
        } = if self.other_release {
            let about = documents::MANAGEMENT;
            let facts = import::facts(texts.document(about))?;
            let (generated, notes) =
                okta_codegen::generate_other(&sources, about, facts, &descriptions)?;
            output::print(
                &notes
                    .iter()
                    .map(|note| format!("{note}\n"))
                    .collect::<String>(),
            )?;
            generated
        } else {
            okta_codegen::generate(&sources, &descriptions)?
        };
        let orphans = orphans(root, &files)?;
        let manifest = version::with_release(
            &read(&root.join(version::MANIFEST))?,
            &read(&root.join("Cargo.toml"))?,
            &release,
        )?;
        files.insert(version::MANIFEST.into(), manifest);
        if self.check {
            return check(root, &files, &orphans);
        }
        let mut written = 0;
        for (path, text) in &files {
            written += usize::from(write(&root.join(path), text)?);
        }
        for path in &orphans {
            fs::remove_file(root.join(path))?;
        }
        let lines: usize = files.values().map(|text| text.lines().count()).sum();
        output::print(&format!(
            "{} files, {lines} lines: {written} written, {} deleted, in {:.1} s\n",
            files.len(),
            orphans.len(),
            started.elapsed().as_secs_f64()
        ))?;
        output::print(&format!(
            "{} schemas left out: no operation reaches them, and no roots.yaml has them\n",
            dropped.len()
        ))?;
        Ok(ExitCode::SUCCESS)
    }
}

/// Writes a file unless it has that text already, so that nothing is rebuilt in vain.
fn write(path: &Path, text: &str) -> anyhow::Result<bool> {
    if fs::read_to_string(path).is_ok_and(|old| old == text) {
        return Ok(false);
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(true)
}

/// Prints the first difference, and the command that mends it.
fn check(
    root: &Path,
    files: &BTreeMap<PathBuf, String>,
    orphans: &BTreeSet<PathBuf>,
) -> anyhow::Result<ExitCode> {
    for (path, text) in files {
        let old = match fs::read_to_string(root.join(path)) {
            Ok(old) => old,
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(error.into()),
        };
        if old != *text {
            let diff = TextDiff::from_lines(&old, text);
            let shown = diff.unified_diff().context_radius(2).to_string();
            let mut text = String::new();
            for line in shown.lines().take(40) {
                text.push_str(line);
                text.push('\n');
            }
            output::print(&format!(
                "{text}{} is out of date: run `cargo xtask codegen`\n",
                path.display()
            ))?;
            return Ok(ExitCode::FAILURE);
        }
    }
    if let Some(orphan) = orphans.first() {
        output::print(&format!(
            "{} is generated no more: run `cargo xtask codegen`\n",
            orphan.display()
        ))?;
        return Ok(ExitCode::FAILURE);
    }
    output::print(&format!("{} generated files are up to date\n", files.len()))?;
    Ok(ExitCode::SUCCESS)
}

/// Files in the generated folders that are generated no more.
fn orphans(root: &Path, files: &BTreeMap<PathBuf, String>) -> anyhow::Result<BTreeSet<PathBuf>> {
    let mut orphans = BTreeSet::new();
    for folder in okta_codegen::emit::FOLDERS {
        let mut open = vec![root.join(folder)];
        while let Some(folder) = open.pop() {
            if !folder.exists() {
                continue;
            }
            for entry in fs::read_dir(&folder)? {
                let path = entry?.path();
                if path.is_dir() {
                    open.push(path);
                    continue;
                }
                let relative = path.strip_prefix(root)?.to_path_buf();
                if !files.contains_key(&relative) {
                    orphans.insert(relative);
                }
            }
        }
    }
    Ok(orphans)
}
