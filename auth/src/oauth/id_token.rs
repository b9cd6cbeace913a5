//! ID tokens as they come with other tokens.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::Value;

use super::OAuthClient;
use super::members::wrong;
use super::token_response::TokenResponse;
use crate::jose::base64url;
use crate::verifier::claims::IdTokenClaims;
use crate::verifier::{IdTokenChecks, VerifyError};
use crate::{Error, Secret};

/// An ID token (OpenID Connect Core, section 2). One that a flow gave has been verified, and
/// [`claims`](IdToken::claims) tells what it says. `Debug` shows whom it is for alone.
///
/// **It serializes in clear text**, as [`Tokens`](super::Tokens) do. One that is read back may
/// have been written by anyone who reaches the store, so it says nothing until
/// [`verify`](IdToken::verify) has found it to be good. The same goes for one that came with a
/// refresh while the server's keys could not be obtained.
#[derive(Clone)]
#[non_exhaustive]
pub struct IdToken {
    /// The token itself, for a logout or as a hint in another login.
    pub raw: Secret,
    state: State,
}

#[derive(Clone)]
enum State {
    Verified(Box<IdTokenClaims>),
    /// What a stored token says of itself: to compare with what is verified, and for nothing
    /// else.
    Stored {
        subject: String,
        nonce: Option<Secret>,
    },
}

/// What is expected of the ID token in an answer.
#[derive(Clone, Debug, Default)]
pub(super) struct IdTokenRule {
    checks: IdTokenChecks,
    required: bool,
    /// What comes with the ID token is not to be lost while the server's keys cannot be obtained.
    may_wait: bool,
}

impl IdTokenRule {
    /// There has to be one that passes `checks`, if `required`.
    pub(super) fn new(checks: IdTokenChecks, required: bool) -> Self {
        Self {
            checks,
            required,
            may_wait: false,
        }
    }

    /// For a refresh: the refresh token that was sent may be used up, and its successor comes with
    /// the ID token.
    pub(super) fn of_refresh(checks: IdTokenChecks) -> Self {
        Self {
            may_wait: true,
            ..Self::new(checks, false)
        }
    }

    /// There has to be one if `openid` was asked for. The request sent no nonce.
    pub(super) fn for_scopes(scopes: &super::Scopes) -> Self {
        Self::new(IdTokenChecks::new(), scopes.contains("openid"))
    }

    pub(super) fn check_presence(&self, response: &TokenResponse) -> Result<(), Error> {
        if self.required && response.id_token.is_none() {
            return Err(wrong(
                "id_token",
                "is missing though the scope `openid` was asked for",
            ));
        }
        Ok(())
    }
}

impl OAuthClient {
    /// The ID token of an answer, verified along with the access token beside it. Where it may
    /// wait, one that cannot be verified now says nothing until it is.
    pub(super) async fn verified(
        &self,
        response: &TokenResponse,
        rule: &IdTokenRule,
    ) -> Result<Option<IdToken>, Error> {
        let Some(raw) = &response.id_token else {
            return Ok(None);
        };
        let mut checks = rule.checks.clone().access_token(&response.access_token);
        if let Some(device_secret) = &response.device_secret {
            checks = checks.device_secret(device_secret);
        }
        let verifier = self.verifier();
        let claims = match verifier.verify_id_token(raw.expose(), &checks).await {
            Err(VerifyError::Keys(error)) if rule.may_wait => {
                tracing::warn!(%error, "the ID token of a refresh could not be verified yet");
                let damaged = || wrong("id_token", "is no ID token");
                return IdToken::read_back(raw.clone())
                    .ok_or_else(damaged)
                    .map(Some);
            }
            claims => claims?,
        };
        Ok(Some(IdToken {
            raw: raw.clone(),
            state: State::Verified(Box::new(claims)),
        }))
    }
}

impl IdToken {
    /// What the token says.
    ///
    /// # Errors
    /// A credentials error for a token that has not been verified, mostly because it was stored.
    pub fn claims(&self) -> Result<&IdTokenClaims, Error> {
        match &self.state {
            State::Verified(claims) => Ok(claims),
            State::Stored { .. } => Err(Error::credentials(
                "the ID token has not been verified: it was read from a store, where anyone may \
                 have written it, or came when the server's keys could not be obtained; call \
                 `verify` before `claims`",
            )),
        }
    }

    /// Verifies the token, as `client` verified it when it came: signature, issuer, audience and
    /// lifetime. Nonce and `at_hash` are those of the flow that gave it, and not compared again.
    ///
    /// # Errors
    /// A credentials error for a token that is not good, or no longer; those of a failing
    /// connection if the server's keys cannot be obtained.
    pub async fn verify(&mut self, client: &OAuthClient) -> Result<&IdTokenClaims, Error> {
        let checks = IdTokenChecks::new().any_nonce();
        let verifier = client.verifier();
        let claims = verifier.verify_id_token(self.raw.expose(), &checks).await?;
        self.state = State::Verified(Box::new(claims));
        self.claims()
    }

    /// Whom it is about, whether verified or not: to refuse another user with.
    pub(super) fn subject(&self) -> &str {
        match &self.state {
            State::Verified(claims) => &claims.subject,
            State::Stored { subject, .. } => subject,
        }
    }

    /// The nonce, whether verified or not: to refuse another one with.
    pub(super) fn nonce(&self) -> Option<&Secret> {
        match &self.state {
            State::Verified(claims) => claims.nonce.as_ref(),
            State::Stored { nonce, .. } => nonce.as_ref(),
        }
    }

    /// One that was stored.
    fn read_back(raw: Secret) -> Option<Self> {
        let mut claims = unverified(&raw)?;
        let mut text = |claim| match claims.get_mut(claim).map(Value::take) {
            Some(Value::String(text)) => Some(text),
            _ => None,
        };
        let subject = text("sub")?;
        let nonce = text("nonce").map(Secret::from);
        let state = State::Stored { subject, nonce };
        Some(Self { raw, state })
    }
}

/// The claims of a JWT that nobody has verified: to compare, never to trust.
pub(super) fn unverified(token: &Secret) -> Option<Value> {
    let mut parts = token.expose().split('.');
    let (_, payload, _, None) = (parts.next()?, parts.next()?, parts.next()?, parts.next()) else {
        return None;
    };
    serde_json::from_slice(&base64url::decode(payload)?).ok()
}

impl Serialize for IdToken {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.raw.expose())
    }
}

impl<'de> Deserialize<'de> for IdToken {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Secret::deserialize(deserializer)?;
        Self::read_back(raw).ok_or_else(|| de::Error::custom("the stored ID token is damaged"))
    }
}

impl fmt::Debug for IdToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verified = self.claims().ok().map(|claims| &claims.subject);
        f.debug_struct("IdToken")
            .field("subject", &verified)
            .finish_non_exhaustive()
    }
}
