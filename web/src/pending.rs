//! Logins that have begun: each in a sealed cookie of its own, and nothing on the server.
//!
//! One cookie for each login, named by a hash of its state: logins in two tabs cannot overwrite each
//! other, and a callback takes away the one that it answers and no other.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::HeaderMap;
use okta_auth::oauth::Login;
use okta_auth::{Error, SealingKeys, Secret};
use serde::{Deserialize, Serialize};
use tower_sessions::cookie::Cookie;

use crate::cookies::{self, CookieRules};
use crate::random;
use crate::return_path::ReturnPath;

/// What the names of the cookies begin with.
const NAME: &str = "okta-login-";

/// The characters of the hash in the name.
const HASH: usize = 16;

/// The most logins of one browser. With one more the oldest goes.
const MOST: usize = 8;

/// How long browsers keep the cookies, in seconds: as long as a login may take.
const LIFE: i64 = 10 * 60;

/// The longest cookie, in bytes: browsers drop longer ones.
const LONGEST: usize = 3800;

/// A login that has begun, and where its user wants to go.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Pending {
    pub(crate) login: Login,
    pub(crate) return_to: ReturnPath,
}

/// Keeps logins in cookies.
#[derive(Clone, Debug)]
pub(crate) struct PendingLogins {
    keys: SealingKeys,
    cookies: CookieRules,
    by_form_post: bool,
}

impl PendingLogins {
    /// `by_form_post`: the callback comes as a form that Okta's page posts.
    pub(crate) fn new(keys: SealingKeys, cookies: CookieRules, by_form_post: bool) -> Self {
        Self {
            keys,
            cookies,
            by_form_post,
        }
    }

    /// The cookies that remember `pending` in a browser whose request had `headers`, and forget
    /// what is there too many.
    pub(crate) fn begin(
        &self,
        headers: &HeaderMap,
        pending: Pending,
    ) -> Result<Vec<Cookie<'static>>, Error> {
        let name = self.name(pending.login.state());
        let pending = Pending {
            login: pending.login.without_url(),
            ..pending
        };
        let json = serde_json::to_string(&pending)
            .map(Secret::from)
            .map_err(|error| Error::other("the login could not be written", error))?;
        let sealed = self.keys.seal(&context(&name), json.expose().as_bytes())?;
        let value = URL_SAFE_NO_PAD.encode(sealed);
        if value.len() > LONGEST {
            return Err(Error::configuration(
                "a login does not fit into a cookie; ask for fewer scopes, resources or \
                 `acr_values`",
            ));
        }
        let mut changed = self.too_many(headers);
        changed.push(self.cookies.set(name, value, LIFE));
        Ok(self.for_callback(changed))
    }

    /// The login that `state` belongs to, if this browser has begun it, and what forgets it.
    pub(crate) fn find(
        &self,
        headers: &HeaderMap,
        state: &Secret,
    ) -> Option<(Pending, Vec<Cookie<'static>>)> {
        let name = self.name(state);
        let value = cookies::value(headers, &name)?;
        let pending = self.open(&name, &value)?;
        if pending.login.state() != state {
            return None;
        }
        let removed = vec![self.cookies.removed(name)];
        Some((pending, self.for_callback(removed)))
    }

    /// What forgets the oldest logins and whatever does not open, so that one more has room.
    fn too_many(&self, headers: &HeaderMap) -> Vec<Cookie<'static>> {
        let prefix = self.cookies.name(NAME);
        let mut removed = Vec::new();
        let mut known = Vec::new();
        for cookie in cookies::all(headers).filter(|cookie| cookie.name().starts_with(&prefix)) {
            let name = cookie.name().to_owned();
            match self.open(&name, cookie.value()) {
                Some(pending) => known.push((pending.login.expires_at(), name)),
                None => removed.push(self.cookies.removed(name)),
            }
        }
        known.sort();
        let excess = (known.len() + 1).saturating_sub(MOST);
        let oldest = known.into_iter().take(excess);
        removed.extend(oldest.map(|(_, name)| self.cookies.removed(name)));
        removed
    }

    fn open(&self, name: &str, value: &str) -> Option<Pending> {
        let sealed = URL_SAFE_NO_PAD.decode(value).ok()?;
        let json = self.keys.open(&context(name), &sealed)?;
        serde_json::from_str(json.expose()).ok()
    }

    fn name(&self, state: &Secret) -> String {
        let hash = random::hash(&["state", state.expose()]);
        self.cookies.name(&format!("{NAME}{}", &hash[..HASH]))
    }

    fn for_callback(&self, cookies: Vec<Cookie<'static>>) -> Vec<Cookie<'static>> {
        if !self.by_form_post {
            return cookies;
        }
        let cookies = cookies.into_iter();
        cookies.map(cookies::with_cross_site_posts).collect()
    }
}

fn context(name: &str) -> Vec<u8> {
    format!("okta-web login 1 {name}").into_bytes()
}
