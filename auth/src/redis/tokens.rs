//! Access tokens that processes share, in Redis.

use std::sync::LazyLock;
use std::time::Duration;

use redis::{Script, cmd, pipe};

use super::connection::{RedisConnection, milliseconds};
use crate::Error;
use crate::tokens::{SharedEntry, SharedTokenStore};

/// The longest entry that is read. Those that are written are shorter.
const MOST_BYTES: isize = 128 * 1024;

/// Gives a lock back, if it is still this holder's.
static UNLOCK: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end \
         return 0",
    )
});

/// Keeps the access tokens of service apps in Redis, where all their processes find them. Redis
/// sees neither tokens nor what they are for: see [`SharedTokens`](crate::SharedTokens).
///
/// ```no_run
/// use okta_auth::redis::{RedisConnection, RedisTokenStore};
/// use okta_auth::{Error, Secret, SealingKey, ServiceAppBuilder, SharedTokens};
///
/// # fn run(app: ServiceAppBuilder, redis: RedisConnection, key: [u8; 32]) -> Result<(), Error> {
/// let store = RedisTokenStore::new(&redis);
/// let app = app.shared_tokens(SharedTokens::new(store, SealingKey::new(key)?)).build()?;
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct RedisTokenStore(RedisConnection);

impl RedisTokenStore {
    /// Keeps tokens over `redis`.
    #[must_use]
    pub fn new(redis: &RedisConnection) -> Self {
        Self(redis.clone())
    }

    fn entry(&self, name: &str) -> String {
        self.0.key("token", name)
    }

    fn lock_of(&self, name: &str) -> String {
        self.0.key("token-lock", name)
    }
}

impl SharedTokenStore for RedisTokenStore {
    async fn load(&self, name: &str) -> Result<Option<SharedEntry>, Error> {
        let key = self.entry(name);
        let mut both = pipe();
        both.atomic().getrange(&key, 0, MOST_BYTES - 1).pttl(&key);
        let (sealed, left): (Vec<u8>, i64) = self.0.ask_all(&both).await?;
        // Below zero: there is no entry, or one without an end, which is not ours.
        let left = u64::try_from(left).ok().map(Duration::from_millis);
        Ok(left.map(|left| SharedEntry::new(sealed, left)))
    }

    async fn save(&self, name: &str, entry: SharedEntry) -> Result<(), Error> {
        let mut command = cmd("SET");
        command.arg(self.entry(name)).arg(entry.sealed);
        command.arg("PX").arg(milliseconds(entry.left));
        self.0.ask(&command).await
    }

    async fn lock(&self, name: &str, holder: &str, life: Duration) -> Result<bool, Error> {
        self.0.claim(self.lock_of(name), holder, life).await
    }

    async fn unlock(&self, name: &str, holder: &str) -> Result<(), Error> {
        let mut script = UNLOCK.prepare_invoke();
        script.key(self.lock_of(name)).arg(holder);
        self.0.evaluate(&script).await
    }
}
