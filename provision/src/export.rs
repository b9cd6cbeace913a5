//! Users or groups, and what changes of them, as JSON lines.

mod store;

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use chrono::{DateTime, SecondsFormat, TimeDelta};
use okta_sdk::models::{Group, Timestamp, User};
use okta_sdk::search::field;
use okta_sdk::{Client, Cursor, Pages};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::data_file::{DataFile, beside};
use crate::error::Error;
use crate::ledger::Ledger;
use store::{Change, Known};

/// The version of the format of the ledger.
const VERSION: u32 = 1;

/// Every user has one of these. A list without a search leaves deactivated users out.
const EVERYBODY: &str = "status pr";

/// Okta's search finds an update some time after it was made. Updates are asked for from so much before
/// the latest that is known; those that are known are not written again.
const OVERLAP: TimeDelta = TimeDelta::minutes(30);

/// What is exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Exported {
    /// Users, deactivated ones included.
    Users,
    /// Groups, without their members.
    Groups,
}

/// An export that tells what has changed: each run appends what is new, what is different and what was
/// deleted since the run before.
///
/// A line is `{"change":"created","id":"…","object":{…}}`, with `updated` and `deleted` as other
/// changes; what was deleted has no `object`. Whoever reads all lines in order has the org.
///
/// A run asks first for what was updated since the last one (`lastUpdated`), and then compares the ids
/// of all objects with those that it knows. What is missing is asked for by its id before it counts as
/// deleted. What is known is in an `SQLite` file beside the data, `….sqlite`; the program may be killed at
/// any moment and goes on with the page that it was at, and no line is lost or there twice.
///
/// ```no_run
/// use okta_provision::{Export, Exported};
///
/// # async fn run(okta: okta_sdk::Client) -> Result<(), okta_provision::Error> {
/// let mut export = Export::new("users.jsonl", Exported::Users).open(&okta)?;
/// while export.advance(&okta).await? {}
/// println!("{:?}", export.summary());
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct Export {
    path: PathBuf,
    what: Exported,
    finds_deletions: bool,
}

impl Export {
    /// An export into this file, which is made if it is not there.
    pub fn new(path: impl Into<PathBuf>, what: Exported) -> Self {
        Self {
            path: path.into(),
            what,
            finds_deletions: true,
        }
    }

    /// Does not look for what was deleted, which takes a list of all objects. A run then costs as many
    /// requests as there are changes. The first run of a file lists all in any case.
    #[must_use]
    pub const fn without_deletions(mut self) -> Self {
        self.finds_deletions = false;
        self
    }

    /// Opens the file: goes on with a run that was not complete, or begins one.
    ///
    /// # Errors
    /// [`Error::File`] if a file cannot be used, or another program has it; [`Error::Missing`] if it has
    /// something else.
    pub fn open(self, okta: &Client) -> Result<Exporting, Error> {
        let org = okta.org_url().as_str();
        let mut ledger = Ledger::open(&beside(&self.path, ".sqlite"), store::TABLES)?;
        let state = match ledger.state::<State>()? {
            Some(state) => state.checked(self.what, org, &self.path)?,
            None => State::first(self.what, org),
        };
        let file = DataFile::open(&self.path, state.length)?;
        let state = match state.stage {
            Stage::Complete => state.next(),
            _ => state,
        };
        ledger.change(&state, |_| Ok(()))?;
        Ok(Exporting {
            finds_deletions: self.finds_deletions,
            ledger,
            state,
            file,
        })
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Stage {
    /// What was updated since the last run.
    Updated,
    /// All objects.
    All,
    /// Those that are known and were not in the list.
    Missing,
    Complete,
}

/// What the ledger says of an export.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct State {
    version: u32,
    org: String,
    what: Exported,
    /// Which run this is, from 1.
    run: i64,
    stage: Stage,
    cursor: Option<Cursor>,
    length: u64,
    /// From when on updates are asked for: the latest that an earlier run has seen.
    since: Option<String>,
    latest: Option<String>,
    summary: ExportSummary,
}

/// What a run has found so far.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct ExportSummary {
    /// Objects that were not known.
    pub created: usize,
    /// Objects that have changed.
    pub updated: usize,
    /// Objects that are gone.
    pub deleted: usize,
    /// Objects that Okta has sent and nobody could read.
    pub unreadable: usize,
}

