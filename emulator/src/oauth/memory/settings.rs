//! What tests set.

use axum::http::StatusCode;
use serde::{Deserialize, Serialize};

/// How the authorization servers deviate from what they do at first.
#[derive(Serialize, Deserialize)]
pub(crate) struct Settings {
    /// Seconds, in place of what the access policies say.
    pub(crate) access_token_lifetime: Option<i64>,
    /// Whether clients have to prove themselves by the method for which they are registered.
    pub(crate) registered_authentication: bool,
    /// The status of an answer of `/par`.
    #[serde(with = "status")]
    pub(crate) pushed_status: StatusCode,
    /// Who is logged in at once, without a page.
    pub(crate) automatic: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            access_token_lifetime: None,
            registered_authentication: false,
            pushed_status: StatusCode::CREATED,
            automatic: None,
        }
    }
}

/// A status as its number.
mod status {
    use axum::http::StatusCode;
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    // The signature is serde's.
    #[allow(clippy::trivially_copy_pass_by_ref)]
    pub(super) fn serialize<S: Serializer>(
        status: &StatusCode,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_u16(status.as_u16())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<StatusCode, D::Error> {
        StatusCode::from_u16(u16::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}
