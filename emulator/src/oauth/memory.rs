//! What the authorization servers remember between requests. Nothing here knows the org.

pub(crate) mod approval;
pub(crate) mod authorization;
pub(crate) mod backchannel;
pub(crate) mod code;
pub(crate) mod consents;
pub(crate) mod decision;
pub(crate) mod device;
pub(crate) mod dpop;
pub(crate) mod keys;
pub(crate) mod pushed;
pub(crate) mod sessions;
pub(crate) mod settings;
pub(crate) mod tokens;

use std::collections::{HashMap, HashSet};
use std::fmt;

use axum::http::HeaderMap;

use self::authorization::AuthorizationRequest;
use crate::oauth::words::request;
use backchannel::BackchannelAuthorization;
use code::Code;
use consents::Consents;
use device::DeviceAuthorization;
use keys::Keys;
use pushed::PushedRequest;
use sessions::Sessions;
use settings::Settings;
use tokens::Tokens;

/// What the authorization servers remember between requests.
#[derive(Default)]
pub(crate) struct State {
    pub(crate) keys: Keys,
    pub(crate) tokens: Tokens,
    pub(crate) sessions: Sessions,
    pub(crate) codes: HashMap<String, Code>,
    pub(crate) pushed: HashMap<String, PushedRequest>,
    /// Requests that wait for a login or a consent, by the handle in the page.
    pub(crate) waiting: HashMap<String, AuthorizationRequest>,
    pub(crate) consents: Consents,
    pub(crate) devices: HashMap<String, DeviceAuthorization>,
    pub(crate) backchannel: HashMap<String, BackchannelAuthorization>,
    /// Client assertions so far: client id and `jti`.
    pub(crate) assertions: HashSet<(String, String)>,
    pub(crate) dpop: dpop::Guard,
    pub(crate) settings: Settings,
}

impl State {
    /// Ends all sessions of a user and revokes all tokens.
    pub(crate) fn revoke_user(&mut self, user: u64) {
        self.end_sessions(user);
        self.tokens.revoke_user(user);
    }

    /// Ends all sessions of a user. Tokens stay.
    pub(crate) fn end_sessions(&mut self, user: u64) {
        self.sessions.end_all(user);
    }

    /// The access token of a request has expired.
    pub(crate) fn expire_presented(&mut self, headers: &HeaderMap) {
        let tokens = ["DPoP", "Bearer"].map(|scheme| request::authorization(headers, scheme));
        for token in tokens.into_iter().flatten() {
            self.tokens.expire(token);
        }
    }

    /// All servers sign with new keys and no longer publish the old ones.
    pub(crate) fn replace_keys(&mut self) {
        self.keys.rotate();
        self.keys.retire_old();
    }
}

/// Tokens, codes and cookies are not for logs.
impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("State").finish_non_exhaustive()
    }
}
