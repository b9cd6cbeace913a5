//! Sessions in Redis, for all processes of an app.

use std::sync::LazyLock;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use okta_auth::redis::RedisConnection;
use okta_auth::{Clock, Error};
use redis::{Script, ScriptInvocation};

use super::milliseconds::{after_1970, life, since_1970};
use super::{TokenVault, VaultEntry};

/// Keeps sessions in Redis 6 or newer, for all processes of an app. Redis sees neither users nor
/// tokens: they are sealed. Entries end by themselves with their sessions.
///
/// Each step is a script, which Redis runs as a whole. Scripts reach keys that they find in others,
/// so a cluster will not do. A server that evicts keys when it is full ends sessions: set
/// `maxmemory-policy noeviction`.
///
/// ```no_run
/// use okta_auth::redis::RedisConnection;
/// use okta_auth::{Error, Secret};
/// use okta_web::RedisVault;
///
/// # fn run(redis_url: Secret) -> Result<(), Error> {
/// let vault = RedisVault::new(&RedisConnection::open(&redis_url)?);
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct RedisVault {
    redis: RedisConnection,
    clock: Clock,
}

/// The session, then its indexes, then what bars them.
static INSERT: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        r"
        local indexes = (#KEYS - 1) / 2
        for at = indexes + 2, #KEYS do
            local bar = redis.call('GET', KEYS[at])
            if bar and tonumber(ARGV[7]) <= tonumber(bar) then return 0 end
        end
        redis.call('HSET', KEYS[1], 'user', ARGV[2], 'tokens', ARGV[3], 'version', ARGV[4],
            'expires_at', ARGV[5])
        redis.call('PEXPIRE', KEYS[1], ARGV[6])
        for at = 2, indexes + 1 do
            redis.call('HSET', KEYS[1], 'index' .. at, KEYS[at])
            redis.call('SADD', KEYS[at], ARGV[1])
            if redis.call('PTTL', KEYS[at]) < tonumber(ARGV[6]) then
                redis.call('PEXPIRE', KEYS[at], ARGV[6])
            end
        end
        return 1
        ",
    )
});

static LOAD: LazyLock<Script> = LazyLock::new(|| {
    Script::new("return redis.call('HMGET', KEYS[1], 'user', 'tokens', 'version', 'expires_at')")
});

static REPLACE: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        r"
        if redis.call('HGET', KEYS[1], 'version') ~= ARGV[1] then return 0 end
        redis.call('HSET', KEYS[1], 'tokens', ARGV[2], 'version', ARGV[3])
        return 1
        ",
    )
});

static TOUCH: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        r"
        if redis.call('EXISTS', KEYS[1]) == 0 then return end
        redis.call('HSET', KEYS[1], 'expires_at', ARGV[1])
        redis.call('PEXPIRE', KEYS[1], ARGV[2])
        for at = 2, 3 do
            local index = redis.call('HGET', KEYS[1], 'index' .. at)
            if index and redis.call('PTTL', index) < tonumber(ARGV[2]) then
                redis.call('PEXPIRE', index, ARGV[2])
            end
        end
        ",
    )
});

static REMOVE: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        r"
        local entry = redis.call('HMGET', KEYS[1], 'user', 'tokens', 'version', 'expires_at')
        for at = 2, 3 do
            local index = redis.call('HGET', KEYS[1], 'index' .. at)
            if index then redis.call('SREM', index, ARGV[1]) end
        end
        redis.call('DEL', KEYS[1])
        return entry
        ",
    )
});

/// The ids under an index, without those that have expired, which are taken out of it.
static FIND: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        r"
        local found = {}
        for _, id in ipairs(redis.call('SMEMBERS', KEYS[1])) do
            if redis.call('EXISTS', ARGV[1] .. id) == 1 then
                table.insert(found, id)
            else
                redis.call('SREM', KEYS[1], id)
            end
        end
        return found
        ",
    )
});

/// Of two bars under one name the later one counts, and the longer life.
static BAR: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        r"
        local until_, left = redis.call('GET', KEYS[1]), redis.call('PTTL', KEYS[1])
        if not until_ or tonumber(until_) < tonumber(ARGV[1]) then until_ = ARGV[1] end
        if left < tonumber(ARGV[2]) then left = ARGV[2] end
        return redis.call('SET', KEYS[1], until_, 'PX', left)
        ",
    )
});

static CLAIM: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        r"
        local holder = redis.call('GET', KEYS[1])
        if holder and holder ~= ARGV[1] then return 0 end
        redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
        return 1
        ",
    )
});

