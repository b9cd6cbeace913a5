//! The cookies of this crate: their names and attributes.

use http::header::{COOKIE, SET_COOKIE};
use http::{HeaderMap, HeaderValue};
use tower_sessions::cookie::time::Duration;
use tower_sessions::cookie::{Cookie, SameSite};

/// The most cookies of a request that are looked at.
const MOST: usize = 100;

/// How cookies of a site are named and set. Over https their names begin with `__Host-`, so that
/// neither another host of the domain nor anyone on an unencrypted connection can plant them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CookieRules {
    is_https: bool,
}

impl CookieRules {
    pub(crate) fn new(is_https: bool) -> Self {
        Self { is_https }
    }

    pub(crate) fn is_https(self) -> bool {
        self.is_https
    }

    /// The name in the browser of the cookie that is called `name` here.
    pub(crate) fn name(self, name: &str) -> String {
        let prefix = if self.is_https { "__Host-" } else { "" };
        format!("{prefix}{name}")
    }

    /// A cookie that ends after `life` seconds.
    pub(crate) fn set(self, name: String, value: String, life: i64) -> Cookie<'static> {
        Cookie::build((name, value))
            .path("/")
            .http_only(true)
            .secure(self.is_https)
            .same_site(SameSite::Lax)
            .max_age(Duration::seconds(life))
            .build()
    }

    /// The same cookie, taken away. Browsers want the attributes that it was set with.
    pub(crate) fn removed(self, name: String) -> Cookie<'static> {
        self.set(name, String::new(), 0)
    }
}

/// Has the browser send the cookie with a form that another site posts. Browsers want such a
/// cookie `Secure`, and take it from this machine without https.
pub(crate) fn with_cross_site_posts(mut cookie: Cookie<'static>) -> Cookie<'static> {
    cookie.set_same_site(SameSite::None);
    cookie.set_secure(true);
    cookie
}

/// The cookies of a request.
pub(crate) fn all(headers: &HeaderMap) -> impl Iterator<Item = Cookie<'_>> {
    let values = headers.get_all(COOKIE).into_iter();
    values
        .filter_map(|value| value.to_str().ok())
        .flat_map(Cookie::split_parse)
        .filter_map(Result::ok)
        .take(MOST)
}

/// The value of the cookie in a request; `None` also where there are several of its name.
pub(crate) fn value(headers: &HeaderMap, name: &str) -> Option<String> {
    let mut found = all(headers).filter(|cookie| cookie.name() == name);
    let cookie = found.next()?;
    found.next().is_none().then(|| cookie.value().to_owned())
}

/// Whether a request has a cookie of this name.
pub(crate) fn has(headers: &HeaderMap, name: &str) -> bool {
    all(headers).any(|cookie| cookie.name() == name)
}

/// Adds cookies to the headers of a response.
pub(crate) fn add(headers: &mut HeaderMap, cookies: impl IntoIterator<Item = Cookie<'static>>) {
    for cookie in cookies {
        // Names and values are base64url and hold nothing that a header cannot.
        if let Ok(mut value) = HeaderValue::try_from(cookie.to_string()) {
            value.set_sensitive(true);
            headers.append(SET_COOKIE, value);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn cookies_are_of_this_host_secure_and_out_of_reach_of_scripts() {
        let https = CookieRules::new(true);
        let cookie = https
            .set(https.name("okta"), "x".to_owned(), 600)
            .to_string();
        assert_eq!(
            cookie,
            "__Host-okta=x; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=600"
        );
        let removed = https.removed(https.name("okta")).to_string();
        assert!(removed.starts_with("__Host-okta=; "), "{removed}");
        assert!(
            removed.contains("Secure") && removed.contains("Max-Age=0"),
            "{removed}"
        );
        let local = CookieRules::new(false);
        let cookie = local
            .set(local.name("okta"), "x".to_owned(), 600)
            .to_string();
        assert_eq!(
            cookie,
            "okta=x; HttpOnly; SameSite=Lax; Path=/; Max-Age=600"
        );
    }

    #[test]
    fn of_two_cookies_of_one_name_none_is_taken() {
        let mut headers = HeaderMap::new();
        headers.append(COOKIE, HeaderValue::from_static("a=1; b=2"));
        headers.append(COOKIE, HeaderValue::from_static("b=3"));
        assert_eq!(value(&headers, "a").as_deref(), Some("1"));
        assert_eq!(value(&headers, "b"), None);
        assert_eq!(value(&headers, "c"), None);
    }
}
