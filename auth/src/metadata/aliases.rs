//! The endpoints for clients with a certificate.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use url::Url;

use super::ServerMetadata;
use crate::{Error, OrgUrl};

/// Where clients send requests that prove by a certificate who they are, where that is not where
/// others do (RFC 8705, section 5). They may be at another host than the issuer's.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct EndpointAliases {
    /// Where tokens are issued.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_endpoint: Option<Url>,
    /// Where tokens are introspected (RFC 7662).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub introspection_endpoint: Option<Url>,
    /// Where tokens are revoked (RFC 7009).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revocation_endpoint: Option<Url>,
    /// The claims about the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub userinfo_endpoint: Option<Url>,
    /// Where a device login begins (RFC 8628).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device_authorization_endpoint: Option<Url>,
    /// Where login parameters are sent ahead (RFC 9126).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pushed_authorization_request_endpoint: Option<Url>,
    /// Where a login on another device is asked for (CIBA).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backchannel_authentication_endpoint: Option<Url>,
    /// All others.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl EndpointAliases {
    pub(super) fn replace_in(self, metadata: &mut ServerMetadata) {
        if let Some(url) = self.token_endpoint {
            metadata.token_endpoint = url;
        }
        for (endpoint, alias) in [
            (
                &mut metadata.introspection_endpoint,
                self.introspection_endpoint,
            ),
            (&mut metadata.revocation_endpoint, self.revocation_endpoint),
            (&mut metadata.userinfo_endpoint, self.userinfo_endpoint),
            (
                &mut metadata.device_authorization_endpoint,
                self.device_authorization_endpoint,
            ),
            (
                &mut metadata.pushed_authorization_request_endpoint,
                self.pushed_authorization_request_endpoint,
            ),
            (
                &mut metadata.backchannel_authentication_endpoint,
                self.backchannel_authentication_endpoint,
            ),
        ] {
            if alias.is_some() {
                *endpoint = alias;
            }
        }
    }
}

/// The origin of a URL, as an org's.
pub(crate) fn origin_of(url: &Url) -> Result<OrgUrl, Error> {
    OrgUrl::parse(&url.origin().ascii_serialization())
}
