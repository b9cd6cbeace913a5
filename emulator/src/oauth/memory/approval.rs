//! What tokens and codes stand for.

use crate::oauth::memory::sessions::Second;
use crate::oauth::words::server::Server;
use serde::{Deserialize, Serialize};

/// What a user or an administrator allowed a client to do.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Approval {
    pub(crate) server: Server,
    pub(crate) client_id: String,
    /// None where the client acts on its own.
    pub(crate) user: Option<u64>,
    pub(crate) scopes: Vec<String>,
    /// When the user gave the password, in seconds since the epoch.
    pub(crate) authenticated: i64,
    /// The second factor that the user proved.
    pub(crate) second: Option<Second>,
    pub(crate) nonce: Option<String>,
    /// The assurance that the client asked for and the login has.
    pub(crate) acr: Option<String>,
    /// All tokens that came from one approval; they fall together.
    pub(crate) family: String,
    /// How long its tokens are good.
    pub(crate) terms: Terms,
}

impl Approval {
    pub(crate) fn has(&self, scope: &str) -> bool {
        self.scopes.iter().any(|granted| granted == scope)
    }
}

/// How long tokens are good, as the server's access policy has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Terms {
    /// Seconds.
    pub(crate) access_lifetime: i64,
    /// How long a refresh token counts when nobody uses it, in seconds.
    pub(crate) refresh_window: i64,
    /// When no refresh token counts any more, in seconds since the epoch.
    pub(crate) refresh_deadline: Option<i64>,
    /// Positions of the policy of the server and of its rule that say so.
    #[serde(default)]
    pub(crate) rule: Option<(u64, u64)>,
}

impl Default for Terms {
    /// Those of the org's own server.
    fn default() -> Self {
        Self {
            access_lifetime: 3600,
            refresh_window: 7 * 24 * 3600,
            refresh_deadline: None,
            rule: None,
        }
    }
}

impl Terms {
    /// When a refresh token expires that is made or used at `now`.
    pub(crate) fn refresh_expires(self, now: i64) -> i64 {
        let idle = now.saturating_add(self.refresh_window);
        self.refresh_deadline
            .map_or(idle, |deadline| idle.min(deadline))
    }
}
