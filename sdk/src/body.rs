//! What can be sent where a body is wanted.

use bytes::Bytes;

use crate::Error;
use crate::codec::{self, Place, Slot};

/// A body of type `T`: a `T`, a reference to one, or, where `T` is a union, one of its variants.
///
/// ```
/// # #[cfg(feature = "applications")]
/// # async fn run(okta: okta_sdk::Client, app: okta_sdk::models::BookmarkApplication)
/// # -> Result<(), okta_sdk::Error> {
/// okta.applications().create(&app).await?;
/// okta.applications().create(app).await?;
/// # Ok(()) }
/// ```
pub trait Body<T> {
    /// What it holds.
    #[doc(hidden)]
    fn place(&self) -> &dyn Place;
}

impl<T: Slot> Body<T> for T {
    fn place(&self) -> &dyn Place {
        self
    }
}

impl<T: Slot> Body<T> for &T {
    fn place(&self) -> &dyn Place {
        *self
    }
}

/// The bytes of a body.
///
/// # Errors
/// An argument error that names an id which was given and is absent.
#[allow(dead_code)] // some parts of the API take none
pub(crate) fn encoded(body: &dyn Place) -> Result<Bytes, Error> {
    codec::encode_body(body).map_err(|member| {
        Error::invalid_argument(
            &member,
            "is the id of something that has none; pass one that Okta has sent",
        )
    })
}
