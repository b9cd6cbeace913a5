//! Access tokens where they are used: at the org's API and at `/userinfo`. RFC 6750, RFC 9449
//! section 7, <https://developer.okta.com/docs/guides/implement-oauth-for-okta/main/>.

use std::sync::Arc;

use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::response::Response;

use crate::document::document;
use crate::oauth::clients::client::Client;
use crate::oauth::memory::dpop;
use crate::oauth::memory::tokens::AccessToken;
use crate::oauth::tokens::actor;
use crate::oauth::words::error::OAuthError;
use crate::oauth::words::request::authorization;
use crate::oauth::words::server::Server;
use crate::org::Org;
use crate::org::events::Actor;
use crate::problem::Problem;

/// What the answer to a refused token says in its headers.
pub(crate) struct Challenge {
    /// `WWW-Authenticate`.
    line: String,
    /// What is wrong with the DPoP proof.
    proof: Option<Box<OAuthError>>,
}

impl Challenge {
    pub(crate) fn new(scheme: &str, error: &str, description: &str) -> Self {
        Self {
            line: format!("{scheme} error=\"{error}\", error_description=\"{description}\""),
            proof: None,
        }
    }

    fn invalid_token(scheme: &str, description: &str) -> Self {
        Self::new(scheme, "invalid_token", description)
    }

    fn of_proof(error: OAuthError) -> Self {
        let challenge = Self::new("DPoP", error.error, &error.description);
        Self {
            proof: Some(Box::new(error)),
            ..challenge
        }
    }

    /// The answer to a bad proof, to which the challenge belongs: Okta says 400, and not 401. A proof
    /// without the right nonce is none.
    pub(crate) fn of_bad_proof(&self) -> Option<Response> {
        let bad = self.proof.as_deref().filter(|proof| proof.nonce.is_none());
        bad.map(OAuthError::response)
    }

    /// Adds the headers to an answer.
    pub(crate) fn write(&self, headers: &mut HeaderMap) {
        if let Ok(line) = HeaderValue::try_from(&self.line) {
            headers.insert(header::WWW_AUTHENTICATE, line);
        }
        let nonce = self.proof.as_ref().and_then(|proof| proof.nonce.as_ref());
        if let Some(Ok(nonce)) = nonce.map(HeaderValue::try_from) {
            headers.insert("dpop-nonce", nonce);
        }
    }
}

/// The access token of a request to `url`, if there is one and it is good there.
pub(crate) fn presented(
    org: &mut Org,
    headers: &HeaderMap,
    method: &Method,
    url: &str,
    server: Server,
) -> Result<Option<AccessToken>, Challenge> {
    let (token, is_dpop) = match (
        authorization(headers, "DPoP"),
        authorization(headers, "Bearer"),
    ) {
        (Some(token), _) => (token, true),
        (None, Some(token)) => (token, false),
        (None, None) => return Ok(None),
    };
    let held = org.oauth.tokens.access(token);
    let held = held.filter(|held| held.approval.server == server && held.is_active(org));
    let Some(held) = held.cloned() else {
        let scheme = if is_dpop { "DPoP" } else { "Bearer" };
        let text = "The access token is invalid or has expired.";
        return Err(Challenge::invalid_token(scheme, text));
    };
    let Some(bound) = &held.key else {
        let text = "The access token is not bound to a key: send it as Bearer.";
        let refused = is_dpop.then(|| Challenge::invalid_token("Bearer", text));
        return refused.map_or(Ok(Some(held)), Err);
    };
    if !is_dpop {
        let text = "The access token is bound to a key: send it as DPoP, with a proof.";
        return Err(Challenge::invalid_token("DPoP", text));
    }
    let target = dpop::Target {
        method,
        url,
        headers,
        now: org.now.epoch_seconds(),
    };
    let proven = org.oauth.dpop.verify_for_resource(&target, token);
    if proven.map_err(Challenge::of_proof)? == *bound {
        Ok(Some(held))
    } else {
        let text = "The access token is bound to another key.";
        Err(Challenge::invalid_token("DPoP", text))
    }
}

/// A request to the org's API that carries an access token.
pub(crate) struct ApiRequest<'r> {
    pub(crate) method: &'r Method,
    pub(crate) path: &'r str,
    pub(crate) headers: &'r HeaderMap,
    /// The org's URL as the caller knows it.
    pub(crate) base: &'r str,
}

/// Why the API stays closed.
pub(crate) struct Denial {
    pub(crate) problem: Problem,
    /// None where no access token was shown.
    pub(crate) challenge: Option<Challenge>,
}

