//! What is written of a part of the org, and how it is read again.

use std::any::type_name;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Tracked;

/// A part of what an org holds: entries by keys.
pub(crate) trait Part {
    /// Notes changes from now on. With `all`, everything that is there counts as changed.
    fn watch(&mut self, all: bool);

    /// Gives all that changed since the last time.
    fn collect(&mut self, changes: &mut Changes);

    /// Takes an entry that was written. They come in the order of their keys.
    fn restore(&mut self, key: &[u8], value: &[u8]) -> Result<(), Damage>;
}

/// Looks at one part after the other.
pub(crate) type Visitor<'v> = dyn FnMut(&'static str, &mut dyn Part) + 'v;

/// Bytes that are not what was once written.
#[derive(Debug, thiserror::Error)]
#[error("{what} cannot be read: {reason}")]
pub(crate) struct Damage {
    what: &'static str,
    reason: String,
}

impl Damage {
    pub(crate) fn of<T>(reason: impl ToString) -> Self {
        Self {
            what: type_name::<T>(),
            reason: reason.to_string(),
        }
    }
}

/// A change of an entry.
#[derive(Debug)]
pub(crate) struct Change {
    pub(crate) part: &'static str,
    pub(crate) key: Vec<u8>,
    pub(crate) deed: Deed,
}

/// What becomes of an entry.
pub(crate) enum Deed {
    Put(Vec<u8>),
    Remove,
    /// All entries whose keys start with this one are removed.
    RemoveAll,
}

/// What an org holds is not for logs.
impl std::fmt::Debug for Deed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Put(_) => "Put",
            Self::Remove => "Remove",
            Self::RemoveAll => "RemoveAll",
        })
    }
}

/// The changes of one moment, in order.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    part: &'static str,
    /// What the keys start with.
    prefix: Vec<u8>,
    pub(crate) list: Vec<Change>,
}

impl Changes {
    /// The changes from here on are of this part.
    pub(crate) fn of(&mut self, part: &'static str) {
        self.part = part;
    }

    pub(crate) fn put(&mut self, key: impl AsRef<[u8]>, value: &impl Serialize) {
        self.push(key.as_ref(), Deed::Put(encoded(value)));
    }

    pub(crate) fn remove(&mut self, key: impl AsRef<[u8]>) {
        self.push(key.as_ref(), Deed::Remove);
    }

    pub(crate) fn remove_all(&mut self, prefix: impl AsRef<[u8]>) {
        self.push(prefix.as_ref(), Deed::RemoveAll);
    }

    /// Collects what is below an entry.
    pub(crate) fn below(&mut self, key: &[u8], part: &mut dyn Part) {
        let length = self.prefix.len();
        self.prefix.extend(key);
        part.collect(self);
        self.prefix.truncate(length);
    }

    fn push(&mut self, key: &[u8], deed: Deed) {
        self.list.push(Change {
            part: self.part,
            key: [&self.prefix, key].concat(),
            deed,
        });
    }
}

/// A value in MessagePack, with the names of its members, so that a later version can add some.
pub(crate) fn encoded(value: &impl Serialize) -> Vec<u8> {
    // Nothing that the org holds is of a kind that has no form; a test writes all of it.
    rmp_serde::to_vec_named(value).unwrap_or_else(|error| {
        tracing::error!(%error, "a value has no written form");
        Vec::new()
    })
}

/// Reads what [`encoded`] wrote.
pub(crate) fn decoded<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Damage> {
    rmp_serde::from_slice(bytes).map_err(Damage::of::<T>)
}

/// A position as a key: keys are in the order of positions.
pub(crate) fn position_key(position: u64) -> [u8; 8] {
    position.to_be_bytes()
}

/// Cuts the position off that a key starts with.
pub(crate) fn key_position(key: &[u8]) -> Result<(u64, &[u8]), Damage> {
    let cut = key.split_first_chunk::<8>();
    let (position, rest) = cut.ok_or_else(|| Damage::of::<u64>("the key is too short"))?;
    Ok((u64::from_be_bytes(*position), rest))
}

impl<T: Serialize + DeserializeOwned> Part for Tracked<T> {
    fn watch(&mut self, all: bool) {
        self.changed = all;
    }

    fn collect(&mut self, changes: &mut Changes) {
        if std::mem::take(&mut self.changed) {
            changes.put([], &self.value);
        }
    }

    fn restore(&mut self, _: &[u8], value: &[u8]) -> Result<(), Damage> {
        self.value = decoded(value)?;
        Ok(())
    }
}
