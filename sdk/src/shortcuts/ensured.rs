//! Something that is there now.

/// What was asked for, and whether it had to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ensured<T> {
    /// It was there before, and is as it was.
    Found(T),
    /// It was created.
    Created(T),
}

impl<T> Ensured<T> {
    /// The object, found or created.
    pub const fn get(&self) -> &T {
        match self {
            Self::Found(object) | Self::Created(object) => object,
        }
    }

    /// The object by value.
    pub fn into_inner(self) -> T {
        match self {
            Self::Found(object) | Self::Created(object) => object,
        }
    }

    /// Whether it had to be made.
    pub const fn is_created(&self) -> bool {
        matches!(self, Self::Created(_))
    }
}
