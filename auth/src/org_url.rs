//! The one origin that credentials may go to.

use std::fmt;
use std::str::FromStr;

use url::{Host, Url};

use crate::Error;

/// Domains on which Okta itself hosts orgs; only there does `-admin` mean the Admin Console.
const OKTA_DOMAINS: [&str; 7] = [
    "okta.com",
    "oktapreview.com",
    "okta-emea.com",
    "okta-gov.com",
    "okta.mil",
    "okta-miltest.com",
    "trex-govcloud.com",
];

/// The origin of an Okta org, such as `https://acme.okta.com`, checked for the usual mistakes.
///
/// Custom domains and ports are fine. `http` is accepted for loopback addresses and `localhost`
/// only, so that tests can run against a local server.
///
/// Source: <https://developer.okta.com/docs/guides/find-your-domain/main/>
#[derive(Clone, PartialEq, Eq)]
pub struct OrgUrl {
    url: Url,
    origin: String,
}

impl OrgUrl {
    /// Checks `text` and takes it as the org's origin. White space around it and one trailing
    /// slash are ignored.
    ///
    /// # Errors
    /// A configuration error that says what to write instead: for a missing or wrong scheme,
    /// `http` to anything but loopback, a placeholder such as `{yourOktaDomain}`, an Admin
    /// Console host (`acme-admin.okta.com`), `.com.com`, a doubled `://`, a path, a query, a
    /// fragment, a user name, or a control character, white space or backslash in it.
    pub fn parse(text: &str) -> Result<Self, Error> {
        Self::check(text, false)
    }

    /// As [`OrgUrl::parse`], but takes `http` for any host. The token then travels unencrypted:
    /// for test servers only.
    ///
    /// # Errors
    /// As [`OrgUrl::parse`], apart from the rule about `http`.
    pub fn parse_allowing_http(text: &str) -> Result<Self, Error> {
        Self::check(text, true)
    }

    /// The origin as a URL; its path is `/`.
    #[must_use]
    pub fn as_url(&self) -> &Url {
        &self.url
    }

    /// The origin as text, with no trailing slash: `https://acme.okta.com`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.origin
    }

    /// Whether `url` has this scheme, host and port, and carries no user name or password.
    #[must_use]
    pub fn is_origin_of(&self, url: &Url) -> bool {
        self.url.origin() == url.origin() && url.username().is_empty() && url.password().is_none()
    }

    fn check(text: &str, allow_http: bool) -> Result<Self, Error> {
        let text = text.trim();
        let refuse = |why: String| Err(Error::configuration(why));
        if text.is_empty() {
            return refuse("the org URL is empty; write it as https://acme.okta.com".to_owned());
        }
        if text.contains(['{', '}', '<', '>']) || text.contains("yourOktaDomain") {
            return refuse(
                "the org URL is still a placeholder; write your own, such as \
                 https://acme.okta.com"
                    .to_owned(),
            );
        }
        // A parser of URLs drops the former and reads the latter as slashes: another URL than the
        // one that was read before.
        if text.contains(|c: char| c.is_control() || c.is_whitespace() || c == '\\') {
            return refuse(
                "the org URL has white space, a control character or a backslash in it; write it \
                 as https://acme.okta.com"
                    .to_owned(),
            );
        }
        if text.matches("://").count() > 1 {
            return refuse(
                "the org URL contains `://` twice; write it once, as https://acme.okta.com"
                    .to_owned(),
            );
        }
        if !text.contains("://") {
            // Only text that looks like a host is repeated: a token put into the wrong variable
            // must not end up in an error.
            let example = if looks_like_host(text) {
                text
            } else {
                "acme.okta.com"
            };
            return refuse(format!(
                "the org URL has no scheme; write https://{example}"
            ));
        }
        let Ok(url) = Url::parse(text) else {
            return refuse(
                "the org URL is not a valid URL; write it as https://acme.okta.com".to_owned(),
            );
        };
        let Some(host) = url.host() else {
            return refuse("the org URL has no host; write https://acme.okta.com".to_owned());
        };
        let origin = url.origin().ascii_serialization();
        if !url.username().is_empty() || url.password().is_some() {
            return refuse("the org URL contains a user name or password; remove it".to_owned());
        }
        match url.scheme() {
            "https" => {}
            "http" if allow_http || is_loopback(&host) => {}
            "http" => {
                return refuse(format!(
                    "the org URL uses http, which would send credentials unencrypted; write \
                     https://{host}"
                ));
            }
            other => {
                return refuse(format!(
                    "the org URL uses the scheme `{other}`; write https://{host}"
                ));
            }
        }
        if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
            return refuse(format!(
                "the org URL has more than an origin; write only {origin}"
            ));
        }
        if let Host::Domain(domain) = host {
            if domain.ends_with(".com.com") {
                return refuse(format!(
                    "the org URL ends in `.com.com`; write {}",
                    origin.replace(".com.com", ".com")
                ));
            }
            if is_admin_console(domain) {
                return refuse(format!(
                    "the org URL is that of the Admin Console; write it without `-admin`: {}",
                    origin.replacen("-admin.", ".", 1)
                ));
            }
        }
        Ok(Self { url, origin })
    }
}

