//! Where to go on with a list.

use std::fmt;
use std::str::FromStr;

use http::header::ACCEPT;
use http::{HeaderValue, Method};
use reqwest::Request;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::{Error, OrgUrl};

/// The longest text of a cursor in bytes. Servers take no URL that is longer.
pub(super) const MOST_TEXT: usize = 16 << 10;

/// A place in a list, to be stored and resumed from. It names neither the org nor any
/// credentials, and its text is not to be taken apart.
///
/// It is for the program's own storage alone. Its text is a path at the org, and resuming from it
/// fetches that path with the program's credentials: who can write a cursor can read whatever they
/// may. One that goes through other hands, such as a browser's, has to be a
/// [`SignedCursor`](crate::SignedCursor); see [`Cursor::signed`].
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Cursor(String);

impl Cursor {
    /// The place that `url` asks for.
    pub(super) fn at(url: &Url) -> Self {
        Self(match url.query() {
            Some(query) => format!("{}?{query}", url.path()),
            None => url.path().to_owned(),
        })
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// The request for this place at `org`.
    pub(super) fn request(&self, org: &OrgUrl) -> Result<Request, Error> {
        // Put together as text: joining would take a path that starts with `//` for a host.
        let url = Url::parse(&format!("{}{}", org.as_str(), self.0))
            .ok()
            .filter(|url| org.is_origin_of(url))
            .ok_or_else(not_a_cursor)?;
        let mut request = Request::new(Method::GET, url);
        request
            .headers_mut()
            .insert(ACCEPT, HeaderValue::from_static("application/json"));
        Ok(request)
    }
}

fn not_a_cursor() -> Error {
    Error::invalid_argument(
        "cursor",
        "is not one; write the text that an earlier cursor gave",
    )
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Cursor {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        // The characters of a path and query (RFC 3986): a slash first, so that what is put
        // before it stays the origin.
        let plain = text
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && byte != b'#');
        if text.starts_with('/') && plain && text.len() <= MOST_TEXT {
            Ok(Self(text))
        } else {
            Err(not_a_cursor())
        }
    }
}

impl FromStr for Cursor {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        text.to_owned().try_into()
    }
}

impl From<Cursor> for String {
    fn from(cursor: Cursor) -> Self {
        cursor.0
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn survives_storage_and_finds_its_place_again() {
        let org = OrgUrl::parse("https://acme.okta.com:8443").unwrap();
        for place in [
            "/api/v1/users?after=00u1&limit=2",
            "//api/v1/users?after=x%2By",
            "/api/v1/logs",
            "/api/v1/users?search=profile.login%20eq%20%22a@b.c%22",
        ] {
            let url = Url::parse(&format!("https://acme.okta.com:8443{place}")).unwrap();
            let cursor = Cursor::at(&url);
            let stored = serde_json::to_string(&cursor).unwrap();
            let cursor: Cursor = serde_json::from_str(&stored).unwrap();
            assert_eq!(cursor.to_string().parse::<Cursor>().unwrap(), cursor);
            assert_eq!(cursor.request(&org).unwrap().url(), &url);
        }
    }

    #[test]
    fn other_text_is_refused() {
        for text in [
            "",
            "api",
            "https://evil.example/",
            "@evil.example/",
            ".evil/",
            "/a b",
            "/a#b",
        ] {
            assert!(
                text.parse::<Cursor>().unwrap_err().is_invalid_argument(),
                "{text}"
            );
            assert!(
                serde_json::from_value::<Cursor>(text.into()).is_err(),
                "{text}"
            );
        }
        let long = format!("/{}", "a".repeat(MOST_TEXT));
        assert!(long.parse::<Cursor>().is_err());
    }
}
