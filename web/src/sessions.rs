//! The sessions of users who have logged in.

mod record;
mod refresh;
mod revocation;

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use okta_auth::oauth::{OAuthClient, Tokens};
use okta_auth::{Clock, Error, SealingKeys};

use self::record::StoredTokens;
pub use self::refresh::{AccessToken, AccessTokenError};
use crate::random;
use crate::user::User;
use crate::vault::{SharedVault, VaultEntry};

/// The longest that logins of a user who has just logged out are barred: a code is worth tokens for
/// a minute, and a login that began before may take ten.
const BAR: Duration = Duration::from_secs(15 * 60);

/// Sessions of the app, in all of its processes: to list them, and to end them. From
/// [`OktaLogin::sessions`](crate::OktaLogin::sessions). Cheap to clone.
#[derive(Clone)]
pub struct Sessions(Arc<Inner>);

struct Inner {
    oauth: OAuthClient,
    keys: SealingKeys,
    vault: SharedVault,
    timeouts: Timeouts,
}

/// How long sessions may last.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Timeouts {
    /// Without a request.
    pub(crate) idle: Duration,
    /// In all.
    pub(crate) absolute: Duration,
}

/// A session, without what would let anyone use it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SessionInfo {
    /// Names the session in forms and URLs. It is a hash of the session's id, and opens nothing.
    pub handle: String,
    /// Whose it is, with when it began and when it ends at the latest.
    pub user: User,
    /// When it ends unless it is used before.
    pub expires_at: SystemTime,
}

/// A session that was found.
#[derive(Clone, Debug)]
pub(crate) struct Opened {
    pub(crate) id: SessionId,
    pub(crate) user: User,
}

/// The id of a session: whoever has it is the user. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct SessionId(Arc<str>);

/// What became of a login.
#[derive(Debug)]
pub(crate) enum Begun {
    Session(Opened),
    /// The user has logged out at Okta since the ID token was issued.
    Barred,
}

impl Sessions {
    pub(crate) fn new(
        oauth: OAuthClient,
        keys: SealingKeys,
        vault: SharedVault,
        timeouts: Timeouts,
    ) -> Self {
        Self(Arc::new(Inner {
            oauth,
            keys,
            vault,
            timeouts,
        }))
    }

    /// The sessions of a user at the app's authorization server, by Okta's id of the user
    /// ([`User::subject`]), the newest first.
    ///
    /// # Errors
    /// If the vault cannot be asked.
    pub async fn of_user(&self, subject: &str) -> Result<Vec<SessionInfo>, Error> {
        let index = self.index_of_subject(self.issuer(), subject);
        let mut infos = Vec::new();
        for id in self.0.vault.find(&index).await? {
            let id = SessionId(id.into());
            if let Some((entry, user)) = self.look(&id).await? {
                infos.push(SessionInfo {
                    handle: id.handle(),
                    user,
                    expires_at: entry.expires_at,
                });
            }
        }
        infos.sort_by_key(|info| std::cmp::Reverse(info.user.began_at()));
        Ok(infos)
    }

