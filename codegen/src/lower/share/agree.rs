//! The type that takes what either of two takes.

use crate::api::TypeRef;

/// A type for the values of both, if they do not contradict each other.
///
/// A place that says nothing of what is in an object gives way to one that does: what does not fit
/// is kept when it is read. A secret stays one.
pub(super) fn agree(left: &TypeRef, right: &TypeRef) -> Option<TypeRef> {
    use TypeRef::{Json, List, Map, Named, Nullable, OneOrMany, Secret, String};
    let boxed = |wrap: fn(Box<TypeRef>) -> TypeRef, left: &TypeRef, right: &TypeRef| {
        agree(left, right).map(|inner| wrap(Box::new(inner)))
    };
    match (left, right) {
        (left, right) if left == right => Some(left.clone()),
        (Json, other @ (Named(_) | List(_) | Map(_)))
        | (other @ (Named(_) | List(_) | Map(_)), Json) => Some(other.clone()),
        (Map(values), other @ Named(_)) | (other @ Named(_), Map(values)) if **values == Json => {
            Some(other.clone())
        }
        (String, Secret) | (Secret, String) => Some(Secret),
        (List(left), List(right)) => boxed(List, left, right),
        (Map(left), Map(right)) => boxed(Map, left, right),
        (OneOrMany(left), OneOrMany(right)) => boxed(OneOrMany, left, right),
        (Nullable(left), Nullable(right)) => boxed(Nullable, left, right),
        (Nullable(inner), other) | (other, Nullable(inner)) => boxed(Nullable, inner, other),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_agree_where_one_of_them_takes_both() {
        use TypeRef::{Bool, Integer, Json, Secret, String};
        let named = || TypeRef::Named("User".to_owned());
        let list = |item| TypeRef::List(Box::new(item));
        let map = |value| TypeRef::Map(Box::new(value));
        let nullable = |value| TypeRef::Nullable(Box::new(value));
        for (left, right, expected) in [
            (String, String, Some(String)),
            (String, Secret, Some(Secret)),
            (Json, named(), Some(named())),
            (map(Json), named(), Some(named())),
            (list(Json), list(named()), Some(list(named()))),
            (
                map(String),
                map(nullable(String)),
                Some(map(nullable(String))),
            ),
            (map(String), named(), None),
            (Json, Bool, None),
            (String, Integer, None),
            (list(String), String, None),
        ] {
            assert_eq!(agree(&left, &right), expected, "{left:?} {right:?}");
            assert_eq!(agree(&right, &left), expected, "{right:?} {left:?}");
        }
    }
}
