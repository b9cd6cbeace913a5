//! Generator of the Okta SDK for Rust: Okta's OpenAPI document in, Rust out.
//!
//! ```text
//! upstream.yaml ── import ──▶ openapi/management.yaml ─┐
//!                             openapi/names.yaml ──────┤
//!                       openapi/server_owned.yaml ─────┤
//!                         openapi/not_secret.yaml ─────┤
//!                                                      ▼
//!            document ─▶ fixups ─▶ lower ─▶ Api ─▶ emit ─▶ sdk/src/generated
//! ```
//!
//! [`generate`] is a pure function of these files in `openapi/` (and of Okta's prose, where it is
//! asked for): same input, same bytes out.

pub mod api;
pub mod case;
pub mod credentials;
pub mod defaults;
pub mod descriptions;
pub mod diff;
pub mod document;
pub mod emit;
pub mod fixups;
pub mod ids;
pub mod import;
pub mod lower;
pub mod names;
pub mod other_release;
pub mod replacing;
pub mod reserved;
pub mod reviewed;

mod error;

pub use error::Error;

use std::collections::BTreeMap;
use std::path::PathBuf;

use api::Api;
use descriptions::Descriptions;
use document::Document;
use names::Names;
use reviewed::Reviewed;

/// What is known of Okta's API: the texts of the files in `openapi/`.
#[derive(Debug, Clone, Copy)]
pub struct Sources<'a> {
    /// `management.yaml`: Okta's document, its facts alone.
    pub document: &'a str,
    /// `names.yaml`: what things are called in Rust.
    pub names: &'a str,
    /// `server_owned.yaml`: members that requests leave out.
    pub server_owned: &'a str,
    /// `not_secret.yaml`: members that sound like a credential and are none.
    pub not_secret: &'a str,
}

/// Reads what is known and gives what the emitters need.
///
/// # Errors
/// If a file cannot be read as what it should be, a fixup or a reviewed entry no longer matches
/// anything, a member sounds like a credential and nobody has looked at it, or the document holds
/// something that the generator does not know.
pub fn load(sources: &Sources<'_>) -> Result<Api, Error> {
    let mut document = Document::parse(sources.document)?;
    let names = Names::load(sources.names)?;
    fixups::apply(&mut document)?;
    let mut api = lower::lower(&document, &names)?;
    Reviewed::parse("server_owned.yaml", sources.server_owned)?
        .mark(&mut api, |field| field.server_owned = true)?;
    credentials::review(
        &mut api,
        &Reviewed::parse("not_secret.yaml", sources.not_secret)?,
    )?;
    ids::mark(&mut api, &names)?;
    defaults::apply(&mut api, &names)?;
    Ok(api)
}

/// Completes the names of a document's types: see [`lower::propose`].
///
/// # Errors
/// If the document cannot be read, a fixup no longer matches it, or it holds something that the
/// generator does not know.
pub fn propose_types(document: &str, names: &Names) -> Result<lower::Proposal, Error> {
    let mut document = Document::parse(document)?;
    fixups::apply(&mut document)?;
    let mut proposal = lower::propose(&document, names)?;
    let mut current = proposal.names.clone();
    current
        .types
        .retain(|place, _| !proposal.stale.contains(place));
    let api = lower::lower(&document, &current)?;
    for (member, value) in defaults::propose(&api, &proposal.names) {
        proposal.added.push(format!("{member} is always {value}"));
        proposal.names.defaults.insert(member, value);
    }
    Ok(proposal)
}

/// Generates every file, by its path from the root of the workspace. The documentation holds
/// `descriptions` beside the facts.
///
/// # Errors
/// As [`load`], or if what was emitted is no valid Rust.
pub fn generate(
    sources: &Sources<'_>,
    descriptions: &Descriptions,
) -> Result<BTreeMap<PathBuf, String>, Error> {
    let mut api = load(sources)?;
    descriptions.add_to(&mut api);
    emit::emit(&api)
}
