//! Making a token worthless.

use super::endpoint::{Endpoint, Post};
use super::introspection::about;
use super::{OAuthClient, TokenKind};
use crate::{Error, Secret};

impl OAuthClient {
    /// Revokes a token (RFC 7009). With a refresh token, Okta revokes its access token too, but
    /// not the other way round. A token that is not good any more is no error.
    ///
    /// Source: <https://developer.okta.com/docs/guides/revoke-tokens/main/>
    ///
    /// # Errors
    /// An argument error for an empty token and for ID tokens, which cannot be revoked; OAuth's
    /// error, such as `invalid_client`.
    pub async fn revoke(&self, token: &Secret, kind: TokenKind) -> Result<(), Error> {
        if kind == TokenKind::IdToken {
            return Err(Error::invalid_argument(
                "kind",
                "is an ID token, which cannot be revoked; revoke the refresh token, or log the \
                 user out",
            ));
        }
        let post = Post {
            endpoint: Endpoint::Revocation,
            form: about(token, kind)?,
            repeatable: true,
        };
        self.post(post).await.map(drop)
    }
}
