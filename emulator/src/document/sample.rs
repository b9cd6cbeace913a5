//! Values that satisfy what a schema says, for members that have to be there and that nobody gave.

use serde_json::{Value, json};

use super::shape::{Kind, Shape};

/// A value of a scalar for the member `name`. `now` is what a date is.
pub(super) fn scalar(name: &str, shape: &Shape<'_>, now: &str) -> Value {
    if let Some(default) = shape.default.filter(|default| !default.is_null()) {
        return default.clone();
    }
    if let Some(value) = shape.values.iter().find(|value| !value.is_null()) {
        return value.clone();
    }
    match shape.kind {
        Kind::Boolean => json!(false),
        Kind::Integer => json!(shape.minimum.map_or(0, |least| least.ceil() as i64)),
        Kind::Number => json!(shape.minimum.unwrap_or_default()),
        Kind::Text => json!(fitted(text(name, shape, now), shape)),
        Kind::Any => Value::Null,
        Kind::List => json!([]),
        Kind::Object => json!({}),
    }
}

fn text(name: &str, shape: &Shape<'_>, now: &str) -> String {
    if let Some(text) = shape.pattern.and_then(of_pattern) {
        return text.to_owned();
    }
    match shape.format {
        Some("date-time") => now.to_owned(),
        Some("uri" | "url") => format!("https://example.com/{name}"),
        Some("email") => "admin@example.com".to_owned(),
        Some("uuid") => UUID.to_owned(),
        Some("base64") => "AQAB".to_owned(),
        _ => words(name),
    }
}

const UUID: &str = "6f1c2a34-5b6d-4e7f-8a9b-0c1d2e3f4a5b";

/// A text for a pattern of the document. A new pattern needs a line here, says a test.
fn of_pattern(pattern: &str) -> Option<&'static str> {
    let texts = [
        ("[0-9a-f]{8}-[0-9a-f]{4}", UUID),
        (r"^\+[1-9]\d{1,14}$", "+15555550100"),
        (r"^\d+\.\d+$", "7.0"),
        (r"^(?:\*|\^?\d+", "*"),
        ("^P(?:$)", "P"),
        (r"^[\w\-_. ]+$", "example"),
        (r"^[a-zA-Z0-9.\-_]$", "a"),
        ("^[a-zA-Z0-9", "example"),
    ];
    let mut found = texts.iter().filter(|(known, _)| pattern.contains(known));
    found.next().map(|(_, text)| *text)
}

/// `displayName` as `Display name`.
fn words(name: &str) -> String {
    let mut words = String::new();
    for letter in name.trim_start_matches('_').chars() {
        match (words.is_empty(), letter) {
            (true, letter) => words.extend(letter.to_uppercase()),
            (false, '_' | '-') => words.push(' '),
            (false, letter) if letter.is_uppercase() => {
                words.push(' ');
                words.extend(letter.to_lowercase());
            }
            (false, letter) => words.push(letter),
        }
    }
    words
}

/// The text no longer and no shorter than is allowed.
fn fitted(mut text: String, shape: &Shape<'_>) -> String {
    let least = shape.min_length.unwrap_or_default();
    while text.chars().count() < least {
        text.push('a');
    }
    match shape.max_length {
        Some(most) => text.chars().take(most).collect(),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use regex::Regex;

    use super::*;
    use crate::document::document;

    #[test]
    fn every_pattern_of_the_document_has_a_text_that_fits() {
        let mut patterns = 0;
        let schemas = document().schemas();
        for schema in schemas.names().filter_map(|name| schemas.get(name)) {
            schema.each(&mut |schema| {
                let Some(pattern) = &schema.pattern else {
                    return;
                };
                let shape = document().shape(schema, None);
                let text = scalar("name", &shape, "2026-01-01T00:00:00.000Z");
                let regex = Regex::new(pattern).unwrap();
                assert!(regex.is_match(text.as_str().unwrap()), "{pattern}: {text}");
                patterns += 1;
            });
        }
        assert!(patterns > 10, "{patterns}");
    }

    #[test]
    fn names_become_words() {
        for (name, expected) in [
            ("displayName", "Display name"),
            ("client_name", "Client name"),
            ("x", "X"),
        ] {
            assert_eq!(words(name), expected);
        }
    }
}
