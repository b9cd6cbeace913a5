//! Generator of the Okta SDK for Rust: Okta's OpenAPI document in, Rust out.
//!
//! ```text
//! upstream.yaml ── import ──▶ openapi/<document>/document.yaml ─┐
//!                             openapi/<document>/names.yaml ────┤
//!                             openapi/<document>/roots.yaml ────┤
//!                             openapi/server_owned.yaml ────────┤
//!                             openapi/rate_limits.yaml ─────────┤
//!                             openapi/not_secret.yaml ──────────┤
//!                             openapi/words.yaml ───────────────┤
//!                             openapi/examples.yaml ────────────┤
//!                             openapi/needed.yaml ──────────────┤
//!                                                               ▼
//!            documents ─▶ fixups ─▶ lower ─▶ Api ─▶ emit ─▶ sdk/src/generated
//!                             └─▶ emulated ─▶ emulator/src/document/facts.json
//! ```
//!
//! [`generate`] is a pure function of these files in `openapi/` (and of Okta's prose, where it is
//! asked for): same input, same bytes out.

pub mod api;
pub mod arguments;
pub mod buckets;
pub mod case;
pub mod credentials;
pub mod defaults;
pub mod descriptions;
pub mod diff;
pub mod document;
pub mod documents;
pub mod emit;
pub mod emulated;
pub mod examples;
pub mod fixups;
pub mod identifiers;
pub mod ids;
pub mod import;
pub mod lower;
pub mod names;
pub mod needed;
pub mod other;
pub mod proposal;
pub mod replacing;
pub mod reserved;
pub mod reviewed;
pub mod roots;
pub mod words;

mod error;

pub use error::Error;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use serde_json::Value;

use api::Api;
use descriptions::Descriptions;
use document::Document;
use documents::About;
use examples::Examples;
use names::{Names, Taken};
use needed::Needed;
use reviewed::Reviewed;
use roots::Roots;
use words::Words;

/// What is known of Okta's API: the texts of the files in `openapi/`.
#[derive(Debug, Clone)]
pub struct Sources<'a> {
    /// Okta's documents.
    pub documents: Vec<Source<'a>>,
    /// `server_owned.yaml`: members that requests leave out.
    pub server_owned: &'a str,
    /// `rate_limits.yaml`: rate limit buckets that Okta publishes.
    pub rate_limits: &'a str,
    /// `not_secret.yaml`: members that sound like a credential and are none.
    pub not_secret: &'a str,
    /// `words.yaml`: sentences of our own for the documentation.
    pub words: &'a str,
    /// `examples.yaml`: examples of handles for the documentation.
    pub examples: &'a str,
    /// `needed.yaml`: generated names that handwritten code uses.
    pub needed: &'a str,
}

/// One of Okta's documents, and what is in it called.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// Which it is.
    pub about: &'static About,
    /// `document.yaml`: its facts alone.
    pub document: &'a str,
    /// `names.yaml`: what things are called in Rust.
    pub names: &'a str,
    /// `roots.yaml`: schemas that no operation reaches and that are wanted all the same.
    pub roots: &'a str,
}

/// Reads what is known and gives what the emitters need.
///
/// # Errors
/// If a file cannot be read as what it should be, a fixup, a root or a reviewed entry no longer matches
/// anything, a member sounds like a credential and nobody has looked at it, two documents claim the
/// same name, or one holds something that the generator does not know.
pub fn load(sources: &Sources<'_>) -> Result<Api, Error> {
    let (mut api, names) = joined(sources, lowered)?;
    review(&mut api, &names, sources)?;
    arguments::apply(&mut api, &names)?;
    let words = Words::parse(sources.words)?;
    let stale = words.add_to(&mut api);
    let missing = words.missing(&api);
    if !stale.is_empty() || !missing.is_empty() {
        return Err(Error::Wording { stale, missing });
    }
    let faults = Examples::parse(sources.examples)?.add_to(&mut api);
    if !faults.is_empty() {
        return Err(Error::WrongExamples { faults });
    }
    Ok(api)
}

/// The API of all documents, each of them lowered, and what their lists say of types.
fn joined<'a>(
    sources: &Sources<'a>,
    mut lower: impl FnMut(&Source<'a>) -> Result<(Api, Names), Error>,
) -> Result<(Api, Names), Error> {
    let mut names = Names::default();
    let mut api: Option<Api> = None;
    for source in &sources.documents {
        let (lowered, own_names) = lower(source)?;
        api = Some(match api {
            None => lowered,
            Some(api) => api.join(lowered)?,
        });
        names.add_types_of(own_names);
    }
    let api = api.ok_or_else(|| Error::unsupported("openapi", "there is no document"))?;
    Ok((api, names))
}

/// One document as it is, and its names.
fn lowered(source: &Source<'_>) -> Result<(Api, Names), Error> {
    let document = repaired(source)?;
    let names = Names::load(source.names)?;
    let roots = Roots::parse(source.roots)?;
    roots.check(&document)?;
    let api = lower::lower(&document, &names, &roots)?;
    Ok((api, names))
}

