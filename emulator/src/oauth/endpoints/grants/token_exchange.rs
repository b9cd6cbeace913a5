//! `urn:ietf:params:oauth:grant-type:token-exchange`, RFC 8693: an API that got a user's access
//! token asks for one of its own, to call the next API for that user,
//! <https://developer.okta.com/docs/guides/set-up-token-exchange/main/>.

use serde_json::json;

use super::exchange::Exchange;
use super::id_jag;
use crate::oauth::clients::scopes;
use crate::oauth::memory::approval::Approval;
use crate::oauth::servers;
use crate::oauth::tokens::issued::Issued;
use crate::oauth::tokens::{self, Renewal};
use crate::oauth::words::error::OAuthError;
use crate::oauth::words::server::Server;
use crate::oauth::words::unguessable::unguessable;
use crate::org::Org;

const ACCESS_TOKEN: &str = "urn:ietf:params:oauth:token-type:access_token";

pub(crate) fn exchange(org: &mut Org, exchange: &Exchange<'_>) -> Result<Issued, OAuthError> {
    let (request, client) = (exchange.request, &exchange.client);
    let form = &request.form;
    if form.get("requested_token_type") == Some(id_jag::TYPE) {
        return id_jag::exchange(org, exchange);
    }
    if request.server == Server::Org {
        return Err(OAuthError::invalid_request(
            "The org authorization server exchanges no access tokens. Use the custom one.",
        ));
    }
    if form.require("subject_token_type")? != ACCESS_TOKEN {
        return Err(OAuthError::invalid_request(
            "The 'subject_token_type' is not supported. Use \
             urn:ietf:params:oauth:token-type:access_token.",
        ));
    }
    if form
        .get("requested_token_type")
        .is_some_and(|kind| kind != ACCESS_TOKEN)
    {
        return Err(OAuthError::invalid_request(
            "The 'requested_token_type' is not supported.",
        ));
    }
    let audience = servers::audience(org, request.server, &request.base)?;
    if form.get("audience").is_some_and(|given| given != audience) {
        return Err(OAuthError::new(
            400,
            "invalid_target",
            format!("The 'audience' must be {audience}."),
        ));
    }
    let subject = subject(org, exchange)?;
    let requested = form.words("scope");
    let scopes = scopes::for_user(org, request.server, client, requested)?;
    let terms = exchange.terms(org, subject.user, &scopes)?;
    let approval = Approval {
        server: request.server,
        client_id: client.id.clone(),
        scopes,
        nonce: None,
        family: unguessable()?,
        terms,
        ..subject
    };
    let key = exchange.key.clone();
    let mut reply = tokens::issue(org, request, client, &approval, key, Renewal::None)?;
    reply.insert("issued_token_type", json!(ACCESS_TOKEN));
    Ok(reply)
}

/// What the subject token's user approved.
fn subject(org: &Org, exchange: &Exchange<'_>) -> Result<Approval, OAuthError> {
    let token = exchange.request.form.require("subject_token")?;
    let held = org.oauth.tokens.access(token);
    let own = exchange.request.server;
    let held = held.filter(|held| {
        (held.approval.server == own || servers::trusts(org, own, held.approval.server))
            && held.approval.user.is_some()
            && held.is_active(org)
    });
    held.map(|held| held.approval.clone()).ok_or_else(|| {
        OAuthError::invalid_grant("The 'subject_token' is invalid, expired or not of a user.")
    })
}
