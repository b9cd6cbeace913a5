//! What the SDK writes is read as it was meant.

use okta_sdk::search::{self, any_of, field};
use proptest::prelude::*;

use super::*;

/// An expression of both sides.
type Pair = (search::Expression, Expression);

fn equal(path: &str, value: &str) -> Expression {
    Expression::Compare {
        path: path.to_owned(),
        operator: Operator::Equal,
        value: Literal::Text(value.to_owned()),
    }
}

fn comparison() -> impl Strategy<Value = Pair> {
    let name = "[a-z][a-zA-Z0-9_.:$-]{0,9}".prop_filter("no keyword", |name| {
        !["and", "or", "not"].contains(&name.to_lowercase().as_str())
    });
    (name, any::<String>()).prop_map(|(name, value)| {
        let read = equal(&name, &value);
        (field(name).eq(value), read)
    })
}

/// Parts of the same kind are read as one list.
fn flat(part: Expression, and: bool) -> Vec<Expression> {
    match part {
        Expression::And(parts) if and => parts,
        Expression::Or(parts) if !and => parts,
        part => vec![part],
    }
}

fn joined(left: Expression, right: Expression, and: bool) -> Expression {
    let mut parts = flat(left, and);
    parts.extend(flat(right, and));
    match and {
        true => Expression::And(parts),
        false => Expression::Or(parts),
    }
}

fn expression() -> impl Strategy<Value = Pair> {
    comparison().prop_recursive(6, 32, 2, |inner| {
        prop_oneof![
            inner
                .clone()
                .prop_map(|(sdk, own)| (sdk.not(), Expression::Not(Box::new(own)))),
            (inner.clone(), inner.clone())
                .prop_map(|(a, b)| (a.0.and(b.0), joined(a.1, b.1, true))),
            (inner.clone(), inner).prop_map(|(a, b)| (a.0.or(b.0), joined(a.1, b.1, false))),
        ]
    })
}

proptest! {
    #[test]
    fn any_text_is_read_as_that_value(value in any::<String>()) {
        let text = field("profile.lastName").eq(&value).to_string();
        prop_assert_eq!(parse(&text), Ok(equal("profile.lastName", &value)));
    }

    #[test]
    fn any_expression_is_read_as_it_was_put_together((sdk, own) in expression()) {
        let text = sdk.to_string();
        prop_assert_eq!(parse(&text), Ok(own), "{}", text);
    }

    #[test]
    fn no_name_is_read_as_more_than_a_name(name in any::<String>(), value in any::<String>()) {
        let text = field(&name).eq(&value).to_string();
        if let Ok(read) = parse(&text) {
            prop_assert_eq!(read, equal(&name, &value));
        }
    }
}

#[test]
fn what_holds_an_error_is_refused() {
    for spoilt in [
        field("id pr or x").eq("y"),
        any_of("id", Vec::<String>::new()),
        field("id").pr().or(field("x\" or id pr").pr()),
    ] {
        assert!(parse(&spoilt.to_string()).is_err(), "{spoilt}");
    }
}
