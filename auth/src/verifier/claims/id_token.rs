//! ID tokens.

use std::time::SystemTime;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::Reader;
use crate::Secret;
use crate::verifier::error::VerifyError;

/// What a verified ID token says: who logged in, when and how.
///
/// Source: OpenID Connect Core 1.0, section 2, and
/// <https://developer.okta.com/docs/api/openapi/okta-oauth/guides/overview/#id-token>
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct IdTokenClaims {
    /// Who issued it, `iss`.
    pub issuer: String,
    /// Okta's id of the user, `sub`.
    pub subject: String,
    /// The clients that it is for, `aud`.
    pub audience: Vec<String>,
    /// When its life ends, `exp`.
    pub expires_at: SystemTime,
    /// When it was issued, `iat`.
    pub issued_at: SystemTime,
    /// The login that it answers, `nonce`.
    pub nonce: Option<Secret>,
    /// When the user logged in, `auth_time`.
    pub auth_time: Option<SystemTime>,
    /// How strong the login was, `acr`.
    pub acr: Option<String>,
    /// By which means, `amr`, such as `pwd` and `mfa`.
    pub amr: Vec<String>,
    /// The client that it was issued to, `azp`.
    pub authorized_party: Option<String>,
    /// The token's id, `jti`.
    pub id: Option<String>,
    /// The session's id, `sid`.
    pub session_id: Option<String>,
    /// Half the hash of the access token that came with it, `at_hash`.
    pub access_token_hash: Option<String>,
    /// All other claims, such as those of the scopes `profile` and `email`.
    pub extra: Map<String, Value>,
}

impl IdTokenClaims {
    /// Takes the claims apart; `issuer`, `audience` and times have been checked.
    pub(crate) fn read(mut claims: Reader, checked: super::Checked) -> Result<Self, VerifyError> {
        let subject = claims.filled("sub")?;
        Ok(Self {
            issuer: checked.issuer,
            subject: subject.ok_or(VerifyError::MissingClaim { claim: "sub" })?,
            audience: checked.audience,
            expires_at: checked.expires_at,
            issued_at: checked.issued_at,
            nonce: claims.text("nonce")?.map(Secret::from),
            auth_time: claims.time("auth_time")?,
            acr: claims.text("acr")?,
            amr: claims.texts("amr")?.unwrap_or_default(),
            authorized_party: claims.text("azp")?,
            id: claims.text("jti")?,
            session_id: claims.text("sid")?,
            access_token_hash: claims.text("at_hash")?,
            extra: claims.into_rest(),
        })
    }

    /// The user's full name, `name`; with the scope `profile`.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.extra.get("name")?.as_str()
    }

    /// The user's login, `preferred_username`; with the scope `profile`.
    #[must_use]
    pub fn preferred_username(&self) -> Option<&str> {
        self.extra.get("preferred_username")?.as_str()
    }

    /// The user's email address, `email`; with the scope `email`.
    #[must_use]
    pub fn email(&self) -> Option<&str> {
        self.extra.get("email")?.as_str()
    }

    /// Whether that address is known to be the user's, `email_verified`.
    #[must_use]
    pub fn email_verified(&self) -> Option<bool> {
        self.extra.get("email_verified")?.as_bool()
    }

    /// The user's groups, from the claim `groups`; with the scope `groups`, or a server set up to
    /// add it.
    #[must_use]
    pub fn groups(&self) -> Vec<&str> {
        super::groups(&self.extra)
    }

    /// Lets pass if the claim `groups` names `group`.
    ///
    /// # Errors
    /// [`VerifyError::Group`].
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
