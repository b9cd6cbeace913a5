//! From the tokens of a flow to one that is sent.

use super::AccessToken;
use crate::dpop::DpopProofs;
use crate::oauth::{OAuthClient, TokenType, Tokens};
use crate::{Dpop, Error};

impl OAuthClient {
    /// The access token, with proofs by the key that it is bound to.
    pub(crate) fn access_token(&self, tokens: &Tokens) -> Result<AccessToken, Error> {
        let dpop = match tokens.token_type {
            TokenType::Dpop => Some(self.dpop_of(tokens)?),
            TokenType::Bearer => None,
            _ => {
                return Err(Error::configuration(format!(
                    "the token type is {}: no API takes such a token",
                    tokens.token_type
                )));
            }
        };
        AccessToken::new(
            tokens.access_token.clone(),
            DpopProofs::new(dpop, self.server_clock().clone()),
            tokens.expires_at,
        )
    }

    /// Tokens that were stored have lost their key; it is then one that the client was given.
    fn dpop_of(&self, tokens: &Tokens) -> Result<Dpop, Error> {
        let dpop = self.dpop().ok_or_else(|| {
            Error::configuration(
                "the tokens are bound to a DPoP key; give the OAuth client the `Dpop` that they \
                 were got with",
            )
        })?;
        let key = tokens.dpop_key.clone().unwrap_or_else(|| dpop.key());
        Ok(dpop.bound_to(key))
    }
}
