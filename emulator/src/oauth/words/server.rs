//! The two authorization servers of the org.

/// An authorization server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Server {
    /// The org's own: its tokens open the org's API and nothing else.
    Org,
    /// The custom server `default`, for APIs of the org's owner.
    Default,
}

/// Scopes that both servers have.
const SHARED_SCOPES: [&str; 6] = [
    "openid",
    "profile",
    "email",
    "address",
    "phone",
    "offline_access",
];

/// Where the tokens of the custom server are good.
const AUDIENCE: &str = "api://default";

impl Server {
    /// `iss` of its tokens. `base` is the org's URL as the caller knows it.
    pub(crate) fn issuer(self, base: &str) -> String {
        match self {
            Self::Org => base.to_owned(),
            Self::Default => format!("{base}/oauth2/default"),
        }
    }

    /// The URL of an endpoint such as `token`.
    pub(crate) fn endpoint(self, base: &str, name: &str) -> String {
        match self {
            Self::Org => format!("{base}/oauth2/v1/{name}"),
            Self::Default => format!("{base}/oauth2/default/v1/{name}"),
        }
    }

    /// `aud` of its access tokens.
    pub(crate) fn audience(self, base: &str) -> String {
        match self {
            Self::Org => base.to_owned(),
            Self::Default => AUDIENCE.to_owned(),
        }
    }

    /// The scopes that it publishes. The org server has the scopes of the org's API beside them.
    pub(crate) fn scopes(self) -> Vec<&'static str> {
        let own: &[&str] = match self {
            Self::Org => &["groups"],
            Self::Default => &["groups", "api:read", "api:write"],
        };
        SHARED_SCOPES.iter().chain(own).copied().collect()
    }
}
