//! Documentation of types, made from facts.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::api::{Field, Lifecycle, Type, TypeKind};
use crate::case::capitalize;
use crate::descriptions;
use crate::emit::wrap::wrapped;

/// Doc comment of a type.
pub(super) fn of_type(ty: &Type) -> String {
    let subject = match (&ty.schema, &ty.place) {
        (Some(schema), _) => format!("Okta's `{schema}`"),
        (None, Some(place)) => capitalize(place),
        (None, None) => format!("`{}`", ty.name),
    };
    let what = match &ty.kind {
        TypeKind::Enum(_) => format!("{subject}: its values."),
        TypeKind::Union(union) => {
            format!(
                "{subject}: a tagged union, whose variant is chosen by `{}`.",
                union.discriminator
            )
        }
        TypeKind::Record(_) => format!("{subject}."),
    };
    let mut paragraphs = vec![what];
    if ty.schema.is_none() {
        paragraphs.extend(places(&ty.places));
    }
    if let TypeKind::Enum(_) = ty.kind {
        paragraphs.push(
            "Okta adds values at any time: match the rest with `other`, and read it with \
             `other.as_str()`."
                .to_owned(),
        );
    }
    paragraphs.extend(lifecycle(&ty.lifecycle));
    let facts: Vec<_> = paragraphs.iter().map(|text| comment("", text)).collect();
    facts.join("///\n") + &prose("", ty.prose.as_deref())
}

/// Where a type that several places share is in Okta's document; many places are folded.
fn places(places: &BTreeSet<String>) -> Vec<String> {
    const SHOWN: usize = 8;
    let names: Vec<_> = places.iter().map(|place| code(place)).collect();
    let names = names.join(", ");
    match places.len() {
        0 | 1 => Vec::new(),
        2..=SHOWN => vec![format!(
            "One type for these places of Okta's document: {names}."
        )],
        count => vec![
            format!("<details><summary>One type for {count} places of Okta's document</summary>"),
            format!("{names}."),
            "</details>".to_owned(),
        ],
    }
}

/// Release cycle in words, where there is anything to say.
pub(super) fn lifecycle(lifecycle: &Lifecycle) -> Option<String> {
    let stage = match lifecycle.stage.as_deref()? {
        "EA" => "Early access",
        "BETA" => "Beta",
        "LIMITED_GA" => "Generally available in some orgs",
        "DEPRECATED" => "Deprecated by Okta",
        "TOMBSTONE" => "Withdrawn by Okta",
        _ if lifecycle.identity_engine_only => "Generally available",
        _ => return None,
    };
    Some(if lifecycle.skus.is_empty() {
        format!("{stage}.")
    } else {
        format!("{stage}; needs {}.", lifecycle.skus.join(", "))
    })
}

/// Doc comment of a field.
pub(super) fn of_field(field: &Field) -> String {
    let mut text = meaning(field);
    if field.required {
        text.push_str(" Required.");
    }
    if field.server_owned {
        text.push_str(" Okta alone writes it: requests leave it out.");
    } else if field.read_only {
        text.push_str(" Read-only by Okta's document.");
    } else if field.nullable {
        text.push_str(" Null clears it.");
    }
    if field.write_only {
        text.push_str(" Write-only.");
    }
    comment("    ", &text) + &prose("    ", field.facts.prose.as_deref())
}

/// Doc comment of a required part.
pub(super) fn of_part(field: &Field) -> String {
    comment("    ", &meaning(field))
}

/// What a member means, and its limits.
fn meaning(field: &Field) -> String {
    let mut text = match &field.facts.words {
        Some(words) => words.clone(),
        None => format!("`{}`.", field.name),
    };
    for line in &field.facts.lines {
        let _ = write!(text, " {line}");
    }
    text
}

/// What Okta says of it, after the facts.
fn prose(indent: &str, text: Option<&str>) -> String {
    let Some(text) = text else {
        return String::new();
    };
    let mut comment = format!("{indent}///\n");
    for line in descriptions::lines(text) {
        comment.push_str(format!("{indent}/// {line}").trim_end());
        comment.push('\n');
    }
    comment
}

/// A text of the document as code, on one line whatever it holds.
pub(super) fn code(text: &str) -> String {
    let mut code = String::from("`");
    for c in text.chars() {
        if c.is_control() {
            code.extend(c.escape_default());
        } else {
            code.push(c);
        }
    }
    code.push('`');
    code
}

/// A doc comment, wrapped.
pub(super) fn comment(indent: &str, text: &str) -> String {
    wrapped(text, 96 - indent.len())
        .iter()
        .map(|line| format!("{indent}/// {line}\n"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_places_are_folded_and_all_named() {
        let named = |count: usize| {
            let all = (0..count).map(|at| format!("T{at}.a"));
            places(&all.collect())
        };
        assert_eq!(named(1), [""; 0]);
        assert_eq!(
            named(2),
            ["One type for these places of Okta's document: `T0.a`, `T1.a`."]
        );
        let many = named(9);
        assert_eq!(many.len(), 3);
        assert!(many[0].contains("9 places") && many[2] == "</details>");
        assert!((0..9).all(|at| many[1].contains(&format!("`T{at}.a`"))));
    }
}
