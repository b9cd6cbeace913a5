//! The way to the org through another server.

use url::Url;

use crate::{Error, Secret};

/// An HTTP proxy, or with the feature `socks` one that speaks SOCKS 5 (RFC 1928). `Debug` does not
/// show its password.
#[derive(Clone, Debug)]
pub struct Proxy {
    url: String,
    login: Option<(String, Secret)>,
}

impl Proxy {
    /// The proxy at `url`, such as `http://proxy.example.com:3128`. With the feature `socks` also
    /// `socks5h://proxy.example.com:1080`, which looks up the org's name itself, and `socks5://…`,
    /// which is given its address.
    ///
    /// # Errors
    /// A configuration error if `url` is not such a URL, has a user name in it, or is a `socks5` URL
    /// and the feature is off.
    pub fn new(url: &str) -> Result<Self, Error> {
        let parsed = Url::parse(url).map_err(|_| refuse("is not a URL"))?;
        check_scheme(parsed.scheme())?;
        if !parsed.has_host() {
            return Err(refuse("has no host"));
        }
        if !parsed.username().is_empty() || parsed.password().is_some() {
            return Err(refuse(
                "has a user name in it, which is a setting of its own",
            ));
        }
        Ok(Self {
            url: parsed.into(),
            login: None,
        })
    }

    /// Authenticates to the proxy with a user name and password.
    #[must_use]
    pub fn basic_auth(mut self, username: impl Into<String>, password: impl Into<Secret>) -> Self {
        self.login = Some((username.into(), password.into()));
        self
    }

    pub(super) fn to_reqwest(&self) -> Result<reqwest::Proxy, Error> {
        let proxy = reqwest::Proxy::all(&self.url)
            .map_err(|error| Error::configuration("the proxy cannot be used").with_source(error))?;
        Ok(match &self.login {
            Some((username, password)) => proxy.basic_auth(username, password.expose()),
            None => proxy,
        })
    }
}

fn check_scheme(scheme: &str) -> Result<(), Error> {
    match scheme {
        "http" | "https" => Ok(()),
        "socks5" | "socks5h" if cfg!(feature = "socks") => Ok(()),
        "socks5" | "socks5h" => Err(Error::configuration(
            "the proxy URL is one of SOCKS; turn on the feature `socks` of okta-sdk or okta-auth \
             in Cargo.toml",
        )),
        "socks4" | "socks4a" => Err(Error::configuration(
            "the proxy URL is one of SOCKS 4; write socks5h://proxy.example.com:1080",
        )),
        _ => Err(refuse("is not an http or https URL")),
    }
}

fn refuse(why: &str) -> Error {
    Error::configuration(format!(
        "the proxy URL {why}; write it as http://proxy.example.com:3128"
    ))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_is_no_url_of_a_proxy_is_refused_and_not_repeated() {
        for (url, advice) in [
            ("", "http://proxy.example.com:3128"),
            ("proxy:3128", "http://proxy.example.com:3128"),
            ("http://joe:leak@proxy:1", "a setting of its own"),
            ("socks5h://joe:leak@proxy:1", "`socks`|a setting of its own"),
            ("socks4://leak:1080", "socks5h://"),
            ("socks5h:leak", "`socks`|has no host"),
        ] {
            let error = Proxy::new(url).unwrap_err();
            let text = format!("{error} {error:?}");
            assert!(error.is_configuration() && !text.contains("leak"), "{url}");
            let is_advice = advice.split('|').any(|advice| text.contains(advice));
            assert!(is_advice, "{url}: {text}");
        }
    }

    #[test]
    #[cfg(not(feature = "socks"))]
    fn a_socks_url_names_the_feature_that_it_needs() {
        for url in ["socks5://proxy:1080", "socks5h://proxy:1080"] {
            let error = Proxy::new(url).unwrap_err().to_string();
            assert!(error.contains("turn on the feature `socks`"), "{error}");
        }
    }
}
