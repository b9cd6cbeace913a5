//! The type that takes what either of two takes.

use std::collections::BTreeSet;

use crate::api::TypeRef;

/// Finds types for the values of several places.
pub(super) struct Agreement {
    /// Rust names of the enums, each of which takes any text.
    pub enums: BTreeSet<String>,
}

impl Agreement {
    /// A type for the values of both, if they do not contradict each other.
    ///
    /// What says more goes before what says less: text gives way to an enum, a date or a secret,
    /// an object of which nothing is said to one that has members. Nothing is lost by that, since
    /// enums and dates keep any text, and members that do not fit are kept as they came.
    pub fn of(&self, left: &TypeRef, right: &TypeRef) -> Option<TypeRef> {
        if left == right {
            return Some(left.clone());
        }
        self.says_more(left, right)
            .or_else(|| self.says_more(right, left))
            .or_else(|| self.inside(left, right))
    }

    /// The first, if it takes all that the second takes and says more of it.
    fn says_more(&self, more: &TypeRef, less: &TypeRef) -> Option<TypeRef> {
        use TypeRef::{Json, List, Map, Named, Secret, String, Timestamp};
        let does = match (more, less) {
            (Secret | Timestamp, String) => true,
            (Named(name), String) => self.enums.contains(name),
            (Named(name), Json) => !self.enums.contains(name),
            (Named(name), Map(values)) => **values == Json && !self.enums.contains(name),
            (List(_) | Map(_), Json) => true,
            _ => false,
        };
        does.then(|| more.clone())
    }

    fn inside(&self, left: &TypeRef, right: &TypeRef) -> Option<TypeRef> {
        use TypeRef::{List, Map, Nullable, OneOrMany};
        let (wrap, left, right): (fn(Box<TypeRef>) -> TypeRef, _, _) = match (left, right) {
            (List(left), List(right)) => (List, left, right),
            (Map(left), Map(right)) => (Map, left, right),
            (OneOrMany(left), OneOrMany(right)) => (OneOrMany, left, right),
            (Nullable(left), Nullable(right)) => (Nullable, left, right),
            (Nullable(inner), other) | (other, Nullable(inner)) => {
                return self.of(inner, other).map(|ty| Nullable(Box::new(ty)));
            }
            _ => return None,
        };
        self.of(left, right).map(|inner| wrap(Box::new(inner)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_agree_where_one_of_them_takes_both() {
        use TypeRef::{Bool, Integer, Json, Secret, String, Timestamp};
        let named = |name: &str| TypeRef::Named(name.to_owned());
        let list = |item| TypeRef::List(Box::new(item));
        let map = |value| TypeRef::Map(Box::new(value));
        let nullable = |value| TypeRef::Nullable(Box::new(value));
        let agreement = Agreement {
            enums: ["Status".to_owned()].into(),
        };
        for (left, right, expected) in [
            (String, String, Some(String)),
            (String, Secret, Some(Secret)),
            (String, Timestamp, Some(Timestamp)),
            (String, named("Status"), Some(named("Status"))),
            (Json, named("User"), Some(named("User"))),
            (map(Json), named("User"), Some(named("User"))),
            (list(Json), list(named("User")), Some(list(named("User")))),
            (
                map(String),
                map(nullable(String)),
                Some(map(nullable(String))),
            ),
            (map(String), named("User"), None),
            (String, named("User"), None),
            (Json, named("Status"), None),
            (Json, Bool, None),
            (Secret, Timestamp, None),
            (String, Integer, None),
            (list(String), String, None),
        ] {
            assert_eq!(agreement.of(&left, &right), expected, "{left:?} {right:?}");
            assert_eq!(agreement.of(&right, &left), expected, "{right:?} {left:?}");
        }
    }
}
