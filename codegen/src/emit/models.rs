//! Types: one file for each feature, one for what several features share, and one for what no
//! operation refers to.

mod constructor;
mod docs;
mod enums;
mod records;
mod replacing;
mod unions;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::PathBuf;

use super::source::{self, MARKER};
use crate::Error;
use crate::api::{Api, Type, TypeKind, TypeRef};

/// Emits every type.
///
/// # Errors
/// If what was emitted is not Rust, or two types would have the same name.
pub fn emit(api: &Api) -> Result<BTreeMap<PathBuf, String>, Error> {
    let mut bodies = BTreeMap::<String, String>::new();
    for ty in api.types.values() {
        let module = module_of(ty);
        let guard = if module == SHARED {
            guard(&ty.features, api)
        } else {
            String::new()
        };
        let body = bodies.entry(module).or_default();
        match &ty.kind {
            TypeKind::Record(record) => records::emit(body, api, ty, record, &guard)?,
            TypeKind::Enum(values) => enums::emit(body, ty, values, &guard),
            TypeKind::Union(union) => unions::emit(body, api, ty, union, &guard),
        }
    }

    let mut files = BTreeMap::new();
    for (module, body) in &bodies {
        let text = format!("{MARKER}\n\n{PRELUDE}{body}");
        source::check(&format!("models/{module}.rs"), &text)?;
        files.insert(PathBuf::from(format!("models/{module}.rs")), text);
    }
    let mut index = index(bodies.keys());
    if let Some(text) = replacing::emit(api) {
        source::check("models/replacing.rs", &text)?;
        files.insert(PathBuf::from("models/replacing.rs"), text);
        index.push_str("\nmod replacing;\n");
    }
    files.insert(PathBuf::from("models/mod.rs"), index);
    Ok(files)
}

/// What several features share.
const SHARED: &str = "shared";

/// What no operation refers to: bodies of hooks and events, and objects that the document tells of
/// in words alone. It comes with all features.
const STANDALONE: &str = "standalone";

const PRELUDE: &str = "\
#[allow(unused_imports)] // which of these are needed depends on the features that are on
use std::collections::BTreeMap;

#[allow(unused_imports)]
use serde_json::Value;

#[allow(unused_imports)]
use crate::codec::macros::{open_enum, record, union};
#[allow(unused_imports)]
use crate::models::*;
";

fn module_of(ty: &Type) -> String {
    let mut features = ty.features.iter();
    match (features.next(), features.next()) {
        (None, _) => STANDALONE.to_owned(),
        (Some(only), None) => only.replace('-', "_"),
        (Some(_), Some(_)) => SHARED.to_owned(),
    }
}

/// Attribute that compiles an item only where one of the features is on.
fn guard(features: &BTreeSet<String>, api: &Api) -> String {
    if features.len() == api.features.len() {
        return String::new();
    }
    let list: Vec<String> = features
        .iter()
        .map(|feature| format!("feature = \"{feature}\""))
        .collect();
    match list.as_slice() {
        [one] => format!("#[cfg({one})]\n"),
        several => format!("#[cfg(any({}))]\n", several.join(", ")),
    }
}

fn index<'a>(modules: impl Iterator<Item = &'a String>) -> String {
    let mut text = format!("{MARKER}\n\n//! Every type of the API.\n");
    for module in modules {
        let _ = if module == SHARED {
            // A part of the API may share nothing with another.
            write!(
                text,
                "\nmod {module};\n#[allow(unused_imports)]\npub use {module}::*;\n"
            )
        } else {
            let feature = if module == STANDALONE {
                "full"
            } else {
                &module.replace('_', "-")
            };
            let guard = format!("#[cfg(feature = \"{feature}\")]\n");
            write!(
                text,
                "\n{guard}mod {module};\n{guard}pub use {module}::*;\n"
            )
        };
    }
    text
}

/// Rust type of a value.
pub(super) fn rust_type(ty: &TypeRef) -> String {
    match ty {
        TypeRef::String => "String".to_owned(),
        TypeRef::Id => "Id".to_owned(),
        TypeRef::Secret => "Secret".to_owned(),
        TypeRef::Bool => "bool".to_owned(),
        TypeRef::Integer => "i64".to_owned(),
        TypeRef::Number => "Number".to_owned(),
        TypeRef::Timestamp => "Timestamp".to_owned(),
        TypeRef::Json => "Value".to_owned(),
        TypeRef::SecretJson => "SecretJson".to_owned(),
        TypeRef::Named(name) => name.clone(),
        TypeRef::List(inner) => format!("Vec<{}>", rust_type(inner)),
        TypeRef::Map(inner) => format!("BTreeMap<String, {}>", rust_type(inner)),
        TypeRef::OneOrMany(inner) => format!("OneOrMany<{}>", rust_type(inner)),
        TypeRef::Nullable(inner) => format!("Nullable<{}>", rust_type(inner)),
    }
}

/// `#[deprecated]`, where Okta says so.
fn deprecation(deprecated: bool) -> &'static str {
    if deprecated {
        "#[deprecated(note = \"deprecated by Okta\")]\n"
    } else {
        ""
    }
}
