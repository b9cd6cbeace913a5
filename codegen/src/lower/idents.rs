//! Identifiers of fields, variants and parameters, no two of a type or an operation alike.

use std::collections::BTreeSet;

use crate::api::{Body, EnumValue, Field, Operation};
use crate::case;
use crate::reserved::{OF_CALLS, OF_METHODS, OF_MODELS};

/// Gives every field its identifier. The fields are all that a record has, sorted by JSON name.
pub(super) fn name_fields(fields: &mut [Field]) {
    let mut given = Taken::by(OF_MODELS);
    // A member that null clears has a second method.
    let cleared = fields.iter().filter(|field| field.nullable);
    let mut clearing: BTreeSet<String> = cleared
        .map(|field| clear(&case::snake(&field.name)))
        .collect();
    for field in fields {
        let clears_what_is_given =
            |ident: &str, given: &Taken| field.nullable && given.0.contains(&clear(ident));
        let mut ident = case::snake(&field.name);
        while given.0.contains(&ident)
            || clearing.contains(&ident)
            || clears_what_is_given(&ident, &given)
        {
            ident.push('_');
        }
        if field.nullable {
            clearing.insert(clear(&ident));
        }
        given.0.insert(ident.clone());
        field.ident = ident;
    }
}

/// The method that sets a member to null.
fn clear(ident: &str) -> String {
    format!("clear_{}", ident.trim_start_matches('_'))
}

/// Gives every parameter its identifier: what is needed is an argument of the method, the rest is a
/// setter of the call.
pub(super) fn name_params(operation: &mut Operation) {
    let of_body: &[&str] = match operation.body {
        Some(Body::Bytes { .. }) => &["body", "content_type"],
        Some(Body::Json { .. }) => &["body"],
        Some(Body::Multipart { .. }) => &["file"],
        None => &[],
    };
    let mut arguments = Taken::by(of_body);
    for param in &mut operation.path_params {
        param.ident = arguments.free(&param.name);
    }
    arguments
        .0
        .extend(OF_METHODS.iter().map(|&name| name.to_owned()));
    let mut setters = Taken::by(&[OF_CALLS, of_body].concat());
    let params = operation.query_params.iter_mut();
    for param in params.chain(&mut operation.header_params) {
        let taken = if param.required {
            &mut arguments
        } else {
            &mut setters
        };
        param.ident = taken.free(&param.name);
    }
}

/// Identifiers that are given.
struct Taken(BTreeSet<String>);

impl Taken {
    fn by(names: &[&str]) -> Self {
        Self(names.iter().map(|&name| name.to_owned()).collect())
    }

    /// An identifier for a name that nothing else has.
    fn free(&mut self, name: &str) -> String {
        let mut ident = case::snake(name);
        while !self.0.insert(ident.clone()) {
            ident.push('_');
        }
        ident
    }
}

/// Adds a value to an enum, unless it is there.
pub(super) fn add_value(values: &mut Vec<EnumValue>, value: &str) {
    if values.iter().any(|known| known.value == value) {
        return;
    }
    let mut variant = case::variant(value);
    while values.iter().any(|known| known.variant == variant) {
        variant.push('_');
    }
    values.push(EnumValue {
        value: value.to_owned(),
        variant,
    });
}
