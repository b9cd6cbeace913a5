//! The System Log, into files of JSON lines.

mod files;

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use okta_sdk::models::LogEvent;
use okta_sdk::{Client, Cursor, Error as OktaError, Tail};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::data_file::{Lock, beside, length, read_state, write_state};
use crate::error::Error;
use files::Files;

/// Events of a page, the most that Okta gives.
const PAGE: i64 = 1000;

/// As many events are held at most before they are written.
const MOST_HELD: usize = 1000;

/// The version of the format of the cursor file.
const VERSION: u32 = 1;

/// Where and how the System Log is written: events as JSON, one a line, in the order in which Okta
/// gives them.
///
/// Each event is there once, however often the program is killed: a file `….cursor` says how long the
/// data is and where to go on, and is replaced once the data is on the disk. What was written beyond
/// that is cut off at the next start. The cursor file belongs to the data: keep both or neither.
///
/// ```no_run
/// use okta_provision::LogShipper;
///
/// # async fn run(okta: okta_sdk::Client) -> Result<(), okta_provision::Error> {
/// let mut shipping = LogShipper::new("okta.jsonl").rotate_at(64 << 20).start(&okta)?;
/// loop {
///     let events = shipping.next().await?;
///     eprintln!("{events} more events");
/// }
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct LogShipper {
    path: PathBuf,
    every: Duration,
    since: Option<String>,
    rotate_at: Option<u64>,
    keep: Option<usize>,
}

impl LogShipper {
    /// Into this file, which is made if it is not there, and appended to otherwise.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            every: Duration::from_secs(10),
            since: None,
            rotate_at: None,
            keep: None,
        }
    }

    /// How long it waits after an answer with nothing new. Default: ten seconds.
    #[must_use]
    pub const fn every(mut self, wait: Duration) -> Self {
        self.every = wait;
        self
    }

    /// Where the first start begins, as RFC 3339 text. Default: seven days back. Later starts go on
    /// where the last one was.
    #[must_use]
    pub fn since(mut self, time: impl Into<String>) -> Self {
        self.since = Some(time.into());
        self
    }

    /// Begins another file before one is longer than so many bytes. Files then have a number before
    /// the ending: `okta.000001.jsonl`, `okta.000002.jsonl`. An event that is longer by itself has a
    /// file of its own. A file that has a successor does not change any more.
    #[must_use]
    pub const fn rotate_at(mut self, bytes: u64) -> Self {
        self.rotate_at = Some(bytes);
        self
    }

    /// Removes the oldest files so that so many are left, the one that is being written among them.
    /// Default: all stay. Without [`rotate_at`](Self::rotate_at) there is one file.
    #[must_use]
    pub const fn keep(mut self, files: usize) -> Self {
        self.keep = Some(files);
        self
    }

    /// Opens the files. One program at a time has them.
    ///
    /// # Errors
    /// [`Error::File`] if a file cannot be used, is shorter than its cursor file says, or is being
    /// written by another program; [`Error::Missing`] if it has the log of another org.
    pub fn start(self, okta: &Client) -> Result<Shipping, Error> {
        let lock = Lock::take(&beside(&self.path, ".lock"))?;
        let cursor_file = beside(&self.path, ".cursor");
        let org = okta.org_url().as_str();
        let place = match read_state::<Place>(&cursor_file)? {
            Some(place) => place.checked(org, &cursor_file, self.rotate_at.is_some())?,
            None => {
                // Noted before anything is written: what the file has now stays.
                let mut place = Place::first(org);
                if self.rotate_at.is_some() {
                    place.file = 1;
                }
                let files = Files::new(&self.path, self.rotate_at);
                place.length = length(&files.path(place.file))?;
                write_state(&cursor_file, &place)?;
                place
            }
        };
        let files = Files::new(&self.path, self.rotate_at).open(place.file, place.length)?;
        let log = okta.system_log().list().limit(PAGE);
        let tail = match (&place.cursor, self.since) {
            (Some(cursor), _) => log.tail_from(cursor, self.every),
            (None, Some(since)) => log.since(since).tail(self.every),
            (None, None) => log.tail(self.every),
        };
        Ok(Shipping {
            known: place.known(),
            place,
            cursor_file,
            files,
            keep: self.keep,
            tail,
            held: Vec::new(),
            _lock: lock,
        })
    }
}

/// The System Log on its way into files. Dropping it at any moment loses nothing.
#[derive(Debug)]
pub struct Shipping {
    /// What the cursor file says.
    place: Place,
    cursor_file: PathBuf,
    files: Files,
    keep: Option<usize>,
    tail: Tail,
    /// Ids of events that may come again, those that are held among them.
    known: HashSet<String>,
    held: Vec<Line>,
    _lock: Lock,
}

