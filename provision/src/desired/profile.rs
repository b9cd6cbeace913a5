//! Attributes of a person, packed while they wait.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::person::Attributes;

/// Attributes of a person. A job has many people, and a map of values takes ten times the room of
/// their text.
#[derive(Clone)]
pub(crate) enum Profile {
    Open(Attributes),
    /// As JSON.
    Packed(Box<str>),
}

impl Profile {
    /// The attributes.
    pub(crate) fn attributes(&self) -> Cow<'_, Attributes> {
        match self {
            Self::Open(attributes) => Cow::Borrowed(attributes),
            // What was written here can be read.
            Self::Packed(text) => Cow::Owned(serde_json::from_str(text).unwrap_or_default()),
        }
    }

    /// The text of one attribute, if it is a text.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        match self {
            Self::Open(attributes) => attributes.get(name)?.as_str().map(str::to_owned),
            // Most people have no such attribute, which is seen faster than read.
            Self::Packed(text) if !text.contains(name) => None,
            Self::Packed(_) => self.attributes().get(name)?.as_str().map(str::to_owned),
        }
    }

    /// The attributes, to be changed.
    pub(crate) fn open(self) -> Attributes {
        match self {
            Self::Open(attributes) => attributes,
            packed @ Self::Packed(_) => packed.attributes().into_owned(),
        }
    }

    /// The same in less room.
    pub(crate) fn packed(self) -> Self {
        match serde_json::to_string(&*self.attributes()) {
            Ok(text) => Self::Packed(text.into()),
            Err(_) => self,
        }
    }
}

impl PartialEq for Profile {
    fn eq(&self, other: &Self) -> bool {
        self.attributes() == other.attributes()
    }
}

impl fmt::Debug for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.attributes().fmt(f)
    }
}

impl Serialize for Profile {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.attributes().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Profile {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::Open(Attributes::deserialize(deserializer)?).packed())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::json;

    use super::*;

    #[test]
    fn packed_attributes_are_the_same() {
        let attributes: Attributes = [
            ("badge".to_owned(), json!(9_007_199_254_740_993_u64)),
            ("none".to_owned(), json!(null)),
            ("share".to_owned(), json!(0.1)),
            ("tags".to_owned(), json!(["a", {"b": "\u{1f600}\u{0}"}])),
        ]
        .into();
        let open = Profile::Open(attributes.clone());
        let packed = open.clone().packed();
        assert!(matches!(packed, Profile::Packed(_)));
        assert_eq!(*packed.attributes(), attributes);
        assert_eq!(packed, open);
        let text = serde_json::to_string(&packed).unwrap();
        assert_eq!(text, serde_json::to_string(&attributes).unwrap());
        let read: Profile = serde_json::from_str(&text).unwrap();
        assert_eq!(read.open(), attributes);
    }
}
