//! What tests do to the authorization servers from outside.

use std::time::Duration;

use axum::http::StatusCode;

use crate::error::Error;
use crate::oauth::endpoints::backchannel;
use crate::oauth::memory::decision::Answer;
use crate::oauth::memory::dpop::HtuComparison;
use crate::oauth::memory::sessions::Session;
use crate::org::Org;
use crate::shared::{HeldOrg, Shared};

/// The org's authorization servers, to be changed while they run: [`Emulator::oauth`].
///
/// [`Emulator::oauth`]: crate::Emulator::oauth
#[derive(Clone, Copy, Debug)]
pub struct AuthorizationServers<'e> {
    shared: &'e Shared,
}

impl<'e> AuthorizationServers<'e> {
    pub(crate) fn new(shared: &'e Shared) -> Self {
        Self { shared }
    }

    fn org(&self) -> HeldOrg<'e> {
        let mut org = self.shared.org();
        org.now = self.shared.clock.stamp();
        org
    }

    /// Both servers sign with new keys from now on. The old ones stay in their key sets until
    /// [`retire_old_keys`](Self::retire_old_keys).
    pub fn rotate_keys(&self) {
        self.org().oauth.keys.rotate();
    }

    /// Takes all keys but the newest out of the key sets.
    pub fn retire_old_keys(&self) {
        self.org().oauth.keys.retire_old();
    }

    /// Whether DPoP proofs at the token endpoints need a nonce. They do at first, as at Okta.
    pub fn require_dpop_nonce(&self, required: bool) {
        self.org().oauth.dpop.rules.requires_nonce = required;
    }

    /// Whether DPoP proofs at the API and at `/userinfo` need a nonce as well, RFC 9449 section 9.
    /// They do not at first, as at Okta.
    pub fn require_dpop_nonce_at_api(&self, required: bool) {
        self.org().oauth.dpop.rules.resources_require_nonce = required;
    }

    /// Whether the claim `htu` of DPoP proofs is compared as RFC 9449, section 4.3 has it. At first
    /// it is compared with the origin and the decoded path of the request, as clients report of
    /// Okta: a proof for `/users/joe%40example.com` has to say `/users/joe@example.com`.
    pub fn compare_dpop_url_by_rfc(&self, by_rfc: bool) {
        self.org().oauth.dpop.rules.comparison = match by_rfc {
            true => HtuComparison::Rfc,
            false => HtuComparison::DecodedPath,
        };
    }

    /// Lets the nonce for DPoP proofs expire: the next proof that has it is answered with
    /// `use_dpop_nonce` and a new one.
    pub fn expire_dpop_nonce(&self) {
        self.org().oauth.dpop.expire_nonce();
    }

    /// Whether clients have to prove themselves by the very method for which they are registered. At
    /// first, a client with a secret may send it in the header or in the body, as at Okta.
    pub fn require_registered_authentication(&self, required: bool) {
        self.org().oauth.settings.registered_authentication = required;
    }

    /// Whether pushed requests are answered with 200, as by some servers, in place of the 201 of
    /// RFC 9126, section 2.2.
    pub fn answer_pushed_requests_with_200(&self, with_200: bool) {
        self.org().oauth.settings.pushed_status = match with_200 {
            true => StatusCode::OK,
            false => StatusCode::CREATED,
        };
    }

    /// How long access tokens from now on are good, in whole seconds; an hour at first.
    pub fn access_token_lifetime(&self, lifetime: Duration) {
        self.org().oauth.settings.access_token_lifetime =
            Some(i64::try_from(lifetime.as_secs()).unwrap_or(i64::MAX));
    }

    /// From now on, `/authorize` shows no page: this user has logged in just now and consents to
    /// everything. None shows the pages again.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownUser`] if nobody has this login.
    pub fn log_in_automatically(&self, login: Option<&str>) -> Result<(), Error> {
        let mut org = self.org();
        if let Some(login) = login {
            user(&org, login)?;
        }
        org.oauth.settings.automatic = login.map(str::to_owned);
        Ok(())
    }

    /// The user types the code that the device shows, and says yes.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownUser`] if nobody has this login, [`Error::NothingPending`] if no device
    /// waits with this code.
    pub fn approve_device(&self, user_code: &str, login: &str) -> Result<(), Error> {
        let mut org = self.org();
        let session = Session::by_password(user(&org, login)?, org.now);
        let now = org.now;
        let answer = Answer::Approved(session);
        let answered = org.oauth.answer_device(user_code, answer, now);
        pending(answered, "device with this user code")
    }

    /// The user types the code that the device shows, and says no.
    ///
    /// # Errors
    ///
    /// [`Error::NothingPending`] if no device waits with this code.
    pub fn deny_device(&self, user_code: &str) -> Result<(), Error> {
        let mut org = self.org();
        let now = org.now;
        let answered = org.oauth.answer_device(user_code, Answer::Denied, now);
        pending(answered, "device with this user code")
    }

    /// The ids of the requests of `/bc/authorize` that wait for this user, as the user's own device
    /// shows them.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownUser`] if nobody has this login.
    pub fn backchannel_requests(&self, login: &str) -> Result<Vec<String>, Error> {
        let org = self.org();
        let user = user(&org, login)?;
        Ok(backchannel::requests_of(&org, user))
    }

    /// The user says yes to a request of `/bc/authorize`.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownUser`] if nobody has this login, [`Error::NothingPending`] if no request
    /// with this id waits for this user.
    pub fn approve_backchannel(&self, auth_req_id: &str, login: &str) -> Result<(), Error> {
        let mut org = self.org();
        let user = user(&org, login)?;
        let answered = backchannel::answer_request(&mut org, auth_req_id, Some(user));
        pending(answered, "backchannel request with this id for this user")
    }

    /// The user says no to a request of `/bc/authorize`.
    ///
    /// # Errors
    ///
    /// [`Error::NothingPending`] if no request with this id waits.
    pub fn deny_backchannel(&self, auth_req_id: &str) -> Result<(), Error> {
        let answered = backchannel::answer_request(&mut self.org(), auth_req_id, None);
        pending(answered, "backchannel request with this id")
    }

    /// Ends all sessions of a user and revokes all tokens.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownUser`] if nobody has this login.
    pub fn revoke_everything(&self, login: &str) -> Result<(), Error> {
        let mut org = self.org();
        let user = user(&org, login)?;
        org.oauth.revoke_user(user);
        Ok(())
    }
}

fn user(org: &Org, login: &str) -> Result<u64, Error> {
    org.find_user(login).map_err(|_| Error::UnknownUser {
        login: login.to_owned(),
    })
}

fn pending(answered: bool, what: &'static str) -> Result<(), Error> {
    if answered {
        Ok(())
    } else {
        Err(Error::NothingPending { what })
    }
}
