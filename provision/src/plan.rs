//! What has to be done so that an org is as it should be.

mod compare;
mod drift;
mod guard;
mod losers;
mod show;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use okta_sdk::Client;
use serde::{Deserialize, Serialize};

use crate::desired::Desired;
use crate::error::Error;
use crate::org::{Org, Scope};
use crate::step::{Ids, Kind, Step};

pub use guard::Guard;
pub use show::Color;

/// How many requests are under way at a time while an org is read. The client holds them back where
/// a rate limit is nearly used up.
const AT_ONCE: usize = 8;

/// A plan that is older is compared with the org before it is carried out.
const FRESH: Duration = Duration::from_secs(60);

/// What has to be done so that an org is as it should be. It can be shown, saved, reviewed and
/// carried out later.
///
/// Its [`Display`](std::fmt::Display) is the plan as text. [`Plan::save`] also writes the credentials
/// of people who are created; showing it never does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Plan {
    version: u32,
    org_url: String,
    steps: Vec<Step>,
    /// How much is as it should be already.
    kept: BTreeMap<Kind, usize>,
    warnings: Vec<String>,
    objections: Vec<String>,
    ids: Ids,
    #[serde(skip)]
    made: Made,
}

/// When a plan was made, nothing if that is not known. Two plans are equal whenever they were made.
#[derive(Clone, Copy, Debug, Default)]
struct Made(Option<Instant>);

impl PartialEq for Made {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// The version of the format that [`Plan::save`] writes.
const VERSION: u32 = 3;

impl Plan {
    /// Reads what matters of the org and compares it with what it should be. Nothing is changed.
    ///
    /// # Errors
    /// What the reading requests give, and [`Error::BadInput`] never: contradictions in `desired` and
    /// broken guard rails are [objections](Plan::objections) of the plan.
    pub async fn make(okta: &Client, desired: &Desired, guard: &Guard) -> Result<Self, Error> {
        let scope = Scope::of(desired, guard);
        let org = Org::read(okta, &scope, AT_ONCE).await?;
        drop(scope);
        let mut plan = compare::compare(desired, &org, guard);
        plan.org_url = okta.org_url().as_str().to_owned();
        plan.made = Made(Some(Instant::now()));
        Ok(plan)
    }

    /// What is done, in an order in which it can be done.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// How many things of a kind are as they should be already.
    #[must_use]
    pub fn kept(&self, kind: Kind) -> usize {
        self.kept.get(&kind).copied().unwrap_or_default()
    }

    /// Whether nothing is to be done.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// What was left out of the plan, and why: people who are protected, for example.
    #[must_use]
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// Why the plan is not carried out as it is; empty if it is.
    #[must_use]
    pub fn objections(&self) -> &[String] {
        &self.objections
    }

    /// Writes the plan to a file that only its owner can read, since it may hold hashes of
    /// passwords. A file of this name is replaced as a whole.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        let path = path.as_ref();
        let json = serde_json::to_vec(self)?;
        write_private(path, &json).map_err(|source| Error::File {
            path: path.to_owned(),
            source,
        })
    }

    /// Reads a plan that [`Plan::save`] has written.
    ///
    /// # Errors
    /// If the file cannot be read, or is no plan of this version.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let json = std::fs::read(path).map_err(|source| Error::File {
            path: path.to_owned(),
            source,
        })?;
        Self::from_json(&json)
    }

    pub(crate) fn from_json(json: &[u8]) -> Result<Self, Error> {
        let plan: Self = serde_json::from_slice(json)?;
        match plan.version {
            VERSION => Ok(plan),
            other => Err(Error::Missing(format!(
                "this plan is of version {other} of the format, and {VERSION} can be read; plan again"
            ))),
        }
    }

    /// Whether nothing stands against carrying the plan out. A plan that is not fresh is compared
    /// with the org.
    pub(crate) async fn check(&self, okta: &Client) -> Result<(), Error> {
        if !self.objections.is_empty() {
            return Err(Error::Objections(self.objections.clone()));
        }
        let here = okta.org_url().as_str();
        if self.org_url != here {
            let what = format!("the plan is for {} and not for {here}", self.org_url);
            return Err(Error::Changed(vec![what]));
        }
        if self.made.0.is_some_and(|made| made.elapsed() < FRESH) {
            return Ok(());
        }
        let org = Org::read(okta, &drift::scope(self), AT_ONCE).await?;
        let changes = drift::changes(self, &org);
        match changes.is_empty() {
            true => Ok(()),
            false => Err(Error::Changed(changes)),
        }
    }

    pub(crate) const fn ids(&self) -> &Ids {
        &self.ids
    }

    /// The plan without its steps, as the journal keeps it.
    pub(crate) fn without_steps(&self) -> Self {
        Self {
            version: self.version,
            org_url: self.org_url.clone(),
            steps: Vec::new(),
            kept: self.kept.clone(),
            warnings: self.warnings.clone(),
            objections: self.objections.clone(),
            ids: self.ids.clone(),
            made: Made(None),
        }
    }

    pub(crate) fn with_steps(self, steps: Vec<Step>) -> Self {
        Self { steps, ..self }
    }
}

/// Writes beside the file and then takes its place, so that no half of a plan is ever there.
fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    use std::io::Write as _;

    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    let beside = Path::new(&name);
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(beside, path)
}
