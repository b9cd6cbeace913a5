//! Which authorization server.

use std::fmt;
use std::str::FromStr;

use url::Url;

use crate::{Error, OrgUrl};

/// An authorization server: who issues tokens, by the URL that their `iss` names.
///
/// An Okta org has one **org authorization server**, `https://acme.okta.com`, whose access tokens
/// are for Okta's own APIs, and may have **custom authorization servers**, such as
/// `https://acme.okta.com/oauth2/default`, whose access tokens are for yours. Issuers are compared
/// as text, exactly.
///
/// Source: <https://developer.okta.com/docs/concepts/auth-servers/>
///
/// ```
/// use okta_auth::{Issuer, OrgUrl};
///
/// # fn main() -> Result<(), okta_auth::Error> {
/// let org = OrgUrl::parse("https://acme.okta.com")?;
/// let issuer = Issuer::custom(&org, "default")?;
/// assert_eq!(issuer, Issuer::parse("https://acme.okta.com/oauth2/default")?);
/// assert!(Issuer::org(&org).is_org_server() && !issuer.is_org_server());
/// # Ok(()) }
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Issuer {
    org: OrgUrl,
    /// The whole, with no slash at its end.
    text: String,
}

impl Issuer {
    /// Checks `text` and takes it as the issuer's URL. White space around it and one slash at its
    /// end are ignored.
    ///
    /// # Errors
    /// A configuration error that says what to write instead: for all that [`OrgUrl::parse`]
    /// refuses, a query, a fragment, a path with empty or dotted segments or characters that
    /// would need encoding, and the URL of an endpoint in place of the issuer's.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let text = text.trim();
        let text = text.strip_suffix('/').unwrap_or(text);
        if text.matches("://").count() > 1 {
            return Err(refuse(
                "contains `://` twice; write it once, as https://acme.okta.com/oauth2/default",
            ));
        }
        let path_at = match text.split_once("://") {
            Some((scheme, rest)) => {
                let host_at = scheme.len() + 3;
                rest.find('/').map_or(text.len(), |slash| host_at + slash)
            }
            None => text.len(),
        };
        let (origin, path) = text.split_at(path_at);
        let org = OrgUrl::parse(origin).map_err(|error| refuse(format!("is wrong: {error}")))?;
        check_path(&org, path)?;
        Ok(Self::at(&org, path))
    }

    /// The org authorization server.
    #[must_use]
    pub fn org(org: &OrgUrl) -> Self {
        Self::at(org, "")
    }

    /// A custom authorization server, by its id: `default`, or such as `aus59pz16qgMvHvBS0g7`.
    ///
    /// # Errors
    /// A configuration error if `id` is empty or has other characters than letters, digits, `-`
    /// and `_`.
    pub fn custom(org: &OrgUrl, id: &str) -> Result<Self, Error> {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        if id.is_empty() || !id.chars().all(is_plain) {
            return Err(Error::configuration(
                "the id of the authorization server has characters that no id has, or none; write \
                 `default`, or an id such as aus59pz16qgMvHvBS0g7",
            ));
        }
        Ok(Self::at(org, &format!("/oauth2/{id}")))
    }

    fn at(org: &OrgUrl, path: &str) -> Self {
        Self {
            org: org.clone(),
            text: format!("{org}{path}"),
        }
    }

    /// The issuer's URL, as `iss` has it: with no slash at its end.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The origin: requests to this server go there and nowhere else.
    #[must_use]
    pub fn org_url(&self) -> OrgUrl {
        self.org.clone()
    }

    /// Whether this is the org authorization server. Its access tokens are for Okta alone: their
    /// form may change at any time, so that only Okta can check them.
    #[must_use]
    pub fn is_org_server(&self) -> bool {
        self.path().is_empty()
    }

    /// The URL of an endpoint by Okta's layout; `name` is such as `v1/token`.
    ///
    /// ```
    /// let issuer = okta_auth::Issuer::parse("https://acme.okta.com/oauth2/default")?;
    /// assert_eq!(issuer.endpoint("v1/keys").path(), "/oauth2/default/v1/keys");
    /// # Ok::<(), okta_auth::Error>(())
    /// ```
    #[must_use]
    pub fn endpoint(&self, name: &str) -> Url {
        let base = match self.path() {
            "" => "/oauth2",
            path => path,
        };
        self.url_of(&format!("{base}/{name}"))
    }

    /// The URL of a discovery document.
    pub(crate) fn well_known(&self, name: &str) -> Url {
        self.url_of(&format!("{}/.well-known/{name}", self.path()))
    }

    fn url_of(&self, path: &str) -> Url {
        let mut url = self.org.as_url().clone();
        url.set_path(path);
        url
    }

    fn path(&self) -> &str {
        &self.text[self.org.as_str().len()..]
    }
}

