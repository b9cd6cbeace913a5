//! What a flow gives.

use std::fmt;
use std::time::SystemTime;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{IdToken, Scopes, TokenType, TokenTypeUri, exposed};
use crate::{DpopKey, Secret};

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
    /// Who has logged in; verified.
    #[serde(default)]
    pub id_token: Option<IdToken>,
    /// Lets other apps on the device log the user in, if the scope `device_sso` was granted.
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
