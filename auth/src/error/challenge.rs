//! What `WWW-Authenticate` says (RFC 6750, section 3; RFC 9449, section 7.1).

use http::HeaderMap;
use http::header::WWW_AUTHENTICATE;

/// The `error` of the first challenge that has one.
pub(super) fn error(headers: &HeaderMap) -> Option<String> {
    challenges(headers).find_map(|challenge| parameter(challenge, "error"))
}

/// The scopes that the access token lacks.
pub(super) fn missing_scope(headers: &HeaderMap) -> Option<String> {
    challenges(headers)
        .filter(|challenge| challenge.contains("insufficient_scope"))
        .find_map(|challenge| parameter(challenge, "scope"))
}

fn challenges(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    let lines = headers.get_all(WWW_AUTHENTICATE).iter();
    lines.filter_map(|line| line.to_str().ok())
}

/// The value of `name="value"`, where `name` is not the end of a longer name.
fn parameter(challenge: &str, name: &str) -> Option<String> {
    let start = format!("{name}=\"");
    challenge.match_indices(&start).find_map(|(at, start)| {
        let starts_a_name = challenge[..at].ends_with([' ', ',', '\t']);
        let (value, _) = challenge[at + start.len()..].split_once('"')?;
        starts_a_name.then(|| value.to_owned())
    })
}
