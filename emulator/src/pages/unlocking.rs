//! Who may change the org from its pages: whoever has shown the API token.

use std::sync::OnceLock;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use axum::http::{HeaderMap, header};

use crate::oauth::words::error::OAuthError;
use crate::oauth::words::request::cookie;
use crate::oauth::words::unguessable::unguessable;

/// What the cookie of a browser holds that has shown the API token.
#[derive(Default)]
pub(crate) struct Control(OnceLock<String>);

impl Control {
    /// The `Set-Cookie` line for a browser that has shown the token.
    pub(crate) fn granted(&self, base: &str) -> Result<String, OAuthError> {
        let key = match self.0.get() {
            Some(key) => key,
            None => {
                let key = unguessable()?;
                self.0.get_or_init(|| key)
            }
        };
        Ok(line(base, key, ""))
    }

    /// The `Set-Cookie` line that takes this back.
    pub(crate) fn withdrawn(base: &str) -> String {
        line(base, "", "; Max-Age=0")
    }

    /// Whether the browser that sent the request has shown the token.
    pub(crate) fn is_granted(&self, base: &str, headers: &HeaderMap) -> bool {
        let given = cookie(headers, &name(base)).unwrap_or_default();
        self.0.get().is_some_and(|key| is_equal(given, key))
    }
}

/// Compares secrets in a time that does not tell where they differ.
pub(crate) fn is_equal(one: &str, other: &str) -> bool {
    verify_slices_are_equal(one.as_bytes(), other.as_bytes()).is_ok()
}

/// Cookies do not know of ports, and other orgs may run on this machine.
fn name(base: &str) -> String {
    let port: String = base
        .chars()
        .rev()
        .take_while(char::is_ascii_digit)
        .collect();
    let port: String = port.chars().rev().collect();
    format!("org-control-{port}")
}

fn line(base: &str, key: &str, more: &str) -> String {
    let secure = if base.starts_with("https:") {
        "; Secure"
    } else {
        ""
    };
    format!(
        "{}={key}; Path=/; HttpOnly; SameSite=Strict{secure}{more}",
        name(base)
    )
}

/// Whether a form was sent by a page of this org. Browsers say where a form comes from; what says
/// nothing is no browser, and has no cookie that it was not given.
pub(crate) fn is_own_form(base: &str, headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    match text(header::ORIGIN) {
        Some(origin) => origin.eq_ignore_ascii_case(base),
        None => headers
            .get("sec-fetch-site")
            .is_none_or(|site| site == "same-origin"),
    }
}
