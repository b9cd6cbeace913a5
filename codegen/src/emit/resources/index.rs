//! Which models belong to which handle.

use std::collections::BTreeSet;

use super::operation::item;
use crate::api::{Body, Operation, Success};

/// The models that operations take and give, by name.
pub(super) struct Models {
    requests: BTreeSet<String>,
    answers: BTreeSet<String>,
}

impl Models {
    pub(super) fn of(operations: &[&Operation]) -> Self {
        let (mut requests, mut answers) = (BTreeSet::new(), BTreeSet::new());
        for operation in operations {
            if let Some(Body::Json { ty, .. }) = &operation.body {
                ty.names(&mut requests);
            }
            match (item(operation), &operation.success) {
                (Some(item), _) => item.names(&mut answers),
                (None, Success::Json(ty) | Success::WrappedList { ty, .. }) => {
                    ty.names(&mut answers);
                }
                (None, _) => {}
            }
        }
        Self { requests, answers }
    }

    /// A section of the documentation of their handle; empty if there are none.
    pub(super) fn section(&self) -> Vec<String> {
        if self.requests.is_empty() && self.answers.is_empty() {
            return Vec::new();
        }
        let mut text = vec!["# Models".to_owned(), String::new()];
        for (what, names) in [("Requests", &self.requests), ("Responses", &self.answers)] {
            if !names.is_empty() {
                text.push(format!("- {what}: {}.", links(names)));
            }
        }
        text
    }

    /// The cells of a row of the index.
    pub(super) fn cells(&self) -> String {
        format!("{} | {}", links(&self.requests), links(&self.answers))
    }
}

/// Names as links, with commas.
fn links(names: &BTreeSet<String>) -> String {
    let links: Vec<_> = names
        .iter()
        .map(|name| format!("[`{name}`](crate::models::{name})"))
        .collect();
    links.join(", ")
}
