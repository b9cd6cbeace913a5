//! Access tokens of a session, renewed in time and once.

use std::fmt;
use std::time::{Duration, SystemTime};

use okta_auth::oauth::{Scopes, TokenType, Tokens};
use okta_auth::{DpopKey, Error, Secret};

use super::record::StoredTokens;
use super::{SessionId, Sessions};
use crate::random;

/// How long before its end a token is renewed. Until then those serve it who do not renew it
/// themselves.
const EARLY: Duration = Duration::from_secs(60);

/// How long a token must be good to be given away.
const LEAST: Duration = Duration::from_secs(5);

/// The longest that one process may take for a refresh.
const TURN: Duration = Duration::from_secs(30);

/// The longest that Okta may take in it, so that no other one begins in the meantime.
const ANSWER: Duration = Duration::from_secs(25);

/// How long the others wait for it, and how often they look.
const WAIT: Duration = Duration::from_secs(10);
const LOOK: Duration = Duration::from_millis(50);

/// How long after a failure nobody tries again.
const PAUSE: Duration = Duration::from_secs(10);

/// An access token of a user, for calls to an API in the user's name. `Debug` does not show it.
#[derive(Clone)]
#[non_exhaustive]
pub struct AccessToken {
    /// The token.
    pub token: Secret,
    /// How it is sent.
    pub token_type: TokenType,
    /// When it ends, if that is known.
    pub expires_at: Option<SystemTime>,
    /// What it allows.
    pub scopes: Scopes,
    /// The key that it is bound to, if it is.
    pub dpop_key: Option<DpopKey>,
}

/// Why there is no access token.
#[derive(Debug)]
#[non_exhaustive]
pub enum AccessTokenError {
    /// The user has to log in again: the session is over, or there is no refresh token, or it is
    /// not good any more.
    LoginRequired,
    /// Okta could not be asked, or its answer was not good. It may be better later.
    Okta(Option<Error>),
    /// The vault could not be asked.
    Vault(Error),
}

/// A look at the tokens of a session.
enum Look {
    /// Good for now.
    Good(Tokens),
    /// To be renewed. `usable`: it is good for a little while yet.
    Due {
        tokens: Tokens,
        version: u64,
        usable: bool,
    },
    /// As `Due`, and a refresh has just failed.
    Failed { tokens: Tokens, usable: bool },
}

impl Sessions {
    /// The access token of a session. It is renewed a minute before its end: by one process, once,
    /// while the others use the old one, or wait for the new one where that has ended.
    pub(crate) async fn access_token(
        &self,
        id: &SessionId,
    ) -> Result<AccessToken, AccessTokenError> {
        let (sessions, id) = (self.clone(), id.clone());
        // A browser that goes away must not cut off a refresh: its refresh token is used up.
        let task = tokio::spawn(async move { sessions.current_token(&id).await });
        task.await.unwrap_or(Err(AccessTokenError::Okta(None)))
    }

    async fn current_token(&self, id: &SessionId) -> Result<AccessToken, AccessTokenError> {
        let holder = random::token::<12>().map_err(AccessTokenError::Vault)?;
        let name = format!("refresh {}", random::hash(&["refresh", &id.0]));
        let looks = WAIT.as_millis() / LOOK.as_millis();
        for _ in 0..looks {
            let usable = match self.look_at_tokens(id).await? {
                Look::Good(tokens) => return Ok(AccessToken::of(tokens)),
                Look::Failed { tokens, usable } if usable => return Ok(AccessToken::of(tokens)),
                Look::Failed { .. } => return Err(AccessTokenError::Okta(None)),
                Look::Due { tokens, usable, .. } => usable.then_some(tokens),
            };
            let vault = &self.0.vault;
            let claimed = vault.claim(&name, &holder, TURN).await;
            if claimed.map_err(AccessTokenError::Vault)? {
                let renewed = self.renew_once(id, usable).await;
                if let Err(error) = vault.release(&name, &holder).await {
                    tracing::warn!(%error, "the turn of a refresh was not given back");
                }
                return renewed;
            }
            if let Some(tokens) = usable {
                return Ok(AccessToken::of(tokens));
            }
            tokio::time::sleep(LOOK).await;
        }
        Err(AccessTokenError::Okta(None))
    }

