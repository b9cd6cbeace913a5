//! `refresh_token`, RFC 6749 section 6.

use super::exchange::Exchange;
use crate::oauth::clients::scopes;
use crate::oauth::memory::approval::Approval;
use crate::oauth::tokens::issued::Issued;
use crate::oauth::tokens::{self, Renewal, refresh};
use crate::oauth::words::error::OAuthError;
use crate::org::Org;

pub(crate) fn exchange(org: &mut Org, exchange: &Exchange<'_>) -> Result<Issued, OAuthError> {
    let (form, client) = (&exchange.request.form, &exchange.client);
    let token = form.require("refresh_token")?;
    let held = org.oauth.tokens.refresh(token);
    if let Some(approval) = held.map(|held| &held.approval) {
        // Before the token counts as used.
        scopes::narrowed(&approval.scopes, form.words("scope"))?;
        if approval.server != exchange.request.server {
            return Err(OAuthError::invalid_grant(
                "The refresh token is invalid or expired.",
            ));
        }
    }
    let spent = refresh::spend(org, client, token, exchange.key.as_ref())?;
    let approval = Approval {
        scopes: scopes::narrowed(&spent.approval.scopes, form.words("scope"))?,
        // OpenID Connect Core 1.0 section 12.2: an ID token of a refresh needs none.
        nonce: None,
        ..spent.approval.clone()
    };
    let renewal = match client.rotation {
        Some(_) => Renewal::Replaced(spent.identity.clone()),
        None => Renewal::Same(token.to_owned()),
    };
    let key = exchange.key.clone();
    tokens::issue(org, exchange.request, client, &approval, key, renewal)
}
