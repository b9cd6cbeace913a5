//! What a verifier was told to demand of tokens.

use std::sync::Arc;

use super::claims::{AccessTokenClaims, Checked, Reader, time};
use super::error::VerifyError;
use super::jws::Jws;
use super::keys::Keys;
use super::kind::Kind;
use super::replay::ReplayCache;
use crate::jose::Algorithm;
use crate::{Clock, Issuer};

#[derive(Debug)]
pub(super) struct Rules {
    pub(super) issuer: Issuer,
    pub(super) audiences: Vec<String>,
    pub(super) client_id: Option<String>,
    /// Clients whose access tokens are taken; `None` takes those of any.
    pub(super) allowed_client_ids: Option<Vec<String>>,
    pub(super) algorithms: Vec<Algorithm>,
    /// In seconds.
    pub(super) leeway: i64,
    /// In seconds, of logout tokens.
    pub(super) logout_max_age: i64,
    pub(super) replays: Arc<dyn ReplayCache>,
    pub(super) longest_token: usize,
    pub(super) clock: Clock,
    pub(super) keys: Keys,
}

impl Rules {
    pub(super) fn client_id(&self) -> Result<&String, VerifyError> {
        let setting = "client_id";
        self.client_id
            .as_ref()
            .ok_or(VerifyError::NotSetUp { setting })
    }

    /// The claims of a token whose signature is good, and the algorithm of that.
    pub(super) async fn signed_claims(
        &self,
        token: &str,
        kind: Kind,
    ) -> Result<(Reader, Algorithm), VerifyError> {
        let jws = Jws::parse(token, self.longest_token, &self.algorithms)?;
        kind.check_type(jws.header.token_type.as_deref())?;
        self.keys.check(&jws).await?;
        Ok((Reader::new(jws.claims()?), jws.header.algorithm))
    }

    /// Issuer, kind, times and audience, any of `audiences`.
    pub(super) fn check(
        &self,
        claims: &mut Reader,
        kind: Kind,
        audiences: &[String],
    ) -> Result<Checked, VerifyError> {
        let missing = |claim| VerifyError::MissingClaim { claim };
        let issuer = self.check_issuer(claims)?;
        kind.check_marks(claims)?;
        let expires_at = claims.seconds("exp")?.ok_or_else(|| missing("exp"))?;
        let issued_at = claims.seconds("iat")?.ok_or_else(|| missing("iat"))?;
        self.check_times(expires_at, issued_at, claims.seconds("nbf")?)?;
        let audience = check_audience(claims, audiences)?;
        Ok(Checked {
            issuer,
            audience,
            expires_at: time(expires_at).ok_or_else(|| missing("exp"))?,
            issued_at: time(issued_at).ok_or_else(|| missing("iat"))?,
        })
    }

    pub(super) fn check_issuer(&self, claims: &mut Reader) -> Result<String, VerifyError> {
        let missing = VerifyError::MissingClaim { claim: "iss" };
        let issuer = claims.text("iss")?.ok_or(missing)?;
        if issuer == self.issuer.as_str() {
            return Ok(issuer);
        }
        Err(VerifyError::Issuer {
            expected: self.issuer.as_str().to_owned(),
            found: issuer,
        })
    }

    pub(super) fn check_times(
        &self,
        expires_at: i64,
        issued_at: i64,
        not_before: Option<i64>,
    ) -> Result<(), VerifyError> {
        let now = self.clock.unix_seconds();
        let latest = now.saturating_add(self.leeway);
        if expires_at.saturating_add(self.leeway) <= now {
            return Err(VerifyError::Expired { expires_at, now });
        }
        if let Some(not_before) = not_before.filter(|time| *time > latest) {
            return Err(VerifyError::NotYetValid { not_before, now });
        }
        if issued_at > latest {
            return Err(VerifyError::IssuedInFuture { issued_at, now });
        }
        Ok(())
    }

    pub(super) fn check_client(&self, claims: &AccessTokenClaims) -> Result<(), VerifyError> {
        match &self.allowed_client_ids {
            Some(allowed) if !allowed.contains(&claims.client_id) => Err(VerifyError::ClientId {
                allowed: allowed.clone(),
                found: claims.client_id.clone(),
            }),
            _ => Ok(()),
        }
    }
}

/// That the token is for one of `audiences`, and for whom else.
pub(super) fn check_audience(
    claims: &mut Reader,
    audiences: &[String],
) -> Result<Vec<String>, VerifyError> {
    let missing = VerifyError::MissingClaim { claim: "aud" };
    let audience = claims.texts("aud")?.ok_or(missing)?;
    if audience.iter().any(|found| audiences.contains(found)) {
        return Ok(audience);
    }
    Err(VerifyError::Audience {
        expected: audiences.to_vec(),
        found: audience,
    })
}
