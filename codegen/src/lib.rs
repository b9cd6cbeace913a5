//! Generator of the Okta SDK for Rust: Okta's OpenAPI document in, Rust out.
//!
//! ```text
//! upstream.yaml ── import ──▶ openapi/management.yaml ─┐
//!                             openapi/names.yaml ──────┤
//!                                                      ▼
//!            document ─▶ fixups ─▶ lower ─▶ Api ─▶ emit ─▶ sdk/src/generated
//! ```
//!
//! [`generate`] is a pure function of the two files in `openapi/` (and of Okta's prose, where it is
//! asked for): same input, same bytes out.

pub mod api;
pub mod case;
pub mod descriptions;
pub mod diff;
pub mod document;
pub mod emit;
pub mod fixups;
pub mod import;
pub mod lower;
pub mod names;

mod error;

pub use error::Error;

use std::collections::BTreeMap;
use std::path::PathBuf;

use api::Api;
use descriptions::Descriptions;
use document::Document;
use names::Names;

/// Reads both files of facts and gives what the emitters need.
///
/// # Errors
/// If a file cannot be read as what it should be, a fixup no longer matches anything, or the
/// document holds something that the generator does not know.
pub fn load(document: &str, names: &str) -> Result<Api, Error> {
    let mut document = Document::parse(document)?;
    let names = Names::load(names)?;
    fixups::apply(&mut document)?;
    lower::lower(&document, &names)
}

/// Generates every file, by its path from the root of the workspace. The documentation holds
/// `descriptions` beside the facts.
///
/// # Errors
/// As [`load`], or if what was emitted is no valid Rust.
pub fn generate(
    document: &str,
    names: &str,
    descriptions: &Descriptions,
) -> Result<BTreeMap<PathBuf, String>, Error> {
    let mut api = load(document, names)?;
    descriptions.add_to(&mut api);
    emit::emit(&api)
}
