//! The kinds of tokens in an exchange.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

/// The kind of a token in a token exchange: a URI (RFC 8693, section 3). Any other can be made
/// with `from`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TokenTypeUri(Cow<'static, str>);

impl TokenTypeUri {
    /// An access token.
    pub const ACCESS_TOKEN: Self = Self::new("urn:ietf:params:oauth:token-type:access_token");
    /// A refresh token.
    pub const REFRESH_TOKEN: Self = Self::new("urn:ietf:params:oauth:token-type:refresh_token");
    /// An ID token.
    pub const ID_TOKEN: Self = Self::new("urn:ietf:params:oauth:token-type:id_token");
    /// Any JWT.
    pub const JWT: Self = Self::new("urn:ietf:params:oauth:token-type:jwt");
    /// A SAML 1.1 assertion.
    pub const SAML1: Self = Self::new("urn:ietf:params:oauth:token-type:saml1");
    /// A SAML 2.0 assertion.
    pub const SAML2: Self = Self::new("urn:ietf:params:oauth:token-type:saml2");
    /// A device secret, which apps on one device share (native SSO).
    pub const DEVICE_SECRET: Self = Self::new("urn:x-oath:params:oauth:token-type:device-secret");
    /// An identity assertion for an authorization server of another domain.
    pub const ID_JAG: Self = Self::new("urn:ietf:params:oauth:token-type:id-jag");
    /// A token that logs a browser in to an app.
    pub const WEB_SSO_TOKEN: Self = Self::new("urn:okta:oauth:token-type:web_sso_token");
    /// A token that one client hands to another.
    pub const INTERCLIENT_TOKEN: Self =
        Self::new("urn:okta:params:oauth:token-type:interclient_token");

    const fn new(uri: &'static str) -> Self {
        Self(Cow::Borrowed(uri))
    }

    /// The URI.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TokenTypeUri {
    /// Whether a token of the kind `issued` is what was asked for. An access token may be a JWT
    /// (RFC 8693, section 3).
    pub(super) fn is_met_by(&self, issued: &Self) -> bool {
        let jwts = [Self::ACCESS_TOKEN, Self::JWT];
        self == issued || (jwts.contains(self) && jwts.contains(issued))
    }

    /// Whether such a token is for authorization servers and clients alone.
    pub(super) fn never_opens_an_api(&self) -> bool {
        [
            Self::REFRESH_TOKEN,
            Self::ID_TOKEN,
            Self::SAML1,
            Self::SAML2,
            Self::DEVICE_SECRET,
            Self::ID_JAG,
        ]
        .contains(self)
    }
}

impl From<String> for TokenTypeUri {
    fn from(uri: String) -> Self {
        Self(uri.into())
    }
}

impl From<&str> for TokenTypeUri {
    fn from(uri: &str) -> Self {
        uri.to_owned().into()
    }
}

impl fmt::Display for TokenTypeUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
