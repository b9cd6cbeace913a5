//! ID tokens as they come with other tokens.

use std::fmt;
use std::time::SystemTime;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::{Map, Value};

use super::OAuthClient;
use super::members::wrong;
use super::token_response::TokenResponse;
use crate::jose::base64url;
use crate::verifier::claims::{Checked, IdTokenClaims, Reader};
use crate::verifier::{IdTokenChecks, VerifyError};
use crate::{Error, Secret};

/// An ID token that has been verified (OpenID Connect Core, section 2). `Debug` shows whom it is
/// for alone.
///
/// **It serializes in clear text**, as [`Tokens`](super::Tokens) do. One that is read back is
/// taken as it was stored, and not verified again.
#[derive(Clone)]
#[non_exhaustive]
pub struct IdToken {
    /// The token itself, for a logout or as a hint in another login.
    pub raw: Secret,
    /// What it says.
    pub claims: IdTokenClaims,
}

/// What is expected of the ID token in an answer.
#[derive(Clone, Debug, Default)]
pub(super) struct IdTokenRule {
    checks: IdTokenChecks,
    required: bool,
}

impl IdTokenRule {
    /// There has to be one that passes `checks`, if `required`.
    pub(super) fn new(checks: IdTokenChecks, required: bool) -> Self {
        Self { checks, required }
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
    /// The ID token of an answer, verified along with the access token beside it.
    pub(super) async fn verified(
        &self,
        response: &TokenResponse,
        rule: &IdTokenRule,
    ) -> Result<Option<IdToken>, Error> {
        let Some(raw) = &response.id_token else {
            return Ok(None);
        };
        let checks = rule.checks.clone().access_token(&response.access_token);
        let claims = self
            .verifier()
            .verify_id_token(raw.expose(), &checks)
            .await?;
        Ok(Some(IdToken {
            raw: raw.clone(),
            claims,
        }))
    }
}

impl IdToken {
    /// One that was stored.
    fn read_back(raw: Secret) -> Option<Self> {
        let payload = raw.expose().split('.').nth(1)?;
        let payload = serde_json::from_slice(&base64url::decode(payload)?).ok()?;
        let claims = stored_claims(payload).ok()?;
        Some(Self { raw, claims })
    }
}

fn stored_claims(payload: Map<String, Value>) -> Result<IdTokenClaims, VerifyError> {
    let mut claims = Reader::new(payload);
    let time = |time: Option<SystemTime>| time.unwrap_or(SystemTime::UNIX_EPOCH);
    let checked = Checked {
        issuer: claims.text("iss")?.unwrap_or_default(),
        audience: claims.texts("aud")?.unwrap_or_default(),
        expires_at: time(claims.time("exp")?),
        issued_at: time(claims.time("iat")?),
    };
    IdTokenClaims::read(claims, checked)
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
        f.debug_struct("IdToken")
            .field("subject", &self.claims.subject)
            .finish_non_exhaustive()
    }
}
