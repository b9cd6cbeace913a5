//! Which OAuth 2.0 scopes a program needs.

use crate::Operation;

/// The fewest scopes that allow all of these operations, sorted: what to grant to a service app,
/// and to ask for.
///
/// Of an operation that any one of several scopes allows, one that is needed anyway counts; if none
/// is, the one that reads is preferred to the one that manages.
///
/// ```
/// # #[cfg(all(feature = "users", feature = "groups"))] {
/// use okta_sdk::required_scopes;
/// use okta_sdk::resources::{AddGroup, GetUser, ListUsers};
///
/// let operations = [ListUsers::OPERATION, GetUser::OPERATION, AddGroup::OPERATION];
/// assert_eq!(required_scopes(operations), ["okta.groups.manage", "okta.users.read"]);
/// # }
/// ```
#[must_use]
pub fn required_scopes(
    operations: impl IntoIterator<Item = &'static Operation>,
) -> Vec<&'static str> {
    let mut open: Vec<&[&str]> = operations
        .into_iter()
        .map(|operation| operation.scopes)
        .filter(|scopes| !scopes.is_empty())
        .collect();
    // Those without a choice come first, so that the others can share what they need.
    open.sort_by_key(|scopes| scopes.len());
    let mut chosen = Vec::<&str>::new();
    for scopes in open {
        if scopes.iter().any(|scope| chosen.contains(scope)) {
            continue;
        }
        let least = scopes.iter().min_by_key(|scope| !scope.ends_with(".read"));
        chosen.extend(least);
    }
    chosen.sort_unstable();
    chosen
}

#[cfg(test)]
mod tests {
    use http::Method;

    use super::*;

    fn operation(scopes: &'static [&'static str]) -> &'static Operation {
        Box::leak(Box::new(Operation::new("x", Method::GET, "/x", scopes)))
    }

    #[test]
    fn a_choice_falls_on_what_is_needed_anyway_or_on_the_least() {
        let either = operation(&["okta.users.manage", "okta.users.read"]);
        let manage = operation(&["okta.users.manage"]);
        let open = operation(&[]);
        assert_eq!(required_scopes([either, open]), ["okta.users.read"]);
        assert_eq!(required_scopes([either, manage]), ["okta.users.manage"]);
        assert!(required_scopes([open]).is_empty());
    }
}