    async fn look_at_tokens(&self, id: &SessionId) -> Result<Look, AccessTokenError> {
        let found = self.look(id).await.map_err(AccessTokenError::Vault)?;
        let (entry, _) = found.ok_or(AccessTokenError::LoginRequired)?;
        let stored = self.open_tokens(id, &entry.tokens);
        let stored = stored.ok_or(AccessTokenError::LoginRequired)?;
        let now = self.clock().now();
        let has_failed = stored.has_failed_within(PAUSE, now);
        let tokens = stored.into_tokens(self.0.oauth.dpop());
        let tokens = tokens.ok_or(AccessTokenError::LoginRequired)?;
        let left = match tokens.expires_at {
            Some(end) => end.duration_since(now).unwrap_or_default(),
            None => return Ok(Look::Good(tokens)),
        };
        let usable = left >= LEAST;
        if left > EARLY || (usable && tokens.refresh_token.is_none()) {
            return Ok(Look::Good(tokens));
        }
        if tokens.refresh_token.is_none() {
            return Err(AccessTokenError::LoginRequired);
        }
        let version = entry.version;
        Ok(if has_failed {
            Look::Failed { tokens, usable }
        } else {
            Look::Due {
                tokens,
                version,
                usable,
            }
        })
    }

    /// Renews the tokens, for it is this one's turn; unless the one before has done it.
    async fn renew_once(
        &self,
        id: &SessionId,
        usable: Option<Tokens>,
    ) -> Result<AccessToken, AccessTokenError> {
        let (before, version) = match self.look_at_tokens(id).await? {
            Look::Good(tokens) => return Ok(AccessToken::of(tokens)),
            Look::Failed { tokens, usable } if usable => return Ok(AccessToken::of(tokens)),
            Look::Failed { .. } => return Err(AccessTokenError::Okta(None)),
            Look::Due {
                tokens, version, ..
            } => (tokens, version),
        };
        let Some(refresh_token) = &before.refresh_token else {
            return Err(AccessTokenError::LoginRequired);
        };
        let refresh = self.0.oauth.refresh(refresh_token).replacing(&before);
        let refreshed = tokio::time::timeout(ANSWER, refresh.send()).await;
        let refreshed = refreshed.unwrap_or_else(|late| Err(Error::other("no answer came", late)));
        match refreshed {
            Ok(tokens) => self.keep(id, version, tokens).await,
            Err(error) if is_final(&error) => {
                tracing::info!(%error, "a session is over: its refresh token is not good any more");
                let removed = self.remove(id).await;
                removed.map_err(AccessTokenError::Vault)?;
                Err(AccessTokenError::LoginRequired)
            }
            Err(error) => {
                tracing::warn!(%error, "the tokens of a session were not renewed");
                let failed = StoredTokens::new(&before).failed_at(self.clock().now());
                self.replace(id, version, &failed).await?;
                match usable {
                    Some(tokens) => Ok(AccessToken::of(tokens)),
                    None => Err(AccessTokenError::Okta(Some(error))),
                }
            }
        }
    }

    /// Keeps new tokens, unless the session has ended in the meantime: they are revoked then.
    async fn keep(
        &self,
        id: &SessionId,
        version: u64,
        tokens: Tokens,
    ) -> Result<AccessToken, AccessTokenError> {
        let stored = StoredTokens::new(&tokens);
        if self.replace(id, version, &stored).await? {
            return Ok(AccessToken::of(tokens));
        }
        let found = self.look(id).await.map_err(AccessTokenError::Vault)?;
        if found.is_some() {
            // Another one has renewed them: its tokens may be of one family with these.
            return Ok(AccessToken::of(tokens));
        }
        self.revoke(&tokens).await;
        Err(AccessTokenError::LoginRequired)
    }

    async fn replace(
        &self,
        id: &SessionId,
        version: u64,
        stored: &StoredTokens,
    ) -> Result<bool, AccessTokenError> {
        let sealed = self.seal_tokens(id, stored);
        let sealed = sealed.map_err(AccessTokenError::Vault)?;
        let replaced = self.0.vault.replace_tokens(&id.0, version, sealed).await;
        replaced.map_err(AccessTokenError::Vault)
    }
}

/// Whether no later refresh can succeed: the refresh token is not good, or the new tokens are
/// another user's.
fn is_final(error: &Error) -> bool {
    error.code() == Some("invalid_grant") || error.is_credentials()
}

impl AccessToken {
    fn of(tokens: Tokens) -> Self {
        Self {
            token: tokens.access_token,
            token_type: tokens.token_type,
            expires_at: tokens.expires_at,
            scopes: tokens.scopes,
            dpop_key: tokens.dpop_key,
        }
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccessToken")
            .field("token_type", &self.token_type)
            .field("expires_at", &self.expires_at)
            .field("scopes", &self.scopes)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for AccessTokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::LoginRequired => "the user has to log in again",
            Self::Okta(_) => "the access token could not be renewed",
            Self::Vault(_) => "the vault of sessions could not be asked",
        })
    }
}

impl std::error::Error for AccessTokenError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::LoginRequired | Self::Okta(None) => None,
            Self::Okta(Some(error)) | Self::Vault(error) => Some(error),
        }
    }
}