/// One document with the mistakes mended that we know of.
fn repaired(source: &Source<'_>) -> Result<Document, Error> {
    let mut document = Document::parse_of(source.about, source.document)?;
    fixups::apply(&mut document)?;
    Ok(document)
}

/// What the emulator knows of the management document, or of `facts` in its place.
fn emulated(sources: &Sources<'_>, facts: Option<Value>) -> Result<(PathBuf, String), Error> {
    let document = match facts {
        Some(facts) => {
            let mut document = Document::from_value(documents::MANAGEMENT, facts)?;
            fixups::apply_where_needed(&mut document);
            document
        }
        None => {
            let mut documents = sources.documents.iter();
            let management = documents.find(|source| source.about == documents::MANAGEMENT);
            let missing = || Error::unsupported("openapi", "there is no management document");
            repaired(management.ok_or_else(missing)?)?
        }
    };
    Ok((emulated::FILE.into(), emulated::facts(&document)?))
}

/// Does what people have decided by looking at single members.
///
/// # Errors
/// If entries of the lists match nothing, with all of them; what does match is done all the same.
fn review(api: &mut Api, names: &Names, sources: &Sources<'_>) -> Result<(), Error> {
    let server_owned = Reviewed::parse("server_owned.yaml", sources.server_owned)?;
    let not_secret = Reviewed::parse("not_secret.yaml", sources.not_secret)?;
    let outcomes = [
        server_owned.mark(api, |field| field.server_owned = true),
        credentials::review(api, &not_secret),
        ids::mark(api, names),
        defaults::apply(api, names),
        buckets::mark(api, sources.rate_limits),
    ];
    Error::unless_empty(outcomes.into_iter().filter_map(Result::err).collect())
}

/// Completes the names of a document: see [`proposal::complete`]. `previous` is the text of the
/// document that `names` was made for, `others` are the names of the other documents. Roots that
/// the document lacks are passed over.
///
/// # Errors
/// As [`proposal::complete`], and if a document cannot be read.
pub fn propose(
    about: &'static About,
    document: &str,
    names: &Names,
    roots: &Roots,
    previous: Option<&str>,
    others: &Taken,
) -> Result<(proposal::Proposal, Vec<fixups::NotNeeded>), Error> {
    let repaired = |text: &str| -> Result<_, Error> {
        let mut document = Document::parse_of(about, text)?;
        let not_needed = fixups::apply_where_needed(&mut document);
        Ok((document, not_needed))
    };
    // What the document was before is only asked for what it knows: it may be unreadable by now.
    let previous = previous.and_then(|text| repaired(text).ok());
    let previous = previous.as_ref().map(|(document, _)| document);
    let (document, not_needed) = repaired(document)?;
    let proposal = proposal::complete(&document, names, roots, previous, others)?;
    Ok((proposal, not_needed))
}

/// What [`generate`] gives.
#[derive(Debug, Clone)]
pub struct Generated {
    /// Every file, by its path from the root of the workspace.
    pub files: BTreeMap<PathBuf, String>,
    /// Documents and schemas that neither an operation nor a root reaches, and that are left out.
    pub dropped: BTreeSet<(&'static str, String)>,
    /// The release of the management document, such as `2026.06.3`.
    pub release: String,
}

/// Generates every file. The documentation holds `descriptions` beside the facts.
///
/// # Errors
/// As [`load`], or if what was emitted is no valid Rust.
pub fn generate(sources: &Sources<'_>, descriptions: &Descriptions) -> Result<Generated, Error> {
    let mut api = load(sources)?;
    descriptions.add_to(&mut api);
    let mut files = emit::emit(&api, &Needed::parse(sources.needed)?)?;
    files.extend([emulated(sources, None)?]);
    Ok(Generated {
        files,
        release: api.release_of(documents::MANAGEMENT).to_owned(),
        dropped: api.dropped,
    })
}

/// Like [`generate`], with other facts in place of the document that is about the same: those of a
/// release that is not committed. What our lists say of things that it lacks is given beside the
/// files, and no error.
///
/// # Errors
/// As [`generate`], but for fixups and reviewed lists.
pub fn generate_other(
    sources: &Sources<'_>,
    about: &'static About,
    facts: Value,
    descriptions: &Descriptions,
) -> Result<(Generated, Vec<String>), Error> {
    let emulated_facts = (about == documents::MANAGEMENT).then(|| facts.clone());
    let (mut api, notes) = other::load(sources, about, facts)?;
    descriptions.add_to(&mut api);
    let mut files = emit::emit(&api, &Needed::parse(sources.needed)?)?;
    files.extend([emulated(sources, emulated_facts)?]);
    let generated = Generated {
        files,
        release: api.release_of(documents::MANAGEMENT).to_owned(),
        dropped: api.dropped,
    };
    Ok((generated, notes))
}
