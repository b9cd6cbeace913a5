//! `urn:ietf:params:oauth:grant-type:jwt-bearer`, RFC 7523 section 2.1: an identity assertion of
//! the org becomes an access token for the API of another app.

use super::exchange::Exchange;
use crate::oauth::clients::scopes;
use crate::oauth::memory::approval::Approval;
use crate::oauth::tokens::issued::Issued;
use crate::oauth::tokens::{self, Renewal};
use crate::oauth::words::error::OAuthError;
use crate::org::Org;

pub(crate) fn exchange(org: &mut Org, exchange: &Exchange<'_>) -> Result<Issued, OAuthError> {
    let (request, client) = (exchange.request, &exchange.client);
    let assertion = request.form.require("assertion")?;
    let now = org.now.epoch_seconds();
    let held = org.oauth.tokens.spend_assertion(assertion, now);
    let approval = held
        .filter(|held| held.server == request.server && held.client_id == client.id)
        .ok_or_else(|| {
            OAuthError::invalid_grant("The 'assertion' is invalid, expired, used or for another.")
        })?;
    let mut requested = request.form.words("scope");
    if requested.is_empty() {
        requested.clone_from(&approval.scopes);
    }
    if requested.iter().any(|scope| !approval.has(scope)) {
        return Err(OAuthError::unknown_scope());
    }
    let scopes = scopes::for_user(org, request.server, client, requested)?;
    let terms = exchange.terms(org, approval.user, &scopes)?;
    let approval = Approval {
        scopes,
        terms,
        ..approval
    };
    let key = exchange.key.clone();
    tokens::issue(org, request, client, &approval, key, Renewal::None)
}
