//! Scopes of the org's API that administrators grant to applications.

use crate::clock::Timestamp;
use serde::{Deserialize, Serialize};

/// A scope that an application was granted.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ScopeGrant {
    pub(crate) id: String,
    /// Such as `okta.users.read`.
    pub(crate) scope: String,
    pub(crate) created: Timestamp,
}
