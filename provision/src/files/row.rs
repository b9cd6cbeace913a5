//! One thing that a file says.

use serde_json::Value;

/// Where something stands in a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) line: usize,
    pub(super) column: usize,
}

impl Place {
    pub(super) const START: Self = Self { line: 1, column: 1 };
}

/// What a row is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Person,
    Group,
    App,
    Roles,
    Leaver,
    Own,
}

impl Kind {
    /// The kinds by the member `kind` of a line of JSON, and by the list of a YAML file.
    pub(super) const ALL: [(Self, &'static str, &'static str); 6] = [
        (Self::Person, "person", "people"),
        (Self::Group, "group", "groups"),
        (Self::App, "app", "apps"),
        (Self::Roles, "roles", "roles"),
        (Self::Leaver, "leaver", "leavers"),
        (Self::Own, "own", "own"),
    ];
}

/// A member of a row.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Field {
    pub(super) name: String,
    pub(super) value: Value,
    pub(super) place: Place,
}

/// One thing that a file says, by its members.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Row {
    pub(super) place: Place,
    pub(super) fields: Vec<Field>,
}

impl Row {
    /// Takes a member out.
    pub(super) fn take(&mut self, name: &str) -> Option<Field> {
        let at = self.fields.iter().position(|field| field.name == name)?;
        Some(self.fields.remove(at))
    }
}
