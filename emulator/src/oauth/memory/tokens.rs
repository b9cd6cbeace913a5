//! The tokens that were issued and have not expired, and what the org knows of them. ID tokens say
//! themselves what they are worth, so that the org remembers none.

mod issued;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::oauth::memory::approval::Approval;
use crate::oauth::words::error::OAuthError;
use crate::tracked::Tracked;
use crate::tracked::expiring::{Expiring, ExpiringMap};
#[cfg(feature = "data")]
use crate::tracked::part::Visitor;
pub(crate) use issued::Origin;
use issued::{Approved, Issued};

/// What the org knows of an access token.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct AccessToken {
    pub(crate) approval: Approval,
    pub(crate) jti: String,
    pub(crate) issuer: String,
    pub(crate) audience: String,
    pub(crate) subject: String,
    /// Seconds since the epoch, like `expires`.
    pub(crate) issued: i64,
    pub(crate) expires: i64,
    /// The thumbprint of the key to which the token is bound.
    pub(crate) key: Option<String>,
    pub(crate) revoked: bool,
}

/// What the management API calls a refresh token. It stays the same where another text takes the place
/// of the one that the client has.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Identity {
    /// The place among all refresh tokens, in order of creation.
    pub(crate) position: u64,
    /// `oar…`
    pub(crate) id: String,
    pub(crate) created: Timestamp,
}

/// What the org knows of a refresh token.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct RefreshToken {
    pub(crate) identity: Identity,
    pub(crate) approval: Approval,
    pub(crate) last_updated: Timestamp,
    /// Seconds since the epoch; each use moves it.
    pub(crate) expires: i64,
    /// The thumbprint of the key to which the token is bound. Those of confidential clients are
    /// bound to the client instead, RFC 9449 section 5.
    pub(crate) key: Option<String>,
    /// When another token replaced this one, in milliseconds since the epoch.
    pub(crate) replaced: Option<i64>,
    pub(crate) revoked: bool,
}

impl Approved for AccessToken {
    fn approval(&self) -> &Approval {
        &self.approval
    }
}

/// An access token that has expired opens nothing, as one that nobody knows.
impl Expiring for AccessToken {
    fn forgotten_from(&self) -> i64 {
        self.expires.saturating_mul(1000)
    }
}

impl Approved for RefreshToken {
    fn approval(&self) -> &Approval {
        &self.approval
    }
}

/// A refresh token that has expired is refused as one that nobody knows. One that was revoked or
/// replaced is remembered as long as it would have counted, so that whoever comes with it is noticed.
impl Expiring for RefreshToken {
    fn forgotten_from(&self) -> i64 {
        self.expires.saturating_mul(1000)
    }
}

/// What the org knows of an assertion that it has issued.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Assertion {
    /// What it is worth, and where.
    approval: Approval,
    /// Seconds since the epoch.
    expires: i64,
}

impl Expiring for Assertion {
    fn forgotten_from(&self) -> i64 {
        self.expires.saturating_mul(1000)
    }
}

impl Assertion {
    pub(crate) fn new(approval: Approval, expires: i64) -> Self {
        Self { approval, expires }
    }
}

/// All tokens that are remembered, by their text.
#[derive(Default)]
pub(crate) struct Tokens {
    access: Issued<AccessToken>,
    refresh: Issued<RefreshToken>,
    /// How many identities refresh tokens had so far.
    identities: Tracked<u64>,
    assertions: ExpiringMap<Arc<str>, Assertion>,
}

impl Tokens {
    /// The parts that are kept.
    #[cfg(feature = "data")]
    pub(crate) fn parts(&mut self, visit: &mut Visitor<'_>) {
        let Self {
            access,
            refresh,
            identities,
            assertions,
        } = self;
        visit("access tokens", access);
        visit("refresh tokens", refresh);
        visit("refresh token identities", identities);
        visit("assertions", assertions);
    }

    /// Forgets what is due.
    pub(crate) fn sweep(&mut self, now: Timestamp) {
        self.access.sweep(now);
        self.refresh.sweep(now);
        self.assertions.sweep(now, |_, _| ());
    }

