//! Where the browser comes back to.

use url::{Host, Url};

use crate::Error;

/// Checks a redirect URI. It is kept to the letter: Okta compares it as text.
///
/// RFC 6749, section 3.1.2; RFC 8252, section 7.1 for the schemes of native apps.
pub(super) fn check(name: &str, text: &str) -> Result<String, Error> {
    let refuse = |why: &str| {
        Err(Error::configuration(format!(
            "the {name} {why}; write it exactly as the app integration has it, such as \
             https://app.example.com/callback or http://localhost:8000/callback"
        )))
    };
    if text.is_empty() {
        return refuse("is empty");
    }
    if text.contains(['{', '}', '<', '>', '*']) {
        return refuse("is a pattern or still a placeholder");
    }
    // A parser of URLs drops the former and reads the latter as slashes; a browser or the server
    // may do otherwise.
    if text.contains(|c: char| c.is_control() || c.is_whitespace() || c == '\\') {
        return refuse("has white space, a control character or a backslash in it");
    }
    let Ok(url) = Url::parse(text) else {
        return refuse("is not an absolute URL");
    };
    if url.fragment().is_some() {
        return refuse("has a fragment (`#…`)");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return refuse("has a user name in it");
    }
    match url.scheme() {
        "https" => {}
        "http" if is_loopback(&url) => {}
        "http" => return refuse("uses http, which would send the code unencrypted"),
        // A native app's own scheme is its domain backwards.
        own if own.contains('.') => {}
        _ => return refuse("has a scheme that a browser cannot come back to"),
    }
    Ok(text.to_owned())
}

/// Whether `url` leads to this machine, whatever a name server says.
pub(super) fn is_loopback(url: &Url) -> bool {
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
    fn what_can_be_come_back_to_is_kept_to_the_letter() {
        for right in [
            "https://App.example.com/callback",
            "https://app.example.com",
            "https://app.example.com/callback?tenant=1",
            "http://localhost:8000/callback",
            "http://127.0.0.1/",
            "http://[::1]:9/",
            "com.example.app:/callback",
        ] {
            assert_eq!(check("redirect URI", right).unwrap(), right);
        }
    }

    #[test]
    fn anything_else_is_refused_with_advice() {
        for wrong in [
            "",
            "/callback",
            "localhost:8000/callback",
            "https://app.example.com/callback#x",
            "http://app.example.com/callback",
            "https://joe@app.example.com/",
            "https://{yourApp}/callback",
            "https://*.example.com/callback",
            " https://app.example.com/",
            "https://app.example.com/\r\ncallback",
            "https://app.example.com/a\tb",
            "https://app.example.com/\0",
            "https://app.example.com/a b",
            "https://app.example.com\\@evil.com/",
            "https:\\\\app.example.com/callback",
            "com.example.app:\\callback",
            "http://evil.localhost/callback",
            "http://localhost./callback",
            "javascript:alert(1)",
        ] {
            let error = check("redirect URI", wrong).unwrap_err();
            assert!(error.is_configuration(), "{wrong}");
            assert!(
                error.to_string().contains("http://localhost:8000"),
                "{error}"
            );
        }
    }
}
