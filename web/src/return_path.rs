//! Where a user goes after a login.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::site::Site;

/// The longest path, in bytes: it travels in the login's cookie.
const LONGEST: usize = 512;

/// A path of this site, with its query. It cannot lead elsewhere: it begins with one `/`, and has
/// neither backslashes nor control characters, which browsers read as slashes or drop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ReturnPath(String);

impl ReturnPath {
    /// `text`, if it is such a path.
    pub(crate) fn parse(text: &str, site: &Site) -> Option<Self> {
        let mut characters = text.chars();
        let begins_well = characters.next() == Some('/') && characters.next() != Some('/');
        let is_plain = text
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && byte != b'\\');
        (begins_well && is_plain && text.len() <= LONGEST && site.join(text).is_some())
            .then(|| Self(text.to_owned()))
    }

    /// The first page.
    pub(crate) fn home() -> Self {
        Self("/".to_owned())
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ReturnPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn open_redirect_is_refused() {
        let site = Site::of_redirect_uri(Some("https://app.example.com/callback")).unwrap();
        for right in [
            "/",
            "/orders",
            "/orders?next=//x&u=https://x",
            "/a/../b",
            "/%2F%2Fx",
        ] {
            assert_eq!(ReturnPath::parse(right, &site).unwrap().as_str(), right);
        }
        let long = format!("/{}", "a".repeat(LONGEST));
        for wrong in [
            "",
            "orders",
            "//evil.example",
            "///evil.example",
            "/\\evil.example",
            "\\/evil.example",
            "/a\\b",
            "/\t/evil.example",
            "/\n/evil.example",
            "/a b",
            "/ä",
            "https://evil.example/",
            "javascript:alert(1)",
            long.as_str(),
        ] {
            assert_eq!(ReturnPath::parse(wrong, &site), None, "{wrong:?}");
        }
    }
}
