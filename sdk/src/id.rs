//! Identifiers of Okta's objects.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::codec::{Fit, Mismatch, Opened, Opening, Place, Scalar, Slot, View};

/// The id of something in Okta, such as `00u1…` of a user.
///
/// It may be absent, as everything in an answer may: `as_str` is `None` then, and it shows as
/// `(no id)`. There is no way from an absent id to an empty string. As a path parameter, or given
/// to a constructor or setter of a body, an absent one makes the call fail before it is sent.
///
/// ```
/// use okta_sdk::Id;
///
/// let id = Id::from("00u1");
/// assert_eq!(id, "00u1");
/// assert_eq!(id.to_string(), "00u1");
/// assert_eq!(Id::default().to_string(), "(no id)");
/// assert!(String::try_from(Id::default()).is_err());
/// ```
#[derive(Clone, Default)]
pub struct Id(State);

#[derive(Clone, Default)]
enum State {
    /// Nothing was read or set.
    #[default]
    Absent,
    /// An absent id was given where one is sent.
    Missing,
    Present(String),
}

impl Id {
    /// The text of it, if it is there.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match &self.0 {
            State::Present(id) => Some(id),
            State::Absent | State::Missing => None,
        }
    }

    /// Whether it is there.
    #[must_use]
    pub fn is_present(&self) -> bool {
        self.as_str().is_some()
    }

    /// The id as one that somebody wants to send: if it is absent, sending fails.
    #[must_use]
    #[allow(dead_code)] // some parts of the API send none
    pub(crate) fn given(self) -> Self {
        match self.0 {
            State::Absent => Self(State::Missing),
            other => Self(other),
        }
    }
}

impl From<&str> for Id {
    fn from(id: &str) -> Self {
        Self::from(id.to_owned())
    }
}

impl From<String> for Id {
    fn from(id: String) -> Self {
        Self(State::Present(id))
    }
}

impl From<&String> for Id {
    fn from(id: &String) -> Self {
        Self::from(id.as_str())
    }
}

impl From<&Self> for Id {
    fn from(id: &Self) -> Self {
        id.clone()
    }
}

/// There is no id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("there is no id; read the object from Okta first, or pass its id as text")]
#[non_exhaustive]
pub struct NoId;

impl TryFrom<Id> for String {
    type Error = NoId;

    fn try_from(id: Id) -> Result<Self, NoId> {
        match id.0 {
            State::Present(id) => Ok(id),
            State::Absent | State::Missing => Err(NoId),
        }
    }
}

impl fmt::Display for Id {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str().unwrap_or("(no id)"))
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_str().fmt(formatter)
    }
}

impl PartialEq for Id {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Id {}

impl PartialOrd for Id {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Id {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.as_str().cmp(&other.as_str())
    }
}

impl std::hash::Hash for Id {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl PartialEq<str> for Id {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == Some(other)
    }
}

impl PartialEq<&str> for Id {
    fn eq(&self, other: &&str) -> bool {
        self == *other
    }
}

impl PartialEq<String> for Id {
    fn eq(&self, other: &String) -> bool {
        self == other.as_str()
    }
}

impl PartialEq<Id> for str {
    fn eq(&self, other: &Id) -> bool {
        other == self
    }
}

impl PartialEq<Id> for &str {
    fn eq(&self, other: &Id) -> bool {
        other == *self
    }
}

impl PartialEq<Id> for String {
    fn eq(&self, other: &Id) -> bool {
        other == self.as_str()
    }
}

impl Place for Id {
    fn accept(&mut self, scalar: Scalar<'_>) -> Fit {
        self.0 = match scalar {
            Scalar::Absent | Scalar::Null => State::Absent,
            Scalar::Text(id) => State::Present(id.to_owned()),
            _ => {
                return Err(Mismatch {
                    expected: "a string",
                });
            }
        };
        Ok(())
    }

    fn open(&mut self, _: Opening) -> Opened<'_> {
        Opened::Refused(Mismatch {
            expected: "a string",
        })
    }

    fn view(&self) -> View<'_> {
        match &self.0 {
            State::Absent => View::Absent,
            State::Missing => View::Missing,
            State::Present(id) => View::Text(id),
        }
    }
}

impl Slot for Id {
    fn vacant() -> Self {
        Self::default()
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.as_str().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::<String>::deserialize(deserializer)?.map_or_else(Self::default, Self::from))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_absent_id_equals_no_text() {
        for absent in [Id::default(), Id::default().given()] {
            assert_ne!(absent, "");
            assert_ne!(absent, "(no id)");
            assert_eq!(absent, Id::default());
            assert_eq!(absent.as_str(), None);
            assert_eq!(String::try_from(absent), Err(NoId));
        }
        assert_eq!("00u1", Id::from("00u1"));
        let empty = Id::from("");
        assert!(Id::default() < empty);
    }

    #[test]
    fn an_absent_id_is_missed_only_where_it_was_given() {
        assert!(matches!(Id::default().view(), View::Absent));
        assert!(matches!(Id::default().given().view(), View::Missing));
        assert!(matches!(Id::from("a").given().view(), View::Text("a")));
    }
}
