//! Paths and templates in parts.

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

/// What separates the parts of a path, and what a path cannot hold.
const RESERVED: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'/')
    .add(b'?')
    .add(b'\\');

/// A part of a path, written so that it is one.
pub(crate) fn encoded(segment: &str) -> String {
    utf8_percent_encode(segment, RESERVED).to_string()
}

/// The last part of a path, decoded.
pub(crate) fn segment(path: &str) -> String {
    let last = path.rsplit('/').next().unwrap_or_default();
    percent_decode_str(last).decode_utf8_lossy().into_owned()
}

/// The path without its last part.
pub(crate) fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(above, _)| above)
}

/// Whether the last part of a template is a parameter.
pub(crate) fn ends_with_parameter(template: &str) -> bool {
    template.ends_with('}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_a_path_stays_one() {
        let key = "a/b c%";
        assert_eq!(encoded(key), "a%2Fb%20c%25");
        assert_eq!(segment(&format!("/api/v1/zones/{}", encoded(key))), key);
    }

    #[test]
    fn paths_have_parents() {
        assert_eq!(parent("/api/v1/zones/{zoneId}"), "/api/v1/zones");
        assert!(ends_with_parameter("/api/v1/zones/{zoneId}"));
    }
}
