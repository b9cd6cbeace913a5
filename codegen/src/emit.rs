//! Rust out of the API's facts.
//!
//! Every emitter is a function of [`crate::api::Api`] and gives files by their path below one of
//! [`FOLDERS`].

pub mod calls;
pub mod coverage;
pub mod models;
pub mod resources;
pub mod round_trip;
mod source;
pub mod surface;
pub mod templates;
#[cfg(test)]
pub(crate) mod testing;
pub mod wire;
mod wrap;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::Error;
use crate::api::Api;
use crate::needed::Needed;
use surface::Surface;

/// Where generated code goes, from the root of the workspace.
pub const GENERATED: &str = "sdk/src/generated";

/// Where the code that checks the SDK with every operation and every type goes.
pub const CHECKS: &str = "xtask/drivers/src/generated";

/// What is known of Okta's API, with the lists of all operations.
pub const OPENAPI: &str = "openapi";

/// The public API as text.
pub const SURFACE: &str = "openapi/api";

/// Folders that hold nothing but generated files.
pub const FOLDERS: &[&str] = &[GENERATED, CHECKS, SURFACE];

/// Emits every file, by its path from the root of the workspace. `needed` are names that handwritten
/// code uses.
///
/// # Errors
/// If something cannot be expressed, what was emitted is not Rust, or a needed name is not there.
pub fn emit(api: &Api, needed: &Needed) -> Result<BTreeMap<PathBuf, String>, Error> {
    let code = [
        models::emit(api)?,
        wire::emit(api)?,
        resources::emit(api)?,
        templates::emit(api)?,
    ];
    let code: BTreeMap<PathBuf, String> = code.into_iter().flatten().collect();
    let surface = Surface::read(api, &code)?;
    needed.check(&surface)?;
    let surface = surface::emit(&surface);
    let code = code.into_iter().map(|file| (GENERATED, file));
    let checks = calls::emit(api)?.into_iter().chain(round_trip::emit(api)?);
    let checks = checks.map(|file| (CHECKS, file));
    let surface = surface.into_iter().map(|file| (SURFACE, file));
    let mut files: BTreeMap<PathBuf, String> = code
        .chain(checks)
        .chain(surface)
        .map(|(folder, (path, text))| (Path::new(folder).join(path), text))
        .collect();
    let coverage = coverage::emit(api).into_iter();
    files.extend(coverage.map(|(path, text)| (Path::new(OPENAPI).join(path), text)));
    Ok(files)
}