#[derive(Debug)]
struct Line {
    id: String,
    /// With its end.
    text: Vec<u8>,
}

/// How far it is. Written after what it speaks of.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Place {
    version: u32,
    org: String,
    /// Where to go on; the beginning if there is none.
    cursor: Option<Cursor>,
    /// The number of the file that is being written; 0 if files have none.
    file: u64,
    length: u64,
    /// How many events were written in all.
    events: u64,
    /// Ids of what was written since the cursor, and of the page before it.
    since_cursor: Vec<String>,
    before_cursor: Vec<String>,
}

impl Place {
    fn first(org: &str) -> Self {
        Self {
            version: VERSION,
            org: org.to_owned(),
            ..Self::default()
        }
    }

    fn checked(self, org: &str, path: &Path, rotates: bool) -> Result<Self, Error> {
        let path = path.display();
        let why = if self.version != VERSION {
            format!("{path} is of version {} of the format", self.version)
        } else if self.org != org {
            format!("{path} is for {} and not for {org}", self.org)
        } else if rotates != (self.file > 0) {
            format!("{path} was begun with another setting for rotated files")
        } else {
            return Ok(self);
        };
        Err(Error::Missing(format!("{why}; choose another file")))
    }

    fn known(&self) -> HashSet<String> {
        let ids = self.since_cursor.iter().chain(&self.before_cursor);
        ids.cloned().collect()
    }
}

impl Shipping {
    /// Waits for events and writes a page of them. Gives how many they are once they are safe on the
    /// disk.
    ///
    /// Dropping the future loses nothing: what has come is written by the next call. After an error
    /// it can be called again.
    ///
    /// # Errors
    /// What Okta refuses, and what the disk does.
    pub async fn next(&mut self) -> Result<usize, Error> {
        loop {
            let cursor = self.tail.cursor();
            let has_moved = cursor.is_some() && cursor != self.place.cursor;
            if !self.held.is_empty() && (has_moved || self.held.len() >= MOST_HELD) {
                return self.commit(cursor);
            }
            match self.tail.next().await {
                Some(Ok(event)) => self.hold(line(&event)?),
                Some(Err(error)) => match undecoded(&error) {
                    Some(line) => self.hold(line),
                    None => return Err(error.into()),
                },
                None => return Err(Error::Missing("the System Log has ended".to_owned())),
            }
        }
    }

    /// How many events were written in all, those of earlier starts included.
    #[must_use]
    pub const fn events(&self) -> u64 {
        self.place.events
    }

    /// The file that is being written.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        self.files.path(self.place.file)
    }

    fn hold(&mut self, line: Line) {
        if self.known.insert(line.id.clone()) {
            self.held.push(line);
        }
    }

    /// Writes what is held, then the place; in this order, so that the place is never ahead.
    fn commit(&mut self, cursor: Option<Cursor>) -> Result<usize, Error> {
        let lines = self.held.iter().map(|line| line.text.as_slice());
        let (file, length) = self
            .files
            .write(self.place.file, self.place.length, lines)?;
        let mut place = self.place.clone();
        (place.file, place.length) = (file, length);
        place.events += self.held.len() as u64;
        let ids = self.held.iter().map(|line| line.id.clone());
        place.since_cursor.extend(ids);
        if cursor != place.cursor {
            place.cursor = cursor;
            place.before_cursor = std::mem::take(&mut place.since_cursor);
        }
        write_state(&self.cursor_file, &place)?;
        self.known = place.known();
        self.place = place;
        let written = self.held.drain(..).count();
        if let Some(keep) = self.keep {
            self.files.remove_old(self.place.file, keep)?;
        }
        Ok(written)
    }
}

fn line(event: &LogEvent) -> Result<Line, Error> {
    let mut text = serde_json::to_vec(event)?;
    let id = match &event.uuid {
        Some(id) => id.clone(),
        None => String::from_utf8_lossy(&text).into_owned(),
    };
    text.push(b'\n');
    Ok(Line { id, text })
}

/// An event that could not be decoded is written as it came, for it is part of the record.
fn undecoded(error: &OktaError) -> Option<Line> {
    let raw = error.raw().filter(|_| error.is_decode())?;
    let event = serde_json::from_slice(raw)
        .unwrap_or_else(|_| json!({ "undecoded": String::from_utf8_lossy(raw) }));
    let id = event.get("uuid").and_then(Value::as_str);
    let id = id.map_or_else(|| event.to_string(), str::to_owned);
    let mut text = event.to_string().into_bytes();
    text.push(b'\n');
    Some(Line { id, text })
}
