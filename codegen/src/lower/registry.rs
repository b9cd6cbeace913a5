//! The types met so far, by place, and where the document has them.

use std::collections::{BTreeMap, BTreeSet};

use super::facts;
use super::tags::Tags;
use crate::Error;
use crate::api::{Type, TypeKind, TypeRef};
use crate::document::Schema;
use crate::names::Names;

/// Types met so far.
pub(super) struct Registry<'a> {
    names: &'a Names,
    types: BTreeMap<String, Type>,
    /// What unions tell records by.
    pub tags: Tags,
}

impl<'a> Registry<'a> {
    pub fn new(names: &'a Names) -> Self {
        Self {
            names,
            types: BTreeMap::new(),
            tags: Tags::default(),
        }
    }

    /// All types by place, once nothing more will be met, and what unions tell them by.
    pub fn finish(mut self) -> (BTreeMap<String, Type>, Tags) {
        self.tags.add_missing_members(&mut self.types);
        (self.types, self.tags)
    }

    /// Types so far.
    pub fn types(&self) -> &BTreeMap<String, Type> {
        &self.types
    }

    /// Adds the type at a place, which is what `schema` says; `component` is its name, if it has
    /// one of its own.
    pub fn insert(
        &mut self,
        place: &str,
        component: Option<&str>,
        schema: &Schema,
        kind: TypeKind,
    ) -> Result<(), Error> {
        let ty = Type {
            name: place.to_owned(),
            schema: component.map(str::to_owned),
            place: None,
            places: BTreeSet::from([place.to_owned()]),
            features: BTreeSet::new(),
            deprecated: schema.deprecated,
            lifecycle: facts::of_lifecycle(schema.lifecycle.as_ref()),
            prose: None,
            kind,
        };
        if self.types.insert(place.to_owned(), ty).is_some() {
            return Err(Error::unsupported(
                place,
                "the document has two types at this place; rename one of the schemas in a fixup",
            ));
        }
        Ok(())
    }

    /// What a place is called; the place itself if it has no name.
    pub fn rust_name<'n>(&'n self, place: &'n str) -> &'n str {
        self.names.rust_type(place).unwrap_or(place)
    }

    /// Says where an inline type stands, unless that is known.
    pub fn locate(&mut self, ty: &TypeRef, place: &str) {
        match ty {
            TypeRef::Named(name) => {
                if let Some(ty) = self.types.get_mut(name)
                    && ty.schema.is_none()
                {
                    ty.place.get_or_insert_with(|| place.to_owned());
                }
            }
            TypeRef::List(inner)
            | TypeRef::Map(inner)
            | TypeRef::OneOrMany(inner)
            | TypeRef::Nullable(inner) => self.locate(inner, place),
            _ => {}
        }
    }
}
