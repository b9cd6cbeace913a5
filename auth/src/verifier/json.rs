//! JSON objects, read strictly.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, MapAccess, Visitor};
use serde_json::{Map, Value};

use super::error::{VerifyError, unchecked};

/// How many members an object has room for before it has to grow: access tokens have fewer.
const ROOM: usize = 16;

/// The members of the JSON object that `bytes` are. A member that is there twice is refused: two
/// readers could take different ones (RFC 7515, section 4; RFC 7519, section 4).
pub(super) fn object(bytes: &[u8], part: &'static str) -> Result<Members, VerifyError> {
    let not_json = VerifyError::Json { part };
    // Text is checked once as a whole, which is faster than each string on its own.
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Err(not_json);
    };
    let Ok(read) = serde_json::from_str::<Read>(text) else {
        return Err(not_json);
    };
    match read.twice {
        None => Ok(read.members),
        Some(name) => Err(VerifyError::DuplicateMember { part, name }),
    }
}

/// The members of a JSON object, each there once, in the order in which they came. Tokens have
/// few: looking through a list is faster than building a tree.
#[derive(Default)]
pub(crate) struct Members(Vec<(Cow<'static, str>, Value)>);

impl Members {
    #[inline]
    fn place(&self, name: &str) -> Option<usize> {
        self.0.iter().position(|(known, _)| known == name)
    }

    #[inline]
    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.place(name).map(|place| &self.0[place].1)
    }

    #[inline]
    pub(crate) fn has(&self, name: &str) -> bool {
        self.place(name).is_some()
    }

    /// Takes a member out.
    #[inline]
    pub(crate) fn remove(&mut self, name: &str) -> Option<Value> {
        let place = self.place(name)?;
        Some(self.0.swap_remove(place).1)
    }
}

impl From<Map<String, Value>> for Members {
    fn from(map: Map<String, Value>) -> Self {
        let members = map.into_iter();
        Self(
            members
                .map(|(name, value)| (Cow::Owned(name), value))
                .collect(),
        )
    }
}

impl From<Members> for Map<String, Value> {
    fn from(members: Members) -> Self {
        let members = members.0.into_iter();
        members
            .map(|(name, value)| (name.into_owned(), value))
            .collect()
    }
}

/// An object as it came.
struct Read {
    members: Members,
    /// A name that is there twice.
    twice: Option<String>,
}

impl<'de> Deserialize<'de> for Read {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Strict)
    }
}

struct Strict;

impl<'de> Visitor<'de> for Strict {
    type Value = Read;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Read, A::Error> {
        let mut members = Members(Vec::with_capacity(ROOM));
        while let Some(name) = access.next_key_seed(Name)? {
            let value = access.next_value()?;
            members.0.push((name, value));
        }
        let twice = twice(&members);
        Ok(Read { members, twice })
    }
}

/// A name that is there twice. While names are few they are compared with each other; of many,
/// each is looked up, so that no token costs the square of its length.
fn twice(members: &Members) -> Option<String> {
    let names = || members.0.iter().map(|(name, _)| &**name);
    if members.0.len() > 2 * ROOM {
        let mut seen = HashSet::new();
        return names().find(|name| !seen.insert(*name)).map(unchecked);
    }
    let is_before = |(place, name): &(usize, &str)| names().take(*place).any(|n| n == *name);
    let doubled = names().enumerate().find(is_before);
    doubled.map(|(_, name)| unchecked(name))
}

/// A member's name. The usual ones cost no allocation.
struct Name;

impl<'de> DeserializeSeed<'de> for Name {
    type Value = Cow<'static, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Name {
    type Value = Cow<'static, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok(usual(name).map_or_else(|| Cow::Owned(name.to_owned()), Cow::Borrowed))
    }
}

/// One text for each name in the list.
macro_rules! usual_names {
    ($($name:literal)*) => {
        fn usual(name: &str) -> Option<&'static str> {
            match name {
                $($name => Some($name),)*
                _ => None,
            }
        }
    };
}

usual_names! {
    "iss" "aud" "sub" "exp" "iat" "nbf" "jti" "ver" "cid" "scp" "uid" "auth_time" "groups"
    "client_id" "scope" "nonce" "acr" "amr" "azp" "sid" "at_hash" "idp" "name" "email"
    "email_verified" "preferred_username" "events" "cnf" "htm" "htu" "ath"
    "alg" "kid" "typ" "jwk"
}
