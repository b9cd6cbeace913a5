//! Writing secrets out, for the few types that are made to be stored: `#[serde(with)]` for a
//! [`Secret`], and the same for one that may be missing.

use serde::{Deserialize, Deserializer, Serializer};

use crate::Secret;

pub(super) fn serialize<S: Serializer>(secret: &Secret, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(secret.expose())
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Secret, D::Error> {
    Secret::deserialize(from)
}

pub(super) mod option {
    use super::{Deserialize, Deserializer, Secret, Serializer};

    pub(in crate::oauth) fn serialize<S: Serializer>(
        secret: &Option<Secret>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        match secret {
            Some(secret) => to.serialize_some(secret.expose()),
            None => to.serialize_none(),
        }
    }

    pub(in crate::oauth) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<Secret>, D::Error> {
        Option::deserialize(from)
    }
}
