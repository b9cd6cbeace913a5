//! Security event tokens: RFC 8417.

use std::time::SystemTime;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::claims::{Reader, time};
use super::error::VerifyError;
use super::rules::Rules;
use super::subject_id::SubjectId;

/// What a verified security event token says: what has happened, and to whom. Transmitters of the
/// Shared Signals Framework send them, with the events of CAEP and RISC; so does Okta.
///
/// Source: RFC 8417, section 2.2; OpenID Shared Signals Framework 1.0, section 4
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct SecurityEvent<E> {
    /// The transmitter, `iss`.
    pub issuer: String,
    /// The receivers, `aud`.
    pub audience: Vec<String>,
    /// When the token was issued, `iat`.
    pub issued_at: SystemTime,
    /// The token's id, `jti`: one that comes again is the same event.
    pub id: String,
    /// What has happened, `events`: a member for each event, by its URI.
    pub events: E,
    /// Whom it has happened to, `sub_id` (RFC 9493). Older transmitters say so in each event.
    pub subject_id: Option<SubjectId>,
    /// The same as a text, `sub`.
    pub subject: Option<String>,
    /// What several tokens about one cause have in common, `txn`.
    pub transaction_id: Option<String>,
    /// When it happened, `toe`.
    pub occurred_at: Option<SystemTime>,
    /// All other claims.
    pub extra: Map<String, Value>,
}

impl<E: DeserializeOwned> SecurityEvent<E> {
    /// Takes the claims apart; `issuer`, `audience`, `issued_at` and the form of `events` have
    /// been checked.
    pub(super) fn read(
        mut claims: Reader,
        issuer: String,
        audience: Vec<String>,
        issued_at: SystemTime,
    ) -> Result<Self, VerifyError> {
        let id = claims.text("jti")?.filter(|id| !id.is_empty());
        let events = Value::Object(claims.object("events")?.unwrap_or_default());
        let events = serde_json::from_value(events).map_err(|_| VerifyError::ClaimType {
            claim: "events".to_owned(),
            expected: std::any::type_name::<E>(),
        })?;
        let subject_id = claims.object("sub_id")?.map(SubjectId::read).transpose()?;
        Ok(Self {
            issuer,
            audience,
            issued_at,
            id: id.ok_or(VerifyError::MissingClaim { claim: "jti" })?,
            events,
            subject_id,
            subject: claims.text("sub")?,
            transaction_id: claims.text("txn")?,
            occurred_at: claims.time("toe")?,
            extra: claims.into_rest(),
        })
    }
}

impl Rules {
    /// When the token was issued. It need have no end (RFC 8417, section 2.2); if it says one,
    /// that counts.
    pub(super) fn check_event_times(&self, claims: &mut Reader) -> Result<SystemTime, VerifyError> {
        let missing = || VerifyError::MissingClaim { claim: "iat" };
        let issued_at = claims.seconds("iat")?.ok_or_else(missing)?;
        let expires_at = claims.seconds("exp")?.unwrap_or(i64::MAX);
        self.check_times(expires_at, issued_at, claims.seconds("nbf")?)?;
        time(issued_at).ok_or_else(missing)
    }
}
