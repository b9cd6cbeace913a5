//! `cargo xtask spec …`: Okta's document and ours.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result, ensure};
use clap::Subcommand;
use okta_codegen::import;
use okta_codegen::names::Names;
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

mod diff;
mod proposals;

use crate::output;
use diff::Format;
use proposals::Proposals;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Write the facts of Okta's document to openapi/, and propose names for what is new
    Import {
        /// Okta's OpenAPI document, YAML or JSON
        file: PathBuf,
    },
    /// Propose names for what openapi/management.yaml has and openapi/names.yaml has not
    Names,
    /// Say what changes with another release, and fail if that breaks the public API
    Diff {
        /// Another release of Okta's OpenAPI document, YAML or JSON
        file: PathBuf,
        /// How to write the report
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
}

impl Command {
    /// Runs the command on the workspace at `root`.
    pub fn run(self, root: &Path) -> Result<ExitCode> {
        let folder = Folder(root.join("openapi"));
        match self {
            Self::Import { file } => {
                output::print(&folder.import(&file)?)?;
                Ok(ExitCode::SUCCESS)
            }
            Self::Names => {
                output::print(&folder.complete_names()?)?;
                Ok(ExitCode::SUCCESS)
            }
            Self::Diff { file, format } => folder.diff(&file, format),
        }
    }
}

/// The folder that holds what we know of Okta's API.
struct Folder(PathBuf);

/// Where our document comes from and how much is in it: `SOURCE.toml`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Source {
    title: String,
    release: String,
    upstream_sha256: String,
    facts_sha256: String,
    paths: usize,
    operations: usize,
    tags: usize,
    schemas: usize,
}

impl Folder {
    /// Imports `upstream` and says what was done.
    fn import(&self, upstream: &Path) -> Result<String> {
        let text = read(upstream)?;
        let facts = import::import(&text)
            .with_context(|| format!("{} cannot be imported", upstream.display()))?;
        ensure!(
            text != facts,
            "{} holds facts only already; give the document as Okta publishes it",
            upstream.display()
        );
        let document = import::facts(&facts)?;
        let proposals = Proposals::of(&document, &facts, &self.names()?)?;
        let source = Source::of(&text, &facts, &document);

        self.write("management.yaml", &facts)?;
        self.write("names.yaml", &proposals.names.to_yaml()?)?;
        let toml = toml::to_string(&source)?;
        let header = "# Where management.yaml comes from. Written by `cargo xtask spec import`.\n";
        self.write("SOURCE.toml", &format!("{header}{toml}"))?;
        Ok(source.summary() + &proposals.summary())
    }

    /// Names what the document that is here has and the list of names has not.
    fn complete_names(&self) -> Result<String> {
        let facts = read(&self.0.join("management.yaml"))?;
        let proposals = Proposals::of(&import::facts(&facts)?, &facts, &self.names()?)?;
        self.write("names.yaml", &proposals.names.to_yaml()?)?;
        Ok(proposals.summary())
    }

    /// The names that we have; none before the first import.
    fn names(&self) -> Result<Names> {
        let file = self.0.join("names.yaml");
        if !file.exists() {
            return Ok(Names::default());
        }
        Names::load(&read(&file)?).with_context(|| format!("{} needs a hand", file.display()))
    }

    fn write(&self, name: &str, text: &str) -> Result<()> {
        let file = self.0.join(name);
        fs::write(&file, text).with_context(|| format!("cannot write {}", file.display()))
    }
}

impl Source {
    fn of(upstream: &str, facts: &str, document: &Value) -> Self {
        let text = |pointer| {
            let text = document.pointer(pointer).and_then(Value::as_str);
            text.unwrap_or_default().to_owned()
        };
        let size = |pointer| match document.pointer(pointer) {
            Some(Value::Object(map)) => map.len(),
            Some(Value::Array(list)) => list.len(),
            _ => 0,
        };
        let paths = document.get("paths").and_then(Value::as_object);
        let operations = paths
            .into_iter()
            .flat_map(|paths| paths.values())
            .filter_map(Value::as_object)
            .flat_map(|item| item.values())
            .filter(|operation| operation.get("operationId").is_some())
            .count();
        Self {
            title: text("/info/title"),
            release: text("/info/version"),
            upstream_sha256: sha256(upstream),
            facts_sha256: sha256(facts),
            paths: size("/paths"),
            operations,
            tags: size("/tags"),
            schemas: size("/components/schemas"),
        }
    }

    fn summary(&self) -> String {
        let Self {
            title,
            release,
            paths,
            operations,
            tags,
            schemas,
            ..
        } = self;
        format!(
            "{title} {release}: {paths} paths, {operations} operations, {tags} tags, \
             {schemas} schemas\n"
        )
    }
}

fn read(file: &Path) -> Result<String> {
    fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))
}

fn sha256(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests;
