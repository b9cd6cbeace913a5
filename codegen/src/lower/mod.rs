//! From the document to Rust's vocabulary: schemas become types, operations become methods.

mod cycles;
mod facts;
mod links;
mod merge;
mod operations;
mod reach;
mod types;
mod unions;

use std::collections::{BTreeMap, BTreeSet};

use crate::Error;
use crate::api::Api;
use crate::document::Document;
use crate::names::Names;
use types::Types;

/// Lowers a repaired document.
///
/// # Errors
/// If an operation has no name, a reference leads nowhere, or the document holds something that
/// the generator does not know.
pub fn lower(document: &Document, names: &Names) -> Result<Api, Error> {
    let mut types = Types::new(document, names);
    for schema in document.components.schemas.keys() {
        types.component(schema)?;
    }
    let operations = operations::lower(document, names, &mut types)?;
    let mut types = types.finish()?;
    links::may_repeat(&mut types);
    cycles::break_up(&mut types);
    reach::assign_features(&mut types, &operations);
    reach::mark_requested(&mut types, &operations);

    let mut features = BTreeMap::<String, BTreeSet<String>>::new();
    for operation in &operations {
        features
            .entry(operation.feature.clone())
            .or_default()
            .insert(operation.handle.clone());
    }
    Ok(Api {
        release: document.info.version.clone(),
        features,
        operations,
        types,
    })
}
