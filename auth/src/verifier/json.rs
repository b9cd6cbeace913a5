//! JSON objects, read strictly.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::{Map, Value};

use super::VerifyError;

/// The members of the JSON object that `bytes` are. A member that is there twice is refused: two
/// readers could take different ones (RFC 7515, section 4; RFC 7519, section 4).
pub(super) fn object(bytes: &[u8], part: &'static str) -> Result<Map<String, Value>, VerifyError> {
    let members: Members = serde_json::from_slice(bytes).map_err(|_| VerifyError::Json { part })?;
    match members.twice {
        None => Ok(members.all),
        Some(name) => Err(VerifyError::DuplicateMember { part, name }),
    }
}

#[derive(Default)]
struct Members {
    all: Map<String, Value>,
    twice: Option<String>,
}

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Strict)
    }
}

struct Strict;

impl<'de> Visitor<'de> for Strict {
    type Value = Members;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Members, A::Error> {
        let mut members = Members::default();
        while let Some((name, value)) = access.next_entry::<String, Value>()? {
            if members.all.contains_key(&name) {
                members.twice = Some(super::error::unchecked(&name));
            }
            members.all.insert(name, value);
        }
        Ok(members)
    }
}
