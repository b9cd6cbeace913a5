//! Who has logged in.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use okta_auth::IdTokenClaims;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The user of a session, as the verified ID token had it at the login. Cheap to clone; `Debug`
/// shows Okta's id of the user alone.
///
/// As an extractor it lets a handler be reached by those alone who have logged in: a browser that
/// asks for a page is sent to the login, any other request is answered with 401. `Option<User>` lets
/// everyone through.
#[derive(Clone)]
pub struct User(Arc<Facts>);

#[derive(Clone, Serialize, Deserialize)]
struct Facts {
    issuer: String,
    subject: String,
    okta_session: Option<String>,
    /// When the user logged in at Okta, in seconds since 1970.
    auth_time: Option<u64>,
    acr: Option<String>,
    amr: Vec<String>,
    /// When the session began here, in seconds since 1970.
    began_at: u64,
    /// When it ends at the latest.
    ends_at: u64,
    claims: Map<String, Value>,
}

impl User {
    /// The user of a session that begins now.
    pub(crate) fn of(claims: &IdTokenClaims, began_at: SystemTime, ends_at: SystemTime) -> Self {
        Self(Arc::new(Facts {
            issuer: claims.issuer.clone(),
            subject: claims.subject.clone(),
            okta_session: claims.session_id.clone(),
            auth_time: claims.auth_time.map(seconds),
            acr: claims.acr.clone(),
            amr: claims.amr.clone(),
            began_at: seconds(began_at),
            ends_at: seconds(ends_at),
            claims: claims.extra.clone(),
        }))
    }

    pub(crate) fn to_json(&self) -> serde_json::Result<Vec<u8>> {
        serde_json::to_vec(&*self.0)
    }

    pub(crate) fn from_json(text: &str) -> serde_json::Result<Self> {
        serde_json::from_str(text).map(Arc::new).map(Self)
    }

    /// The authorization server that vouches for the user.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.0.issuer
    }

    /// Okta's id of the user, `sub`.
    #[must_use]
    pub fn subject(&self) -> &str {
        &self.0.subject
    }

    /// The full name, `name`; with the scope `profile`.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.text("name")
    }

    /// The login, `preferred_username`; with the scope `profile`.
    #[must_use]
    pub fn username(&self) -> Option<&str> {
        self.text("preferred_username")
    }

    /// The email address, `email`; with the scope `email`.
    #[must_use]
    pub fn email(&self) -> Option<&str> {
        self.text("email")
    }

    /// The groups, from the claim `groups`; with the scope `groups`, or a server set up to add it.
    pub fn groups(&self) -> impl Iterator<Item = &str> {
        let groups = match self.0.claims.get("groups") {
            Some(Value::Array(groups)) => groups.as_slice(),
            Some(group) => std::slice::from_ref(group),
            None => &[],
        };
        groups.iter().filter_map(Value::as_str)
    }

    /// Whether the user is in `group`.
    #[must_use]
    pub fn is_in_group(&self, group: &str) -> bool {
        self.groups().any(|known| known == group)
    }

    /// How strong the login was, `acr`.
    #[must_use]
    pub fn acr(&self) -> Option<&str> {
        self.0.acr.as_deref()
    }

    /// By which means the user logged in, `amr`, such as `pwd` and `mfa`.
    #[must_use]
    pub fn amr(&self) -> &[String] {
        &self.0.amr
    }

    /// When the user logged in at Okta, `auth_time`.
    #[must_use]
    pub fn auth_time(&self) -> Option<SystemTime> {
        self.0.auth_time.map(time)
    }

    /// The id of the user's session at Okta, `sid`.
    #[must_use]
    pub fn okta_session(&self) -> Option<&str> {
        self.0.okta_session.as_deref()
    }

    /// When the session began here.
    #[must_use]
    pub fn began_at(&self) -> SystemTime {
        time(self.0.began_at)
    }

    /// When the session ends, however much it is used.
    #[must_use]
    pub fn ends_at(&self) -> SystemTime {
        time(self.0.ends_at)
    }

    /// The ID token's other claims.
    #[must_use]
    pub fn claims(&self) -> &Map<String, Value> {
        &self.0.claims
    }

    /// Whether `other` is the same person, whatever the session.
    #[must_use]
    pub fn is_same_person_as(&self, other: &Self) -> bool {
        self.issuer() == other.issuer() && self.subject() == other.subject()
    }

    fn text(&self, claim: &str) -> Option<&str> {
        self.0.claims.get(claim)?.as_str()
    }
}

impl fmt::Debug for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("User")
            .field("subject", &self.0.subject)
            .finish_non_exhaustive()
    }
}

/// 0 before 1970.
fn seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH)
        .unwrap_or_default()
        .as_secs()
}

fn time(seconds: u64) -> SystemTime {
    UNIX_EPOCH
        .checked_add(Duration::from_secs(seconds))
        .unwrap_or(UNIX_EPOCH)
}
