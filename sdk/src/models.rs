//! Every type that requests send and responses hold.
//!
//! - Every property is optional on reading, also where Okta's document says that it is always
//!   there; properties that this release does not know are in `extra`, and go back as they came.
//! - A string enum keeps values that it does not know in `Unrecognized`.
//! - A tagged union is an enum; a variant that it does not know is `Unrecognized`, which still has
//!   the members that all variants share.
//! - [`Nullable`] distinguishes absent (left as it is) from null (cleared).
//! - A value whose type does not fit its field is kept in `extra` under its JSON name, and goes
//!   back as it came. The field is `None` then, so `None` can also mean unreadable. `unfit()` names
//!   such fields: ask it before you delete what seems to be absent.
//! - `new` takes what Okta needs on write; setters take the rest. All that has a value is sent.

pub use okta_auth::Secret;

pub use crate::codec::{
    DecodeError, Extra, Nullable, Number, OneOrMany, SecretJson, Timestamp, TimestampError,
};
pub use crate::generated::models::*;
pub use crate::id::Id;
