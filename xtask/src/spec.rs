//! `cargo xtask spec …`: Okta's document and ours.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result, ensure};
use clap::Subcommand;
use okta_codegen::documents::{self, About};
use okta_codegen::import;
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

mod diff;
mod proposals;

use crate::openapi::{self, read};
use crate::output;
use diff::Format;
use proposals::Proposals;

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Write the facts of Okta's document to openapi/, and propose names for what is new
    Import {
        #[command(flatten)]
        which: Which,
        /// Okta's OpenAPI document, YAML or JSON
        file: PathBuf,
    },
    /// Propose names for what the document in openapi/ has and its list of names has not
    Names {
        #[command(flatten)]
        which: Which,
    },
    /// Say what changes with another release, and fail if that breaks the public API
    Diff {
        #[command(flatten)]
        which: Which,
        /// Another release of Okta's OpenAPI document, YAML or JSON
        file: PathBuf,
        /// How to write the report
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
}

/// Which of Okta's documents is meant.
#[derive(Debug, clap::Args)]
pub struct Which {
    /// Okta's document: management, governance or myaccount
    #[arg(long, value_name = "NAME", default_value = "management", value_parser = about)]
    document: &'static About,
}

fn about(name: &str) -> std::result::Result<&'static About, String> {
    documents::named(name).ok_or_else(|| {
        let names: Vec<_> = documents::ALL.iter().map(|about| about.name).collect();
        format!("write one of {}", names.join(", "))
    })
}

impl Command {
    /// Runs the command on the workspace at `root`.
    pub fn run(self, root: &Path) -> Result<ExitCode> {
        let folder = |which: Which| Folder {
            openapi: openapi::Folder::of_workspace(root),
            about: which.document,
        };
        match self {
            Self::Import { which, file } => {
                output::print(&folder(which).import(&file)?)?;
                Ok(ExitCode::SUCCESS)
            }
            Self::Names { which } => {
                output::print(&folder(which).complete_names()?)?;
                Ok(ExitCode::SUCCESS)
            }
            Self::Diff {
                which,
                file,
                format,
            } => folder(which).diff(&file, format),
        }
    }
}

/// The folder that holds what we know of one of Okta's documents.
struct Folder {
    openapi: openapi::Folder,
    about: &'static About,
}

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
        let previous = self.present()?;
        let proposals = self.proposals(&document, &facts, previous.as_deref())?;
        let source = Source::of(&text, &facts, &document);

        self.write("document.yaml", &facts)?;
        self.write("names.yaml", &proposals.names.to_yaml()?)?;
        let toml = toml::to_string(&source)?;
        let header = "# Where document.yaml comes from. Written by `cargo xtask spec import`.\n";
        self.write("SOURCE.toml", &format!("{header}{toml}"))?;
        Ok(source.summary() + &proposals.summary())
    }

    /// Names what the document that is here has and the list of names has not.
    fn complete_names(&self) -> Result<String> {
        let facts = read(&self.openapi.file(self.about, "document.yaml"))?;
        let proposals = self.proposals(&import::facts(&facts)?, &facts, None)?;
        self.write("names.yaml", &proposals.names.to_yaml()?)?;
        Ok(proposals.summary())
    }

    /// The document that is here, if there is one.
    fn present(&self) -> Result<Option<String>> {
        let file = self.openapi.file(self.about, "document.yaml");
        if file.exists() {
            read(&file).map(Some)
        } else {
            Ok(None)
        }
    }

    fn proposals(
        &self,
        document: &Value,
        facts: &str,
        previous: Option<&str>,
    ) -> Result<Proposals> {
        let names = self.openapi.names(self.about)?;
        let roots = self.openapi.roots(self.about)?;
        let taken = self.openapi.taken(self.about)?;
        Proposals::of(
            self.about, document, facts, &names, &roots, previous, &taken,
        )
    }

    fn write(&self, name: &str, text: &str) -> Result<()> {
        let file = self.openapi.file(self.about, name);
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder)?;
        }
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

fn sha256(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests;