impl Denial {
    fn invalid_token(challenge: Option<Challenge>) -> Self {
        Self {
            problem: Problem::invalid_token(),
            challenge,
        }
    }
}

/// Who calls, if the access token is good for this request.
pub(crate) fn admitted(org: &mut Org, request: &ApiRequest<'_>) -> Result<Arc<Actor>, Denial> {
    let url = format!("{}{}", request.base, request.path);
    let token = presented(org, request.headers, request.method, &url, Server::Org)
        .map_err(|challenge| Denial::invalid_token(Some(challenge)))?
        .ok_or_else(|| Denial::invalid_token(None))?;
    let scopes = scopes(request);
    let missing = scopes.iter().find(|scope| !allows(&token, scope));
    let Some(scope) = missing else {
        return caller(org, &token).ok_or_else(|| Denial::invalid_token(None));
    };
    let scheme = if token.key.is_some() {
        "DPoP"
    } else {
        "Bearer"
    };
    Err(Denial {
        problem: Problem::forbidden(),
        challenge: Some(insufficient(scheme, scope, request)),
    })
}

fn insufficient(scheme: &str, scope: &str, request: &ApiRequest<'_>) -> Challenge {
    let (base, path) = (request.base, request.path);
    Challenge {
        line: format!(
            "{scheme} authorization_uri=\"{base}/oauth2/v1/authorize\", realm=\"{base}\", \
             scope=\"{scope}\", error=\"insufficient_scope\", error_description=\"The access token \
             provided does not contain the required scopes.\", resource=\"{path}\""
        ),
        proof: None,
    }
}

/// The user behind a token, or the client that acts on its own.
fn caller(org: &Org, token: &AccessToken) -> Option<Arc<Actor>> {
    match token.approval.user {
        Some(user) => org.actor(user),
        None => Client::find(org, &token.approval.client_id).map(|client| actor(&client)),
    }
}

/// The scopes that a request needs, all of them.
fn scopes(request: &ApiRequest<'_>) -> Vec<String> {
    let method = match request.method.as_str() {
        "HEAD" => "GET",
        method => method,
    };
    let place = document().place(request.path.trim_end_matches('/'));
    let operation = place.and_then(|place| document().operation_at(&place, method));
    match operation {
        Some(operation) => operation.scopes.clone(),
        None => vec![undocumented(request.path, method)],
    }
}

/// The scope of what the document does not have: by the first part of the path, as others have it.
fn undocumented(path: &str, method: &str) -> String {
    let path = path.trim_start_matches("/api/v1/");
    let family = match path {
        "/oauth2/v1/global-token-revocation" => "universalLogout",
        path => path.split('/').next().unwrap_or_default(),
    };
    let right = if method == "GET" { "read" } else { "manage" };
    format!("okta.{family}.{right}")
}

/// Whoever may manage something may read it.
fn allows(token: &AccessToken, scope: &str) -> bool {
    let manages = scope
        .strip_suffix(".read")
        .map(|family| format!("{family}.manage"));
    token.approval.has(scope) || manages.is_some_and(|manages| token.approval.has(&manages))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(method: &Method, path: &str) -> String {
        let headers = HeaderMap::new();
        scopes(&ApiRequest {
            method,
            path,
            headers: &headers,
            base: "",
        })
        .join(" ")
    }

    #[test]
    fn operations_need_the_scopes_of_the_document() {
        for (path, scopes) in [
            ("/api/v1/users", "okta.users.read"),
            ("/api/v1/users/", "okta.users.read"),
            ("/api/v1/users/00u1/roles", "okta.roles.read"),
            ("/api/v1/groups/rules/0pr1", "okta.groups.read"),
            ("/api/v1/groups/00g1/roles/ra1", "okta.roles.read"),
            ("/api/v1/apps/0oa1/users", "okta.apps.read"),
            ("/api/v1/apps/0oa1/grants/oag1", "okta.appGrants.read"),
            ("/api/v1/iam/resource-sets", "okta.roles.read"),
            ("/api/v1/zones", "okta.networkZones.read"),
            (
                "/api/v1/apps/0oa1/group-push/mappings",
                "okta.apps.read okta.groups.read",
            ),
        ] {
            assert_eq!(of(&Method::GET, path), scopes, "{path}");
        }
        let revocation = "/oauth2/v1/global-token-revocation";
        assert_eq!(of(&Method::POST, revocation), "okta.universalLogout.manage");
        let user = "/api/v1/users/00u1/lifecycle/activate";
        assert_eq!(of(&Method::POST, user), "okta.users.manage");
    }
}
