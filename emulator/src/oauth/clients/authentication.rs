//! How clients prove who they are, RFC 6749 section 2.3 and
//! <https://developer.okta.com/docs/api/openapi/okta-oauth/guides/client-auth/>.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use secrecy::ExposeSecret;

use crate::oauth::clients::assertion;
use crate::oauth::clients::client::Client;
use crate::oauth::words::error::OAuthError;
use crate::oauth::words::request::OAuthRequest;
use crate::org::Org;

/// The methods by which a secret is sent.
const SECRETS: [&str; 2] = ["client_secret_basic", "client_secret_post"];

/// The client that sent the request, once it has proved it.
pub(crate) fn authenticated(org: &mut Org, request: &OAuthRequest) -> Result<Client, OAuthError> {
    let form = &request.form;
    let proof = form.get("client_assertion");
    let secret = form.get("client_secret");
    match (request.basic(), secret, proof) {
        (Some(basic), None, None) => {
            let (id, secret) = basic?;
            if form.get("client_id").is_some_and(|other| other != id) {
                return Err(several());
            }
            match public(org, Some(&id)) {
                Ok(client) if secret.is_empty() => Ok(client),
                _ => with_secret(org, &id, &secret, "client_secret_basic"),
            }
        }
        (None, Some(secret), None) => {
            let id = form.require("client_id")?;
            with_secret(org, id, secret, "client_secret_post")
        }
        (None, None, Some(proof)) => assertion::authenticated(org, request, proof),
        (None, None, None) => public(org, form.get("client_id")),
        _ => Err(several()),
    }
}

fn several() -> OAuthError {
    OAuthError::invalid_request(
        "Cannot supply multiple client credentials. Use one of the following: credentials in the \
         Authorization header, credentials in the post body, or a client_assertion in the post \
         body.",
    )
}

/// The client of this id, if it may send a secret by this method.
fn with_some_secret(org: &Org, id: &str, method: &str) -> Result<Client, OAuthError> {
    let client = Client::find(org, id).filter(|client| SECRETS.contains(&&*client.authentication));
    match client {
        Some(client) if !org.oauth.settings.registered_authentication => Ok(client),
        _ => Client::registered(org, id, method),
    }
}

fn with_secret(org: &Org, id: &str, secret: &str, method: &str) -> Result<Client, OAuthError> {
    let client = with_some_secret(org, id, method)?;
    let mut known = client.secrets.iter().map(ExposeSecret::expose_secret);
    let right =
        known.any(|known| verify_slices_are_equal(known.as_bytes(), secret.as_bytes()).is_ok());
    if right {
        Ok(client)
    } else {
        Err(OAuthError::invalid_client(
            "The client secret supplied for a confidential client is invalid.",
        ))
    }
}

fn public(org: &Org, id: Option<&str>) -> Result<Client, OAuthError> {
    let none = || OAuthError::invalid_client("No client credentials found.");
    let id = id.ok_or_else(none)?;
    let client = Client::find(org, id).ok_or_else(OAuthError::unknown_client)?;
    if client.is_public() {
        Ok(client)
    } else {
        Err(none())
    }
}
