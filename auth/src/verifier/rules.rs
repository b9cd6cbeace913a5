//! What a verifier was told to demand of tokens.

use super::claims::{AccessTokenClaims, Checked, Reader, time};
use super::dpop::DpopChecks;
use super::error::VerifyError;
use super::id_token::unix_seconds;
use super::jws::{Jws, LastHeader};
use super::keys::Keys;
use super::kind::Kind;
use super::replay::SharedCache;
use super::verified::VerifiedTokens;
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
    pub(super) replays: SharedCache,
    pub(super) longest_token: usize,
    /// Access tokens must be those of RFC 9068.
    pub(super) strict: bool,
    pub(super) clock: Clock,
    pub(super) keys: Keys,
    pub(super) dpop: DpopChecks,
    pub(super) last_header: LastHeader,
    /// Access tokens that were good, if they are to be remembered.
    pub(super) verified: Option<VerifiedTokens>,
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
        let known = self.last_header.get();
        let jws = Jws::parse(token, self.longest_token, &self.algorithms, known.as_ref())?;
        let token_type = jws.header.token_type.as_deref();
        kind.check_type(token_type)?;
        if self.strict && matches!(kind, Kind::Access) {
            Kind::check_strict_type(token_type)?;
        }
        self.keys.check(&jws).await?;
        self.last_header.keep(&jws.header, known.as_ref());
        Ok((Reader::new(jws.claims()?), jws.header.algorithm))
    }

    /// The claims of a good access token, whatever it is bound to.
    pub(super) async fn access_token(&self, token: &str) -> Result<AccessTokenClaims, VerifyError> {
        if self.issuer.is_org_server() {
            return Err(VerifyError::OrgServerToken);
        }
        if self.audiences.is_empty() {
            let setting = "audience";
            return Err(VerifyError::NotSetUp { setting });
        }
        match &self.verified {
            None => self.unknown_access_token(token).await,
            Some(verified) => self.remembered_access_token(token, verified).await,
        }
    }

    async fn unknown_access_token(&self, token: &str) -> Result<AccessTokenClaims, VerifyError> {
        let (mut claims, _) = self.signed_claims(token, Kind::Access).await?;
        if self.strict {
            check_strict_claims(&claims)?;
        }
        let checked = self.check(&mut claims, Kind::Access, &self.audiences)?;
        let claims = AccessTokenClaims::read(claims, checked, self.clock.now())?;
        self.check_client(&claims)?;
        Ok(claims)
    }

    /// As [`Rules::unknown_access_token`], by what is remembered of the token.
    async fn remembered_access_token(
        &self,
        token: &str,
        verified: &VerifiedTokens,
    ) -> Result<AccessTokenClaims, VerifyError> {
        if token.len() > self.longest_token {
            return self.unknown_access_token(token).await;
        }
        let hash = VerifiedTokens::hash(token);
        if let Some(remembered) = verified.get(&hash)
            && remembered.was_checked_by(&self.keys.current().await?)
        {
            let mut claims = remembered.claims();
            let (expires_at, issued_at) = (
                unix_seconds(claims.expires_at),
                unix_seconds(claims.issued_at),
            );
            self.check_times(expires_at, issued_at, None)
                .inspect_err(|_| verified.forget(&hash))?;
            claims.verified_at = self.clock.now();
            return Ok(claims);
        }
        // Keys from before the check: if others come meanwhile, the token is checked again.
        let keys = self.keys.held();
        let claims = self.unknown_access_token(token).await?;
        if let Some(keys) = keys {
            verified.keep(hash, &keys, claims.clone());
        }
        Ok(claims)
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

/// The claims that RFC 9068, section 2.2 requires and that other access tokens may lack.
fn check_strict_claims(claims: &Reader) -> Result<(), VerifyError> {
    for claim in ["client_id", "jti"] {
        if !claims.has(claim) {
            return Err(VerifyError::MissingClaim { claim });
        }
    }
    Ok(())
}
