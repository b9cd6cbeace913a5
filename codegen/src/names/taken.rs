//! Names of Okta's other documents, which stay theirs.

use std::collections::BTreeSet;

use super::Names;
use crate::case;

/// What names of other documents are taken: Rust names are unique over all.
#[derive(Clone, Debug, Default)]
pub struct Taken {
    /// Types.
    pub types: BTreeSet<String>,
    /// Handles.
    pub handles: BTreeSet<String>,
    /// Types of handles and of calls.
    pub calls: BTreeSet<String>,
    /// Structs of several identifiers.
    pub paths: BTreeSet<String>,
}

impl Taken {
    /// Adds the names of a document.
    pub fn add(&mut self, names: &Names) {
        self.types.extend(names.types.values().cloned());
        for name in names.operations.values() {
            self.handles.insert(name.handle.clone());
            self.calls.insert(case::handle_type(&name.handle));
            self.calls.extend(name.call.clone());
            self.paths.extend(name.path.clone());
        }
    }
}
