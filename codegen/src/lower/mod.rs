//! From the document to Rust's vocabulary: schemas become types, operations become methods.

mod cycles;
mod facts;
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
use crate::api::{Api, Operation, Type, TypeRef};
use crate::document::Document;
use crate::identifiers;
use crate::names::Names;
use crate::roots::Roots;
use tags::Tags;
use types::Types;

pub use propose::{Proposal, propose};

/// Lowers a repaired document.
///
/// # Errors
/// If an operation or a place of a type has no name or a name has no place, places with the same
/// name contradict each other, a reference leads nowhere, or the document holds something that
/// the generator does not know.
pub fn lower(document: &Document, names: &Names, roots: &Roots) -> Result<Api, Error> {
    let mut api = without_identifiers(document, names, roots)?;
    identifiers::assign(&mut api, names)?;
    Ok(api)
}

/// As [`lower`], but for what the list of names calls members, values, kinds and parameters.
///
/// # Errors
/// As [`lower`], but for missing identifiers.
pub(crate) fn without_identifiers(
    document: &Document,
    names: &Names,
    roots: &Roots,
) -> Result<Api, Error> {
    let Places {
        types,
        tags,
        mut operations,
        mut roots,
        schemas,
    } = places(document, names, roots)?;
    share::check(&types, names)?;
    let requested = reach::requested(&types, &operations);
    let mut types = share::share(types, &requested, names)?;
    share::rename_in_operations(&mut operations, names);
    share::rename_in_roots(&mut roots, names);
    tags.fix(&mut types, names)?;
    links::may_repeat(&mut types);
    cycles::break_up(&mut types);
    reach::assign_features(&mut types, &operations, &roots);
    reach::mark_requested(&mut types, &operations);

    let mut features = BTreeMap::<String, BTreeSet<String>>::new();
    for operation in &operations {
        features
            .entry(operation.feature.clone())
            .or_default()
            .insert(operation.handle.clone());
    }
    reach::check_roots(&roots, &features)?;
    let all = document.components.schemas.keys();
    let dropped = all
        .filter(|schema| !schemas.contains(*schema))
        .map(|schema| (document.about.name, schema.clone()));
    Ok(Api {
        dropped: dropped.collect(),
        documents: vec![(document.about, document.info.version.clone())],
        features,
        operations,
        types,
        words: BTreeMap::new(),
        examples: BTreeMap::new(),
    })
}

/// The document before its types have names: whatever refers to one refers to a place.
struct Places {
    types: BTreeMap<String, Type>,
    tags: Tags,
    operations: Vec<Operation>,
    roots: Vec<Root>,
    /// Schemas that were met.
    schemas: BTreeSet<String>,
}

impl Places {
    /// Those of the types that an operation or a root refers to: some are met in vain.
    fn reached(mut self) -> Self {
        let reached = reach::reached(&self);
        self.schemas
            .retain(|schema| reached.contains(schema) || !self.types.contains_key(schema));
        self.types.retain(|place, _| reached.contains(place));
        self.tags.retain(|place| reached.contains(place));
        self
    }
}

/// A schema that is wanted for itself.
struct Root {
    schema: String,
    ty: TypeRef,
    feature: String,
}

/// Every type that an operation or a root reaches.
fn places(document: &Document, names: &Names, roots: &Roots) -> Result<Places, Error> {
    // Which schemas are reached shows once they have become types. They are lowered again in their
    // own order, so that a place is called the same whoever refers to it first.
    let found = met(document, names, roots, &BTreeSet::new())?.reached();
    Ok(met(document, names, roots, &found.schemas)?.reached())
}

/// What is met on the way through some schemas, the operations and the roots.
fn met(
    document: &Document,
    names: &Names,
    roots: &Roots,
    schemas: &BTreeSet<String>,
) -> Result<Places, Error> {
    let mut types = Types::new(document, names);
    let mut wrong = Vec::new();
    for schema in schemas {
        wrong.extend(types.component(schema).err());
    }
    let operations = operations::lower(document, names, &mut types, &mut wrong);
    let mut found = Vec::new();
    for (schema, feature) in roots.of(document) {
        match types.component(schema) {
            Ok(ty) => found.push(Root {
                schema: schema.to_owned(),
                ty,
                feature: feature.to_owned(),
            }),
            Err(error) => wrong.push(error),
        }
    }
    Error::unless_empty(wrong)?;
    let roots = found;
    let schemas = types.met();
    let (types, tags) = types.registry.finish();
    Ok(Places {
        types,
        tags,
        operations,
        roots,
        schemas,
    })
}
