//! The org's authorization servers: OAuth 2.0 and OpenID Connect as Okta speaks them,
//! <https://developer.okta.com/docs/api/openapi/okta-oauth/guides/overview/>.

pub(crate) mod api_access;
mod authorize;
mod backchannel;
mod claims;
mod client_assertion;
mod client_authentication;
mod clients;
mod control;
mod decision;
mod device;
mod discovery;
mod dpop;
mod error;
mod global_revocation;
mod grants;
mod interference;
mod introspection;
mod jwt;
mod keys;
mod login;
mod logout;
mod pages;
mod pushed;
mod request;
mod response;
mod revocation;
mod samples;
mod scopes;
mod server;
mod sessions;
mod tokens;
mod userinfo;

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::time::Duration;

use aws_lc_rs::rand;
use axum::http::StatusCode;
use axum::response::Response;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::org::Org;

pub use control::AuthorizationServers;
pub use samples::SampleClient;

pub(crate) use authorize::authorize;
pub(crate) use backchannel::authorize as backchannel_authorize;
pub(crate) use device::{activate, authorize as device_authorize};
pub(crate) use discovery::{keys, metadata};
pub(crate) use error::OAuthError;
pub(crate) use global_revocation::revoke_user;
pub(crate) use grants::token;
pub(crate) use interference::{expire_presented, replace_keys};
pub(crate) use introspection::introspect;
pub(crate) use login::{consent, log_in};
pub(crate) use logout::logout;
pub(crate) use pushed::push;
pub(crate) use request::OAuthRequest;
pub(crate) use revocation::revoke;
pub(crate) use samples::{PASSWORD, Samples};
pub(crate) use server::Server;
pub(crate) use userinfo::userinfo;

/// An endpoint of an authorization server.
pub(crate) type Endpoint = fn(&mut Org, &OAuthRequest) -> Result<Response, OAuthError>;

/// What the authorization servers remember between requests.
pub(crate) struct State {
    keys: keys::Keys,
    tokens: tokens::Tokens,
    sessions: sessions::Sessions,
    codes: HashMap<String, grants::Code>,
    pushed: HashMap<String, pushed::PushedRequest>,
    /// Requests that wait for a login or a consent, by the handle in the page.
    waiting: HashMap<String, authorize::AuthorizationRequest>,
    consents: HashSet<authorize::Consent>,
    devices: HashMap<String, device::DeviceAuthorization>,
    backchannel: HashMap<String, backchannel::BackchannelAuthorization>,
    /// Client assertions so far: client id and `jti`.
    assertions: HashSet<(String, String)>,
    dpop: dpop::Guard,
    settings: Settings,
}

/// What tests set.
struct Settings {
    access_token_lifetime: i64,
    /// Whether clients have to prove themselves by the method for which they are registered.
    registered_authentication: bool,
    /// The status of an answer of `/par`.
    pushed_status: StatusCode,
    /// Who is logged in at once, without a page.
    automatic: Option<String>,
}

impl Default for State {
    fn default() -> Self {
        Self {
            keys: keys::Keys::default(),
            tokens: tokens::Tokens::default(),
            sessions: sessions::Sessions::default(),
            codes: HashMap::new(),
            pushed: HashMap::new(),
            waiting: HashMap::new(),
            consents: HashSet::new(),
            devices: HashMap::new(),
            backchannel: HashMap::new(),
            assertions: HashSet::new(),
            dpop: dpop::Guard::default(),
            settings: Settings {
                access_token_lifetime: seconds(Duration::from_secs(3600)),
                registered_authentication: false,
                pushed_status: StatusCode::CREATED,
                automatic: None,
            },
        }
    }
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
}

/// Tokens, codes and cookies are not for logs.
impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("State").finish_non_exhaustive()
    }
}

/// A value that nobody can guess: 32 random bytes, in 43 characters as Okta writes them.
fn unguessable() -> Result<String, OAuthError> {
    let mut bytes = [0; 32];
    rand::fill(&mut bytes).map_err(|_| OAuthError::server_error())?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

fn seconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_secs()).unwrap_or(i64::MAX)
}
