//! One value, or an array of them.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Fit, List, Mismatch, Opened, Opening, Place, Scalar, Slot, View};

/// One value, or an array of them: Okta sends some links either way, and gets back what came.
#[derive(Debug, Clone, PartialEq)]
pub enum OneOrMany<T> {
    /// A value by itself; boxed, since objects have many links and most are absent.
    One(Box<T>),
    /// An array of values.
    Many(Vec<T>),
}

impl<T> OneOrMany<T> {
    /// The first value.
    pub fn first(&self) -> Option<&T> {
        self.as_slice().first()
    }

    /// All values.
    pub fn as_slice(&self) -> &[T] {
        match self {
            Self::One(value) => std::slice::from_ref(value.as_ref()),
            Self::Many(values) => values,
        }
    }
}

impl<T> From<T> for OneOrMany<T> {
    fn from(value: T) -> Self {
        Self::One(Box::new(value))
    }
}

impl<T: Slot> Place for OneOrMany<T> {
    fn accept(&mut self, scalar: Scalar<'_>) -> Fit {
        let mut value = T::vacant();
        value.accept(scalar)?;
        *self = value.into();
        Ok(())
    }

    fn open(&mut self, opening: Opening) -> Opened<'_> {
        *self = match opening {
            Opening::Array => Self::Many(Vec::new()),
            Opening::Object => T::vacant().into(),
        };
        match self {
            Self::Many(values) => Opened::List(values),
            Self::One(value) => value.open(opening),
        }
    }

    fn view(&self) -> View<'_> {
        match self {
            Self::One(value) => value.view(),
            Self::Many(values) => View::List(values),
        }
    }
}

impl<T: Slot> Slot for OneOrMany<T> {
    fn vacant() -> Self {
        Self::Many(Vec::new())
    }
}

impl<T: Slot> Serialize for OneOrMany<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        super::serialize(self, serializer)
    }
}

impl<'de, T: Slot> Deserialize<'de> for OneOrMany<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        super::deserialize(deserializer)
    }
}

impl<T: Slot> List for Vec<T> {
    fn push(&mut self) -> &mut dyn Place {
        let index = self.len();
        Vec::push(self, T::vacant());
        &mut self[index]
    }

    fn element(&self, index: usize) -> Option<&dyn Place> {
        self.get(index).map(|place| place as &dyn Place)
    }
}

impl<T: Slot> Place for Vec<T> {
    fn accept(&mut self, _: Scalar<'_>) -> Fit {
        Err(Mismatch {
            expected: "an array",
        })
    }

    fn open(&mut self, opening: Opening) -> Opened<'_> {
        match opening {
            Opening::Array => {
                self.clear();
                Opened::List(self)
            }
            Opening::Object => Opened::Refused(Mismatch {
                expected: "an array",
            }),
        }
    }

    fn view(&self) -> View<'_> {
        View::List(self)
    }
}

impl<T: Slot> Slot for Vec<T> {
    fn vacant() -> Self {
        Self::new()
    }
}
