//! `cargo xtask spec import`: the facts of Okta's document, once everything about it is right.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail, ensure};
use clap::Args;
use okta_codegen::import::plausible::{Doubt, doubts, tags_without_group};
use okta_codegen::import::{self, Reading};
use okta_codegen::names::Names;
use serde_json::Value;

use super::source::Source;
use super::{Folder, files, read};

#[derive(Debug, Args)]
pub struct Arguments {
    /// Okta's OpenAPI document, YAML or JSON
    pub(super) file: PathBuf,
    #[command(flatten)]
    pub(super) allowed: Allowed,
}

/// What is taken although it is hardly meant.
#[derive(Clone, Copy, Debug, Default, Args)]
pub struct Allowed {
    /// Take a document that lost more than a tenth of the operations or schemas
    #[arg(long)]
    pub(super) allow_loss: bool,
    /// Take a variant of the document: `noEnums` or `oneOfInheritance`
    #[arg(long)]
    pub(super) allow_other_variant: bool,
    /// Take the document of another API
    #[arg(long)]
    pub(super) allow_other_api: bool,
}

impl Allowed {
    /// The option that allows what is in doubt, and whether it was given.
    fn option(self, doubt: &Doubt) -> (&'static str, bool) {
        match doubt {
            Doubt::OtherApi { .. } => ("--allow-other-api", self.allow_other_api),
            Doubt::NoEnums { .. } | Doubt::OneOfInheritance { .. } => {
                ("--allow-other-variant", self.allow_other_variant)
            }
            _ => ("--allow-loss", self.allow_loss),
        }
    }
}

impl Folder {
    /// Imports a document and says what was done. Nothing is written if anything is wrong.
    pub(super) fn import(&self, arguments: &Arguments) -> Result<String> {
        let upstream = &arguments.file;
        let text = read(upstream)?;
        let mut reading = import::read(&text).with_context(|| {
            format!(
                "{} cannot be imported, and nothing was written",
                upstream.display()
            )
        })?;
        if let Some(title) = reading.facts.pointer_mut("/info/title") {
            *title = self.about.title.into();
        }
        let facts = import::to_yaml(&reading.facts)?;
        ensure!(
            text != facts,
            "{} holds facts only already; give the document as Okta publishes it",
            upstream.display()
        );
        let present = fs::read_to_string(self.document()).ok();
        let ours = present.as_deref().and_then(|text| import::facts(text).ok());
        let mut wrong = self.refusals(&text, ours.as_ref(), &reading, arguments.allowed);
        if !reading.faults.0.is_empty() {
            wrong.insert(0, reading.faults.to_string());
        }
        if !wrong.is_empty() {
            bail!(
                "{} cannot be imported, and nothing was written\n{}",
                upstream.display(),
                wrong.join("\n")
            );
        }
        let document = &reading.facts;
        let proposals = self.proposals(document, &facts, present.as_deref())?;
        let names = proposals.names.to_yaml()?;
        Names::load(&names)
            .context("the names that were proposed need a hand, and nothing was written")?;
        let source = Source::of(&text, &facts, document);
        let groups = match ours.map(|ours| tags_without_group(&ours, document)) {
            None | Some(0) => String::new(),
            Some(lost) => format!(
                "{lost} tags are in no tag group any more; if this is no older release, is the file \
                 cut off?\n"
            ),
        };
        files::write_all(&[
            (self.document(), facts),
            (self.list_of_names(), names),
            (self.source(), source.to_toml()?),
        ])?;
        let notes: String = reading
            .notes
            .iter()
            .map(|note| format!("{note}\n"))
            .collect();
        let features = self.features_to_add(&proposals.names);
        Ok(source.summary() + &notes + &groups + &proposals.summary() + &features)
    }

    /// Why a document is not taken although nothing in it is wrong.
    fn refusals(
        &self,
        text: &str,
        ours: Option<&Value>,
        reading: &Reading,
        allowed: Allowed,
    ) -> Vec<String> {
        let doubts = ours.map(|ours| doubts(ours, &reading.facts));
        let mut refusals: Vec<String> = doubts
            .into_iter()
            .flatten()
            .map(|doubt| (doubt.to_string(), allowed.option(&doubt)))
            .filter(|(_, (_, given))| !given)
            .map(|(doubt, (option, _))| format!("{doubt} ({option} takes it all the same)"))
            .collect();
        if ends_in_a_line(text) && !allowed.allow_loss {
            refusals.push(
                "the file ends in the middle of a line: is it cut off? \
                 (--allow-loss takes it all the same)"
                    .to_owned(),
            );
        }
        if !refusals.is_empty() {
            refusals.push(format!("The file to import is {}.", self.about.upstream));
        }
        refusals
    }

    /// Features of operations that the manifest of the SDK has not.
    fn features_to_add(&self, names: &Names) -> String {
        let Some(known) = features(&self.openapi.shared("../sdk/Cargo.toml")) else {
            return String::new();
        };
        let lines = names
            .features()
            .into_iter()
            .filter(|feature| !known.contains_key(*feature));
        lines
            .map(|feature| {
                format!("add to sdk/Cargo.toml: the feature `{feature} = [\"_part\"]`, and `{feature}` to `full`\n")
            })
            .collect()
    }
}

/// The features in a manifest.
fn features(manifest: &Path) -> Option<toml::Table> {
    let manifest: toml::Table = fs::read_to_string(manifest).ok()?.parse().ok()?;
    manifest.get("features")?.as_table().cloned()
}

/// Whether the text stops where more would follow. What is in braces has an end of its own.
fn ends_in_a_line(text: &str) -> bool {
    !text.ends_with('\n') && !text.trim_end().ends_with('}')
}
