//! Reading the answer of the token endpoint.

use std::time::Duration;

use serde_json::{Map, Value};

use super::members::{Members, wrong};
use super::{Scopes, TokenType, TokenTypeUri};
use crate::{Error, Secret};

/// Longest life of an access token that is believed; Okta's end within a day. A token that is
/// renewed earlier than it has to be does no harm, one that is never renewed does.
const MAX_LIFE: Duration = Duration::from_secs(30 * 24 * 60 * 60);

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
            expires_in: members
                .seconds("expires_in")?
                .map(|life| life.min(MAX_LIFE)),
            scopes: members.text("scope")?.map(|text| Scopes::granted(&text)),
            refresh_token: members.secret("refresh_token")?,
            id_token: members.secret("id_token")?,
            device_secret: members.secret("device_secret")?,
            issued_token_type: members.text("issued_token_type")?.map(TokenTypeUri::from),
            extra: members.rest(),
        })
    }

    /// That the token is of the kind that was requested, and that an access token is usable and
    /// bound as [`TokenResponse::check_type`] says (RFC 8693, section 2.2.1).
    pub(super) fn check_issued(
        &self,
        requested: &TokenTypeUri,
        key_was_proven: bool,
    ) -> Result<(), Error> {
        let issued = self.issued_token_type.as_ref().unwrap_or(requested);
        if !requested.is_met_by(issued) {
            return Err(wrong(
                "issued_token_type",
                "is not the type that was requested",
            ));
        }
        let is_other = requested.never_opens_an_api()
            || (*requested != TokenTypeUri::ACCESS_TOKEN
                && self.token_type == TokenType::NotApplicable);
        if is_other && (self.token_type != TokenType::Dpop || key_was_proven) {
            return Ok(());
        }
        self.check_type(key_was_proven)
    }

    /// How the token is sent to an API: not at all if it is of a kind that opens none, whatever
    /// the server says.
    pub(super) fn usable_as(&self, requested: &TokenTypeUri) -> TokenType {
        if requested.never_opens_an_api() {
            return TokenType::NotApplicable;
        }
        self.token_type.clone()
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn no_life_is_endless() {
        for (text, seconds) in [
            ("3600", 3600),
            ("2592000", 2_592_000),
            ("2592001", 2_592_000),
            ("18446744073709551615", 2_592_000),
            (r#""18446744073709551615""#, 2_592_000),
        ] {
            let answer = format!(
                r#"{{"access_token": "at", "token_type": "Bearer", "expires_in": {text}}}"#
            );
            let members = Members::read(answer.as_bytes()).unwrap();
            let life = TokenResponse::read(members).unwrap().expires_in;
            assert_eq!(life, Some(Duration::from_secs(seconds)), "{text}");
        }
    }
}
