//! Which authorization server is meant.

use serde::{Deserialize, Serialize};

/// An authorization server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) enum Server {
    /// The org's own: its tokens open the org's API and nothing else.
    Org,
    /// A custom server by its position, for APIs of the org's owner.
    Custom(u64),
}
