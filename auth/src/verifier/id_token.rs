//! The checks of ID tokens.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_lc_rs::digest::{SHA256, SHA384, SHA512, digest};

use super::VerifyError;
use super::claims::IdTokenClaims;
use crate::Secret;
use crate::jose::{Algorithm, base64url};

/// How far the clocks of client and server may be apart where the age of a login counts, and how
/// far the times of one token, in seconds.
const SKEW: i64 = 10;

/// What an ID token has to say besides being good: what the login that it answers asked for.
///
/// ```
/// use std::time::Duration;
/// use okta_auth::Secret;
/// use okta_auth::verifier::IdTokenChecks;
///
/// # let access_token = Secret::from("…");
/// let checks = IdTokenChecks::new()
///     .nonce("the nonce of the login")
///     .access_token(&access_token)
///     .max_age(Duration::from_secs(3600));
/// ```
#[derive(Clone, Debug, Default)]
pub struct IdTokenChecks {
    nonce: Nonce,
    access_token: Option<Secret>,
    device_secret: Option<Secret>,
    max_age: Option<Duration>,
    login_began_at: Option<SystemTime>,
    acr: Vec<String>,
    subject: Option<String>,
}

#[derive(Clone, Debug, Default)]
enum Nonce {
    /// There must be none.
    #[default]
    Absent,
    /// It must be this one.
    Is(Secret),
    /// If there is one, it must be this.
    IfAny(Option<Secret>),
    /// Nobody knows what it should be.
    Unknown,
}

impl IdTokenChecks {
    /// For the answer to a login that sent no nonce: the token must have none.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The nonce that the login sent: the token must have it.
    #[must_use]
    pub fn nonce(mut self, nonce: impl Into<Secret>) -> Self {
        self.nonce = Nonce::Is(nonce.into());
        self
    }

    /// The access token that came with the ID token. If the ID token has an `at_hash`, it must be
    /// that of this one.
    #[must_use]
    pub fn access_token(mut self, access_token: &Secret) -> Self {
        self.access_token = Some(access_token.clone());
        self
    }

    /// The device secret that came with the ID token. If the ID token has a `ds_hash`, it must be
    /// that of this one, made as `at_hash` is (OpenID Connect Native SSO 1.0, section 3.3).
    #[must_use]
    pub fn device_secret(mut self, device_secret: &Secret) -> Self {
        self.device_secret = Some(device_secret.clone());
        self
    }

    /// The `max_age` that the login asked for: the token must say when the user logged in, and
    /// that may not be longer ago. "Ago" is from the time now, with the verifier's leeway, or
    /// better from when the login began ([`IdTokenChecks::login_began_at`]).
    #[must_use]
    pub fn max_age(mut self, max_age: Duration) -> Self {
        self.max_age = Some(max_age);
        self
    }

    /// When the login began, if that is known: `max_age` counts from then, and clocks may be 10
    /// seconds apart.
    #[must_use]
    pub fn login_began_at(mut self, time: impl Into<Option<SystemTime>>) -> Self {
        self.login_began_at = time.into();
        self
    }

    /// The `acr_values` that the login asked for: the token's `acr` must be one of them.
    #[must_use]
    pub fn acr(mut self, values: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.acr = values.into_iter().map(Into::into).collect();
        self
    }

    /// For an ID token that came with a refresh: the one before it. The user must be the same, and
    /// so must the nonce if there is one (OpenID Connect Core 1.0, section 12.2).
    #[must_use]
    pub fn refresh_of(mut self, before: &IdTokenClaims) -> Self {
        self.subject = Some(before.subject.clone());
        self.nonce = Nonce::IfAny(before.nonce.clone());
        self
    }

    /// The user whom the token must be about, if that is known.
    pub(crate) fn subject(mut self, subject: Option<&str>) -> Self {
        self.subject = subject.map(str::to_owned);
        self
    }

    /// What the nonce must be if there is one; none if there must be none.
    pub(crate) fn nonce_if_any(mut self, nonce: Option<&Secret>) -> Self {
        self.nonce = Nonce::IfAny(nonce.cloned());
        self
    }

    /// For an ID token that came with no login of which anything is known, such as with a refresh
    /// when the ID token before it was not kept.
    pub(crate) fn any_nonce(mut self) -> Self {
        self.nonce = Nonce::Unknown;
        self
    }

    /// OpenID Connect Core 1.0, section 3.1.3.7, points 4 and 5; section 12.2.
    pub(super) fn check_parties(
        &self,
        claims: &IdTokenClaims,
        client_id: &str,
    ) -> Result<(), VerifyError> {
        match &claims.authorized_party {
            None if claims.audience.len() > 1 => {
                return Err(VerifyError::MissingClaim { claim: "azp" });
            }
            Some(found) if found != client_id => {
                return Err(VerifyError::AuthorizedParty {
                    expected: client_id.to_owned(),
                    found: found.clone(),
                });
            }
            _ => {}
        }
        match &self.subject {
            Some(expected) if *expected != claims.subject => Err(VerifyError::Subject {
                expected: expected.clone(),
                found: claims.subject.clone(),
            }),
            _ => Ok(()),
        }
    }

