//! What an authorization server says of itself.

mod aliases;
mod browser;
mod discovery;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use url::Url;

pub use self::aliases::EndpointAliases;
pub(crate) use self::aliases::origin_of;
pub(crate) use self::browser::BrowserEndpoints;
pub(crate) use self::discovery::Discovery;
use crate::error::one_line;
use crate::{Error, Issuer};

/// The endpoints and abilities of an authorization server: RFC 8414, and OpenID Connect
/// Discovery 1.0, section 3.
///
/// Lists are empty where the server says nothing.
///
/// Source: <https://developer.okta.com/docs/api/openapi/okta-oauth/oauth/customas/getwellknownopenidconfigurationcustomas>
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ServerMetadata {
    /// The issuer, as `iss` of its tokens has it.
    pub issuer: String,
    /// Where a browser goes to log in.
    pub authorization_endpoint: Url,
    /// Where tokens are issued.
    pub token_endpoint: Url,
    /// The server's public keys.
    pub jwks_uri: Url,
    /// Where to ask whether a token is active (RFC 7662).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub introspection_endpoint: Option<Url>,
    /// Where tokens are revoked (RFC 7009).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revocation_endpoint: Option<Url>,
    /// The claims about the user that an access token is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub userinfo_endpoint: Option<Url>,
    /// Where a browser goes to log out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_session_endpoint: Option<Url>,
    /// Where a device login begins (RFC 8628).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device_authorization_endpoint: Option<Url>,
    /// Where login parameters are sent ahead (RFC 9126).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pushed_authorization_request_endpoint: Option<Url>,
    /// Where a login on another device is asked for (CIBA).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backchannel_authentication_endpoint: Option<Url>,
    /// Where clients are registered (RFC 7591).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registration_endpoint: Option<Url>,
    /// Where clients go that prove by a certificate who they are (RFC 8705, section 5).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mtls_endpoint_aliases: Option<EndpointAliases>,
    /// Whether login parameters must be sent ahead (RFC 9126).
    #[serde(default)]
    pub require_pushed_authorization_requests: bool,
    /// Whether the answer to a login names its issuer (RFC 9207).
    #[serde(default)]
    pub authorization_response_iss_parameter_supported: bool,
    /// Scopes that may be told to anyone.
    #[serde(default)]
    pub scopes_supported: Vec<String>,
    /// Values for `response_type`.
    #[serde(default)]
    pub response_types_supported: Vec<String>,
    /// Values for `response_mode`.
    #[serde(default)]
    pub response_modes_supported: Vec<String>,
    /// Values for `grant_type`.
    #[serde(default)]
    pub grant_types_supported: Vec<String>,
    /// PKCE methods (RFC 7636).
    #[serde(default)]
    pub code_challenge_methods_supported: Vec<String>,
    /// How clients may authenticate at the token endpoint.
    #[serde(default)]
    pub token_endpoint_auth_methods_supported: Vec<String>,
    /// What ID tokens are signed with.
    #[serde(default)]
    pub id_token_signing_alg_values_supported: Vec<String>,
    /// What DPoP proofs may be signed with (RFC 9449).
    #[serde(default)]
    pub dpop_signing_alg_values_supported: Vec<String>,
    /// How the outcome of a login on another device is told (CIBA).
    #[serde(default)]
    pub backchannel_token_delivery_modes_supported: Vec<String>,
    /// All else that the server says.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

impl ServerMetadata {
    /// What is known of any authorization server of Okta without asking it: its endpoints.
    #[must_use]
    pub fn okta(issuer: &Issuer) -> Self {
        let endpoint = |name| Some(issuer.endpoint(name));
        Self {
            issuer: issuer.as_str().to_owned(),
            authorization_endpoint: issuer.endpoint("v1/authorize"),
            token_endpoint: issuer.endpoint("v1/token"),
            jwks_uri: issuer.endpoint("v1/keys"),
            introspection_endpoint: endpoint("v1/introspect"),
            revocation_endpoint: endpoint("v1/revoke"),
            userinfo_endpoint: endpoint("v1/userinfo"),
            end_session_endpoint: endpoint("v1/logout"),
            device_authorization_endpoint: endpoint("v1/device/authorize"),
            pushed_authorization_request_endpoint: endpoint("v1/par"),
            backchannel_authentication_endpoint: endpoint("v1/bc/authorize"),
            registration_endpoint: Some(Issuer::org(&issuer.org_url()).endpoint("v1/clients")),
            mtls_endpoint_aliases: None,
            require_pushed_authorization_requests: false,
            authorization_response_iss_parameter_supported: false,
            scopes_supported: Vec::new(),
            response_types_supported: Vec::new(),
            response_modes_supported: Vec::new(),
            grant_types_supported: Vec::new(),
            code_challenge_methods_supported: vec!["S256".to_owned()],
            token_endpoint_auth_methods_supported: Vec::new(),
            id_token_signing_alg_values_supported: Vec::new(),
            dpop_signing_alg_values_supported: Vec::new(),
            backchannel_token_delivery_modes_supported: Vec::new(),
            extra: Map::new(),
        }
    }

    /// Reads a discovery document, the answer of `issuer`'s
    /// `.well-known/openid-configuration`.
    ///
    /// # Errors
    /// A decode error if the document is not JSON, lacks an endpoint that every server has, is
    /// of another issuer, or names an endpoint at another origin than the issuer's.
    pub fn from_json(issuer: &Issuer, document: &[u8]) -> Result<Self, Error> {
        Self::read(document)?.of(issuer, &BrowserEndpoints::default())
    }

    fn read(document: &[u8]) -> Result<Self, Error> {
        serde_json::from_slice(document).map_err(|error| {
            refuse(format!(
                "is not what it should be: {}",
                one_line(&error.to_string())
            ))
        })
    }

    /// This with the endpoints that a developer has given for browsers, if it is `issuer`'s own
    /// description.
    fn of(mut self, issuer: &Issuer, given: &BrowserEndpoints) -> Result<Self, Error> {
        given.replace_in(&mut self);
        self.check(issuer, given)?;
        Ok(self)
    }

    /// Whether this is `issuer`'s own description, with all endpoints at its origin but those that
    /// a developer has `given`: codes, tokens and passwords are sent to them (RFC 8414, section
    /// 6.2).
    fn check(&self, issuer: &Issuer, given: &BrowserEndpoints) -> Result<(), Error> {
        if self.issuer != issuer.as_str() {
            return Err(refuse(format!(
                "is of another issuer: expected {issuer}, found {:?}; write the issuer exactly \
                 as the server names itself",
                one_line(&self.issuer)
            )));
        }
        let org = issuer.org_url();
        for (name, url) in self.endpoints() {
            if !org.is_origin_of(url) && !given.has(name) {
                return Err(refuse(format!(
                    "names a `{name}` at another origin than the issuer's: expected {org}, found \
                     {}{}",
                    one_line(&url.origin().ascii_serialization()),
                    browser::advice(name)
                )));
            }
        }
        let by_certificate = self.by_certificate();
        let mut aliased = by_certificate.iter().flat_map(Self::endpoints);
        match aliased.find(|(_, url)| !org.is_origin_of(url) && url.scheme() != "https") {
            Some((name, _)) => Err(refuse(format!(
                "names an alias of `{name}` for clients with a certificate that is not an https URL"
            ))),
            None => Ok(()),
        }
    }

    /// This server as clients see it that prove by a certificate who they are, if it has aliases of
    /// its endpoints for them.
    pub(crate) fn by_certificate(&self) -> Option<Self> {
        let aliases = self.mtls_endpoint_aliases.clone()?;
        let mut metadata = self.clone();
        aliases.replace_in(&mut metadata);
        Some(metadata)
    }

    fn endpoints(&self) -> impl Iterator<Item = (&'static str, &Url)> {
        let required = [
            (browser::AUTHORIZATION, &self.authorization_endpoint),
            ("token_endpoint", &self.token_endpoint),
            ("jwks_uri", &self.jwks_uri),
        ];
        let optional = [
            ("introspection_endpoint", &self.introspection_endpoint),
            ("revocation_endpoint", &self.revocation_endpoint),
            ("userinfo_endpoint", &self.userinfo_endpoint),
            (browser::END_SESSION, &self.end_session_endpoint),
            (
                "device_authorization_endpoint",
                &self.device_authorization_endpoint,
            ),
            (
                "pushed_authorization_request_endpoint",
                &self.pushed_authorization_request_endpoint,
            ),
            (
                "backchannel_authentication_endpoint",
                &self.backchannel_authentication_endpoint,
            ),
            ("registration_endpoint", &self.registration_endpoint),
        ];
        let given = optional
            .into_iter()
            .filter_map(|(name, url)| Some((name, url.as_ref()?)));
        required.into_iter().chain(given)
    }
}

fn refuse(why: impl AsRef<str>) -> Error {
    let reason = format!("the authorization server's metadata {}", why.as_ref());
    Error::decode("$", reason, None)
}

#[cfg(test)]
mod tests;
