//! The URL that a proof is for.

use fluent_uri::Uri;
use fluent_uri::component::Host;

/// Scheme, host, port and path of a URL in the normal form of RFC 3986, sections 6.2.2 and 6.2.3.
/// Query and fragment do not count (RFC 9449, section 4.3).
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Target(String);

impl Target {
    /// The target of `url`; `None` if that is no absolute URL of `http` or `https`, to the letter
    /// of RFC 3986: other readers disagree about white space, backslashes and user names.
    pub(super) fn parse(url: &str) -> Option<Self> {
        let uri = Uri::parse(url).ok()?.normalize();
        let is_web = matches!(uri.scheme().as_str(), "http" | "https");
        let authority = uri.authority()?;
        let is_plain = is_web && !authority.has_userinfo() && !is_empty(authority.host_parsed());
        let path = match uri.path().as_str() {
            "" => "/",
            path => path,
        };
        is_plain.then(|| Self(format!("{}://{authority}{path}", uri.scheme())))
    }
}

fn is_empty(host: Host<'_>) -> bool {
    matches!(host, Host::RegName(name) if name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn normal(url: &str) -> Option<String> {
        Target::parse(url).map(|target| target.0)
    }

    #[test]
    fn spellings_of_one_url_are_one_target() {
        for (url, target) in [
            ("https://api.acme.com/a", "https://api.acme.com/a"),
            ("HTTPS://API.Acme.COM/a", "https://api.acme.com/a"),
            ("https://api.acme.com:443/a", "https://api.acme.com/a"),
            ("https://api.acme.com:/a", "https://api.acme.com/a"),
            ("http://api.acme.com:80", "http://api.acme.com/"),
            ("https://api.acme.com:80/", "https://api.acme.com:80/"),
            ("https://api.acme.com?a=/b", "https://api.acme.com/"),
            ("https://api.acme.com/a?x=1#f", "https://api.acme.com/a"),
            ("https://api.acme.com/a#f?x", "https://api.acme.com/a"),
            ("https://h/a/./b/../c", "https://h/a/c"),
            ("https://h/a/%2e%2E/c", "https://h/c"),
            ("https://h/../../c", "https://h/c"),
            ("https://h/a//b/", "https://h/a//b/"),
            ("https://h/%7ejoe%41", "https://h/~joeA"),
            ("https://h/a%2fb", "https://h/a%2Fb"),
            ("https://h/a%252Fb", "https://h/a%252Fb"),
            ("https://h/joe%40a", "https://h/joe%40a"),
            ("https://h/%3fq", "https://h/%3Fq"),
            ("https://[::FFFF]:443/", "https://[::ffff]/"),
        ] {
            assert_eq!(normal(url).as_deref(), Some(target), "{url}");
        }
    }

    #[test]
    fn what_others_could_read_otherwise_is_no_target() {
        for url in [
            "",
            "/a",
            "//h/a",
            "h/a",
            "ftp://h/a",
            "https:a",
            "https:///a",
            "https://:443/a",
            "https://user@h/a",
            "https://user:pw@h/a",
            "https://h\\@evil/a",
            "https://h/a\\b",
            "https://h/a b",
            " https://h/a",
            "https://h/a\n",
            "https://h/a\0",
            "https://h/%",
            "https://h/%g1",
            "https://h/ä",
            "https://h:port/",
            "https://h/<a>",
        ] {
            assert_eq!(normal(url), None, "{url}");
        }
    }
}
