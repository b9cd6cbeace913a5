//! Words that the program itself has as constants, read from a file.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use serde::de::Error;
use serde::{Deserialize, Deserializer};

/// A word. The name keeps serde from taking it for a text that is borrowed from what is read.
pub(crate) type Word = &'static str;

/// How many words there may be, far more than the program has.
const MOST: usize = 10_000;

/// The words so far, each once for all orgs of the process.
static WORDS: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());

/// Reads a word. The program has few of them, and a file that has many is none of its own.
pub(crate) fn deserialize<'de, D: Deserializer<'de>>(reader: D) -> Result<&'static str, D::Error> {
    let text = String::deserialize(reader)?;
    let mut words = WORDS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(word) = words.get(text.as_str()) {
        return Ok(word);
    }
    if words.len() == MOST {
        return Err(D::Error::custom("there are too many different words"));
    }
    let word: &'static str = text.leak();
    words.insert(word);
    Ok(word)
}
