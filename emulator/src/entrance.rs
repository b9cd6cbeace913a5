//! How callers reach the org: by which URL, and from which web pages.

use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use url::{Origin, Url};

use crate::error::Error;

const FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// The org's own URL and what it makes of a caller's.
#[derive(Debug)]
pub(crate) struct Entrance {
    pub(crate) scheme: &'static str,
    /// Host and port, where the caller names none.
    pub(crate) host: String,
    /// Whether a proxy stands in front that says how it was called.
    pub(crate) is_behind_proxy: bool,
    pub(crate) origins: TrustedOrigins,
}

impl Entrance {
    /// Scheme and host by which the caller knows the org.
    pub(crate) fn base(&self, headers: &HeaderMap) -> String {
        let forwarded = |name| self.is_behind_proxy.then(|| first(headers, name)).flatten();
        let host = forwarded(FORWARDED_HOST).or_else(|| first(headers, header::HOST));
        let host = host.filter(|host| host.parse::<Authority>().is_ok());
        let scheme = match forwarded(FORWARDED_PROTO) {
            Some("https") => "https",
            Some("http") => "http",
            _ => self.scheme,
        };
        format!("{scheme}://{}", host.unwrap_or(&self.host))
    }
}

/// The first of the values of a header, which is that of the proxy nearest to the caller.
fn first(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    let value = headers.get(name)?.to_str().ok()?;
    value.split(',').next().map(str::trim)
}

/// The origins of web pages that may call the API.
#[derive(Clone, Debug, Default)]
pub(crate) struct TrustedOrigins(Vec<Origin>);

impl TrustedOrigins {
    /// Reads origins such as `https://app.example.com`.
    pub(crate) fn read(origins: &[String]) -> Result<Self, Error> {
        let refused = |origin: &String| Error::Origin {
            origin: origin.clone(),
        };
        let read = origins
            .iter()
            .map(|origin| parsed(origin).ok_or_else(|| refused(origin)));
        read.collect::<Result<_, Error>>().map(Self)
    }

    pub(crate) fn has(&self, origin: &HeaderValue) -> bool {
        let origin = origin.to_str().ok().and_then(parsed);
        origin.is_some_and(|origin| self.0.contains(&origin))
    }
}

/// The origin that a text names, which has no path.
fn parsed(text: &str) -> Option<Origin> {
    let url = Url::parse(text).ok()?;
    let is_bare = matches!(url.path(), "" | "/") && url.query().is_none();
    Some(url.origin()).filter(|origin| is_bare && origin.is_tuple())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn base(is_behind_proxy: bool, headers: &[(&'static str, &str)]) -> String {
        let entrance = Entrance {
            scheme: "http",
            host: "127.0.0.1:1".to_owned(),
            is_behind_proxy,
            origins: TrustedOrigins::default(),
        };
        let headers = headers.iter().map(|(name, value)| {
            (
                HeaderName::from_static(name),
                HeaderValue::from_str(value).unwrap(),
            )
        });
        entrance.base(&headers.collect())
    }

    #[test]
    fn the_caller_says_how_it_knows_the_org() {
        let host = ("host", "okta.test:8080");
        let proxied = ("x-forwarded-host", "login.example.com, inner");
        let https = ("x-forwarded-proto", "https");
        for (behind, headers, expected) in [
            (false, vec![], "http://127.0.0.1:1"),
            (false, vec![host], "http://okta.test:8080"),
            (false, vec![host, proxied, https], "http://okta.test:8080"),
            (
                true,
                vec![host, proxied, https],
                "https://login.example.com",
            ),
            (true, vec![host, https], "https://okta.test:8080"),
            (
                true,
                vec![host, ("x-forwarded-proto", "gopher")],
                "http://okta.test:8080",
            ),
            (
                true,
                vec![host, ("x-forwarded-host", "a/b c")],
                "http://127.0.0.1:1",
            ),
            (false, vec![("host", "<script>")], "http://127.0.0.1:1"),
        ] {
            assert_eq!(base(behind, &headers), expected, "{headers:?}");
        }
    }

    #[test]
    fn an_origin_is_compared_as_browsers_write_it() {
        let read = |text: &str| TrustedOrigins::read(&[text.to_owned()]);
        let trusted = read("https://APP.example.com:443/").unwrap();
        for (origin, is_trusted) in [
            ("https://app.example.com", true),
            ("https://app.example.com:8443", false),
            ("http://app.example.com", false),
            ("https://other.example.com", false),
            ("null", false),
        ] {
            assert_eq!(
                trusted.has(&HeaderValue::from_str(origin).unwrap()),
                is_trusted,
                "{origin}"
            );
        }
        for bad in [
            "app.example.com",
            "https://app.example.com/path",
            "null",
            "",
        ] {
            let error = read(bad).unwrap_err().to_string();
            assert!(error.contains("https://app.example.com"), "{error}");
        }
    }
}
