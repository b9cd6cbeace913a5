//! `client_credentials`, RFC 6749 section 4.4.

use super::exchange::Exchange;
use crate::oauth::clients::scopes;
use crate::oauth::memory::approval::Approval;
use crate::oauth::tokens::issued::Issued;
use crate::oauth::tokens::{self, Renewal};
use crate::oauth::words::error::OAuthError;
use crate::oauth::words::server::Server;
use crate::oauth::words::unguessable::unguessable;
use crate::org::Org;

pub(crate) fn exchange(org: &mut Org, exchange: &Exchange<'_>) -> Result<Issued, OAuthError> {
    let (request, client) = (exchange.request, &exchange.client);
    if client.is_public() {
        return Err(OAuthError::unauthorized_client(
            "A public client cannot use client_credentials.",
        ));
    }
    if request.server == Server::Org && client.authentication != "private_key_jwt" {
        return Err(OAuthError::invalid_client(
            "Client Credentials requests to the Org Authorization Server must use the \
             private_key_jwt token_endpoint_auth_method.",
        ));
    }
    let scopes = scopes::for_client(org, request.server, client, request.form.words("scope"))?;
    let terms = exchange.terms(org, None, &scopes)?;
    let approval = Approval {
        server: request.server,
        client_id: client.id.clone(),
        user: None,
        scopes,
        authenticated: org.now.epoch_seconds(),
        second: None,
        nonce: None,
        acr: None,
        family: unguessable()?,
        terms,
    };
    let key = exchange.key.clone();
    tokens::issue(org, request, client, &approval, key, Renewal::None)
}
