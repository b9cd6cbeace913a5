//! `urn:ietf:params:oauth:grant-type:device_code`, RFC 8628 section 3.4.

use super::exchange::Exchange;
use crate::oauth::tokens::issued::Issued;
use crate::oauth::tokens::{self, Renewal};
use crate::oauth::words::error::OAuthError;
use crate::org::Org;

pub(crate) fn exchange(org: &mut Org, exchange: &Exchange<'_>) -> Result<Issued, OAuthError> {
    let (request, client) = (exchange.request, &exchange.client);
    let now = org.now;
    let code = request.form.require("device_code")?;
    let found = org.oauth.devices.get_mut(code).filter(|device| {
        device.request.client_id == client.id && device.request.server == request.server
    });
    let Some(device) = found else {
        return Err(OAuthError::invalid_grant(
            "The device code is invalid or has expired.",
        ));
    };
    let user = device.decision.poll(now)?;
    let asked = device.request.clone();
    if !client.is_assigned(org, user.user) {
        return Err(OAuthError::not_assigned());
    }
    let scopes = asked.scopes.clone();
    let terms = exchange.terms(org, Some(user.user), &scopes)?;
    let approval = asked.approved_by(user, terms)?;
    org.oauth.devices.remove(code);
    let key = exchange.key.clone();
    tokens::issue(org, request, client, &approval, key, Renewal::New)
}
