//! `authorization_code`, RFC 6749 section 4.1.3, with PKCE of RFC 7636.

use super::exchange::Exchange;
use crate::oauth::tokens::issued::Issued;
use crate::oauth::tokens::{self, Renewal};
use crate::oauth::words::error::OAuthError;
use crate::org::Org;
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

pub(crate) fn exchange(org: &mut Org, exchange: &Exchange<'_>) -> Result<Issued, OAuthError> {
    let form = &exchange.request.form;
    let invalid = || OAuthError::invalid_grant("The authorization code is invalid or has expired.");
    let text = form.require("code")?;
    let code = org.oauth.codes.get(text).ok_or_else(invalid)?;
    let approval = code.approval.clone();
    if approval.client_id != exchange.client.id {
        return Err(OAuthError::invalid_grant(
            "The grant was issued to another client. Ensure that the client_id matches the one \
             used at the authorize request.",
        ));
    }
    if code.used {
        // Someone has a copy of the code: RFC 6749 section 4.1.2.
        org.oauth.tokens.revoke_family(&approval.family);
        return Err(invalid());
    }
    if org.now.epoch_seconds() >= code.expires || approval.server != exchange.request.server {
        return Err(invalid());
    }
    if form.get("redirect_uri") != Some(code.redirect_uri.as_str()) {
        return Err(OAuthError::invalid_grant(
            "The 'redirect_uri' does not match the redirection URI used in the authorization \
             request.",
        ));
    }
    verify(code.challenge.as_deref(), form.get("code_verifier"))?;
    if let Some(code) = org.oauth.codes.get_mut(text) {
        code.used = true;
    }
    let key = exchange.key.clone();
    tokens::issue(
        org,
        exchange.request,
        &exchange.client,
        &approval,
        key,
        Renewal::New,
    )
}

fn verify(challenge: Option<&str>, verifier: Option<&str>) -> Result<(), OAuthError> {
    let fits = match (challenge, verifier) {
        (None, None) => true,
        (Some(challenge), Some(verifier)) => {
            is_verifier(verifier)
                && URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes())) == challenge
        }
        _ => false,
    };
    if fits {
        Ok(())
    } else {
        Err(OAuthError::invalid_grant("PKCE verification failed."))
    }
}

/// RFC 7636 section 4.1: 43 to 128 unreserved characters.
fn is_verifier(text: &str) -> bool {
    let unreserved =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
    (43..=128).contains(&text.len()) && text.bytes().all(unreserved)
}
