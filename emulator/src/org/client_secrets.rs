//! Secrets of OAuth clients.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::table::Row;
use crate::clock::Timestamp;

/// How many secrets a client may have.
pub(crate) const MOST_SECRETS: usize = 2;

/// A secret of a client. While it is active, the client proves by it who it is.
#[derive(Serialize, Deserialize)]
pub(crate) struct ClientSecret {
    pub(crate) id: String,
    pub(crate) secret: String,
    pub(crate) active: bool,
    pub(crate) created: Timestamp,
    pub(crate) last_updated: Timestamp,
}

impl Row for ClientSecret {
    fn id(&self) -> &str {
        &self.id
    }
}

/// Secrets are not for logs.
impl fmt::Debug for ClientSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientSecret")
            .field("id", &self.id)
            .field("active", &self.active)
            .finish_non_exhaustive()
    }
}
