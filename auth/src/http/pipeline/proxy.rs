//! The way to the org through another server.

use crate::{Error, Secret};

/// An HTTP proxy. `Debug` does not show its password.
#[derive(Clone, Debug)]
pub struct Proxy {
    url: String,
    login: Option<(String, Secret)>,
}

impl Proxy {
    /// The proxy at `url`, such as `http://proxy.example.com:3128`.
    ///
    /// # Errors
    /// A configuration error if `url` is not an `http` or `https` URL, or has a user name in it.
    pub fn new(url: &str) -> Result<Self, Error> {
        let refuse = |why: &str| {
            Error::configuration(format!(
                "the proxy URL {why}; write it as http://proxy.example.com:3128"
            ))
        };
        let parsed = url::Url::parse(url).map_err(|_| refuse("is not a URL"))?;
        if !matches!(parsed.scheme(), "http" | "https") || !parsed.has_host() {
            return Err(refuse("is not an http or https URL"));
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
