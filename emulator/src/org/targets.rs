//! Role targets: the groups or applications to which a standard role is limited. A role without
//! targets reaches everything.

/// What a role assignment is limited to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Targets {
    /// Group ids, in the order in which they were added.
    pub(crate) groups: Vec<String>,
    pub(crate) apps: Vec<AppTarget>,
}

/// An application, or all instances of one definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AppTarget {
    /// The definition's key, such as `bookmark`.
    pub(crate) name: String,
    /// The id of one instance.
    pub(crate) instance: Option<String>,
}
