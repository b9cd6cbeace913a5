//! How callers reach the org: by which URL, and from which web pages.

use std::net::IpAddr;

use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use url::{Origin, Url};

use crate::error::Error;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
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
    /// Whether the pages that show the org answer to other names than those of this machine.
    pub(crate) has_open_pages: bool,
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

    /// Whether the pages that show the org are for this caller: a browser on this machine, which called
    /// it by a name of this machine. A page of another site cannot: neither by its own name for this
    /// address (DNS rebinding), nor through a proxy.
    pub(crate) fn shows_pages_to(&self, headers: &HeaderMap) -> bool {
        let is_forwarded = [FORWARDED_FOR, FORWARDED_HOST, header::FORWARDED];
        let is_forwarded = is_forwarded.iter().any(|name| headers.contains_key(name));
        let host = first(headers, header::HOST).and_then(|host| host.parse::<Authority>().ok());
        let is_local = host.is_some_and(|host| is_this_machine(host.host()));
        self.has_open_pages || (is_local && !is_forwarded)
    }
}

fn is_this_machine(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let address = bare.parse::<IpAddr>();
    let host = host.to_ascii_lowercase();
    address.is_ok_and(|address| address.is_loopback())
        || host == "localhost"
        || host.ends_with(".localhost")
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

    fn entrance(is_behind_proxy: bool, has_open_pages: bool) -> Entrance {
        Entrance {
            scheme: "http",
            host: "127.0.0.1:1".to_owned(),
            is_behind_proxy,
            has_open_pages,
            origins: TrustedOrigins::default(),
        }
    }

    fn map(headers: &[(&'static str, &str)]) -> HeaderMap {
        let headers = headers.iter().map(|(name, value)| {
            (
                HeaderName::from_static(name),
                HeaderValue::from_str(value).unwrap(),
            )
        });
        headers.collect()
    }

    fn base(is_behind_proxy: bool, headers: &[(&'static str, &str)]) -> String {
        entrance(is_behind_proxy, false).base(&map(headers))
    }

    #[test]
    fn the_pages_are_for_browsers_on_this_machine() {
        for (host, is_shown) in [
            ("127.0.0.1:8080", true),
            ("127.8.8.8", true),
            ("[::1]:8080", true),
            ("LOCALHOST:8080", true),
            ("okta.localhost", true),
            ("localhost.example.com", false),
            ("notlocalhost", false),
            ("192.168.1.7:8080", false),
            ("rebound.example.com:8080", false),
            ("a b", false),
        ] {
            let closed = entrance(false, false);
            assert_eq!(
                closed.shows_pages_to(&map(&[("host", host)])),
                is_shown,
                "{host}"
            );
            let proxied = map(&[("host", host), ("x-forwarded-for", "203.0.113.9")]);
            assert!(!closed.shows_pages_to(&proxied), "{host}");
            assert!(entrance(true, true).shows_pages_to(&proxied), "{host}");
        }
        assert!(!entrance(false, false).shows_pages_to(&map(&[])));
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