    /// Ends a session of a user, by its [`handle`](SessionInfo::handle), and revokes its tokens.
    /// False if the user has no such session.
    ///
    /// # Errors
    /// If the vault cannot be asked. Tokens that cannot be revoked are logged.
    pub async fn end(&self, subject: &str, handle: &str) -> Result<bool, Error> {
        let index = self.index_of_subject(self.issuer(), subject);
        for id in self.0.vault.find(&index).await? {
            let id = SessionId(id.into());
            if id.handle() == handle {
                let Some(tokens) = self.remove(&id).await? else {
                    return Ok(false);
                };
                self.revoke(&tokens).await;
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Ends all sessions of a user and revokes their tokens; also logins that are under way. How
    /// many there were.
    ///
    /// # Errors
    /// If the vault cannot be asked. Tokens that cannot be revoked are logged.
    pub async fn end_all(&self, subject: &str) -> Result<usize, Error> {
        let index = self.index_of_subject(self.issuer(), subject);
        let ended = self.end_index(&index, self.clock().now()).await?;
        for tokens in &ended {
            self.revoke(tokens).await;
        }
        Ok(ended.len())
    }

    /// Begins a session with the tokens of a login.
    pub(crate) async fn begin(&self, tokens: &Tokens) -> Result<Begun, Error> {
        let id_token = tokens.id_token.as_ref().ok_or_else(|| {
            Error::credentials("the login gave no ID token; ask for the scope `openid`")
        })?;
        let claims = id_token.claims()?;
        let now = self.clock().now();
        let user = User::of(claims, now, now + self.0.timeouts.absolute);
        let id = SessionId(random::token::<32>()?.into());
        let entry = VaultEntry::new(
            self.seal_user(&id, &user)?,
            self.seal_tokens(&id, &StoredTokens::new(tokens))?,
            0,
            self.expiry(&user, now),
        );
        let indexes = self.indexes(&user);
        let vault = &self.0.vault;
        let inserted = vault.insert(&id.0, entry, &indexes, claims.issued_at);
        Ok(if inserted.await? {
            Begun::Session(Opened { id, user })
        } else {
            Begun::Barred
        })
    }

    /// The session, if it is there and has not expired. Its idle time begins again.
    pub(crate) async fn open(&self, id: &str) -> Result<Option<Opened>, Error> {
        let id = SessionId(id.into());
        let Some((entry, user)) = self.look(&id).await? else {
            return Ok(None);
        };
        let expires_at = self.expiry(&user, self.clock().now());
        // Not with each request: a tenth of the idle time, a minute at most, may go by.
        let step = (self.0.timeouts.idle / 10).min(Duration::from_secs(60));
        let gained = expires_at.duration_since(entry.expires_at);
        if gained.is_ok_and(|gained| gained >= step) {
            self.0.vault.touch(&id.0, expires_at).await?;
        }
        Ok(Some(Opened { id, user }))
    }

    /// Ends the session. What it gives are its tokens.
    pub(crate) async fn remove(&self, id: &SessionId) -> Result<Option<Tokens>, Error> {
        let entry = self.0.vault.remove(&id.0).await?;
        Ok(entry.and_then(|entry| self.tokens_of(id, &entry)))
    }

    /// Ends the sessions under an index, and those of logins that are under way. What it gives are
    /// their tokens.
    pub(crate) async fn end_index(
        &self,
        index: &str,
        issued_until: SystemTime,
    ) -> Result<Vec<Tokens>, Error> {
        let vault = &self.0.vault;
        // First the bar: a login that comes in between is found below.
        vault.bar(index, issued_until, BAR).await?;
        let mut ended = Vec::new();
        for id in vault.find(index).await? {
            let id = SessionId(id.into());
            ended.extend(self.remove(&id).await?);
        }
        Ok(ended)
    }

    /// Whether the vault can be asked.
    pub(crate) async fn probe(&self) -> Result<(), Error> {
        self.0.vault.find(&random::hash(&["probe"])).await.map(drop)
    }

    /// Makes `name` good for once. False if it was claimed before, in any process.
    pub(crate) async fn claim_once(&self, name: &str, life: Duration) -> Result<bool, Error> {
        let holder = random::token::<12>()?;
        self.0.vault.claim(name, &holder, life).await
    }

    pub(crate) fn index_of_subject(&self, issuer: &str, subject: &str) -> String {
        self.index("sub", issuer, subject)
    }

    pub(crate) fn index_of_okta_session(&self, issuer: &str, session: &str) -> String {
        self.index("sid", issuer, session)
    }

    /// Clients may share a vault.
    fn index(&self, kind: &str, issuer: &str, name: &str) -> String {
        random::hash(&[kind, issuer, self.0.oauth.client_id(), name])
    }

    fn indexes(&self, user: &User) -> Vec<String> {
        let subject = self.index_of_subject(user.issuer(), user.subject());
        let session = user.okta_session();
        let session = session.map(|session| self.index_of_okta_session(user.issuer(), session));
        [Some(subject), session].into_iter().flatten().collect()
    }

    /// The entry and its user, unless it has expired.
    async fn look(&self, id: &SessionId) -> Result<Option<(VaultEntry, User)>, Error> {
        let Some(entry) = self.0.vault.load(&id.0).await? else {
            return Ok(None);
        };
        if entry.expires_at <= self.clock().now() {
            self.0.vault.remove(&id.0).await?;
            return Ok(None);
        }
        let Some(user) = self.open_user(id, &entry.user) else {
            tracing::warn!(
                "a session does not open: it was sealed with another key, or changed in the store"
            );
            return Ok(None);
        };
        // The vault says when a session expires; it has no say in when it ends.
        let is_over = user.ends_at() <= self.clock().now();
        Ok((!is_over).then_some((entry, user)))
    }

    fn expiry(&self, user: &User, now: SystemTime) -> SystemTime {
        user.ends_at().min(now + self.0.timeouts.idle)
    }

    fn tokens_of(&self, id: &SessionId, entry: &VaultEntry) -> Option<Tokens> {
        let dpop = self.0.oauth.dpop();
        self.open_tokens(id, &entry.tokens)?.into_tokens(dpop)
    }

    fn seal_user(&self, id: &SessionId, user: &User) -> Result<Bytes, Error> {
        let json = user.to_json().map_err(unwritten)?;
        self.0
            .keys
            .seal(&id.context("user"), &json)
            .map(Bytes::from)
    }

    fn open_user(&self, id: &SessionId, sealed: &[u8]) -> Option<User> {
        let json = self.0.keys.open(&id.context("user"), sealed)?;
        User::from_json(json.expose()).ok()
    }

    fn seal_tokens(&self, id: &SessionId, tokens: &StoredTokens) -> Result<Bytes, Error> {
        let json = tokens.to_json().map_err(unwritten)?;
        let context = id.context("tokens");
        let sealed = self.0.keys.seal(&context, json.expose().as_bytes())?;
        Ok(Bytes::from(sealed))
    }

    fn open_tokens(&self, id: &SessionId, sealed: &[u8]) -> Option<StoredTokens> {
        let json = self.0.keys.open(&id.context("tokens"), sealed)?;
        StoredTokens::from_json(json.expose()).ok()
    }

    fn issuer(&self) -> &str {
        self.0.oauth.issuer().as_str()
    }

    fn clock(&self) -> &Clock {
        self.0.oauth.clock()
    }
}

impl SessionId {
    /// What goes into the browser's session.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Names the session without letting anyone use it.
    pub(crate) fn handle(&self) -> String {
        random::hash(&["handle", &self.0])
    }

    fn context(&self, what: &str) -> Vec<u8> {
        format!("okta-web {what} 1 {}", self.0).into_bytes()
    }
}

fn unwritten(error: serde_json::Error) -> Error {
    Error::other("the session could not be written", error)
}

impl fmt::Debug for Sessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sessions")
            .field("vault", &self.0.vault)
            .field("timeouts", &self.0.timeouts)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}
