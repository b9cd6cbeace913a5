//! What an operation does, by the shape of its path and its answer.

use super::kinds::{self, lists};
use super::lifecycle::is_verb as is_verb_of_status;
use crate::document::segments::{ends_with_parameter, parent};
use crate::document::{Operation, document};

/// What an operation does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Lists the items of a collection.
    List,
    /// Lists what is no item of the path.
    View,
    Create,
    Read,
    Replace,
    Merge,
    Remove,
    /// Removes all items.
    Clear,
    ReadSingle,
    ReplaceSingle,
    MergeSingle,
    ResetSingle,
    /// Changes the status of what the path leads to.
    Switch,
    /// Anything else.
    Act,
}

impl Role {
    pub(super) fn of(operation: &Operation) -> Self {
        let path = operation.path.as_str();
        let method = operation.method.as_str();
        if ends_with_parameter(path) && document().operation(path, "GET").is_none() && is_verb(path)
        {
            return Self::Switch;
        }
        if ends_with_parameter(path) {
            return match method {
                "GET" if lists(operation) => Self::View,
                "GET" => Self::Read,
                "PUT" => Self::Replace,
                "DELETE" => Self::Remove,
                _ => Self::Merge,
            };
        }
        let is_collection = kinds::has_items(path);
        match method {
            "GET" if is_collection => Self::List,
            "GET" if lists(operation) => Self::View,
            "GET" => Self::ReadSingle,
            "POST" if is_collection => Self::Create,
            "POST" if document().operation(path, "GET").is_some() => Self::MergeSingle,
            "POST" if is_verb(path) => Self::Switch,
            "POST" => Self::Act,
            "PUT" => Self::ReplaceSingle,
            "PATCH" => Self::MergeSingle,
            _ if is_collection => Self::Clear,
            _ => Self::ResetSingle,
        }
    }
}

/// Whether the path ends with what is done to what stands before it.
fn is_verb(path: &str) -> bool {
    let verb = path.rsplit('/').next().unwrap_or_default();
    parent(path).ends_with("/lifecycle") && !path.contains("/credentials/lifecycle/")
        || is_verb_of_status(verb)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn paths_and_answers_say_what_is_done() {
        for (method, path, role) in [
            ("GET", "/api/v1/zones", Role::List),
            ("GET", "/api/v1/domains", Role::List),
            ("GET", "/api/v1/users/{userId}/blocks", Role::View),
            ("POST", "/api/v1/zones", Role::Create),
            ("GET", "/api/v1/zones/{zoneId}", Role::Read),
            ("PUT", "/api/v1/zones/{zoneId}", Role::Replace),
            ("POST", "/api/v1/inlineHooks/{inlineHookId}", Role::Merge),
            ("DELETE", "/api/v1/zones/{zoneId}", Role::Remove),
            ("DELETE", "/api/v1/users/{userId}/grants", Role::Clear),
            ("GET", "/api/v1/org", Role::ReadSingle),
            ("POST", "/api/v1/org", Role::MergeSingle),
            ("PUT", "/api/v1/org/captcha", Role::ReplaceSingle),
            ("DELETE", "/api/v1/org/captcha", Role::ResetSingle),
            (
                "POST",
                "/api/v1/zones/{zoneId}/lifecycle/activate",
                Role::Switch,
            ),
            (
                "POST",
                "/api/v1/features/{featureId}/{lifecycle}",
                Role::Switch,
            ),
            ("POST", "/api/v1/policies/simulate", Role::Act),
        ] {
            let operation = document().operation(path, method).unwrap();
            assert_eq!(Role::of(operation), role, "{method} {path}");
        }
    }
}
