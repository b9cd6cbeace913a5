//! Paths and texts with places for objects.

use serde_json::Value;

/// A part of a text.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece<'t> {
    Text(&'t str),
    /// `{#}`
    Number,
    /// `{/api/v1/users}`
    Object(&'t str),
    /// `{first /api/v1/users}`
    Listed(&'t str),
    /// `{keyId of /api/v1/hook-keys}`
    Member(&'t str, &'t str),
    /// `{hook}`: where a service answers that verifies hooks.
    Hook,
    /// `{certificate}`: one that nobody else has, in DER and Base64.
    Certificate,
}

/// The parts of a text. Braces around anything else are text.
pub(super) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, inner, after)) = braces(rest) {
        pieces.push(Piece::Text(before));
        let whole = &rest[before.len()..rest.len() - after.len()];
        pieces.push(place(inner).unwrap_or(Piece::Text(whole)));
        rest = after;
    }
    pieces.push(Piece::Text(rest));
    pieces
}

/// What braces stand for; nothing if they are text.
fn place(inner: &str) -> Option<Piece<'_>> {
    match inner.split_once(" /") {
        Some(("first", _)) => Some(Piece::Listed(&inner["first ".len()..])),
        Some((member, _)) if member.ends_with(" of") => {
            let member = member.trim_end_matches(" of");
            Some(Piece::Member(&inner[member.len() + " of ".len()..], member))
        }
        _ if inner == "#" => Some(Piece::Number),
        _ if inner == "hook" => Some(Piece::Hook),
        _ if inner == "certificate" => Some(Piece::Certificate),
        _ => inner.starts_with('/').then_some(Piece::Object(inner)),
    }
}

fn braces(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once('{')?;
    // The path in the braces may have braces of its own.
    let mut depth = 1;
    for (at, letter) in rest.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some((before, &rest[..at], &rest[at + 1..]));
        }
    }
    None
}

/// A text with the values of a path's parameters in place of their names in braces.
pub(super) fn with_parameters(text: &str, parameters: &Value) -> String {
    let parameters = parameters.as_object().into_iter().flatten();
    parameters.fold(text.to_owned(), |text, (name, value)| {
        let value = encoded(value.as_str().unwrap_or_default());
        text.replace(&format!("{{{name}}}"), &value)
    })
}

/// The name of a part of a template, if that is a parameter.
pub(super) fn parameter(segment: &str) -> Option<&str> {
    segment.strip_prefix('{')?.strip_suffix('}')
}

/// A template without the names of its parameters.
pub(super) fn nameless(template: &str) -> String {
    let segments = template.split('/');
    let segments = segments.map(|segment| parameter(segment).map_or(segment, |_| "{}"));
    segments.collect::<Vec<_>>().join("/")
}

/// A part of a path.
pub(super) fn encoded(segment: &str) -> String {
    let written = segment.bytes().map(|byte| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
            char::from(byte).to_string()
        }
        _ => format!("%{byte:02X}"),
    });
    written.collect()
}

/// Members that name an object in a path, the first of which counts.
const KEYS: [&str; 16] = [
    "/id",
    "/kid",
    "/grantId",
    "/stream_id",
    "/domain",
    "/primary/name",
    "/externalId",
    "/memberExternalId",
    "/profile/externalId",
    "/caseNumber",
    "/aaguid",
    "/contactType",
    "/notificationType",
    "/name",
    "/key",
    "/type",
];

/// The key of an object.
pub(super) fn key_of(object: &Value) -> Option<String> {
    if let Some(text) = object.as_str() {
        return Some(text.to_owned());
    }
    let mut keys = KEYS.iter().filter_map(|key| object.pointer(key)?.as_str());
    let own = || {
        object
            .pointer("/_links/self/href")?
            .as_str()?
            .rsplit('/')
            .next()
    };
    keys.next().or_else(own).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_and_numbers_have_places() {
        assert_eq!(
            pieces(
                "a{#}b{/users/{userId}/factors}{x}{first /brands?q=a}{keyId of /keys}{hook}{certificate}"
            ),
            [
                Piece::Text("a"),
                Piece::Number,
                Piece::Text("b"),
                Piece::Object("/users/{userId}/factors"),
                Piece::Text(""),
                Piece::Text("{x}"),
                Piece::Text(""),
                Piece::Listed("/brands?q=a"),
                Piece::Text(""),
                Piece::Member("/keys", "keyId"),
                Piece::Text(""),
                Piece::Hook,
                Piece::Text(""),
                Piece::Certificate,
                Piece::Text(""),
            ]
        );
        assert_eq!(pieces("a{b"), [Piece::Text("a{b")]);
    }

    #[test]
    fn templates_lose_their_names() {
        assert_eq!(nameless("/users/{id}/roles"), "/users/{}/roles");
        assert_eq!(parameter("{id}"), Some("id"));
        assert_eq!(parameter("users"), None);
        assert_eq!(encoded("a/b"), "a%2Fb");
    }
}
