//! One thing that a file says.

use serde_json::Value;

/// Members of a person that are no attributes of the profile, or have to be there.
pub(super) const PERSON: [&str; 11] = [
    "login",
    "formerLogin",
    "email",
    "firstName",
    "lastName",
    "manager",
    "status",
    "groups",
    "apps",
    "roles",
    "credentials",
];

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
    CustomRole,
    ResourceSet,
    Application,
}

impl Kind {
    /// The kinds by the member `kind` of a line of JSON, and by the list of a YAML file.
    pub(super) const ALL: [(Self, &'static str, &'static str); 9] = [
        (Self::Person, "person", "people"),
        (Self::Group, "group", "groups"),
        (Self::App, "app", "apps"),
        (Self::Roles, "roles", "roles"),
        (Self::Leaver, "leaver", "leavers"),
        (Self::Own, "own", "own"),
        (Self::CustomRole, "customRole", "customRoles"),
        (Self::ResourceSet, "resourceSet", "resourceSets"),
        (Self::Application, "application", "applications"),
    ];

    /// The members that there are, apart from attributes of people. Of an application these are the most
    /// usual ones.
    pub(super) const fn members(self) -> &'static [&'static str] {
        match self {
            Self::Person => &PERSON,
            Self::Group => &["name", "description", "exclusive", "removed", "members"],
            Self::App => &["label", "exclusive", "users", "groups"],
            Self::Roles => &["user", "group", "exclusive", "roles"],
            Self::Leaver => &["login"],
            Self::Own => &["group", "search"],
            Self::CustomRole => &["label", "description", "permissions"],
            Self::ResourceSet => &["label", "description", "resources"],
            Self::Application => &[
                "label",
                "name",
                "signOnMode",
                "settings",
                "credentials",
                "visibility",
                "accessibility",
                "licensing",
                "profile",
            ],
        }
    }
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

/// From this likeness on a name is a misspelling of another.
const ALIKE: f64 = 0.8;

/// Which of the known names is meant by one that is none of them.
pub(super) fn meant<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    if known.contains(&name) {
        return None;
    }
    let name = name.to_lowercase();
    let alike = known.iter().map(|known| {
        let likeness = strsim::normalized_damerau_levenshtein(&name, &known.to_lowercase());
        (likeness, *known)
    });
    let best = alike.max_by(|one, other| one.0.total_cmp(&other.0));
    best.filter(|(likeness, _)| *likeness >= ALIKE)
        .map(|(_, known)| known)
}
