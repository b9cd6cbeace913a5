//! Tables of every operation's types and of every type, for checks that models keep all they
//! are given.

mod models;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use super::models::rust_type;
use super::source::{self, MARKER};
use crate::Error;
use crate::api::{Api, Body, Success, TypeRef};

/// Emits both tables.
///
/// # Errors
/// If what was emitted is not Rust.
pub fn emit(api: &Api) -> Result<BTreeMap<PathBuf, String>, Error> {
    let files = [
        ("round_trip.rs", operations(api)),
        ("round_trip/models.rs", models::emit(api)),
    ];
    files
        .into_iter()
        .map(|(file, text)| {
            source::check(file, &text)?;
            Ok((PathBuf::from(file), text))
        })
        .collect()
}

/// Types of operations, by operation id.
fn operations(api: &Api) -> String {
    let mut operations: Vec<_> = api.operations.iter().collect();
    operations.sort_by(|a, b| a.id.cmp(&b.id));
    let mut arms = String::new();
    for operation in operations {
        let request = match &operation.body {
            Some(Body::Json { ty, .. }) => format!("Some(Journey::of_body::<{}>())", rust_type(ty)),
            Some(Body::Multipart { .. } | Body::Bytes { .. }) | None => "None".to_owned(),
        };
        let response = match &operation.success {
            Success::Json(TypeRef::List(item)) => {
                format!("Some(Journey::of_list::<{}>())", rust_type(item))
            }
            Success::Json(ty) | Success::WrappedList { ty, .. } => {
                format!("Some(Journey::of_body::<{}>())", rust_type(ty))
            }
            Success::Empty | Success::Text(_) | Success::Bytes(_) => "None".to_owned(),
        };
        let _ = writeln!(
            arms,
            "        {:?} => Exchange {{ request: {request}, response: {response} }},",
            operation.id
        );
    }
    let mut imports = String::new();
    for (used, import) in [
        ("BTreeMap<", "std::collections::BTreeMap"),
        ("<Value>", "serde_json::Value"),
    ] {
        if arms.contains(used) {
            let _ = writeln!(imports, "use {import};");
        }
    }
    format!(
        "{MARKER}\n\n//! What every operation sends and answers, as functions from JSON to JSON.\n\n\
         pub(crate) mod models;\n\n{imports}use crate::models::*;\n\
         use crate::round_trip::{{Exchange, Journey}};\n\n\
         /// Types of an operation, by its id.\npub fn of(operation_id: &str) -> Option<Exchange> {{\n    \
         Some(match operation_id {{\n{arms}        _ => return None,\n    }})\n}}\n"
    )
}
