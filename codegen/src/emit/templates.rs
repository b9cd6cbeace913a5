//! The path of every operation, so that a request put together by hand is known by its operation's
//! rate limit.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use quote::quote;

use super::source;
use crate::Error;
use crate::api::Api;

/// `templates.rs`, by its path below the generated folder.
///
/// # Errors
/// If what was emitted is not Rust.
pub fn emit(api: &Api) -> Result<BTreeMap<PathBuf, String>, Error> {
    let paths: BTreeSet<(&str, &str)> = api
        .operations
        .iter()
        .map(|operation| (operation.http_method.as_str(), operation.path.as_str()))
        .collect();
    let paths = paths.iter().map(|(method, path)| quote!((#method, #path)));
    let tokens = quote! {
        //! The method and path of every operation, whatever features are on.

        pub(crate) const TEMPLATES: &[(&str, &str)] = &[#(#paths),*];
    };
    let file = "templates.rs";
    Ok([(file.into(), source::render(file, tokens)?)].into())
}