static RELEASE: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        r"
        if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
        ",
    )
});

/// An entry as Redis has it: user, tokens, version, and its end in milliseconds since 1970.
type Stored = (Option<Vec<u8>>, Option<Vec<u8>>, Option<u64>, Option<i64>);

impl RedisVault {
    /// Keeps sessions over `redis`.
    #[must_use]
    pub fn new(redis: &RedisConnection) -> Self {
        Self {
            redis: redis.clone(),
            clock: Clock::system(),
        }
    }

    /// The clock that lives of entries are counted by. Default: the machine's.
    #[must_use]
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    fn session(&self, id: &str) -> String {
        self.redis.key("web-session", id)
    }

    fn index(&self, name: &str) -> String {
        self.redis.key("web-index", name)
    }

    fn barred(&self, name: &str) -> String {
        self.redis.key("web-bar", name)
    }

    fn claimed(&self, name: &str) -> String {
        self.redis.key("web-claim", name)
    }

    /// Milliseconds from now, at least one.
    fn left(&self, until: SystemTime) -> i64 {
        life(until.duration_since(self.clock.now()).unwrap_or_default())
    }
}

fn on<'a>(script: &'a Script, key: String) -> ScriptInvocation<'a> {
    let mut invocation = script.prepare_invoke();
    invocation.key(key);
    invocation
}

fn entry(stored: Stored) -> Option<VaultEntry> {
    let (user, tokens, version, expires_at) = stored;
    let expires_at = after_1970(expires_at?)?;
    Some(VaultEntry::new(
        Bytes::from(user?),
        Bytes::from(tokens?),
        version?,
        expires_at,
    ))
}

impl TokenVault for RedisVault {
    async fn insert(
        &self,
        id: &str,
        entry: VaultEntry,
        indexes: &[String],
        issued_at: SystemTime,
    ) -> Result<bool, Error> {
        let mut script = on(&INSERT, self.session(id));
        for name in indexes {
            script.key(self.index(name));
        }
        for name in indexes {
            script.key(self.barred(name));
        }
        script.arg(id);
        script.arg(entry.user.as_ref()).arg(entry.tokens.as_ref());
        script.arg(entry.version).arg(since_1970(entry.expires_at));
        script
            .arg(self.left(entry.expires_at))
            .arg(since_1970(issued_at));
        self.redis.evaluate(&script).await
    }

    async fn load(&self, id: &str) -> Result<Option<VaultEntry>, Error> {
        let script = on(&LOAD, self.session(id));
        self.redis.evaluate(&script).await.map(entry)
    }

    async fn replace_tokens(&self, id: &str, version: u64, tokens: Bytes) -> Result<bool, Error> {
        let mut script = on(&REPLACE, self.session(id));
        script.arg(version).arg(tokens.as_ref());
        script.arg(version.saturating_add(1));
        self.redis.evaluate(&script).await
    }

    async fn touch(&self, id: &str, expires_at: SystemTime) -> Result<(), Error> {
        let mut script = on(&TOUCH, self.session(id));
        script
            .arg(since_1970(expires_at))
            .arg(self.left(expires_at));
        self.redis.evaluate(&script).await
    }

    async fn remove(&self, id: &str) -> Result<Option<VaultEntry>, Error> {
        let mut script = on(&REMOVE, self.session(id));
        script.arg(id);
        self.redis.evaluate(&script).await.map(entry)
    }

    async fn find(&self, index: &str) -> Result<Vec<String>, Error> {
        let mut script = on(&FIND, self.index(index));
        script.arg(self.session(""));
        self.redis.evaluate(&script).await
    }

    async fn bar(
        &self,
        index: &str,
        issued_until: SystemTime,
        duration: Duration,
    ) -> Result<(), Error> {
        let mut script = on(&BAR, self.barred(index));
        script.arg(since_1970(issued_until)).arg(life(duration));
        self.redis.evaluate(&script).await
    }

    async fn claim(&self, name: &str, holder: &str, duration: Duration) -> Result<bool, Error> {
        let mut script = on(&CLAIM, self.claimed(name));
        script.arg(holder).arg(life(duration));
        self.redis.evaluate(&script).await
    }

    async fn release(&self, name: &str, holder: &str) -> Result<(), Error> {
        let mut script = on(&RELEASE, self.claimed(name));
        script.arg(holder);
        self.redis.evaluate(&script).await
    }
}
