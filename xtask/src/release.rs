//! `cargo xtask try-release`: another release of Okta's document, all the way through.
//!
//! A copy of the workspace under `target/` gets the code of that release, is compiled with all
//! features, and has to keep all that its models are given. Nothing of ours is touched.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context as _, Result, ensure};
use okta_codegen::descriptions::Descriptions;
use okta_codegen::{documents, emit, import};

use crate::openapi::{Folder, read};
use crate::output;

/// What is copied: what generated code is compiled with.
const PARTS: &[&str] = &["auth", "emulator", "sdk", "xtask/drivers"];

/// What has to work in the copy.
const STEPS: &[(&str, &[&str])] = &[
    (
        "compiles with all features",
        &["check", "--package", "okta-sdk", "--all-features"],
    ),
    (
        "models keep what they are given",
        &["test", "--package", "xtask-drivers", "--test", "models"],
    ),
];

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// A release of Okta's OpenAPI document, YAML or JSON
    file: PathBuf,
}

/// Contents of files, by their path from the root of a workspace.
type Files = BTreeMap<PathBuf, Vec<u8>>;

impl Arguments {
    /// Tries the release in a copy of the workspace at `root`.
    pub fn run(&self, root: &Path) -> Result<ExitCode> {
        let folder = root.join("target/other-release");
        let copy = folder.join("workspace");
        let mut files = workspace(root)?;
        self.generate(root, &mut files)?;
        synchronize(&copy, &files)?;
        for (what, arguments) in STEPS {
            output::print(&format!("{what}: cargo {}\n", arguments.join(" ")))?;
            let status = Command::new(env!("CARGO"))
                .args(*arguments)
                .arg("--offline")
                .current_dir(&copy)
                .env("CARGO_TARGET_DIR", folder.join("target"))
                .status()
                .context("cannot start cargo")?;
            ensure!(
                status.success(),
                "not so for {}; the copy is in {}",
                self.file.display(),
                copy.display()
            );
        }
        Ok(ExitCode::SUCCESS)
    }

    /// Adds the code of the release, and prints how it differs from ours.
    fn generate(&self, root: &Path, files: &mut Files) -> Result<()> {
        let upstream = read(&self.file)?;
        let facts = import::import(&upstream)
            .with_context(|| format!("{} cannot be imported", self.file.display()))?;
        let texts = Folder::of_workspace(root).texts()?;
        let (generated, notes) = okta_codegen::generate_other(
            &texts.sources(),
            documents::MANAGEMENT,
            import::facts(&facts)?,
            &Descriptions::default(),
        )?;
        for note in &notes {
            output::print(&format!("  to review: {note}\n"))?;
        }
        let generated = generated.files.into_iter();
        files.extend(generated.map(|(path, text)| (path, text.into_bytes())));
        Ok(())
    }
}

/// The handwritten files of the parts that are copied, in a workspace of their own.
fn workspace(root: &Path) -> Result<Files> {
    let mut files = Files::new();
    for part in PARTS {
        collect(root, Path::new(part), &mut files)?;
    }
    let manifest = read(&root.join("Cargo.toml"))?;
    let mut manifest: toml::Table = manifest.parse().context("Cargo.toml")?;
    if let Some(toml::Value::Table(workspace)) = manifest.get_mut("workspace") {
        let members: Vec<_> = PARTS.iter().map(|&part| part.into()).collect();
        workspace.insert("members".to_owned(), toml::Value::Array(members));
        workspace.remove("default-members");
    }
    files.insert(
        "Cargo.toml".into(),
        toml::to_string(&manifest)?.into_bytes(),
    );
    files.insert("Cargo.lock".into(), fs::read(root.join("Cargo.lock"))?);
    Ok(files)
}

/// Reads what is below a folder, but for what is generated or built.
fn collect(root: &Path, folder: &Path, files: &mut Files) -> Result<()> {
    for entry in fs::read_dir(root.join(folder))? {
        let path = folder.join(entry?.file_name());
        let is_generated = emit::FOLDERS.iter().any(|folder| path == Path::new(folder));
        if is_generated || path.ends_with("target") {
            continue;
        }
        if root.join(&path).is_dir() {
            collect(root, &path, files)?;
        } else {
            let content = fs::read(root.join(&path));
            files.insert(
                path.clone(),
                content.with_context(|| path.display().to_string())?,
            );
        }
    }
    Ok(())
}

/// Makes the copy hold these files and no others. What has not changed is not written, so that it
/// is not built again.
fn synchronize(copy: &Path, files: &Files) -> Result<()> {
    let mut open = vec![copy.to_path_buf()];
    while let Some(folder) = open.pop().filter(|folder| folder.exists()) {
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() {
                open.push(path);
            } else if !files.contains_key(path.strip_prefix(copy)?) {
                fs::remove_file(path)?;
            }
        }
    }
    for (path, content) in files {
        let path = copy.join(path);
        if fs::read(&path).is_ok_and(|known| known == *content) {
            continue;
        }
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&path, content).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}
