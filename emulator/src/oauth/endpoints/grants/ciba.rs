//! `urn:openid:params:grant-type:ciba`: OpenID Connect Client-Initiated Backchannel Authentication,
//! section 10.1.

use super::exchange::Exchange;
use crate::oauth::tokens::issued::Issued;
use crate::oauth::tokens::{self, Renewal};
use crate::oauth::words::error::OAuthError;
use crate::org::Org;

pub(crate) fn exchange(org: &mut Org, exchange: &Exchange<'_>) -> Result<Issued, OAuthError> {
    let (request, client) = (exchange.request, &exchange.client);
    let now = org.now;
    let id = request.form.require("auth_req_id")?;
    let found = org.oauth.backchannel.get_mut(id).filter(|pending| {
        pending.request.client_id == client.id && pending.request.server == request.server
    });
    let Some(pending) = found else {
        return Err(OAuthError::invalid_grant(
            "The auth_req_id is invalid or has expired.",
        ));
    };
    let user = pending.decision.poll(now)?;
    let asked = pending.request.clone();
    let scopes = asked.scopes.clone();
    let terms = exchange.terms(org, Some(user.user), &scopes)?;
    let approval = asked.approved_by(user, terms)?;
    org.oauth.backchannel.remove(id);
    let key = exchange.key.clone();
    tokens::issue(org, request, client, &approval, key, Renewal::New)
}
