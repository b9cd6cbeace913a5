//! Which site had the browser send a request.

use http::HeaderMap;
use http::header::ORIGIN;

use crate::site::Site;

/// Where a request comes from, as the browser says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// From a page of this site, or from the user.
    Same,
    /// From anywhere else, other hosts of the same domain included.
    Other,
    /// The browser says nothing: an old one, or no browser.
    Unknown,
}

/// By `Sec-Fetch-Site` (W3C Fetch Metadata), which no page can set, or else by `Origin`.
pub(crate) fn origin_of(headers: &HeaderMap, site: &Site) -> Origin {
    let mut sites = headers.get_all("sec-fetch-site").into_iter();
    if let Some(first) = sites.next() {
        let is_same = matches!(first.as_bytes(), b"same-origin" | b"none");
        return if is_same && sites.next().is_none() {
            Origin::Same
        } else {
            Origin::Other
        };
    }
    let mut origins = headers.get_all(ORIGIN).into_iter();
    match (origins.next(), origins.next()) {
        (None, _) => Origin::Unknown,
        (Some(origin), None) if origin.as_bytes() == site.origin().as_bytes() => Origin::Same,
        _ => Origin::Other,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use http::{HeaderName, HeaderValue};

    use super::*;

    #[test]
    fn a_request_is_of_this_site_if_the_browser_says_so() {
        let site = Site::of_redirect_uri(Some("https://app.example.com/callback")).unwrap();
        let here = "https://app.example.com";
        for (pairs, origin) in [
            (&[("sec-fetch-site", "same-origin")][..], Origin::Same),
            (&[("sec-fetch-site", "none")], Origin::Same),
            (&[("sec-fetch-site", "same-site")], Origin::Other),
            (&[("sec-fetch-site", "cross-site")], Origin::Other),
            (
                &[("sec-fetch-site", "cross-site"), ("origin", here)],
                Origin::Other,
            ),
            (
                &[
                    ("sec-fetch-site", "same-origin"),
                    ("sec-fetch-site", "none"),
                ],
                Origin::Other,
            ),
            (&[("sec-fetch-site", "")], Origin::Other),
            (&[("origin", here)], Origin::Same),
            (
                &[("origin", "https://app.example.com.evil.example")],
                Origin::Other,
            ),
            (&[("origin", "http://app.example.com")], Origin::Other),
            (&[("origin", "null")], Origin::Other),
            (&[("origin", here), ("origin", "null")], Origin::Other),
            // What a proxy or the caller writes of the host counts for nothing.
            (
                &[("origin", "https://evil.example"), ("host", "evil.example")],
                Origin::Other,
            ),
            (&[("host", "app.example.com")], Origin::Unknown),
        ] {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.append(
                    HeaderName::from_static(name),
                    HeaderValue::from_static(value),
                );
            }
            assert_eq!(origin_of(&headers, &site), origin, "{pairs:?}");
        }
    }
}
