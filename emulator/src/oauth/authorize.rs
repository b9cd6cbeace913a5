//! `/authorize`: where a browser comes to log in, RFC 6749 section 4.1.1 and OpenID Connect Core
//! 1.0 section 3.1.2.

use axum::response::{IntoResponse, Response};

use super::clients::Client;
use super::error::OAuthError;
use super::grants::{self, Code};
use super::request::{Form, OAuthRequest};
use super::response::{self, ResponseMode};
use super::server::Server;
use super::sessions::Session;
use super::tokens::{Approval, actor};
use super::{pages, pushed, scopes, unguessable};
use crate::org::Org;
use crate::org::events;
use crate::org::users::Status;

/// A user, a client and a scope to which the user said yes.
pub(super) type Consent = (u64, String, String);

/// A request that was found in order.
#[derive(Clone, Debug)]
pub(super) struct AuthorizationRequest {
    pub(super) server: Server,
    pub(super) client_id: String,
    redirect_uri: String,
    state: String,
    mode: ResponseMode,
    pub(super) scopes: Vec<String>,
    nonce: Option<String>,
    acr: Option<String>,
    challenge: Option<String>,
    prompt: Vec<String>,
    max_age: Option<i64>,
    pub(super) login_hint: Option<String>,
}

impl AuthorizationRequest {
    fn prompts(&self, what: &str) -> bool {
        self.prompt.iter().any(|word| word == what)
    }
}

/// `GET` and `POST /authorize`.
pub(crate) fn authorize(org: &mut Org, request: &OAuthRequest) -> Result<Response, OAuthError> {
    let outcome = parameters(org, request).and_then(|(form, pushed)| {
        let client = client(org, &form)?;
        redirect_uri(&client, &form)?;
        Ok((form, client, pushed))
    });
    let (form, client, pushed) = match outcome {
        Ok(found) => found,
        // Nobody knows where to send the browser.
        Err(error) => return Ok(pages::error(&error).into_response()),
    };
    match validated(request.server, &client, &form, pushed) {
        Ok(authorization) => proceed(org, request, authorization),
        Err(error) => refused(&form, &error),
    }
}

/// The parameters: those of the request, or those that the client pushed before.
fn parameters(org: &mut Org, request: &OAuthRequest) -> Result<(Form, bool), OAuthError> {
    match request.form.get("request_uri") {
        None => Ok((request.form.clone(), false)),
        Some(uri) => Ok((pushed::take(org, request, uri)?, true)),
    }
}

pub(super) fn client(org: &Org, form: &Form) -> Result<Client, OAuthError> {
    let id = form.require("client_id")?;
    Client::find(org, id)
        .ok_or_else(|| OAuthError::new(400, "invalid_client", "Invalid value for 'client_id'."))
}

pub(super) fn redirect_uri(client: &Client, form: &Form) -> Result<String, OAuthError> {
    let uri = form.require("redirect_uri")?;
    if client.may_redirect_to(uri) {
        return Ok(uri.to_owned());
    }
    Err(OAuthError::invalid_request(
        "The 'redirect_uri' parameter must be a Login redirect URI in the client app settings.",
    ))
}