fn check_path(org: &OrgUrl, path: &str) -> Result<(), Error> {
    let advice = format!("write {org} for the org's own server, or such as {org}/oauth2/default");
    if let Some((issuer, _)) = path.split_once("/.well-known/") {
        return Err(refuse(format!(
            "is the URL of a discovery document; write {org}{issuer}"
        )));
    }
    if path == "/oauth2" || path == "/oauth2/v1" || path.contains("/v1/") || path.ends_with("/v1") {
        return Err(refuse(format!("is the URL of an endpoint; {advice}")));
    }
    if path.contains(['{', '}', '<', '>']) {
        return Err(refuse(format!("is still a placeholder; {advice}")));
    }
    if path.contains(['?', '#']) {
        return Err(refuse(format!("has a query or a fragment; {advice}")));
    }
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '~');
    let is_segment =
        |segment: &str| !matches!(segment, "" | "." | "..") && segment.chars().all(is_plain);
    if !path.is_empty() && !path[1..].split('/').all(is_segment) {
        return Err(refuse(format!("has a path that no server has; {advice}")));
    }
    Ok(())
}

fn refuse(why: impl fmt::Display) -> Error {
    Error::configuration(format!("the issuer {why}"))
}

impl fmt::Debug for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Issuer({})", self.text)
    }
}

impl fmt::Display for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl FromStr for Issuer {
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
    fn issuers_are_taken_as_they_are() {
        for (text, issuer, is_org) in [
            ("https://acme.okta.com", "https://acme.okta.com", true),
            (" https://ACME.okta.com/ ", "https://acme.okta.com", true),
            (
                "https://acme.okta.com/oauth2/default",
                "https://acme.okta.com/oauth2/default",
                false,
            ),
            (
                "https://id.example.com:8443/oauth2/aus1/",
                "https://id.example.com:8443/oauth2/aus1",
                false,
            ),
            ("http://127.0.0.1:9/oidc", "http://127.0.0.1:9/oidc", false),
        ] {
            let parsed = Issuer::parse(text).unwrap();
            assert_eq!(parsed.as_str(), issuer);
            assert_eq!(parsed.is_org_server(), is_org, "{text}");
        }
    }

    #[test]
    fn refusals_say_what_to_write() {
        for (text, advice) in [
            ("", "https://acme.okta.com"),
            ("acme.okta.com/oauth2/default", "scheme"),
            (
                "http://acme.okta.com/oauth2/default",
                "https://acme.okta.com",
            ),
            (
                "https://acme-admin.okta.com/oauth2/default",
                "without `-admin`",
            ),
            ("https://joe:pw@acme.okta.com/oauth2/x", "user name"),
            ("https://https://acme.okta.com/oauth2/x", "`://` twice"),
            ("https://{yourOktaDomain}/oauth2/default", "placeholder"),
            ("https://acme.okta.com/oauth2/{id}", "placeholder"),
            ("https://acme.okta.com/oauth2/default?x=1", "query"),
            (
                "https://acme.okta.com?x=1",
                "write only https://acme.okta.com",
            ),
            ("https://acme.okta.com/oauth2/default#x", "fragment"),
            (
                "https://acme.okta.com/oauth2",
                "https://acme.okta.com/oauth2/default",
            ),
            ("https://acme.okta.com/oauth2/default/v1/token", "endpoint"),
            ("https://acme.okta.com\\evil.com/oauth2/x", "backslash"),
            ("https:\\\\acme.okta.com/oauth2/x", "backslash"),
            ("https://acme\n.okta.com/oauth2/x", "control character"),
            ("https://acme.okta.com/oauth2/\tx", "path"),
            ("https://acme.okta.com/oauth2\\x", "path"),
            ("http://evil.localhost/oauth2/x", "unencrypted"),
            ("https://acme.okta.com/oauth2//default", "path"),
            ("https://acme.okta.com/oauth2/../default", "path"),
            ("https://acme.okta.com/oauth2/de%66ault", "path"),
            ("https://acme.okta.com/oauth2/default//", "path"),
            (
                "https://acme.okta.com/oauth2/default/.well-known/openid-configuration",
                "write https://acme.okta.com/oauth2/default",
            ),
        ] {
            let error = Issuer::parse(text).unwrap_err();
            let message = error.to_string();
            assert!(error.is_configuration(), "{text}");
            assert!(message.contains(advice), "{text}: {message}");
            assert!(!message.contains("pw"), "{message}");
        }
        let org = OrgUrl::parse("https://acme.okta.com").unwrap();
        for id in ["", "a/b", "..", "{id}"] {
            assert!(Issuer::custom(&org, id).is_err(), "{id}");
        }
    }

    #[test]
    fn endpoints_follow_the_layout_of_okta() {
        let org = OrgUrl::parse("https://acme.okta.com").unwrap();
        let server = Issuer::org(&org);
        assert_eq!(
            server.endpoint("v1/token").as_str(),
            "https://acme.okta.com/oauth2/v1/token"
        );
        assert_eq!(
            server.well_known("openid-configuration").as_str(),
            "https://acme.okta.com/.well-known/openid-configuration"
        );
        let server = Issuer::custom(&org, "aus1").unwrap();
        assert_eq!(
            server.endpoint("v1/device/authorize").as_str(),
            "https://acme.okta.com/oauth2/aus1/v1/device/authorize"
        );
        assert_eq!(
            server.well_known("oauth-authorization-server").as_str(),
            "https://acme.okta.com/oauth2/aus1/.well-known/oauth-authorization-server"
        );
    }
}
