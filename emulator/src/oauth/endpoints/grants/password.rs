//! `password`, RFC 6749 section 4.3.

use super::exchange::Exchange;
use crate::oauth::clients::scopes;
use crate::oauth::memory::approval::Approval;
use crate::oauth::tokens::issued::Issued;
use crate::oauth::tokens::{self, Renewal};
use crate::oauth::words::error::OAuthError;
use crate::oauth::words::unguessable::unguessable;
use crate::org::Org;
use crate::org::policies::Assurance;

pub(crate) fn exchange(org: &mut Org, exchange: &Exchange<'_>) -> Result<Issued, OAuthError> {
    let (request, client) = (exchange.request, &exchange.client);
    let form = &request.form;
    let (name, password) = (form.require("username")?, form.require("password")?);
    let scopes = scopes::for_user(org, request.server, client, form.words("scope"))?;
    let user = org
        .log_in(name, password)
        .ok_or_else(|| OAuthError::invalid_grant("The credentials provided were invalid."))?;
    if org.assurance(user, Some(client.app)) != Assurance::Password {
        return Err(OAuthError::access_denied(
            "Resource owner password credentials authentication denied by sign on policy.",
        ));
    }
    if !client.is_assigned(org, user) {
        return Err(OAuthError::not_assigned());
    }
    let terms = exchange.terms(org, Some(user), &scopes)?;
    let approval = Approval {
        server: request.server,
        client_id: client.id.clone(),
        user: Some(user),
        scopes,
        authenticated: org.now.epoch_seconds(),
        second: None,
        nonce: None,
        acr: None,
        family: unguessable()?,
        terms,
    };
    let key = exchange.key.clone();
    tokens::issue(org, request, client, &approval, key, Renewal::New)
}
