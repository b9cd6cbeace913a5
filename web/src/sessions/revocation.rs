//! Making the tokens of a session worthless when it is over.

use std::time::Duration;

use okta_auth::oauth::{TokenKind, Tokens};

use super::Sessions;

/// How long a user waits for that.
const PATIENCE: Duration = Duration::from_secs(5);

impl Sessions {
    /// Revokes the tokens of sessions that have ended, while whoever asked for their end goes on.
    pub(crate) fn revoke_later(&self, ended: Vec<Tokens>) {
        let sessions = self.clone();
        if ended.is_empty() {
            return;
        }
        tokio::spawn(async move {
            for tokens in &ended {
                sessions.revoke(tokens).await;
            }
        });
    }

    /// Revokes the refresh token, and with it the access token; or the access token, where there
    /// is no other. The session is over here already, so a failure is logged and no more.
    pub(crate) async fn revoke(&self, tokens: &Tokens) {
        let (token, kind) = match &tokens.refresh_token {
            Some(token) => (token, TokenKind::RefreshToken),
            None => (&tokens.access_token, TokenKind::AccessToken),
        };
        let revoked = tokio::time::timeout(PATIENCE, self.0.oauth.revoke(token, kind)).await;
        match revoked {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "the tokens of a session were not revoked"),
            Err(_) => tracing::warn!("the tokens of a session were not revoked in time"),
        }
    }
}
