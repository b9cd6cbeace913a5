//! Absent, null or a value.

use super::{Fit, Opened, Opening, Place, Scalar, Slot, View};

/// A property whose null means something: absent leaves it alone, null clears it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Nullable<T> {
    /// Not there; not sent.
    #[default]
    Absent,
    /// There, and null; sent as null.
    Null,
    /// There.
    Value(T),
}

impl<T> Nullable<T> {
    /// The value, if there is one.
    pub fn as_ref(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Null => None,
        }
    }

    /// The value, if there is one, to be changed in place.
    pub fn as_mut(&mut self) -> Option<&mut T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Null => None,
        }
    }

    /// The value by reference to what it derefs to, if there is one.
    pub fn as_deref(&self) -> Option<&T::Target>
    where
        T: std::ops::Deref,
    {
        self.as_ref().map(std::ops::Deref::deref)
    }

    /// The value, if there is one.
    pub fn into_option(self) -> Option<T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Null => None,
        }
    }

    /// Whether it is not there.
    pub const fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }

    /// Whether it is there, and null.
    pub const fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }
}

impl<T> From<T> for Nullable<T> {
    fn from(value: T) -> Self {
        Self::Value(value)
    }
}

impl<T: Slot> Place for Nullable<T> {
    fn accept(&mut self, scalar: Scalar<'_>) -> Fit {
        *self = match scalar {
            Scalar::Absent => Self::Absent,
            Scalar::Null => Self::Null,
            _ => {
                let mut value = T::vacant();
                value.accept(scalar)?;
                Self::Value(value)
            }
        };
        Ok(())
    }

    fn open(&mut self, opening: Opening) -> Opened<'_> {
        *self = Self::Value(T::vacant());
        match self {
            Self::Value(value) => value.open(opening),
            Self::Absent | Self::Null => Opened::Refused(super::Mismatch {
                expected: "a value",
            }),
        }
    }

    fn view(&self) -> View<'_> {
        match self {
            Self::Absent => View::Absent,
            Self::Null => View::Null,
            Self::Value(value) => value.view(),
        }
    }
}

impl<T: Slot> Slot for Nullable<T> {
    fn vacant() -> Self {
        Self::Absent
    }
}
