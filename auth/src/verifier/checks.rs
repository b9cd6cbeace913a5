//! The checks of every token.

use super::error::unchecked;
use super::{Inner, VerifyError};
use crate::claims::{AccessTokenClaims, Checked, Reader, time};

/// The member of `events` that makes a logout token.
const LOGOUT_EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// What access tokens of the org authorization server have as `typ`.
const ORG_SERVER_TYPE: &str = "okta-internal-at+jwt";

/// The kinds of token. One must not be taken for another (RFC 8725, section 2.8).
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Access,
    Id,
    Logout,
}

impl Kind {
    /// Okta's custom servers send no `typ` at all, others `JWT` or the one of RFC 9068 or of
    /// Back-Channel Logout 1.0; so the type can only rule out what is known to be wrong, and the
    /// claims decide.
    pub(super) fn check_type(self, found: Option<&str>) -> Result<(), VerifyError> {
        let Some(found) = found else {
            return Ok(());
        };
        let media_type = found.to_ascii_lowercase();
        let short = media_type
            .strip_prefix("application/")
            .unwrap_or(&media_type);
        let expected = match (self, short) {
            (_, "jwt") | (Self::Access, "at+jwt") | (Self::Logout, "logout+jwt") => return Ok(()),
            (Self::Access, ORG_SERVER_TYPE) => return Err(VerifyError::OrgServerToken),
            (Self::Access, _) => "at+jwt, JWT or none",
            (Self::Id, _) => "JWT or none",
            (Self::Logout, _) => "logout+jwt, JWT or none",
        };
        let found = unchecked(found);
        Err(VerifyError::TokenType { expected, found })
    }

    /// Tells the kinds apart by the claims that a server puts into each: `cid` (Okta) or
    /// `client_id` (RFC 9068, section 2.2) into access tokens, `events` into logout tokens. The
    /// prefixes of `jti` are Okta's.
    fn check_marks(self, claims: &mut Reader) -> Result<(), VerifyError> {
        let id = claims.peek("jti").unwrap_or_default();
        match self {
            Self::Access if id.starts_with("ID.") => Err(VerifyError::NotAnAccessToken {
                sign: "an id (`jti`) that begins with `ID.`",
            }),
            Self::Access if !claims.has("cid") && !claims.has("client_id") => {
                Err(VerifyError::NotAnAccessToken {
                    sign: "neither `cid` nor `client_id`",
                })
            }
            Self::Id if id.starts_with("AT.") => Err(VerifyError::NotAnIdToken {
                sign: "an id (`jti`) that begins with `AT.`",
            }),
            Self::Id if claims.has("cid") => Err(VerifyError::NotAnIdToken { sign: "`cid`" }),
            Self::Id if claims.has("events") => Err(VerifyError::NotAnIdToken { sign: "`events`" }),
            Self::Logout => check_logout_event(claims),
            Self::Access | Self::Id => Ok(()),
        }
    }
}

fn check_logout_event(claims: &mut Reader) -> Result<(), VerifyError> {
    if claims.has("nonce") {
        return Err(VerifyError::NotALogoutToken { sign: "a `nonce`" });
    }
    let events = claims.object("events")?;
    let is_object = |event: &serde_json::Value| event.is_object();
    if events.is_some_and(|events| events.get(LOGOUT_EVENT).is_some_and(is_object)) {
        return Ok(());
    }
    Err(VerifyError::NotALogoutToken {
        sign: "no logout among its `events`",
    })
}

impl Inner {
    /// Issuer, kind, times and audience, any of `audiences`.
    pub(super) fn check(
        &self,
        claims: &mut Reader,
        kind: Kind,
        audiences: &[String],
    ) -> Result<Checked, VerifyError> {
        let missing = |claim| VerifyError::MissingClaim { claim };
        let issuer = claims.text("iss")?.ok_or_else(|| missing("iss"))?;
        if issuer != self.issuer.as_str() {
            return Err(VerifyError::Issuer {
                expected: self.issuer.as_str().to_owned(),
                found: issuer,
            });
        }
        kind.check_marks(claims)?;
        let expires_at = claims.seconds("exp")?.ok_or_else(|| missing("exp"))?;
        let issued_at = claims.seconds("iat")?.ok_or_else(|| missing("iat"))?;
        self.check_times(expires_at, issued_at, claims.seconds("nbf")?)?;
        let audience = claims.texts("aud")?.ok_or_else(|| missing("aud"))?;
        if !audience.iter().any(|found| audiences.contains(found)) {
            return Err(VerifyError::Audience {
                expected: audiences.to_vec(),
                found: audience,
            });
        }
        Ok(Checked {
            issuer,
            audience,
            expires_at: time(expires_at).ok_or_else(|| missing("exp"))?,
            issued_at: time(issued_at).ok_or_else(|| missing("iat"))?,
        })
    }

    fn check_times(
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
