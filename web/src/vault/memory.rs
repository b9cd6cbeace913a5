//! Sessions in the memory of one process.

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use okta_auth::{Clock, Error};

use super::{TokenVault, VaultEntry};

/// How many sessions there may be, unless the caller says otherwise.
const CAPACITY: usize = 100_000;

/// How often what has expired is cleared away.
const SWEEP: Duration = Duration::from_secs(60);

/// Keeps sessions in memory: for an app of one process, whose users log in again when it restarts.
/// When it is full, it refuses new sessions rather than end those that are there.
pub struct MemoryVault {
    capacity: usize,
    clock: Clock,
    kept: Mutex<Kept>,
}

struct Kept {
    sessions: HashMap<String, Session>,
    indexes: HashMap<String, BTreeSet<String>>,
    bars: HashMap<String, Bar>,
    claims: HashMap<String, Claim>,
    swept_at: SystemTime,
}

struct Session {
    entry: VaultEntry,
    indexes: Vec<String>,
}

struct Bar {
    issued_until: SystemTime,
    ends_at: SystemTime,
}

struct Claim {
    holder: String,
    ends_at: SystemTime,
}

impl MemoryVault {
    /// A vault for up to 100,000 sessions.
    #[must_use]
    pub fn new() -> Self {
        Self {
            capacity: CAPACITY,
            clock: Clock::system(),
            kept: Mutex::new(Kept {
                sessions: HashMap::new(),
                indexes: HashMap::new(),
                bars: HashMap::new(),
                claims: HashMap::new(),
                swept_at: SystemTime::UNIX_EPOCH,
            }),
        }
    }

    /// For up to `sessions` sessions, and as many logins and refreshes in 10 minutes.
    #[must_use]
    pub fn capacity(mut self, sessions: usize) -> Self {
        self.capacity = sessions;
        self
    }

    /// The clock. Default: the machine's.
    #[must_use]
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// How many sessions there are, expired ones included that were not cleared away yet.
    #[must_use]
    pub fn len(&self) -> usize {
        self.kept().sessions.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is kept, without what has expired if that was not looked for in the last minute.
    fn swept(&self) -> MutexGuard<'_, Kept> {
        let (mut kept, now) = (self.kept(), self.clock.now());
        let age = now.duration_since(kept.swept_at).unwrap_or_default();
        if age >= SWEEP {
            kept.sweep(now);
        }
        kept
    }

    fn full(&self) -> Error {
        Error::credentials(format!(
            "{} sessions or claims are kept in memory, as many as may be; set a larger `capacity`",
            self.capacity
        ))
    }
}

impl Kept {
    fn sweep(&mut self, now: SystemTime) {
        self.swept_at = now;
        let expired: Vec<_> = (self.sessions.iter())
            .filter(|(_, session)| session.entry.expires_at <= now)
            .map(|(id, _)| id.clone())
            .collect();
        for id in expired {
            self.remove(&id);
        }
        self.bars.retain(|_, bar| bar.ends_at > now);
        self.claims.retain(|_, claim| claim.ends_at > now);
    }

    fn remove(&mut self, id: &str) -> Option<VaultEntry> {
        let Session { entry, indexes } = self.sessions.remove(id)?;
        for index in indexes {
            if let Some(ids) = self.indexes.get_mut(&index) {
                ids.remove(id);
                if ids.is_empty() {
                    self.indexes.remove(&index);
                }
            }
        }
        Some(entry)
    }

    fn is_barred(&self, index: &str, issued_at: SystemTime, now: SystemTime) -> bool {
        let bar = self.bars.get(index);
        bar.is_some_and(|bar| bar.ends_at > now && issued_at <= bar.issued_until)
    }
}

impl TokenVault for MemoryVault {
    async fn insert(
        &self,
        id: &str,
        entry: VaultEntry,
        indexes: &[String],
        issued_at: SystemTime,
    ) -> Result<bool, Error> {
        let (mut kept, now) = (self.swept(), self.clock.now());
        if indexes
            .iter()
            .any(|index| kept.is_barred(index, issued_at, now))
        {
            return Ok(false);
        }
        if kept.sessions.len() >= self.capacity {
            return Err(self.full());
        }
        for index in indexes {
            let ids = kept.indexes.entry(index.clone()).or_default();
            ids.insert(id.to_owned());
        }
        let indexes = indexes.to_vec();
        kept.sessions
            .insert(id.to_owned(), Session { entry, indexes });
        Ok(true)
    }

    async fn load(&self, id: &str) -> Result<Option<VaultEntry>, Error> {
        let kept = self.kept();
        Ok(kept.sessions.get(id).map(|session| session.entry.clone()))
    }

    async fn replace_tokens(&self, id: &str, version: u64, tokens: Bytes) -> Result<bool, Error> {
        let mut kept = self.kept();
        let session = kept.sessions.get_mut(id);
        let Some(session) = session.filter(|session| session.entry.version == version) else {
            return Ok(false);
        };
        session.entry.tokens = tokens;
        session.entry.version += 1;
        Ok(true)
    }

    async fn touch(&self, id: &str, expires_at: SystemTime) -> Result<(), Error> {
        if let Some(session) = self.kept().sessions.get_mut(id) {
            session.entry.expires_at = expires_at;
        }
        Ok(())
    }

    async fn remove(&self, id: &str) -> Result<Option<VaultEntry>, Error> {
        Ok(self.kept().remove(id))
    }

    async fn find(&self, index: &str) -> Result<Vec<String>, Error> {
        let kept = self.kept();
        let ids = kept.indexes.get(index).into_iter().flatten();
        Ok(ids.cloned().collect())
    }

    async fn bar(
        &self,
        index: &str,
        issued_until: SystemTime,
        life: Duration,
    ) -> Result<(), Error> {
        let mut kept = self.swept();
        if kept.bars.len() >= self.capacity {
            return Err(self.full());
        }
        let now = self.clock.now();
        let mut bar = Bar {
            issued_until,
            ends_at: now + life,
        };
        // Of two bars under one name the later one counts, and the longer life.
        if let Some(there) = kept.bars.get(index).filter(|there| there.ends_at > now) {
            bar.issued_until = bar.issued_until.max(there.issued_until);
            bar.ends_at = bar.ends_at.max(there.ends_at);
        }
        kept.bars.insert(index.to_owned(), bar);
        Ok(())
    }

    async fn claim(&self, name: &str, holder: &str, life: Duration) -> Result<bool, Error> {
        let (mut kept, now) = (self.swept(), self.clock.now());
        match kept.claims.get(name) {
            Some(claim) if claim.ends_at > now && claim.holder != holder => return Ok(false),
            None if kept.claims.len() >= self.capacity => return Err(self.full()),
            _ => {}
        }
        let holder = holder.to_owned();
        let ends_at = now + life;
        kept.claims
            .insert(name.to_owned(), Claim { holder, ends_at });
        Ok(true)
    }

    async fn release(&self, name: &str, holder: &str) -> Result<(), Error> {
        let mut kept = self.kept();
        if kept
            .claims
            .get(name)
            .is_some_and(|claim| claim.holder == holder)
        {
            kept.claims.remove(name);
        }
        Ok(())
    }
}

impl Default for MemoryVault {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for MemoryVault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryVault")
            .field("capacity", &self.capacity)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
