//! Sets of public keys.

use std::fmt;

use serde::de::{IgnoredAny, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::Jwk;

/// Most keys of a set. Servers have a handful; each costs work and memory.
const MOST_KEYS: usize = 100;

/// The public keys of an authorization server (RFC 7517, section 5).
///
/// Keys of a kind that is not known here are passed over, as the RFC asks: a server may publish
/// them for others. So are revoked ones, and all after the first 100 that can be read.
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
            keys: Readable,
        }
        let members = Members::deserialize(deserializer)?;
        Ok(Self {
            keys: members.keys.0,
        })
    }
}

/// The first keys of a list that can be read.
struct Readable(Vec<Jwk>);

impl<'de> Deserialize<'de> for Readable {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(ReadableVisitor)
    }
}

struct ReadableVisitor;

impl<'de> Visitor<'de> for ReadableVisitor {
    type Value = Readable;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of keys")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Readable, A::Error> {
        let mut keys = Vec::new();
        while keys.len() < MOST_KEYS {
            let Some(item) = items.next_element::<Value>()? else {
                return Ok(Readable(keys));
            };
            keys.extend(Jwk::from_json(&item).ok());
        }
        // The list has to be read to its end all the same.
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Readable(keys))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

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

    #[test]
    fn a_hundred_keys_are_read_and_the_rest_passed_over() {
        let key =
            |id: usize| json!({"kty": "RSA", "n": "AQAB", "e": "AQAB", "kid": id.to_string()});
        let others = (0..500).map(|_| json!({"kty": "OKP"}));
        let keys: Vec<_> = others.chain((0..2000).map(key)).collect();
        let text = json!({"keys": keys, "more": [1]}).to_string();
        let set: JwkSet = serde_json::from_str(&text).unwrap();
        assert_eq!(set.keys.len(), MOST_KEYS);
        assert_eq!(set.keys[99].key_id(), Some("99"));
        let cut_off = &text[..text.len() - 20];
        assert!(serde_json::from_str::<JwkSet>(cut_off).is_err());
    }
}