impl State {
    fn first(what: Exported, org: &str) -> Self {
        Self {
            version: VERSION,
            org: org.to_owned(),
            what,
            run: 1,
            stage: Stage::All,
            cursor: None,
            length: 0,
            since: None,
            latest: None,
            summary: ExportSummary::default(),
        }
    }

    fn next(self) -> Self {
        Self {
            run: self.run + 1,
            stage: Stage::Updated,
            cursor: None,
            since: self.latest.as_deref().map(earlier),
            summary: ExportSummary::default(),
            ..self
        }
    }

    fn checked(self, what: Exported, org: &str, path: &Path) -> Result<Self, Error> {
        let path = path.display();
        let why = if self.version != VERSION {
            format!("{path} is of version {} of the format", self.version)
        } else if self.org != org {
            format!("{path} is for {} and not for {org}", self.org)
        } else if self.what != what {
            format!("{path} has {:?} and not {what:?}", self.what)
        } else {
            return Ok(self);
        };
        Err(Error::Missing(format!("{why}; choose another file")))
    }
}

/// An export that is under way.
#[derive(Debug)]
pub struct Exporting {
    finds_deletions: bool,
    ledger: Ledger,
    state: State,
    file: DataFile,
}

/// An object as it is now.
struct Object {
    id: String,
    /// When it was updated last, as Okta writes it.
    updated: String,
    json: Value,
}

impl Exporting {
    /// Reads and writes another page. False if there was none: the run is complete.
    ///
    /// Dropping the future loses nothing: the page is read again. After an error it can be called
    /// again.
    ///
    /// # Errors
    /// What Okta refuses, and what the disk does.
    pub async fn advance(&mut self, okta: &Client) -> Result<bool, Error> {
        match self.state.stage {
            Stage::Updated | Stage::All => self.list(okta).await?,
            Stage::Missing => self.missing(okta).await?,
            Stage::Complete => return Ok(false),
        }
        Ok(true)
    }

    /// What this run has found so far.
    #[must_use]
    pub const fn summary(&self) -> &ExportSummary {
        &self.state.summary
    }

    async fn list(&mut self, okta: &Client) -> Result<(), Error> {
        let mut state = self.state.clone();
        let cursor = state.cursor.take();
        let since = match state.stage {
            Stage::Updated => state.since.as_deref(),
            _ => None,
        };
        let (objects, unreadable, next) = match state.what {
            Exported::Users => {
                let search = match since {
                    Some(since) => field("lastUpdated").ge(since).to_string(),
                    None => EVERYBODY.to_owned(),
                };
                let list = okta.users().list().search(search).limit(200);
                page(list.pages(), cursor.as_ref(), user).await?
            }
            Exported::Groups => {
                let list = okta.groups().list().limit(200);
                let list = match since {
                    Some(since) => list.search(field("lastUpdated").ge(since).to_string()),
                    None => list,
                };
                page(list.pages(), cursor.as_ref(), group).await?
            }
        };
        state.summary.unreadable += unreadable;
        let (mut changes, mut ids) = (Vec::new(), HashSet::new());
        for object in objects {
            if !ids.insert(object.id.clone()) {
                continue;
            }
            let known = self.ledger.read(|file| store::find(file, &object.id))?;
            let change = match known {
                None => Change::Created,
                Some(Known { updated }) if updated != object.updated => Change::Updated,
                Some(_) => Change::None,
            };
            // RFC 3339 in UTC: the order of texts is that of times.
            state.latest = state.latest.max(Some(object.updated.clone()));
            changes.push((change, object));
        }
        state.cursor = next;
        if state.cursor.is_none() {
            state.stage = match state.stage {
                Stage::Updated if self.finds_deletions => Stage::All,
                Stage::Updated => Stage::Complete,
                // There is nothing that could be missing.
                _ if state.run == 1 => Stage::Complete,
                _ => Stage::Missing,
            };
        }
        let mut text = Vec::new();
        for (change, object) in &changes {
            match change {
                Change::Created => state.summary.created += 1,
                Change::Updated => state.summary.updated += 1,
                Change::None => continue,
            }
            let line = json!({ "change": change, "id": object.id, "object": object.json });
            text.extend(line.to_string().into_bytes());
            text.push(b'\n');
        }
        let seen = changes.iter().map(|(_, it)| (&*it.id, &*it.updated));
        let seen: Vec<_> = seen.collect();
        let run = state.run;
        self.commit(state, &text, |all| store::see(all, &seen, run))
    }

