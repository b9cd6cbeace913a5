//! From a login to the way back: to the consent page, or to the client with a code or an error.

use axum::response::{IntoResponse, Response};

use crate::oauth::clients::access_policy::{self, Asked};
use crate::oauth::clients::client::Client;
use crate::oauth::endpoints::response;
use crate::oauth::memory::approval::Approval;
use crate::oauth::memory::authorization::AuthorizationRequest;
use crate::oauth::memory::code::Code;
use crate::oauth::memory::pending::{Errand, Pending};
use crate::oauth::memory::sessions::Session;
use crate::oauth::tokens::actor;
use crate::oauth::words::error::OAuthError;
use crate::oauth::words::server::Server;
use crate::oauth::words::unguessable::unguessable;
use crate::org::Org;
use crate::org::events;
use crate::org::users::Status;
use crate::pages;

/// Goes on once the user has logged in.
pub(crate) fn continued(
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
    let pending = Pending::new(Errand::Authorization(authorization.into()), None, org.now);
    org.oauth.waiting.insert(handle, pending);
    Ok(page.into_response())
}

/// The client, if the user may use it.
pub(crate) fn admitted(
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
    let (client, server) = (&authorization.client_id, authorization.server);
    let consents = &org.oauth.consents;
    let given = |scope| consents.has(session.user, client, server, scope);
    authorization.scopes.iter().all(|scope| given(scope))
}

/// Sends the browser back to the client with an error.
pub(crate) fn returned(
    authorization: &AuthorizationRequest,
    error: &OAuthError,
) -> Result<Response, OAuthError> {
    let (mode, uri) = (authorization.mode, &authorization.redirect_uri);
    response::error(mode, uri, &authorization.state, error)
}

/// Sends the browser back to the client with a code.
pub(crate) fn granted(
    org: &mut Org,
    authorization: &AuthorizationRequest,
    session: Session,
) -> Result<Response, OAuthError> {
    let client = Client::find(org, &authorization.client_id);
    let client = client.ok_or_else(OAuthError::unknown_client)?;
    let asked = Asked {
        server: authorization.server,
        client: &client,
        grant_type: "authorization_code",
        user: Some(session.user),
        scopes: &authorization.scopes,
    };
    let terms = match access_policy::terms(org, &asked) {
        Ok(terms) => terms,
        Err(error) => return returned(authorization, &error),
    };
    let text = unguessable()?;
    let code = Code {
        approval: Approval {
            server: authorization.server,
            client_id: authorization.client_id.clone(),
            user: Some(session.user),
            scopes: authorization.scopes.clone(),
            authenticated: session.since,
            second: session.second,
            nonce: authorization.nonce.clone(),
            acr: authorization.acr.clone(),
            family: unguessable()?,
            terms,
        },
        redirect_uri: authorization.redirect_uri.clone(),
        challenge: authorization.challenge.clone(),
        expires: org.now.epoch_seconds() + Code::LIFETIME,
        used: false,
    };
    org.oauth.codes.insert(text.clone(), code);
    let kind = match authorization.server {
        Server::Org => events::CODE_GRANTED,
        Server::Custom(_) => events::CUSTOM_CODE_GRANTED,
    };
    org.record_by(actor(&client), kind, None);
    let (mode, uri) = (authorization.mode, &authorization.redirect_uri);
    response::code(mode, uri, &authorization.state, &text)
}

pub(crate) fn is_active(org: &Org, user: u64) -> bool {
    let user = org.users.get(user);
    user.is_some_and(|user| user.status == Status::Active)
}
