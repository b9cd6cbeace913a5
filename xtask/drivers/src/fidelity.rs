//! Whether JSON came back as it went in.

use serde_json::{Map, Number, Value};

/// A place where what came back is not what went in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// JSON path, such as `$.profile.login`; `$` is the whole value.
    pub path: String,
    /// What became of it. Values are not shown: they may be secrets.
    pub reason: String,
}

/// Every difference between what went in and what came back, in the order of the JSON.
///
/// Null may come back as absent, since it says the same of an optional property. Nothing else may
/// differ; numbers are compared by value, as JSON has one kind of them.
#[must_use]
pub fn differences(before: &Value, after: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    compare("$", before, after, &mut found);
    found
}

fn compare(path: &str, before: &Value, after: &Value, found: &mut Vec<Difference>) {
    let mut note = |reason: String| {
        found.push(Difference {
            path: path.to_owned(),
            reason,
        })
    };
    match (before, after) {
        (Value::Object(before), Value::Object(after)) => objects(path, before, after, found),
        (Value::Array(before), Value::Array(after)) => {
            if before.len() != after.len() {
                note(format!("{} elements became {}", before.len(), after.len()));
            }
            for (index, (before, after)) in before.iter().zip(after).enumerate() {
                compare(&format!("{path}[{index}]"), before, after, found);
            }
        }
        _ if before == after => {}
        (Value::Number(before), Value::Number(after)) if same_number(before, after) => {}
        _ if kind(before) == kind(after) => note(format!("{} changed", kind(before))),
        _ => note(format!("{} became {}", kind(before), kind(after))),
    }
}

/// Whole numbers exactly, others as the doubles that JSON readers make of them.
fn same_number(before: &Number, after: &Number) -> bool {
    let whole = |number: &Number| number.is_i64() || number.is_u64();
    !(whole(before) && whole(after)) && before.as_f64() == after.as_f64()
}

fn objects(
    path: &str,
    before: &Map<String, Value>,
    after: &Map<String, Value>,
    found: &mut Vec<Difference>,
) {
    for (name, value) in before {
        let path = format!("{path}.{name}");
        match after.get(name) {
            Some(after) => compare(&path, value, after, found),
            None if value.is_null() => {}
            None => found.push(Difference {
                path,
                reason: format!("{} was lost", kind(value)),
            }),
        }
    }
    for (name, value) in after {
        if !before.contains_key(name) {
            let path = format!("{path}.{name}");
            found.push(Difference {
                path,
                reason: format!("{} was added", kind(value)),
            });
        }
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_null_may_vanish_and_only_spelling_change() {
        for (before, after) in [
            (json!({"a": null, "b": [{"c": null}]}), json!({"b": [{}]})),
            (json!({"a": null}), json!({"a": null})),
            (json!([1, "x", false]), json!([1, "x", false])),
            (json!({"a": 5.0}), json!({"a": 5})),
        ] {
            assert_eq!(differences(&before, &after), [], "{before}");
        }
    }

    #[test]
    fn every_other_change_is_found_where_it_is() {
        for (before, after, path, reason) in [
            (
                json!({"a": {"b": 1}}),
                json!({"a": {}}),
                "$.a.b",
                "a number was lost",
            ),
            (json!({}), json!({"a": null}), "$.a", "null was added"),
            (
                json!({"a": [1, 1]}),
                json!({"a": [1, 1.5]}),
                "$.a[1]",
                "a number changed",
            ),
            (json!(["x"]), json!([]), "$", "1 elements became 0"),
            (json!([null]), json!([0]), "$[0]", "null became a number"),
            (json!("2020"), json!(2020), "$", "a string became a number"),
            (
                json!({"a": "x"}),
                json!({"a": "y"}),
                "$.a",
                "a string changed",
            ),
        ] {
            let expected = Difference {
                path: path.to_owned(),
                reason: reason.to_owned(),
            };
            assert_eq!(differences(&before, &after), [expected], "{before}");
        }
        let (before, after) = (json!({"a": 1, "b": 2}), json!({"a": 0, "b": 0, "c": 0}));
        assert_eq!(differences(&before, &after).len(), 3);
    }
}