    /// Looks for some of those that were not in the list. One that is there after all was moved from
    /// page to page while they were read.
    async fn missing(&mut self, okta: &Client) -> Result<(), Error> {
        let mut state = self.state.clone();
        let run = state.run;
        let ids = self.ledger.read(|file| store::unseen(file, run))?;
        let (mut text, mut gone, mut there) = (Vec::new(), Vec::new(), Vec::new());
        for id in &ids {
            let found = match state.what {
                Exported::Users => okta.users().get(id).await.map(drop),
                Exported::Groups => okta.groups().get(id).await.map(drop),
            };
            match found {
                Ok(()) => there.push(id.as_str()),
                Err(error) if error.is_not_found() => {
                    let line = json!({ "change": "deleted", "id": id });
                    text.extend(line.to_string().into_bytes());
                    text.push(b'\n');
                    gone.push(id.as_str());
                }
                Err(error) => return Err(error.into()),
            }
        }
        state.summary.deleted += gone.len();
        if ids.is_empty() {
            state.stage = Stage::Complete;
        }
        self.commit(state, &text, |all| store::settle(all, &gone, &there, run))
    }

    /// Writes lines, then how far the export is; in this order, so that it is never ahead.
    fn commit(
        &mut self,
        mut state: State,
        text: &[u8],
        change: impl FnOnce(&rusqlite::Transaction<'_>) -> rusqlite::Result<()>,
    ) -> Result<(), Error> {
        // What an earlier write that failed has left.
        self.file.cut(state.length)?;
        if !text.is_empty() {
            self.file.append(text)?;
            self.file.sync()?;
        }
        state.length = self.file.length();
        self.ledger.change(&state, change)?;
        self.state = state;
        Ok(())
    }
}

/// The next page of a list: what could be read, how many could not, and where to go on.
async fn page<T>(
    pages: Pages<T>,
    cursor: Option<&Cursor>,
    object: impl Fn(T) -> Result<Object, serde_json::Error>,
) -> Result<(Vec<Object>, usize, Option<Cursor>), Error> {
    let mut pages = match cursor {
        Some(cursor) => pages.resume(cursor),
        None => pages,
    };
    let Some(page) = pages.try_next().await? else {
        return Ok((Vec::new(), 0, None));
    };
    let all = page.items.len();
    let objects = page.items.into_iter().filter_map(Result::ok).map(object);
    let objects: Vec<_> = objects.collect::<Result<_, _>>()?;
    let unreadable = all - objects.len();
    Ok((objects, unreadable, page.cursor))
}

fn user(user: User) -> Result<Object, serde_json::Error> {
    Ok(Object {
        id: user.id.to_string(),
        updated: time(user.last_updated.as_ref()),
        json: serde_json::to_value(&user)?,
    })
}

fn group(group: Group) -> Result<Object, serde_json::Error> {
    Ok(Object {
        id: group.id.to_string(),
        updated: time(group.last_updated.as_ref()),
        json: serde_json::to_value(&group)?,
    })
}

/// A time that is [`OVERLAP`] earlier.
fn earlier(time: &str) -> String {
    match DateTime::parse_from_rfc3339(time) {
        Ok(time) => (time - OVERLAP)
            .to_utc()
            .to_rfc3339_opts(SecondsFormat::Millis, true),
        Err(_) => time.to_owned(),
    }
}

fn time(time: Option<&Timestamp>) -> String {
    time.map(ToString::to_string).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn updates_are_asked_for_from_a_while_before() {
        for (time, from) in [
            ("2026-01-01T00:10:00.000Z", "2025-12-31T23:40:00.000Z"),
            ("when it was", "when it was"),
        ] {
            assert_eq!(earlier(time), from);
        }
    }
}
