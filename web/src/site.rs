//! Where the app is, as browsers see it.

use okta_auth::Error;
use url::{Host, Url};

/// The app's public origin. It comes from the redirect URI, which the app integration at Okta has
/// too, and never from `Host` or `X-Forwarded-*`: whoever calls writes those.
#[derive(Clone, Debug)]
pub(crate) struct Site {
    url: Url,
}

impl Site {
    /// # Errors
    /// A configuration error for a redirect URI that is not the URL of a web page.
    pub(crate) fn of_redirect_uri(redirect_uri: Option<&str>) -> Result<Self, Error> {
        let refuse = |why: &str| {
            Err(Error::configuration(format!(
                "{why}; set `redirect_uri` of the OAuth client to the URL that browsers come back \
                 to, such as https://app.example.com/callback"
            )))
        };
        let Some(redirect_uri) = redirect_uri else {
            return refuse("a web app needs a redirect URI");
        };
        let Ok(url) = Url::parse(redirect_uri) else {
            return refuse("the redirect URI is not a URL");
        };
        if url.query().is_some() {
            return refuse("the redirect URI has a query");
        }
        match url.scheme() {
            "https" => Ok(Self { url }),
            "http" if is_loopback(&url) => Ok(Self { url }),
            _ => refuse("the redirect URI is neither https nor on this machine"),
        }
    }

    /// Whether browsers come by https, so that cookies can be `Secure` and `__Host-`.
    pub(crate) fn is_https(&self) -> bool {
        self.url.scheme() == "https"
    }

    /// The path of the redirect URI.
    pub(crate) fn callback_path(&self) -> &str {
        self.url.path()
    }

    /// As browsers write it in `Origin`.
    pub(crate) fn origin(&self) -> String {
        self.url.origin().ascii_serialization()
    }

    /// The URL of `path`, if that is a path of this site.
    pub(crate) fn join(&self, path: &str) -> Option<Url> {
        let url = self.url.join(path).ok()?;
        (url.origin() == self.url.origin()).then_some(url)
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_origin_is_that_of_the_redirect_uri() {
        let site = Site::of_redirect_uri(Some("https://App.example.com:443/auth/back")).unwrap();
        assert_eq!(site.origin(), "https://app.example.com");
        assert_eq!(site.callback_path(), "/auth/back");
        assert!(site.is_https());
        assert!(site.join("/orders").is_some());
        assert!(site.join("//evil.example").is_none());
        let local = Site::of_redirect_uri(Some("http://localhost:8000/callback")).unwrap();
        assert!(!local.is_https());
    }

    #[test]
    fn what_is_no_page_of_a_web_app_is_refused_with_advice() {
        for wrong in [
            None,
            Some("com.example.app:/callback"),
            Some("http://app.example.com/callback"),
            Some("https://app.example.com/callback?a=b"),
            Some("callback"),
        ] {
            let error = Site::of_redirect_uri(wrong).unwrap_err();
            assert!(error.is_configuration(), "{wrong:?}");
            assert!(error.to_string().contains("redirect_uri"), "{error}");
        }
    }
}
