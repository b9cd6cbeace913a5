//! A small table as a member of something that is written as a whole.

use std::collections::BTreeMap;

use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{Row, Table};

#[derive(Serialize)]
struct Written<'t, T> {
    next: u64,
    rows: &'t BTreeMap<u64, T>,
}

#[derive(Deserialize)]
struct Read<T> {
    next: u64,
    rows: BTreeMap<u64, T>,
}

impl<T: Serialize> Serialize for Table<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (next, rows) = (self.next, &self.rows);
        Written { next, rows }.serialize(serializer)
    }
}

impl<'de, T: Row + DeserializeOwned> Deserialize<'de> for Table<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Read { next, rows } = Read::<T>::deserialize(deserializer)?;
        if rows.keys().any(|position| *position >= next) {
            return Err(D::Error::custom("a position is not yet given away"));
        }
        let mut table = Self {
            next,
            ..Self::default()
        };
        for (position, row) in rows {
            table.place(position, row);
        }
        Ok(table)
    }
}
