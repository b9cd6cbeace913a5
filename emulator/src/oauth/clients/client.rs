//! OAuth clients: the org's OIDC applications, read as the authorization servers need them.

use std::collections::BTreeSet;

use secrecy::SecretString;
use serde_json::Value;
use url::Url;

use crate::oauth::words::error::OAuthError;
use crate::org::Org;
use crate::org::apps::App;

/// A client. What it may do is what its application says at this moment.
#[derive(Debug)]
pub(crate) struct Client {
    /// The position of its application.
    pub(crate) app: u64,
    pub(crate) id: String,
    pub(crate) label: String,
    /// Those that are active.
    pub(crate) secrets: Vec<SecretString>,
    /// `token_endpoint_auth_method`.
    pub(crate) authentication: String,
    pub(crate) grant_types: Vec<String>,
    redirect_uris: Vec<String>,
    post_logout_redirect_uris: Vec<String>,
    /// Its public keys.
    pub(crate) keys: Vec<Value>,
    pub(crate) requires_dpop: bool,
    pub(crate) requires_pkce: bool,
    pub(crate) requires_pushed_requests: bool,
    pub(crate) requires_consent: bool,
    /// How long a used refresh token stays good, in seconds; none if it is not replaced at all.
    pub(crate) rotation: Option<i64>,
    /// Scopes of the org's API that an administrator granted.
    pub(crate) granted: BTreeSet<String>,
}

/// Okta's own, where an application says nothing.
const DEFAULT_LEEWAY: i64 = 30;
/// The longest that Okta takes.
const MOST_LEEWAY: i64 = 60;

impl Client {
    /// The client of this id, if its application is active.
    pub(crate) fn find(org: &Org, id: &str) -> Option<Self> {
        let mut apps = org.apps.iter().filter(|(_, app)| app.active);
        apps.find_map(|(position, app)| {
            let client = Self::of(position, app)?;
            (client.id == id).then_some(client)
        })
    }

    /// The client that this application is, if it is an active one.
    pub(crate) fn of_app(org: &Org, position: u64) -> Option<Self> {
        let app = org.apps.get(position).filter(|app| app.active)?;
        Self::of(position, app)
    }

    /// The client of this id, if it is registered for this method of authentication.
    pub(crate) fn registered(org: &Org, id: &str, method: &str) -> Result<Self, OAuthError> {
        let client = Self::find(org, id).ok_or_else(OAuthError::unknown_client)?;
        if client.authentication == method {
            return Ok(client);
        }
        Err(OAuthError::invalid_client(format!(
            "The client authenticates with {method} and is registered for {}.",
            client.authentication
        )))
    }

    fn of(position: u64, app: &App) -> Option<Self> {
        if app.body.get("signOnMode")? != "OPENID_CONNECT" {
            return None;
        }
        let credentials = &app.body.get("credentials")?["oauthClient"];
        let settings = &app.body.get("settings")?["oauthClient"];
        let authentication = credentials["token_endpoint_auth_method"].as_str()?;
        let public = authentication == "none";
        Some(Self {
            app: position,
            id: credentials["client_id"].as_str()?.to_owned(),
            label: app.label.clone(),
            secrets: app
                .secrets
                .iter()
                .filter(|(_, secret)| secret.active)
                .map(|(_, secret)| secret.secret.as_str().into())
                .collect(),
            authentication: authentication.to_owned(),
            grant_types: texts(&settings["grant_types"]),
            redirect_uris: texts(&settings["redirect_uris"]),
            post_logout_redirect_uris: texts(&settings["post_logout_redirect_uris"]),
            keys: list(&settings["jwks"]["keys"])
                .iter()
                .filter(|key| key["status"] != "INACTIVE")
                .cloned()
                .collect(),
            requires_dpop: settings["dpop_bound_access_tokens"] == true,
            requires_pkce: credentials["pkce_required"].as_bool().unwrap_or(public),
            requires_pushed_requests: settings["require_pushed_authorization_requests"] == true,
            requires_consent: settings["consent_method"] == "REQUIRED",
            rotation: rotation(&settings["refresh_token"]),
            granted: app
                .grants
                .values()
                .map(|grant| grant.scope.clone())
                .collect(),
        })
    }

    /// Whether the client has no credentials of its own.
    pub(crate) fn is_public(&self) -> bool {
        self.authentication == "none"
    }

    /// Refuses a grant type that the application is not configured for.
    pub(crate) fn check_grant_type(&self, kind: &str) -> Result<(), OAuthError> {
        if self.grant_types.iter().any(|grant| grant == kind) {
            return Ok(());
        }
        let configured = self.grant_types.join(", ");
        Err(OAuthError::unauthorized_client(format!(
            "The client is not authorized to use the provided grant type. Configured grant types: \
             [{configured}]."
        )))
    }

    pub(crate) fn may_redirect_to(&self, uri: &str) -> bool {
        self.redirect_uris.iter().any(|known| same_uri(known, uri))
    }

    pub(crate) fn may_redirect_after_logout_to(&self, uri: &str) -> bool {
        let mut known = self.post_logout_redirect_uris.iter();
        known.any(|known| same_uri(known, uri))
    }

    /// Whether the user is assigned to the application, one by one or by a group.
    pub(crate) fn is_assigned(&self, org: &Org, user: u64) -> bool {
        let app = org.apps.get(self.app);
        app.is_some_and(|app| app.users.contains_key(&user))
    }
}

/// Exactly the same, except that a loopback host may have any port: programs on the user's machine
/// take a free one, RFC 8252 section 7.3. Okta itself compares the port of `localhost`, too.
fn same_uri(known: &str, given: &str) -> bool {
    known == given
        || match (Url::parse(known), Url::parse(given)) {
            (Ok(mut known), Ok(mut given)) => {
                is_loopback(&known)
                    && is_loopback(&given)
                    && known.set_port(None).is_ok()
                    && given.set_port(None).is_ok()
                    && known == given
            }
            _ => false,
        }
}

fn is_loopback(url: &Url) -> bool {
    url.scheme() == "http" && matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"))
}

fn rotation(settings: &Value) -> Option<i64> {
    let leeway = settings["leeway"].as_i64().unwrap_or(DEFAULT_LEEWAY);
    (settings["rotation_type"] == "ROTATE").then(|| leeway.clamp(0, MOST_LEEWAY))
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn texts(value: &Value) -> Vec<String> {
    let texts = list(value).iter().filter_map(Value::as_str);
    texts.map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_loopback_host_may_change_its_port() {
        for (known, given, same) in [
            ("http://localhost:8000/cb", "http://localhost:9/cb", true),
            ("http://127.0.0.1/cb", "http://127.0.0.1:9/cb", true),
            ("http://[::1]:1/cb", "http://[::1]:9/cb", true),
            (
                "http://localhost:8000/cb",
                "http://localhost:9/other",
                false,
            ),
            ("http://localhost:8000/cb", "http://127.0.0.1:9/cb", false),
            ("https://localhost:8000/cb", "https://localhost:9/cb", false),
            (
                "https://app.example.com/cb",
                "https://app.example.com:9/cb",
                false,
            ),
            (
                "https://app.example.com/cb",
                "https://app.example.com/cb",
                true,
            ),
            ("app.example:/cb", "app.example:/cb", true),
        ] {
            assert_eq!(same_uri(known, given), same, "{known} {given}");
        }
    }
}
