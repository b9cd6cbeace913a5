//! What expressions are about, and what can be wrong with them.

use std::fmt;

use serde_json::Value;

use crate::clock::Timestamp;

/// What an expression is about.
pub(crate) trait Scope {
    /// An attribute of an object such as `user`. None if the object has no such attribute, and also
    /// if there is no such object.
    fn attribute(&self, object: &str, name: &str) -> Option<Value>;

    /// Whether there is an object of that name here; none if there never is.
    fn object(&self, object: &str) -> Option<Presence>;

    /// The present time.
    fn now(&self) -> Timestamp;

    /// What is known of the user beside the profile, such as `status`.
    fn internal(&self, name: &str) -> Option<Value>;

    /// Ids and names of the groups that the user is in.
    fn groups(&self) -> Vec<(String, String)>;

    /// The profile of the user to whom this one is linked by the relationship's primary name.
    fn linked(&self, primary: &str) -> Option<Value>;
}

/// Whether an object such as `appuser` is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Presence {
    Present,
    /// It is null, such as `appuser` of who is not assigned to the application.
    Absent,
}

impl Presence {
    pub(crate) fn of<T>(object: Option<T>) -> Self {
        match object {
            Some(_) => Self::Present,
            None => Self::Absent,
        }
    }
}

/// What is wrong with an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ExpressionError(String);

impl ExpressionError {
    pub(super) fn new(what: impl Into<String>) -> Self {
        Self(what.into())
    }
}

impl fmt::Display for ExpressionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
