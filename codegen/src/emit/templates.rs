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
    let paths: BTreeSet<(&str, &str, Option<&str>)> = api
        .operations
        .iter()
        .map(|operation| {
            let (method, path) = (&operation.http_method, &operation.path);
            (&**method, &**path, operation.bucket.as_deref())
        })
        .collect();
    let paths = paths.iter().map(|(method, path, bucket)| {
        let bucket = match bucket {
            Some(bucket) => quote!(Some(#bucket)),
            None => quote!(None),
        };
        quote!((#method, #path, #bucket))
    });
    let tokens = quote! {
        //! The method and path of every operation, and its published rate limit bucket, whatever
        //! features are on.

        pub(crate) const TEMPLATES: &[(&str, &str, Option<&str>)] = &[#(#paths),*];
    };
    let file = "templates.rs";
    Ok([(file.into(), source::render(file, tokens)?)].into())
}