fn is_admin_console(domain: &str) -> bool {
    domain
        .split_once('.')
        .is_some_and(|(name, rest)| name.ends_with("-admin") && OKTA_DOMAINS.contains(&rest))
}

fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => *name == "localhost",
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}

fn looks_like_host(text: &str) -> bool {
    text.contains('.')
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':'))
}

impl fmt::Debug for OrgUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OrgUrl({})", self.origin)
    }
}

impl fmt::Display for OrgUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.origin)
    }
}

impl FromStr for OrgUrl {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn accepts_origins() {
        for (text, origin) in [
            ("https://acme.okta.com", "https://acme.okta.com"),
            (" https://acme.okta.com/ ", "https://acme.okta.com"),
            ("HTTPS://Acme.Okta.com:443", "https://acme.okta.com"),
            ("https://id.example.com:8443", "https://id.example.com:8443"),
            (
                "https://team-admin.example.com",
                "https://team-admin.example.com",
            ),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("http://localhost:1", "http://localhost:1"),
            ("http://[::1]:9", "http://[::1]:9"),
        ] {
            assert_eq!(OrgUrl::parse(text).unwrap().as_str(), origin);
        }
    }

    #[test]
    fn refusals_say_what_to_write() {
        for (text, advice) in [
            ("", "https://acme.okta.com"),
            ("https://{yourOktaDomain}", "placeholder"),
            ("https://yourOktaDomain", "placeholder"),
            ("acme.okta.com", "write https://acme.okta.com"),
            ("00secretTokenInWrongPlace_x", "write https://acme.okta.com"),
            ("https://https://acme.okta.com", "`://` twice"),
            ("http://acme.okta.com", "write https://acme.okta.com"),
            ("http://127.0.0.1.evil.com", "unencrypted"),
            ("http://evil.localhost", "unencrypted"),
            ("http://localhost.", "unencrypted"),
            ("http://localhost.evil.com", "unencrypted"),
            ("https://acme\n.okta.com", "control character"),
            ("https://ac\tme.okta.com", "control character"),
            ("https://acme.okta.com\0.evil.com", "control character"),
            ("https://acme\u{85}.okta.com", "control character"),
            ("https://acme .okta.com", "white space"),
            ("https:\\\\acme.okta.com", "backslash"),
            ("https://acme.okta.com\\", "backslash"),
            ("https://acme.okta.com\\@evil.com", "backslash"),
            (
                "ftp://acme.okta.com",
                "scheme `ftp`; write https://acme.okta.com",
            ),
            (
                "https://acme-admin.okta.com",
                "without `-admin`: https://acme.okta.com",
            ),
            (
                "https://acme-admin.oktapreview.com",
                "https://acme.oktapreview.com",
            ),
            ("https://acme.okta.com.com", "write https://acme.okta.com"),
            (
                "https://acme.okta.com/oauth2/default",
                "write only https://acme.okta.com",
            ),
            (
                "https://acme.okta.com?x=1",
                "write only https://acme.okta.com",
            ),
            (
                "https://acme.okta.com#x",
                "write only https://acme.okta.com",
            ),
            ("https://joe:pw@acme.okta.com", "user name"),
            ("https://", "valid URL"),
        ] {
            let error = OrgUrl::parse(text).unwrap_err();
            assert!(error.is_configuration(), "{text}");
            let message = error.to_string();
            assert!(message.contains(advice), "{text}: {message}");
            assert!(
                !message.contains("00secret") && !message.contains("pw"),
                "{message}"
            );
        }
    }

    #[test]
    fn http_elsewhere_needs_to_be_asked_for() {
        let org = OrgUrl::parse_allowing_http("http://emulator.test:8080").unwrap();
        assert_eq!(org.to_string(), "http://emulator.test:8080");
    }

    #[test]
    fn origin_compares_scheme_host_and_port() {
        let org = OrgUrl::parse("https://acme.okta.com").unwrap();
        for (url, same) in [
            ("https://acme.okta.com/api/v1/users?limit=2", true),
            ("https://acme.okta.com:443/", true),
            ("https://acme.okta.com:444/", false),
            ("http://acme.okta.com/", false),
            ("https://acme.okta.com.evil.com/", false),
            ("https://joe@acme.okta.com/", false),
        ] {
            assert_eq!(org.is_origin_of(&Url::parse(url).unwrap()), same, "{url}");
        }
    }
}
