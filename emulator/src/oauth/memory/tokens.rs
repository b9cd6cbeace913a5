//! The tokens that were issued, and what the org knows of them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::clock::Timestamp;
use crate::oauth::memory::approval::Approval;
use crate::oauth::words::error::OAuthError;
use crate::oauth::words::server::Server;
#[cfg(feature = "data")]
use crate::tracked::part::Visitor;
use crate::tracked::{Tracked, TrackedMap};

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

/// What the org knows of an ID token.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct IdToken {
    pub(crate) claims: Value,
    pub(crate) user: u64,
    pub(crate) client_id: String,
}

/// What the org knows of an assertion that it has issued.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Assertion {
    /// What it is worth, and where.
    approval: Approval,
    /// Seconds since the epoch.
    expires: i64,
}

impl Assertion {
    pub(crate) fn new(approval: Approval, expires: i64) -> Self {
        Self { approval, expires }
    }
}

/// All tokens that were ever issued, by their text.
#[derive(Default)]
pub(crate) struct Tokens {
    access: TrackedMap<String, AccessToken>,
    refresh: TrackedMap<String, RefreshToken>,
    /// How many identities refresh tokens had so far.
    identities: Tracked<u64>,
    id: TrackedMap<String, IdToken>,
    assertions: TrackedMap<String, Assertion>,
}

impl Tokens {
    /// The parts that are kept.
    #[cfg(feature = "data")]
    pub(crate) fn parts(&mut self, visit: &mut Visitor<'_>) {
        let Self {
            access,
            refresh,
            identities,
            id,
            assertions,
        } = self;
        visit("access tokens", access);
        visit("refresh tokens", refresh);
        visit("refresh token identities", identities);
        visit("id tokens", id);
        visit("assertions", assertions);
    }

    /// Revokes all that came from one approval.
    pub(crate) fn revoke_family(&mut self, family: &str) {
        self.revoke(|approval| approval.family == family);
    }

    /// Revokes all tokens of a user.
    pub(crate) fn revoke_user(&mut self, user: u64) {
        self.revoke(|approval| approval.user == Some(user));
    }

    /// Revokes all tokens of a server.
    pub(crate) fn revoke_server(&mut self, server: Server) {
        self.revoke(|approval| approval.server == server);
    }

    /// Revokes all tokens that came from an approval that `concerns` accepts.
    pub(crate) fn revoke(&mut self, concerns: impl Fn(&Approval) -> bool) {
        self.access.change_where(
            |token| !token.revoked && concerns(&token.approval),
            |token| token.revoked = true,
        );
        self.refresh.change_where(
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

    pub(crate) fn keep_id(&mut self, token: String, record: IdToken) {
        self.id.insert(token, record);
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

    /// The refresh tokens that `is` accepts, in order of creation; of those that took the place of one
    /// another the newest.
    pub(crate) fn refresh_tokens(
        &self,
        is: impl Fn(&RefreshToken) -> bool,
    ) -> BTreeMap<u64, &RefreshToken> {
        let mut found: BTreeMap<u64, &RefreshToken> = BTreeMap::new();
        for token in self.refresh.values().filter(|token| is(token)) {
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

    pub(crate) fn id(&self, token: &str) -> Option<&IdToken> {
        self.id.get(token)
    }

    pub(crate) fn keep_assertion(&mut self, token: String, assertion: Assertion) {
        self.assertions.insert(token, assertion);
    }

    /// What the assertion is worth at `now`, in seconds since the epoch. It is good once.
    pub(crate) fn spend_assertion(&mut self, token: &str, now: i64) -> Option<Approval> {
        let assertion = self.assertions.remove(token)?;
        (now < assertion.expires).then_some(assertion.approval)
    }
}