/// Checks all that can be told to the client at its redirect URI.
pub(super) fn validated(
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
    grants::allowed(client, "authorization_code")?;
    Ok(AuthorizationRequest {
        server,
        client_id: client.id.clone(),
        redirect_uri: redirect_uri(client, form)?,
        state,
        mode: ResponseMode::of(form)?,
        scopes: scopes::for_user(server, client, form.words("scope"))?,
        nonce: form.get("nonce").map(str::to_owned),
        acr: form.words("acr_values").into_iter().next(),
        challenge: challenge(client, form)?,
        prompt: prompt(form)?,
        max_age: max_age(form)?,
        login_hint: form.get("login_hint").map(str::to_owned),
    })
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

/// Sends the browser back with an error.
fn refused(form: &Form, error: &OAuthError) -> Result<Response, OAuthError> {
    let uri = form.require("redirect_uri")?;
    let mode = ResponseMode::of(form).unwrap_or(ResponseMode::Query);
    response::error(mode, uri, form.get("state").unwrap_or_default(), error)
}

/// Goes on as far as no one must be asked: to the login page, to the consent page, or back to the
/// client.
fn proceed(
    org: &mut Org,
    request: &OAuthRequest,
    authorization: AuthorizationRequest,
) -> Result<Response, OAuthError> {
    if let Some(user) = automatic_user(org) {
        let session = Session {
            user,
            since: org.now.epoch_seconds(),
        };
        return match admitted(org, &authorization, session) {
            Ok(_) => granted(org, &authorization, session),
            Err(error) => returned(&authorization, &error),
        };
    }
    let now = org.now.epoch_seconds();
    let session = org.oauth.sessions.of(request).filter(|session| {
        let old = |age| now - session.since > age;
        !authorization.prompts("login")
            && !authorization.max_age.is_some_and(old)
            && is_active(org, session.user)
    });
    match session {
        Some(session) => continued(org, authorization, session),
        None if authorization.prompts("none") => {
            let text = "The client specified not to prompt, but the user is not logged in.";
            returned(
                &authorization,
                &OAuthError::new(400, "login_required", text),
            )
        }
        None => {
            let handle = unguessable()?;
            let page = pages::login(&handle, authorization.login_hint.as_deref(), None);
            org.oauth.waiting.insert(handle, authorization);
            Ok(page.into_response())
        }
    }
}

fn automatic_user(org: &Org) -> Option<u64> {
    let login = org.oauth.settings.automatic.as_ref()?;
    org.find_user(login).ok()
}

fn is_active(org: &Org, user: u64) -> bool {
    let user = org.users.get(user);
    user.is_some_and(|user| user.status == Status::Active)
}

/// Goes on once the user has logged in.
pub(super) fn continued(
    org: &mut Org,
    authorization: AuthorizationRequest,
    session: Session,
) -> Result<Response, OAuthError> {
    let client = match admitted(org, &authorization, session) {
        Ok(client) => client,
        Err(error) => return returned(&authorization, &error),
    };
    let asked = authorization.prompts("consent") || !has_consented(org, &authorization, session);
    if !client.requires_consent || !asked {
        return granted(org, &authorization, session);
    }
    if authorization.prompts("none") {
        let text = "The client specified not to prompt, but the user must consent.";
        return returned(
            &authorization,
            &OAuthError::new(400, "consent_required", text),
        );
    }
    let handle = unguessable()?;
    let page = pages::consent(&handle, &client.label, &authorization.scopes);
    org.oauth.waiting.insert(handle, authorization);
    Ok(page.into_response())
}

/// The client, if the user may use it.
fn admitted(
    org: &Org,
    authorization: &AuthorizationRequest,
    session: Session,
) -> Result<Client, OAuthError> {
    let client = Client::find(org, &authorization.client_id);
    let client = client.ok_or_else(OAuthError::unknown_client)?;
    if is_active(org, session.user) && client.is_assigned(org, session.user) {
        Ok(client)
    } else {
        Err(OAuthError::not_assigned())
    }
}

fn has_consented(org: &Org, authorization: &AuthorizationRequest, session: Session) -> bool {
    authorization.scopes.iter().all(|scope| {
        let consent = (session.user, authorization.client_id.clone(), scope.clone());
        org.oauth.consents.contains(&consent)
    })
}

/// Sends the browser back to the client with an error.
pub(super) fn returned(
    authorization: &AuthorizationRequest,
    error: &OAuthError,
) -> Result<Response, OAuthError> {
    let (mode, uri) = (authorization.mode, &authorization.redirect_uri);
    response::error(mode, uri, &authorization.state, error)
}

/// Sends the browser back to the client with a code.
pub(super) fn granted(
    org: &mut Org,
    authorization: &AuthorizationRequest,
    session: Session,
) -> Result<Response, OAuthError> {
    let text = unguessable()?;
    let code = Code {
        approval: Approval {
            server: authorization.server,
            client_id: authorization.client_id.clone(),
            user: Some(session.user),
            scopes: authorization.scopes.clone(),
            authenticated: session.since,
            nonce: authorization.nonce.clone(),
            acr: authorization.acr.clone(),
            family: unguessable()?,
        },
        redirect_uri: authorization.redirect_uri.clone(),
        challenge: authorization.challenge.clone(),
        expires: org.now.epoch_seconds() + Code::LIFETIME,
        used: false,
    };
    org.oauth.codes.insert(text.clone(), code);
    if let Some(client) = Client::find(org, &authorization.client_id) {
        let kind = match authorization.server {
            Server::Org => events::CODE_GRANTED,
            Server::Default => events::CUSTOM_CODE_GRANTED,
        };
        org.record_by(actor(&client), kind, None);
    }
    let (mode, uri) = (authorization.mode, &authorization.redirect_uri);
    response::code(mode, uri, &authorization.state, &text)
}
