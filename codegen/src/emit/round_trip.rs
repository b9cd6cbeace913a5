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

/// Emits the tables.
///
/// # Errors
/// If what was emitted is not Rust.
pub fn emit(api: &Api) -> Result<BTreeMap<PathBuf, String>, Error> {
    let code = [
        ("round_trip/mod.rs", index()),
        ("round_trip/operations.rs", operations(api)),
        ("round_trip/models.rs", models::passages(api)),
    ];
    let mut files = BTreeMap::from([("round_trip/models.json".into(), models::forms(api))]);
    for (file, text) in code {
        source::check(file, &text)?;
        files.insert(file.into(), text);
    }
    Ok(files)
}

fn index() -> String {
    format!(
        "{MARKER}\n\n//! What every operation and every type keeps.\n\n\
         pub(crate) mod models;\npub(crate) mod operations;\n"
    )
}

/// Types of operations, by operation id.
fn operations(api: &Api) -> String {
    let mut operations: Vec<_> = api.operations.iter().collect();
    operations.sort_by(|a, b| (&a.id, a.document.name).cmp(&(&b.id, b.document.name)));
    let mut arms = String::new();
    for operation in operations {
        let request = match &operation.body {
            Some(Body::Json { ty, .. }) => format!("Some({})", journey(ty)),
            Some(Body::Multipart { .. } | Body::Bytes { .. }) | None => "None".to_owned(),
        };
        let response = match &operation.success {
            Success::Json(ty) | Success::WrappedList { ty, .. } => format!("Some({})", journey(ty)),
            Success::Empty | Success::Text(_) | Success::Bytes(_) => "None".to_owned(),
        };
        let _ = writeln!(
            arms,
            "        ({:?}, {:?}) => Exchange {{ request: {request}, response: {response} }},",
            operation.document.name, operation.id
        );
    }
    format!(
        "{MARKER}\n\n//! What every operation sends and answers, as functions from JSON to JSON.\n\n\
         use std::collections::BTreeMap;\n\nuse okta_sdk::models::*;\nuse serde_json::Value;\n\n\
         use crate::round_trip::{{Exchange, Journey}};\n\n\
         /// Types of an operation, by its document and id.\n\
         pub fn of(document: &str, operation_id: &str) -> Option<Exchange> {{\n    \
         Some(match (document, operation_id) {{\n{arms}        _ => return None,\n    }})\n}}\n"
    )
}

fn journey(ty: &TypeRef) -> String {
    let (kind, ty) = match ty {
        TypeRef::Named(_) => ("model", ty),
        TypeRef::List(item) => ("list", &**item),
        _ => ("value", ty),
    };
    format!("Journey::of_{kind}::<{}>()", rust_type(ty))
}
