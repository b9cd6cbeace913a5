//! What tokens say.

mod access_token;
mod id_token;
mod logout_token;
mod reader;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::Deserialize;
use serde_json::{Map, Value};

pub use self::access_token::AccessTokenClaims;
pub use self::id_token::IdTokenClaims;
pub use self::logout_token::LogoutTokenClaims;
pub(crate) use self::reader::Reader;
use crate::verifier::error::VerifyError;

/// The claims of every token, once they have been checked.
pub(crate) struct Checked {
    pub(crate) issuer: String,
    pub(crate) audience: Vec<String>,
    pub(crate) expires_at: SystemTime,
    pub(crate) issued_at: SystemTime,
}

/// A claim of another name than the typed ones, as a `T`.
fn get<'a, T: Deserialize<'a>>(
    claims: &'a Map<String, Value>,
    name: &str,
) -> Result<Option<T>, VerifyError> {
    let Some(value) = claims.get(name) else {
        return Ok(None);
    };
    let wrong = |_| VerifyError::ClaimType {
        claim: name.to_owned(),
        expected: std::any::type_name::<T>(),
    };
    T::deserialize(value).map(Some).map_err(wrong)
}

/// The `groups` claim, if a server was set up to add it.
fn groups(claims: &Map<String, Value>) -> Vec<&str> {
    match claims.get("groups") {
        Some(Value::Array(groups)) => groups.iter().filter_map(Value::as_str).collect(),
        Some(Value::String(group)) => vec![group],
        _ => Vec::new(),
    }
}

fn require_group(claims: &Map<String, Value>, group: &str) -> Result<(), VerifyError> {
    let found = groups(claims);
    if found.contains(&group) {
        return Ok(());
    }
    Err(VerifyError::Group {
        needed: group.to_owned(),
        found: found.into_iter().map(str::to_owned).collect(),
    })
}

/// The point in time that a `NumericDate` (RFC 7519, section 2) is; `None` if it is beyond what
/// the machine can count.
pub(crate) fn time(seconds: i64) -> Option<SystemTime> {
    let distance = Duration::from_secs(seconds.unsigned_abs());
    if seconds < 0 {
        UNIX_EPOCH.checked_sub(distance)
    } else {
        UNIX_EPOCH.checked_add(distance)
    }
}
