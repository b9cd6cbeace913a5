//! From the document to Rust's vocabulary: schemas become types, operations become methods.

mod cycles;
mod facts;
mod idents;
mod kinds;
mod links;
mod merge;
mod operations;
mod params;
mod place;
mod propose;
mod reach;
mod registry;
mod shape;
mod share;
mod tags;
mod types;
mod unions;

use std::collections::{BTreeMap, BTreeSet};

use crate::Error;
use crate::api::{Api, Operation, Type};
use crate::document::Document;
use crate::names::Names;
use tags::Tags;
use types::Types;

pub use propose::{Proposal, propose};

/// Lowers a repaired document.
///
/// # Errors
/// If an operation or a place of a type has no name or a name has no place, places with the same
/// name contradict each other, a reference leads nowhere, or the document holds something that
/// the generator does not know.
pub fn lower(document: &Document, names: &Names) -> Result<Api, Error> {
    let Places {
        types,
        tags,
        mut operations,
    } = places(document, names)?;
    share::check(&types, names)?;
    let requested = reach::requested(&types, &operations);
    let mut types = share::share(types, &requested, names)?;
    share::rename_in_operations(&mut operations, names);
    tags.fix(&mut types, names)?;
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

/// The document before its types have names: whatever refers to one refers to a place.
struct Places {
    types: BTreeMap<String, Type>,
    tags: Tags,
    operations: Vec<Operation>,
}

fn places(document: &Document, names: &Names) -> Result<Places, Error> {
    let mut types = Types::new(document, names);
    for schema in document.components.schemas.keys() {
        types.component(schema)?;
    }
    let operations = operations::lower(document, names, &mut types)?;
    let (types, tags) = types.registry.finish();
    Ok(Places {
        types,
        tags,
        operations,
    })
}
