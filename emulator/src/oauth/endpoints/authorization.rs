//! What `/authorize` and `/par` ask for, found in order.

use crate::oauth::clients::client::Client;
use crate::oauth::clients::scopes;
use crate::oauth::memory::authorization::AuthorizationRequest;
use crate::oauth::words::assurance::Level;
use crate::oauth::words::error::OAuthError;
use crate::oauth::words::request::Form;
use crate::oauth::words::response_mode::ResponseMode;
use crate::oauth::words::server::Server;
use crate::org::Org;

pub(crate) fn client(org: &Org, form: &Form) -> Result<Client, OAuthError> {
    let id = form.require("client_id")?;
    Client::find(org, id)
        .ok_or_else(|| OAuthError::new(400, "invalid_client", "Invalid value for 'client_id'."))
}

pub(crate) fn redirect_uri(client: &Client, form: &Form) -> Result<String, OAuthError> {
    let uri = form.require("redirect_uri")?;
    if client.may_redirect_to(uri) {
        return Ok(uri.to_owned());
    }
    Err(OAuthError::invalid_request(
        "The 'redirect_uri' parameter must be a Login redirect URI in the client app settings.",
    ))
}

/// Checks all that can be told to the client at its redirect URI.
pub(crate) fn validated(
    org: &Org,
    server: Server,
    client: &Client,
    form: &Form,
    pushed: bool,
) -> Result<AuthorizationRequest, OAuthError> {
    let state = form.require("state")?.to_owned();
    if client.requires_pushed_requests && !pushed {
        return Err(OAuthError::invalid_request(
            "The client must push its authorization requests to the /par endpoint.",
        ));
    }
    if form.get("request").is_some() {
        return Err(OAuthError::new(
            400,
            "request_not_supported",
            "Signed requests are not supported.",
        ));
    }
    if form.require("response_type")? != "code" {
        return Err(OAuthError::new(
            400,
            "unsupported_response_type",
            "The response type is not supported by the authorization server. Configured response \
             types: [code].",
        ));
    }
    client.check_grant_type("authorization_code")?;
    Ok(AuthorizationRequest {
        server,
        client_id: client.id.clone(),
        redirect_uri: redirect_uri(client, form)?,
        state,
        mode: ResponseMode::of(form)?,
        scopes: scopes::for_user(org, server, client, form.words("scope"))?,
        nonce: form.get("nonce").map(str::to_owned),
        acr: acr(form),
        challenge: challenge(client, form)?,
        prompt: prompt(form)?,
        max_age: max_age(form)?,
        login_hint: form.get("login_hint").map(str::to_owned),
    })
}

/// The first value that Okta knows. To ask for others is no error, OpenID Connect Core 1.0 section
/// 3.1.2.1: they are voluntary.
fn acr(form: &Form) -> Option<String> {
    let mut values = form.words("acr_values").into_iter();
    values.find(|value| Level::of(value).is_some())
}

/// PKCE: only S256, and required where the application says so.
fn challenge(client: &Client, form: &Form) -> Result<Option<String>, OAuthError> {
    match (
        form.get("code_challenge"),
        form.get("code_challenge_method"),
    ) {
        (Some(challenge), Some("S256")) if challenge.len() == 43 => Ok(Some(challenge.to_owned())),
        (Some(_), Some("S256")) => Err(OAuthError::invalid_request(
            "The 'code_challenge' must be the 43 characters of a SHA-256 hash in base64url.",
        )),
        (Some(_), _) | (None, Some(_)) => Err(OAuthError::invalid_request(
            "The 'code_challenge' goes with 'code_challenge_method' S256, the only one supported.",
        )),
        (None, None) if client.requires_pkce => Err(OAuthError::invalid_request(
            "PKCE code challenge is required by the client application.",
        )),
        (None, None) => Ok(None),
    }
}

fn prompt(form: &Form) -> Result<Vec<String>, OAuthError> {
    let words = form.words("prompt");
    let known = ["none", "login", "consent"];
    let alone = words.len() == 1 || !words.iter().any(|word| word == "none");
    if alone && words.iter().all(|word| known.contains(&word.as_str())) {
        return Ok(words);
    }
    Err(OAuthError::invalid_request(
        "The 'prompt' must be none, login, consent or 'login consent'.",
    ))
}

fn max_age(form: &Form) -> Result<Option<i64>, OAuthError> {
    let Some(text) = form.get("max_age") else {
        return Ok(None);
    };
    let seconds = text.parse().ok().filter(|seconds: &i64| *seconds >= 0);
    seconds.map(Some).ok_or_else(|| {
        OAuthError::invalid_request("The 'max_age' must be a number of seconds, such as 3600.")
    })
}