    /// Revokes all that came from one approval.
    pub(crate) fn revoke_family(&mut self, family: &str) {
        self.revoke(&Origin::Family(family.into()), |_| true);
    }

    /// Revokes all tokens of an origin whose approval `concerns` accepts.
    pub(crate) fn revoke(&mut self, origin: &Origin, concerns: impl Fn(&Approval) -> bool) {
        self.access.change(
            origin,
            |token| !token.revoked && concerns(&token.approval),
            |token| token.revoked = true,
        );
        self.refresh.change(
            origin,
            |token| !token.revoked && concerns(&token.approval),
            |token| token.revoked = true,
        );
    }

    /// Revokes one access token, or a refresh token with all that came from its approval. Only the
    /// client that has a token may.
    pub(crate) fn revoke_token(&mut self, token: &str, client: &str) -> Result<(), OAuthError> {
        let foreign = || {
            OAuthError::invalid_grant(
                "The token was issued to another client, which may revoke it.",
            )
        };
        if let Some(access) = self.access.get_mut(token) {
            if access.approval.client_id != client {
                return Err(foreign());
            }
            access.revoked = true;
        } else if let Some(refresh) = self.refresh.get(token) {
            if refresh.approval.client_id != client {
                return Err(foreign());
            }
            let family = refresh.approval.family.clone();
            self.revoke_family(&family);
        }
        Ok(())
    }

    pub(crate) fn keep_access(&mut self, token: String, record: AccessToken) {
        self.access.insert(token, record);
    }

    /// The identity of a refresh token that is made now. `id` is one that nothing else has.
    pub(crate) fn identify(&mut self, id: String, now: Timestamp) -> Identity {
        *self.identities += 1;
        Identity {
            position: *self.identities,
            id,
            created: now,
        }
    }

    pub(crate) fn keep_refresh(&mut self, token: String, record: RefreshToken) {
        self.refresh.insert(token, record);
    }

    pub(crate) fn access(&self, token: &str) -> Option<&AccessToken> {
        self.access.get(token)
    }

    /// The token's time is over.
    pub(crate) fn expire(&mut self, token: &str) {
        if let Some(access) = self.access.get_mut(token) {
            access.expires = access.issued;
        }
    }

    pub(crate) fn refresh(&self, token: &str) -> Option<&RefreshToken> {
        self.refresh.get(token)
    }

    /// The refresh tokens of an origin that `is` accepts, in order of creation; of those that took the
    /// place of one another the newest.
    pub(crate) fn refresh_tokens(
        &self,
        origin: &Origin,
        is: impl Fn(&RefreshToken) -> bool,
    ) -> BTreeMap<u64, &RefreshToken> {
        let mut found: BTreeMap<u64, &RefreshToken> = BTreeMap::new();
        for token in self.refresh.of(origin).filter(|token| is(token)) {
            let newest = found.entry(token.identity.position).or_insert(token);
            if newest.last_updated < token.last_updated {
                *newest = token;
            }
        }
        found
    }

    pub(crate) fn refresh_mut(&mut self, token: &str) -> Option<&mut RefreshToken> {
        self.refresh.get_mut(token)
    }

    /// All access tokens, in no order.
    pub(crate) fn all_access(&self) -> impl Iterator<Item = &AccessToken> {
        self.access.values()
    }

    /// All refresh tokens, in no order.
    pub(crate) fn all_refresh(&self) -> impl Iterator<Item = &RefreshToken> {
        self.refresh.values()
    }

    pub(crate) fn keep_assertion(&mut self, token: String, assertion: Assertion) {
        self.assertions.insert(token.into(), assertion);
    }

    /// What the assertion is worth at `now`, in seconds since the epoch. It is good once.
    pub(crate) fn spend_assertion(&mut self, token: &str, now: i64) -> Option<Approval> {
        let assertion = self.assertions.remove(token)?;
        (now < assertion.expires).then_some(assertion.approval)
    }
}
