//! Something that is there now.

use crate::Error;

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

/// What was found, or else what `create` makes. If somebody else has made it meanwhile, `again` looks
/// for it once more, and is given the conflict for when it finds nothing.
pub(super) async fn find_or_create<T>(
    found: Option<T>,
    create: impl IntoFuture<Output = Result<T, Error>>,
    again: impl AsyncFnOnce(Error) -> Result<T, Error>,
) -> Result<Ensured<T>, Error> {
    if let Some(found) = found {
        return Ok(Ensured::Found(found));
    }
    match create.await {
        Ok(created) => Ok(Ensured::Created(created)),
        Err(conflict) if conflict.is_conflict() => again(conflict).await.map(Ensured::Found),
        Err(error) => Err(error),
    }
}
