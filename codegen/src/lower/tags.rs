//! What unions tell records by: the values that they give to a property of each kind.

use std::collections::{BTreeMap, BTreeSet};

use crate::Error;
use crate::api::{Facts, Field, Record, Type, TypeKind, TypeRef};
use crate::names::Names;

/// By place of a record and property: the values that choose the record.
#[derive(Debug, Default)]
pub(super) struct Tags(BTreeMap<(String, String), BTreeSet<String>>);

impl Tags {
    /// Says that a union tells this record by a value of that property.
    pub fn add(&mut self, record: &str, property: &str, values: &[String]) {
        self.0
            .entry((record.to_owned(), property.to_owned()))
            .or_default()
            .extend(values.iter().cloned());
    }

    /// Keeps those of some records.
    pub fn retain(&mut self, is_kept: impl Fn(&str) -> bool) {
        self.0.retain(|(place, _), _| is_kept(place));
    }

    /// Places of the records that unions tell apart.
    pub fn records(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(|(place, _)| place.as_str())
    }

    /// Gives records the property that they are told by, where the document leaves it out: without
    /// it, what is sent would be of no kind.
    pub fn add_missing_members(&self, types: &mut BTreeMap<String, Type>) {
        for (place, property) in self.0.keys() {
            let Some(record) = record(types, place) else {
                continue;
            };
            if !record.fields.iter().any(|field| field.name == *property) {
                record.fields.push(text_member(property));
                record.fields.sort_by(|a, b| a.name.cmp(&b.name));
            }
        }
    }

    /// Has constructors set the property that a union tells their record by, where all unions that
    /// have the record as a kind tell it by one value.
    ///
    /// # Errors
    /// If a kind is no object.
    pub fn fix(self, types: &mut BTreeMap<String, Type>, names: &Names) -> Result<(), Error> {
        let mut shared = BTreeMap::<(String, String), BTreeSet<String>>::new();
        for ((place, property), values) in self.0 {
            let name = names.rust_type(&place).unwrap_or(&place).to_owned();
            shared.entry((name, property)).or_default().extend(values);
        }
        let enums = enums(types);
        for ((name, property), values) in shared {
            let Some(record) = record(types, &name) else {
                let detail = "is a kind of a union, but no object: give it another type in \
                              names.yaml";
                return Err(Error::unsupported(name, detail));
            };
            let mut fields = record.fields.iter_mut();
            let field = fields.find(|field| field.name == property && takes_text(field, &enums));
            if let (Some(field), 1, Some(value)) = (field, values.len(), values.first()) {
                field.required = false;
                record.fixed.push((property, value.clone()));
            }
        }
        Ok(())
    }
}

fn record<'t>(types: &'t mut BTreeMap<String, Type>, name: &str) -> Option<&'t mut Record> {
    match types.get_mut(name).map(|ty| &mut ty.kind) {
        Some(TypeKind::Record(record)) => Some(record),
        _ => None,
    }
}

fn enums(types: &BTreeMap<String, Type>) -> BTreeSet<String> {
    let is_enum = |ty: &&Type| matches!(ty.kind, TypeKind::Enum(_));
    types
        .values()
        .filter(is_enum)
        .map(|ty| ty.name.clone())
        .collect()
}

fn takes_text(field: &Field, enums: &BTreeSet<String>) -> bool {
    match &field.ty {
        TypeRef::String | TypeRef::Json => true,
        TypeRef::Named(name) => enums.contains(name),
        _ => false,
    }
}

fn text_member(name: &str) -> Field {
    Field {
        name: name.to_owned(),
        ident: String::new(),
        ty: TypeRef::String,
        boxed: false,
        nullable: false,
        required: false,
        read_only: false,
        server_owned: false,
        requested: false,
        write_only: false,
        facts: Facts::default(),
    }
}
