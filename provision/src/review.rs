//! Who has what in an org.

mod reading;
mod rows;
mod store;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use chrono::{DateTime, TimeDelta, Utc};
use okta_sdk::{Client, Cursor};
use serde::{Deserialize, Serialize};

use crate::data_file::{DataFile, write_state};
use crate::error::Error;
use crate::ledger::Ledger;
use reading::Read;
use rows::written;

pub use rows::ReviewFormat;

/// The version of the format of the ledger.
const VERSION: u32 = 1;

/// A review of who has what: each user with status, last login and second factors, and each role,
/// application and group that a user has, with how it was given.
///
/// A folder takes two files, `accounts` and `access`, which grow page by page, and `summary.json` in
/// the end. The program may be killed at any moment: opened again, the review goes on with the page
/// that it was at, and no row is lost or there twice. Once it is complete, opening the folder again
/// begins another one.
///
/// ```no_run
/// use okta_provision::AccessReview;
///
/// # async fn run(okta: okta_sdk::Client) -> Result<(), okta_provision::Error> {
/// let mut review = AccessReview::new("review").inactive_after(90).open(&okta)?;
/// while review.advance(&okta).await? {
///     eprintln!("{} rows", review.summary().rows);
/// }
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct AccessReview {
    folder: PathBuf,
    format: ReviewFormat,
    inactive_after: u32,
    reads_factors: bool,
    now: Option<DateTime<Utc>>,
}

impl AccessReview {
    /// A review in this folder, which is made if it is not there.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
            format: ReviewFormat::Csv,
            inactive_after: 90,
            reads_factors: true,
            now: None,
        }
    }

    /// How it is written. Default: CSV.
    #[must_use]
    pub const fn format(mut self, format: ReviewFormat) -> Self {
        self.format = format;
        self
    }

    /// After how many days without a login a user counts as inactive. Default: 90. Someone who has
    /// never signed in counts from the day on which the account was made.
    #[must_use]
    pub const fn inactive_after(mut self, days: u32) -> Self {
        self.inactive_after = days;
        self
    }

    /// Leaves out second factors, which take a request for each user.
    #[must_use]
    pub const fn without_factors(mut self) -> Self {
        self.reads_factors = false;
        self
    }

    /// The time against which inactivity is measured. Default: when the review begins.
    #[must_use]
    pub const fn now(mut self, now: DateTime<Utc>) -> Self {
        self.now = Some(now);
        self
    }

    /// Opens the folder: goes on with a review that was not complete, or begins one.
    ///
    /// # Errors
    /// [`Error::File`] if the folder cannot be used, or another program has it; [`Error::Missing`] if a
    /// review of another org, or in another format, is not complete there.
    pub fn open(self, okta: &Client) -> Result<Reviewing, Error> {
        let org = okta.org_url().as_str();
        std::fs::create_dir_all(&self.folder).map_err(|source| Error::File {
            path: self.folder.clone(),
            source,
        })?;
        let mut ledger = Ledger::open(&self.folder.join("review.sqlite"), store::TABLES)?;
        let state = ledger.state::<State>()?;
        let state = match state.filter(|state| state.stage != Stage::Complete) {
            Some(state) => {
                self.check(&state, org)?;
                state
            }
            None => {
                let state = self.begin(org);
                ledger.change(&state, store::clear)?;
                state
            }
        };
        let file = |name: &str| {
            self.folder
                .join(format!("{name}.{}", state.format.ending()))
        };
        Ok(Reviewing {
            accounts: DataFile::open(&file("accounts"), state.accounts)?,
            access: DataFile::open(&file("access"), state.access)?,
            folder: self.folder,
            ledger,
            state,
        })
    }

    fn begin(&self, org: &str) -> State {
        State {
            version: VERSION,
            org: org.to_owned(),
            format: self.format,
            stage: Stage::Administrators,
            cursor: None,
            has_listed: false,
            reads_factors: self.reads_factors,
            inactive_after: self.inactive_after,
            now: self.now.unwrap_or_else(|| SystemTime::now().into()),
            accounts: 0,
            access: 0,
            summary: ReviewSummary {
                org: org.to_owned(),
                ..ReviewSummary::default()
            },
        }
    }

    fn check(&self, state: &State, org: &str) -> Result<(), Error> {
        let folder = self.folder.display();
        let why = if state.version != VERSION {
            format!(
                "the review in {folder} is of version {} of the format",
                state.version
            )
        } else if state.org != org {
            format!(
                "the review in {folder} is of {} and not of {org}",
                state.org
            )
        } else if (state.format, state.reads_factors, state.inactive_after)
            != (self.format, self.reads_factors, self.inactive_after)
        {
            format!("the review in {folder} was begun with other settings")
        } else {
            return Ok(());
        };
        Err(Error::Missing(format!("{why}; choose another folder")))
    }
}

