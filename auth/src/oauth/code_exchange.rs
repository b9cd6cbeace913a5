//! The end of a login: the code for tokens.

use std::time::Duration;

use super::callback::Outcome;
use super::form::Form;
use super::id_token::IdTokenRule;
use super::token_request::TokenRequest;
use super::{Callback, Login, OAuthClient, Tokens};
use crate::{Error, ServerMetadata};

impl OAuthClient {
    /// Ends a login: makes sure that `callback` is the answer to `login`, exchanges its code, and
    /// verifies the ID token, with the login's nonce (RFC 6749, section 4.1.3; OpenID Connect
    /// Core, section 3.1.3).
    ///
    /// The code is sent once, for it is good once. When that fails, begin a new login.
    ///
    /// # Errors
    /// - A credentials error if the callback is not the answer to this login (`state`), or comes
    ///   after its end or from another server (`iss`, RFC 9207), or the ID token does not verify.
    /// - OAuth's error, by its [`code`](Error::code) and [`summary`](Error::summary), if the user
    ///   or the server refused: `access_denied`, `login_required`, `invalid_grant`.
    /// - A decode error if the answer has no usable token, or no ID token though `openid` was
    ///   asked for.
    pub async fn exchange_code(&self, login: &Login, callback: &Callback) -> Result<Tokens, Error> {
        self.check_begun_here(login)?;
        if callback.state != login.state {
            return Err(Error::credentials(
                "the callback is not the answer to this login (its `state` differs); begin a new \
                 login",
            ));
        }
        login.check_age(self.seconds_from_now(Duration::ZERO))?;
        let metadata = self.metadata().await?;
        check_issuer(&metadata, callback)?;
        let code = match &callback.outcome {
            Outcome::Code(code) => code,
            Outcome::Error { code, description } => {
                let description = description.as_deref();
                return Err(Error::oauth("the login failed", code, description));
            }
        };
        let form = Form::grant("authorization_code")
            .with("code", code.clone())
            .with("redirect_uri", login.redirect_uri.as_str())
            .with("code_verifier", login.code_verifier.clone())
            .with_resources(only(&login.resources))?;
        let wants_id_token = login.scopes.contains("openid");
        let request = TokenRequest::new(form)
            .scopes(login.scopes.clone())
            .id_token(IdTokenRule::new(login.checks(), wants_id_token));
        self.request_tokens(request).await
    }

    fn check_begun_here(&self, login: &Login) -> Result<(), Error> {
        if login.issuer == self.issuer().as_str() && login.client_id == self.client_id() {
            return Ok(());
        }
        Err(Error::configuration(format!(
            "the login was begun by the client {} of {}; end it with the same one",
            login.client_id, login.issuer
        )))
    }
}

/// The resource of a login that has one. A server may give a token for one alone, and of several
/// the first token is for none before the others (RFC 8707, section 2.2).
fn only(resources: &[String]) -> &[String] {
    match resources {
        [_] => resources,
        _ => &[],
    }
}

/// RFC 9207, section 2.4: a code of one server must not be sent to another.
fn check_issuer(metadata: &ServerMetadata, callback: &Callback) -> Result<(), Error> {
    let is_required = metadata.authorization_response_iss_parameter_supported;
    let refuse = |found| {
        Err(Error::credentials(format!(
            "the callback is from another server: expected the `iss` {}, found {found}",
            metadata.issuer
        )))
    };
    match &callback.issuer {
        Some(issuer) if *issuer == metadata.issuer => Ok(()),
        Some(_) => refuse("another one"),
        None if is_required => refuse("none"),
        None => Ok(()),
    }
}
