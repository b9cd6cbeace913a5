//! Sets of public keys.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::Jwk;

/// The public keys of an authorization server (RFC 7517, section 5).
///
/// Keys of a kind that is not known here are passed over, as the RFC asks: a server may publish
/// them for others.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct JwkSet {
    /// The keys, in the server's order.
    pub keys: Vec<Jwk>,
}

impl JwkSet {
    /// A set of `keys`.
    #[must_use]
    pub fn new(keys: Vec<Jwk>) -> Self {
        Self { keys }
    }
}

impl<'de> Deserialize<'de> for JwkSet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Members {
            keys: Vec<Value>,
        }
        let members = Members::deserialize(deserializer)?;
        let keys = members.keys.iter();
        Ok(Self {
            keys: keys.filter_map(|key| Jwk::from_json(key).ok()).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn keys_of_other_kinds_are_passed_over() {
        let set: JwkSet = serde_json::from_str(
            r#"{"keys": [
                {"kty": "OKP", "crv": "Ed25519", "x": "AA", "kid": "a"},
                {"kty": "RSA", "n": "AQAB", "e": "AQAB", "kid": "b", "x5c": ["…"]},
                {"kty": "RSA", "n": "AQ=", "e": "AQAB", "kid": "c"},
                "not a key"
            ], "more": 1}"#,
        )
        .unwrap();
        let ids: Vec<_> = set.keys.iter().map(Jwk::key_id).collect();
        assert_eq!(ids, [Some("b")]);
        assert!(serde_json::from_str::<JwkSet>("{}").is_err());
    }
}