/// Where a review is. In the order in which things are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Stage {
    Administrators,
    Accounts,
    Groups,
    Apps,
    Complete,
}

/// What the ledger says of a review.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct State {
    version: u32,
    org: String,
    format: ReviewFormat,
    stage: Stage,
    /// The page of users, groups or applications that is next; the first one if there is none.
    cursor: Option<Cursor>,
    /// Whether all groups or applications were found, so that only their users are left.
    has_listed: bool,
    reads_factors: bool,
    inactive_after: u32,
    now: DateTime<Utc>,
    /// Lengths of the files.
    accounts: u64,
    access: u64,
    summary: ReviewSummary,
}

impl State {
    /// Whether someone who could sign in since then and has not is inactive.
    fn is_inactive(&self, since: Option<DateTime<Utc>>) -> bool {
        let limit = self.now - TimeDelta::days(self.inactive_after.into());
        since.is_some_and(|since| since < limit)
    }
}

/// What a review has found so far.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct ReviewSummary {
    /// The org.
    pub org: String,
    /// Users by status.
    pub accounts: BTreeMap<String, usize>,
    /// Users who could sign in and have not for a while.
    pub inactive: usize,
    /// Users who have a role, by themselves or by a group.
    pub administrators: usize,
    /// Users who are not deactivated and have a second factor; nothing if factors were not read.
    pub with_mfa: usize,
    /// Users who are not deactivated and have none.
    pub without_mfa: usize,
    /// Administrators who are not deactivated and have no second factor.
    pub administrators_without_mfa: usize,
    /// Groups.
    pub groups: usize,
    /// Applications.
    pub apps: usize,
    /// Rows of access.
    pub rows: usize,
    /// Users, groups, applications and the like that Okta has sent and nobody could read.
    pub unreadable: usize,
}

/// A review that is under way.
#[derive(Debug)]
pub struct Reviewing {
    folder: PathBuf,
    ledger: Ledger,
    state: State,
    accounts: DataFile,
    access: DataFile,
}

impl Reviewing {
    /// Reads and writes another page. False if there was none: the review is complete.
    ///
    /// Dropping the future loses nothing: the page is read again. After an error it can be called
    /// again.
    ///
    /// # Errors
    /// What Okta refuses, and what the disk does.
    pub async fn advance(&mut self, okta: &Client) -> Result<bool, Error> {
        if self.state.stage == Stage::Complete {
            return Ok(false);
        }
        let read = reading::read(okta, &self.ledger, &self.state).await?;
        self.write(read)?;
        Ok(true)
    }

    /// What was found so far.
    #[must_use]
    pub const fn summary(&self) -> &ReviewSummary {
        &self.state.summary
    }

    /// Whether all is read.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.state.stage == Stage::Complete
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Writes rows, then how far the review is; in this order, so that it is never ahead.
    fn write(&mut self, read: Read) -> Result<(), Error> {
        let Read {
            accounts,
            access,
            mut state,
            changes,
        } = read;
        append(
            &mut self.accounts,
            &mut state.accounts,
            &accounts,
            state.format,
        )?;
        append(&mut self.access, &mut state.access, &access, state.format)?;
        state.summary.rows += access.len();
        if state.stage == Stage::Complete {
            write_state(&self.folder.join("summary.json"), &state.summary)?;
        }
        self.ledger.change(&state, |all| changes.write(all))?;
        self.state = state;
        Ok(())
    }
}

/// Adds rows to a file and notes how long it is then.
fn append<R: rows::Row>(
    file: &mut DataFile,
    length: &mut u64,
    rows: &[R],
    format: ReviewFormat,
) -> Result<(), Error> {
    // What an earlier write that failed has left.
    file.cut(*length)?;
    let text = written(rows, format, *length == 0)?;
    if !text.is_empty() {
        file.append(&text)?;
        file.sync()?;
    }
    *length = file.length();
    Ok(())
}
