//! What a flow gives.

use std::fmt;
use std::time::SystemTime;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{IdToken, Scopes, TokenType, TokenTypeUri, exposed};
use crate::{DpopKey, Error, Secret};

/// Tokens of one token response (RFC 6749, section 5.1; OpenID Connect Core, section 3.1.3.3).
/// `Debug` shows none of them.
///
/// **It serializes with the tokens in clear text**, so that it can be kept in a server-side
/// session or an encrypted store. Keep it away from browsers and logs.
#[derive(Clone, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Tokens {
    /// What an API takes. Never empty.
    #[serde(with = "exposed")]
    pub access_token: Secret,
    /// How the access token is sent.
    pub token_type: TokenType,
    /// When the access token ends, by the client's clock; `None` if the server did not say.
    pub expires_at: Option<SystemTime>,
    /// What was granted, which may be less than what was asked for. Empty if the server did not
    /// say and nothing was asked for by name.
    pub scopes: Scopes,
    /// Gets the next access token. After a refresh without rotation, the one that was used.
    #[serde(default, with = "exposed::option")]
    pub refresh_token: Option<Secret>,
    /// Who has logged in. After a refresh that gave none, the one before it.
    #[serde(default)]
    pub id_token: Option<IdToken>,
    /// Whom the tokens are about, since an ID token said so for the first time: what replaces
    /// them has to be about the same user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) subject: Option<String>,
    /// Lets other apps on the device log the user in, if the scope `device_sso` was granted.
    /// After a refresh that gave none, the one before it.
    #[serde(default, with = "exposed::option")]
    pub device_secret: Option<Secret>,
    /// What a token exchange gave (RFC 8693, section 2.2.1).
    #[serde(default)]
    pub issued_token_type: Option<TokenTypeUri>,
    /// The key that the tokens are bound to, if they are. It is not serialized: store tokens that
    /// are bound to a key of your own only ([`Dpop::with_key`](crate::Dpop::with_key)).
    #[serde(skip)]
    pub dpop_key: Option<DpopKey>,
    /// All else that the server said. It may hold secrets.
    #[serde(default)]
    pub extra: Map<String, Value>,
}

impl Tokens {
    /// Whom the tokens are about, as far as anything is known of that: to compare, not to trust,
    /// for the tokens may have been stored.
    pub(crate) fn subject(&self) -> Option<&str> {
        let of_id_token = || self.id_token.as_ref().map(IdToken::subject);
        self.subject.as_deref().or_else(of_id_token)
    }

    /// Keeps of `before`, which these tokens replace, what the server did not say again: an
    /// answer to a refresh need not repeat it (OpenID Connect Core, section 12.2).
    ///
    /// # Errors
    /// A credentials error if these are about another user.
    pub(crate) fn succeed(&mut self, before: &Self) -> Result<(), Error> {
        if let (Some(expected), Some(found)) = (before.subject(), self.subject())
            && expected != found
        {
            return Err(Error::credentials(
                "the new tokens are about another user than those that they replace",
            ));
        }
        self.subject = self
            .subject()
            .or_else(|| before.subject())
            .map(str::to_owned);
        if self.device_secret.is_none() {
            self.device_secret.clone_from(&before.device_secret);
        }
        if self.id_token.is_none() {
            self.id_token.clone_from(&before.id_token);
        }
        Ok(())
    }
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tokens")
            .field("token_type", &self.token_type)
            .field("expires_at", &self.expires_at)
            .field("scopes", &self.scopes)
            .field("refresh_token", &self.refresh_token)
            .field("id_token", &self.id_token.is_some())
            .field("dpop_key", &self.dpop_key)
            .finish_non_exhaustive()
    }
}
