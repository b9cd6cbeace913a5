//! Reading the answer of the token endpoint.

use std::time::Duration;

use serde_json::{Map, Value};

use super::members::{Members, wrong};
use super::{Scopes, TokenType, TokenTypeUri};
use crate::{Error, Secret};

/// A successful answer, complete but unverified.
pub(super) struct TokenResponse {
    pub(super) access_token: Secret,
    pub(super) token_type: TokenType,
    pub(super) expires_in: Option<Duration>,
    pub(super) scopes: Option<Scopes>,
    pub(super) refresh_token: Option<Secret>,
    pub(super) id_token: Option<Secret>,
    pub(super) device_secret: Option<Secret>,
    pub(super) issued_token_type: Option<TokenTypeUri>,
    pub(super) extra: Map<String, Value>,
}

impl TokenResponse {
    pub(super) fn read(mut members: Members) -> Result<Self, Error> {
        let access_token: Secret = members.required("access_token")?.into();
        if access_token
            .expose()
            .contains(|c: char| !c.is_ascii_graphic())
        {
            return Err(wrong("access_token", "has characters that no token has"));
        }
        Ok(Self {
            access_token,
            token_type: TokenType::from(members.required("token_type")?.as_str()),
            expires_in: members.seconds("expires_in")?,
            scopes: members.text("scope")?.map(|text| Scopes::granted(&text)),
            refresh_token: members.secret("refresh_token")?,
            id_token: members.secret("id_token")?,
            device_secret: members.secret("device_secret")?,
            issued_token_type: members.text("issued_token_type")?.map(TokenTypeUri::from),
            extra: members.rest(),
        })
    }

    /// That the token can be sent to an API, and is bound to a key if and only if one was proven
    /// (RFC 9449, section 5).
    pub(super) fn check_type(&self, key_was_proven: bool) -> Result<(), Error> {
        let refuse = |why| Err(wrong("token_type", why));
        match (&self.token_type, key_was_proven) {
            (TokenType::Dpop, false) => {
                refuse("is DPoP; give the OAuth client a `Dpop`, as its app integration needs one")
            }
            (TokenType::Bearer, true) => refuse(
                "is Bearer though a DPoP key was proven: the token would be good for whoever \
                 steals it",
            ),
            (kind, _) if !kind.is_usable() => refuse("expected Bearer or DPoP"),
            _ => Ok(()),
        }
    }
}