    pub(super) fn check_nonce(&self, claims: &IdTokenClaims) -> Result<(), VerifyError> {
        match (&self.nonce, &claims.nonce) {
            (Nonce::Unknown, _) | (Nonce::Absent | Nonce::IfAny(_), None) => Ok(()),
            (Nonce::Absent | Nonce::IfAny(None), Some(_)) => Err(VerifyError::NonceUnexpected),
            (Nonce::Is(_), None) => Err(VerifyError::NonceMissing),
            (Nonce::Is(expected) | Nonce::IfAny(Some(expected)), Some(found)) => {
                if expected == found {
                    Ok(())
                } else {
                    Err(VerifyError::NonceMismatch)
                }
            }
        }
    }

    /// OpenID Connect Core 1.0, section 3.1.3.8.
    pub(super) fn check_access_token(
        &self,
        claims: &IdTokenClaims,
        algorithm: Algorithm,
    ) -> Result<(), VerifyError> {
        let (Some(access_token), Some(found)) = (&self.access_token, &claims.access_token_hash)
        else {
            return Ok(());
        };
        if *found == half_hash(access_token, algorithm) {
            Ok(())
        } else {
            Err(VerifyError::AccessTokenHash)
        }
    }

    /// As [`IdTokenChecks::check_access_token`], for native SSO.
    pub(super) fn check_device_secret(
        &self,
        claims: &IdTokenClaims,
        algorithm: Algorithm,
    ) -> Result<(), VerifyError> {
        let found = claims.get::<String>("ds_hash")?;
        let (Some(device_secret), Some(found)) = (&self.device_secret, found) else {
            return Ok(());
        };
        if found == half_hash(device_secret, algorithm) {
            Ok(())
        } else {
            Err(VerifyError::DeviceSecretHash)
        }
    }

    /// OpenID Connect Core 1.0, section 3.1.3.7, points 12 and 13.
    pub(super) fn check_login(
        &self,
        claims: &IdTokenClaims,
        now: i64,
        leeway: i64,
    ) -> Result<(), VerifyError> {
        let missing = |claim| VerifyError::MissingClaim { claim };
        if let Some(max_age) = self.max_age {
            let auth_time = claims.auth_time.ok_or_else(|| missing("auth_time"))?;
            let (start, skew) = match self.login_began_at {
                Some(began_at) => (unix_seconds(began_at), SKEW),
                None => (now, leeway),
            };
            let age = start.saturating_sub(unix_seconds(auth_time));
            let max_age = whole_seconds(max_age);
            if age > max_age.saturating_add(skew) {
                return Err(VerifyError::AuthenticationTooOld { max_age, age });
            }
        }
        check_auth_time(claims)?;
        if !self.acr.is_empty() {
            let found = claims.acr.as_ref().ok_or_else(|| missing("acr"))?;
            if !self.acr.contains(found) {
                return Err(VerifyError::AuthenticationContext {
                    expected: self.acr.clone(),
                    found: found.clone(),
                });
            }
        }
        Ok(())
    }
}

/// That the user had logged in when the token was issued. Both times are the server's own.
fn check_auth_time(claims: &IdTokenClaims) -> Result<(), VerifyError> {
    let issued_at = unix_seconds(claims.issued_at);
    match claims.auth_time.map(unix_seconds) {
        Some(auth_time) if auth_time > issued_at.saturating_add(SKEW) => {
            Err(VerifyError::AuthenticationInFuture {
                auth_time,
                issued_at,
            })
        }
        _ => Ok(()),
    }
}

/// 0 before 1970.
pub(super) fn unix_seconds(time: SystemTime) -> i64 {
    whole_seconds(time.duration_since(UNIX_EPOCH).unwrap_or_default())
}

/// The left half of the token's hash, by the hash of the ID token's algorithm.
fn half_hash(token: &Secret, algorithm: Algorithm) -> String {
    let hash = match algorithm {
        Algorithm::Rs256 | Algorithm::Ps256 | Algorithm::Es256 => &SHA256,
        Algorithm::Es384 => &SHA384,
        // Ed25519 hashes by SHA-512 (RFC 8032, section 5.1).
        Algorithm::Es512 | Algorithm::EdDsa => &SHA512,
    };
    let digest = digest(hash, token.expose().as_bytes());
    base64url::encode(&digest.as_ref()[..digest.as_ref().len() / 2])
}

pub(super) fn whole_seconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_secs()).unwrap_or(i64::MAX)
}
