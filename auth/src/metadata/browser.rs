//! Endpoints for browsers that a developer gives, in place of those that the server names.

use url::Url;

use super::{ServerMetadata, origin_of};
use crate::Error;

/// Where browsers go: at any host, for they get no credentials of the client's. Nothing else that a
/// server says of itself may be at another origin than its own.
#[derive(Clone, Debug, Default)]
pub(crate) struct BrowserEndpoints {
    pub(crate) authorization: Option<Url>,
    pub(crate) end_session: Option<Url>,
}

impl BrowserEndpoints {
    /// Reads the URL of an endpoint that `name` tells in errors.
    ///
    /// # Errors
    /// A configuration error if it is not an https URL (http for this machine), or has a user name
    /// or a fragment.
    pub(crate) fn parse(name: &str, text: &str) -> Result<Url, Error> {
        let refuse = |why: &str| {
            Error::configuration(format!(
                "the {name} {why}; write it whole, such as \
                 https://login.example.com/oauth2/default/v1/authorize"
            ))
        };
        // A parser of URLs drops the former and reads the latter as slashes; a browser may do
        // otherwise.
        if text.contains(|c: char| c.is_control() || c.is_whitespace() || c == '\\') {
            return Err(refuse(
                "has white space, a control character or a backslash in it",
            ));
        }
        let url = Url::parse(text).map_err(|_| refuse("is not an absolute URL"))?;
        if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
            return Err(refuse("has a user name or a fragment in it"));
        }
        origin_of(&url)
            .map_err(|_| refuse("is not an https URL of an org or its custom domain"))?;
        Ok(url)
    }

    /// Puts these in place of what the server says.
    pub(super) fn replace_in(&self, metadata: &mut ServerMetadata) {
        if let Some(url) = &self.authorization {
            metadata.authorization_endpoint = url.clone();
        }
        if let Some(url) = &self.end_session {
            metadata.end_session_endpoint = Some(url.clone());
        }
    }

    /// Whether a developer has given the endpoint that metadata calls `name`.
    pub(super) fn has(&self, name: &str) -> bool {
        match name {
            AUTHORIZATION => self.authorization.is_some(),
            END_SESSION => self.end_session.is_some(),
            _ => false,
        }
    }
}

/// What metadata calls them.
pub(super) const AUTHORIZATION: &str = "authorization_endpoint";
pub(super) const END_SESSION: &str = "end_session_endpoint";

/// What to do about an endpoint at another origin, if that can be done.
pub(super) fn advice(name: &str) -> &'static str {
    match name {
        AUTHORIZATION => {
            "; if that is your login page, give its URL to `OAuthClient::builder(…)\
             .authorization_endpoint(…)`"
        }
        END_SESSION => {
            "; if users log out there, give the URL to `OAuthClient::builder(…)\
             .end_session_endpoint(…)`"
        }
        _ => "",
    }
}
