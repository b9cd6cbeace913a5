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
pub(crate) mod once;
pub(crate) mod pending;
pub(crate) mod pushed;
pub(crate) mod sessions;
pub(crate) mod settings;
pub(crate) mod tokens;

use std::fmt;

use axum::http::HeaderMap;

use crate::clock::Timestamp;
use crate::oauth::words::request;
use crate::tracked::Tracked;
use crate::tracked::expiring::ExpiringMap;
#[cfg(feature = "data")]
use crate::tracked::part::Visitor;
use backchannel::BackchannelAuthorization;
use code::Code;
use consents::Consents;
use decision::Answer;
use device::DeviceAuthorization;
use keys::Keys;
use once::Once;
use pending::Pending;
use pushed::PushedRequest;
use sessions::Sessions;
use settings::Settings;
use tokens::{Origin, Tokens};

/// What the authorization servers remember between requests.
#[derive(Default)]
pub(crate) struct State {
    pub(crate) keys: Keys,
    pub(crate) tokens: Tokens,
    pub(crate) sessions: Sessions,
    pub(crate) codes: ExpiringMap<String, Code>,
    pub(crate) pushed: ExpiringMap<String, PushedRequest>,
    /// What waits for a login or a consent, by the handle in the page.
    pub(crate) waiting: ExpiringMap<String, Pending>,
    pub(crate) consents: Consents,
    pub(crate) devices: ExpiringMap<String, DeviceAuthorization>,
    pub(crate) backchannel: ExpiringMap<String, BackchannelAuthorization>,
    /// Client assertions by client id and `jti`.
    pub(crate) assertions: ExpiringMap<(String, String), Once>,
    pub(crate) dpop: dpop::Guard,
    pub(crate) settings: Tracked<Settings>,
}

impl State {
    /// The parts that are kept: all.
    #[cfg(feature = "data")]
    pub(crate) fn parts(&mut self, visit: &mut Visitor<'_>) {
        let Self {
            keys,
            tokens,
            sessions,
            codes,
            pushed,
            waiting,
            consents,
            devices,
            backchannel,
            assertions,
            dpop,
            settings,
        } = self;
        keys.parts(visit);
        tokens.parts(visit);
        sessions.parts(visit);
        visit("codes", codes);
        visit("pushed requests", pushed);
        visit("waiting requests", waiting);
        consents.parts(visit);
        visit("device authorizations", devices);
        visit("backchannel requests", backchannel);
        visit("client assertions", assertions);
        dpop.parts(visit);
        visit("authorization settings", settings);
    }

    /// Forgets what is due. How long each kind is remembered is said where the kind is.
    pub(crate) fn sweep(&mut self, now: Timestamp) {
        self.tokens.sweep(now);
        self.sessions.sweep(now);
        self.codes.sweep(now, |_, _| ());
        self.pushed.sweep(now, |_, _| ());
        self.waiting.sweep(now, |_, _| ());
        self.devices.sweep(now, |_, _| ());
        self.backchannel.sweep(now, |_, _| ());
        self.assertions.sweep(now, |_, _| ());
        self.dpop.sweep(now);
    }

    /// Answers the device that shows this code. False if none waits.
    pub(crate) fn answer_device(
        &mut self,
        user_code: &str,
        answer: Answer,
        now: Timestamp,
    ) -> bool {
        let mut devices = self.devices.iter();
        let waiting = devices.find(|(_, it)| it.shows(user_code) && it.decision.is_open(now));
        let Some(code) = waiting.map(|(code, _)| code.clone()) else {
            return false;
        };
        let device = self.devices.get_mut(&code);
        device.is_some_and(|device| {
            device.decision.answer = answer;
            true
        })
    }

    /// Ends all sessions of a user and revokes all tokens.
    pub(crate) fn revoke_user(&mut self, user: u64) {
        self.end_sessions(user);
        self.tokens.revoke(&Origin::User(user), |_| true);
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
