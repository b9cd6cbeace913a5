//! `private_key_jwt`: a client proves who it is with a token that it signed, RFC 7523 section 3.

use serde_json::Value;

use crate::oauth::clients::client::Client;
use crate::oauth::memory::once::Once;
use crate::oauth::servers;
use crate::oauth::words::error::OAuthError;
use crate::oauth::words::jwt::Jwt;
use crate::oauth::words::request::OAuthRequest;
use crate::org::Org;

const TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// How far ahead an assertion may expire, in seconds.
const LONGEST: i64 = 3600;

/// The client that signed the assertion.
pub(crate) fn authenticated(
    org: &mut Org,
    request: &OAuthRequest,
    assertion: &str,
) -> Result<Client, OAuthError> {
    if request.form.get("client_assertion_type") != Some(TYPE) {
        return Err(OAuthError::invalid_request(
            "The 'client_assertion_type' is invalid.",
        ));
    }
    let jwt = Jwt::parse(assertion)
        .ok_or_else(|| OAuthError::invalid_client("The client_assertion is not a signed JWT."))?;
    let id = jwt.text("sub").unwrap_or_default();
    if jwt.text("iss") != Some(id) {
        return refused("'iss' and 'sub' of client_assertion must both be the client_id.");
    }
    if request
        .form
        .get("client_id")
        .is_some_and(|other| other != id)
    {
        return refused("The client_id does not match 'sub' of client_assertion.");
    }
    let client = Client::registered(org, id, "private_key_jwt")?;
    verify_signature(&client, &jwt)?;
    let expires = verify_claims(org, request, &jwt)?;
    let jti = jwt.text("jti").unwrap_or_default();
    let serial = (client.id.clone(), jti.to_owned());
    // Okta takes an assertion without `jti`, as often as it comes.
    if !jti.is_empty() {
        if org.oauth.assertions.contains_key(&serial) {
            return refused("The client_assertion token has already been used.");
        }
        org.oauth.assertions.insert(serial, Once::until(expires));
    }
    Ok(client)
}

fn refused<T>(description: &str) -> Result<T, OAuthError> {
    Err(OAuthError::invalid_client(description))
}

fn verify_signature(client: &Client, jwt: &Jwt<'_>) -> Result<(), OAuthError> {
    let named = jwt.header["kid"].as_str();
    let mut keys = client
        .keys
        .iter()
        .filter(|key| named.is_none_or(|kid| key["kid"] == kid));
    if named.is_some() && keys.clone().next().is_none() {
        return refused("The client_assertion's 'kid' names no key of the client's jwks.");
    }
    if keys.any(|key| jwt.is_signed_by(key)) {
        Ok(())
    } else {
        refused("The client_assertion signature is invalid.")
    }
}

/// Checks what the assertion says, and gives when it expires.
fn verify_claims(org: &Org, request: &OAuthRequest, jwt: &Jwt<'_>) -> Result<i64, OAuthError> {
    let now = org.now.epoch_seconds();
    let Some(expires) = jwt.seconds("exp") else {
        return refused("The client_assertion must have 'exp'.");
    };
    if expires <= now {
        return refused("The client_assertion token has expired.");
    }
    if expires > now + LONGEST {
        return refused("The client_assertion token must not expire more than one hour from now.");
    }
    let (server, base) = (request.server, &request.base);
    let known = [
        request.url(),
        servers::endpoint(org, server, base, "token")?,
        servers::issuer(org, server, base)?,
    ];
    let audience = match &jwt.claims["aud"] {
        Value::Array(audiences) => audiences.iter().filter_map(Value::as_str).collect(),
        audience => Vec::from_iter(audience.as_str()),
    };
    if audience
        .iter()
        .any(|given| known.iter().any(|one| one == given))
    {
        Ok(expires)
    } else {
        refused(
            "The audience claim for client_assertion must be the endpoint invoked for the request.",
        )
    }
}
