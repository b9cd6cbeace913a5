//! Holding an [`Expression`] against an object.

use std::borrow::Cow;
use std::cmp::Ordering;

use serde_json::Value;

use super::syntax::{Expression, Literal, Operator};
use crate::clock::Timestamp;

/// An object whose attributes can be asked for by dotted path.
pub(crate) trait Attributes {
    /// The value at `path`, such as `profile.login`; nothing where the object has none.
    fn attribute(&self, path: &str) -> Option<Cow<'_, Value>>;
}

/// Whether letters of another case are the same: in `search` they are, in `filter` they are not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Case {
    Sensitive,
    Insensitive,
}

/// Follows `path` into a JSON value. In a list it looks into every element.
pub(crate) fn walk(value: &Value, path: &str) -> Option<Value> {
    let (head, rest) = match path.split_once('.') {
        Some((head, rest)) => (head, Some(rest)),
        None => (path, None),
    };
    match value {
        Value::Object(object) => {
            // An attribute name may itself contain dots, so the whole path goes first.
            let whole = object.get(path).cloned();
            whole.or_else(|| rest.and_then(|rest| walk(object.get(head)?, rest)))
        }
        Value::Array(items) => {
            let found: Vec<Value> = items.iter().filter_map(|item| walk(item, path)).collect();
            (!found.is_empty()).then_some(Value::Array(found))
        }
        _ => None,
    }
}

impl Expression {
    /// Whether `object` satisfies this expression.
    pub(crate) fn matches(&self, object: &impl Attributes, case: Case) -> bool {
        match self {
            Self::And(parts) => parts.iter().all(|part| part.matches(object, case)),
            Self::Or(parts) => parts.iter().any(|part| part.matches(object, case)),
            Self::Not(inner) => !inner.matches(object, case),
            Self::Present(path) => object.attribute(path).is_some_and(|value| present(&value)),
            Self::Compare {
                path,
                operator,
                value,
            } => {
                // Ids that differ in letter case are different ids.
                let case = if path == "id" { Case::Sensitive } else { case };
                let actual = object.attribute(path);
                let actual = actual.as_deref().unwrap_or(&Value::Null);
                holds(actual, *operator, value, case)
            }
        }
    }
}

fn present(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        _ => true,
    }
}

fn holds(actual: &Value, operator: Operator, wanted: &Literal, case: Case) -> bool {
    if operator == Operator::NotEqual {
        return !holds(actual, Operator::Equal, wanted, case);
    }
    if let Value::Array(items) = actual {
        return items.iter().any(|item| holds(item, operator, wanted, case));
    }
    match (actual, wanted) {
        (Value::String(actual), Literal::Text(wanted)) => texts(actual, operator, wanted, case),
        (Value::Number(actual), Literal::Number(wanted)) => actual
            .as_f64()
            .and_then(|actual| actual.partial_cmp(wanted))
            .is_some_and(|order| ordered(order, operator)),
        (Value::Bool(actual), Literal::Bool(wanted)) => {
            operator == Operator::Equal && actual == wanted
        }
        (Value::Null, Literal::Null) => operator == Operator::Equal,
        _ => false,
    }
}

fn texts(actual: &str, operator: Operator, wanted: &str, case: Case) -> bool {
    let fold = |text| match case {
        Case::Sensitive => Cow::Borrowed(text),
        Case::Insensitive => folded(text),
    };
    match operator {
        Operator::StartsWith => fold(actual).starts_with(&*fold(wanted)),
        Operator::EndsWith => fold(actual).ends_with(&*fold(wanted)),
        Operator::Contains => fold(actual).contains(&*fold(wanted)),
        _ => {
            let moments = Timestamp::parse(wanted)
                .and_then(|wanted| Some((Timestamp::parse(actual)?, wanted)));
            let order = match moments {
                Some((actual, wanted)) => actual.cmp(&wanted),
                None => fold(actual).cmp(&fold(wanted)),
            };
            ordered(order, operator)
        }
    }
}

/// The text in lower case, as it is if it has no other letters.
fn folded(text: &str) -> Cow<'_, str> {
    if text.is_ascii() && !text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.to_lowercase())
}

fn ordered(order: Ordering, operator: Operator) -> bool {
    match operator {
        Operator::Equal => order.is_eq(),
        Operator::NotEqual => order.is_ne(),
        Operator::Greater => order.is_gt(),
        Operator::GreaterOrEqual => order.is_ge(),
        Operator::Less => order.is_lt(),
        Operator::LessOrEqual => order.is_le(),
        Operator::StartsWith | Operator::Contains | Operator::EndsWith => false,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::json;

    use super::*;

    struct Json(Value);

    impl Attributes for Json {
        fn attribute(&self, path: &str) -> Option<Cow<'_, Value>> {
            walk(&self.0, path).map(Cow::Owned)
        }
    }

    fn person() -> Json {
        Json(json!({
            "status": "ACTIVE",
            "created": "2026-01-02T00:00:00.000Z",
            "profile": {
                "firstName": "Zoë", "badge": 4711, "remote": true, "empty": "", "none": null,
                "skills": ["Rust", "Go"], "a.b": "dotted",
            },
            "target": [{ "id": "00u1" }, { "id": "00g1" }],
        }))
    }

    #[test]
    fn compares_as_okta_does() {
        for (source, expected) in [
            (r#"status eq "ACTIVE""#, true),
            (r#"status eq "active""#, true),
            (r#"status ne "ACTIVE""#, false),
            (r#"profile.firstName sw "zo""#, true),
            (r#"profile.firstName ew "ë""#, true),
            (r#"profile.firstName co "O""#, true),
            ("profile.badge eq 4711", true),
            ("profile.badge gt 4711", false),
            ("profile.badge ge 4711 and profile.badge lt 5000", true),
            (r#"profile.badge eq "4711""#, false),
            ("profile.remote eq true", true),
            ("profile.remote eq false", false),
            ("profile.none eq null", true),
            ("profile.absent eq null", true),
            (r#"profile.absent ne "x""#, true),
            ("profile.empty pr", false),
            ("profile.none pr", false),
            ("profile.absent pr", false),
            ("profile.skills pr", true),
            (r#"profile.skills eq "rust""#, true),
            (r#"profile.skills ne "rust""#, false),
            (r#"profile.a.b eq "dotted""#, true),
            (r#"target.id eq "00g1""#, true),
            (r#"not (target.id eq "00g1")"#, false),
            // The same moment in another offset.
            (r#"created eq "2026-01-02T01:00:00+01:00""#, true),
            (r#"created gt "2026-01-01T00:00:00.000Z""#, true),
            (r#"created le "2026-01-01T00:00:00.000Z""#, false),
        ] {
            let expression = Expression::parse(source).unwrap();
            assert_eq!(
                expression.matches(&person(), Case::Insensitive),
                expected,
                "{source}"
            );
        }
    }

    #[test]
    fn filter_tells_letter_cases_apart() {
        let expression = Expression::parse(r#"status eq "active""#).unwrap();
        assert!(!expression.matches(&person(), Case::Sensitive));
    }
}
