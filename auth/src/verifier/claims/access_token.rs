//! Access tokens.

use std::time::{Duration, SystemTime};

use serde::Deserialize;
use serde_json::{Map, Value};

use super::Reader;
use crate::verifier::error::VerifyError;

/// How far the server's clock may be ahead of ours.
const CLOCK_SKEW: Duration = Duration::from_secs(60);

/// What a verified access token says: who may do what at whose API.
///
/// Source: <https://developer.okta.com/docs/api/openapi/okta-oauth/guides/overview/#access-token>
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct AccessTokenClaims {
    /// Who issued it, `iss`.
    pub issuer: String,
    /// Whom it is about, `sub`: the user's login, or the client's id if no user is involved.
    pub subject: String,
    /// The APIs that it is for, `aud`.
    pub audience: Vec<String>,
    /// When its life ends, `exp`.
    pub expires_at: SystemTime,
    /// When it was issued, `iat`.
    pub issued_at: SystemTime,
    /// The client that it was issued to: Okta's `cid`, or `client_id` (RFC 9068).
    pub client_id: String,
    /// What it allows: Okta's `scp`, or `scope` (RFC 9068).
    pub scopes: Vec<String>,
    /// Okta's id of the user, `uid`; none if no user is involved.
    pub user_id: Option<String>,
    /// The token's id, `jti`.
    pub id: Option<String>,
    /// When the user logged in, `auth_time`.
    pub auth_time: Option<SystemTime>,
    /// How strong the user's login was, `acr`.
    pub acr: Option<String>,
    /// When the token was verified, by the verifier's clock.
    pub verified_at: SystemTime,
    /// All other claims.
    pub extra: Map<String, Value>,
}

impl AccessTokenClaims {
    /// Takes the claims apart; `issuer`, `audience` and times have been checked.
    pub(crate) fn read(
        mut claims: Reader,
        checked: super::Checked,
        verified_at: SystemTime,
    ) -> Result<Self, VerifyError> {
        let missing = |claim| VerifyError::MissingClaim { claim };
        let client_id = match claims.filled("cid")? {
            Some(client_id) => Some(client_id),
            None => claims.filled("client_id")?,
        };
        let scopes = match claims.texts("scp")? {
            Some(scopes) => scopes,
            None => claims.text("scope")?.map_or_else(Vec::new, |scopes| {
                scopes.split_ascii_whitespace().map(str::to_owned).collect()
            }),
        };
        Ok(Self {
            issuer: checked.issuer,
            subject: claims.filled("sub")?.ok_or_else(|| missing("sub"))?,
            audience: checked.audience,
            expires_at: checked.expires_at,
            issued_at: checked.issued_at,
            client_id: client_id.ok_or_else(|| missing("cid"))?,
            scopes,
            user_id: claims.text("uid")?,
            id: claims.filled("jti")?,
            auth_time: claims.time("auth_time")?,
            acr: claims.text("acr")?,
            verified_at,
            extra: claims.into_rest(),
        })
    }

    /// Whether the token allows `scope`.
    #[must_use]
    pub fn has_scope(&self, scope: &str) -> bool {
        self.scopes.iter().any(|has| has == scope)
    }

    /// Lets pass if the token allows `scope`.
    ///
    /// # Errors
    /// [`VerifyError::Scope`]. An API answers it with 403.
    pub fn require_scope(&self, scope: &str) -> Result<(), VerifyError> {
        if self.has_scope(scope) {
            return Ok(());
        }
        Err(VerifyError::Scope {
            needed: scope.to_owned(),
            found: self.scopes.clone(),
        })
    }

    /// Lets pass if the user's login was of one of the authentication context classes `values`,
    /// such as `urn:okta:loa:2fa:any` (RFC 9470).
    ///
    /// # Errors
    /// [`VerifyError::InsufficientAuthentication`], whose
    /// [challenge](VerifyError::challenge) makes the client send its user to a stronger login.
    pub fn require_acr(
        &self,
        values: impl IntoIterator<Item = impl Into<String>>,
    ) -> Result<(), VerifyError> {
        let acr_values: Vec<String> = values.into_iter().map(Into::into).collect();
        if self
            .acr
            .as_ref()
            .is_some_and(|acr| acr_values.contains(acr))
        {
            return Ok(());
        }
        Err(VerifyError::InsufficientAuthentication {
            acr_values,
            max_age: None,
        })
    }

    /// Lets pass if the user logged in up to `max_age` before the token was verified (RFC 9470).
    /// A login that is said to be in the future, by more than a minute, does not pass.
    ///
    /// # Errors
    /// [`VerifyError::InsufficientAuthentication`], whose
    /// [challenge](VerifyError::challenge) makes the client send its user to a new login.
    pub fn require_auth_time_within(&self, max_age: Duration) -> Result<(), VerifyError> {
        let is_recent = |auth_time| match self.verified_at.duration_since(auth_time) {
            Ok(age) => age <= max_age,
            Err(ahead) => ahead.duration() <= CLOCK_SKEW,
        };
        if self.auth_time.is_some_and(is_recent) {
            return Ok(());
        }
        Err(VerifyError::InsufficientAuthentication {
            acr_values: Vec::new(),
            max_age: Some(max_age),
        })
    }

    /// The user's groups, from the claim `groups`; empty unless the authorization server was set
    /// up to add it.
    #[must_use]
    pub fn groups(&self) -> Vec<&str> {
        super::groups(&self.extra)
    }

    /// Lets pass if the claim `groups` names `group`.
    ///
    /// # Errors
    /// [`VerifyError::Group`]. An API answers it with 403.
    pub fn require_group(&self, group: &str) -> Result<(), VerifyError> {
        super::require_group(&self.extra, group)
    }

    /// Any other claim, as a `T`; `None` if it is not there.
    ///
    /// # Errors
    /// [`VerifyError::ClaimType`] if it is no `T`.
    pub fn get<'a, T: Deserialize<'a>>(&'a self, claim: &str) -> Result<Option<T>, VerifyError> {
        super::get(&self.extra, claim)
    }
}
