//! What a run has done.

#[cfg(feature = "html")]
mod html;
#[cfg(feature = "html")]
mod plot;
mod show;

use std::collections::BTreeMap;
use std::fmt;
use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};
use okta_sdk::Client;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::error::Error;
use crate::meter::Requests;
use crate::perform::Outcome;
use crate::plan::Plan;
use crate::step::Kind;

/// What a run has done, and what not. Its [`Display`](std::fmt::Display) is text for people; as JSON
/// it is written and read by serde.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct Report {
    /// The org.
    pub org: String,
    /// When the run began, by the clock of this machine.
    pub began: Option<DateTime<Utc>>,
    /// Numbers by kind.
    pub counts: BTreeMap<Kind, Counts>,
    /// What was refused or went wrong.
    pub failures: Vec<Failure>,
    /// What was not begun, since the run was stopped or Okta refused the credentials.
    pub not_begun: usize,
    /// What the plan has left out, and why.
    pub warnings: Vec<String>,
    /// How long it took.
    #[serde(
        serialize_with = "seconds",
        deserialize_with = "duration",
        rename = "seconds"
    )]
    pub took: Duration,
    /// What was sent to Okta, if the client has a [`Meter`](crate::Meter) and the program asked it.
    pub requests: Option<Requests>,
}

/// How many there are of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct Counts {
    /// What the plan is about: all that follow, and what was not begun.
    pub wanted: usize,
    /// Made.
    pub created: usize,
    /// Changed.
    pub updated: usize,
    /// Taken away.
    pub removed: usize,
    /// As wanted already.
    pub kept: usize,
    /// Refused, or went wrong.
    pub failed: usize,
    /// Not tried, since something that it needs has failed.
    pub skipped: usize,
}

/// What was refused or went wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Failure {
    /// What was to be done.
    pub what: String,
    /// Why it was not, in Okta's words if Okta has answered.
    pub why: String,
    /// The status of Okta's answer.
    pub status: Option<u16>,
    /// Okta's code for the error, such as `E0000001`.
    pub code: Option<String>,
    /// The id of the request, for Okta's support.
    pub request_id: Option<String>,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.what, self.why)
    }
}

impl Failure {
    pub(crate) fn new(what: String, error: &Error) -> Self {
        let okta = match error {
            Error::Okta(okta) => Some(okta),
            _ => None,
        };
        Self {
            what,
            why: error.to_string(),
            status: okta.and_then(|it| it.status()).map(|it| it.as_u16()),
            code: okta.and_then(|it| it.code()).map(str::to_owned),
            request_id: okta.and_then(|it| it.request_id()).map(str::to_owned),
        }
    }
}

impl Report {
    /// Whether anything is left to do.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        let skipped = self.counts.values().any(|it| it.skipped > 0);
        self.failures.is_empty() && self.not_begun == 0 && !skipped
    }

    /// A report of which nothing is done yet.
    pub(crate) fn begin(okta: &Client, plan: &Plan) -> Self {
        let mut counts = BTreeMap::<Kind, Counts>::new();
        for step in plan.steps() {
            counts.entry(step.kind()).or_default().wanted += 1;
        }
        for kind in Kind::ALL {
            let kept = plan.kept(kind);
            if kept > 0 {
                let counts = counts.entry(kind).or_default();
                counts.wanted += kept;
                counts.kept = kept;
            }
        }
        Self {
            org: okta.org_url().as_str().to_owned(),
            began: Some(SystemTime::now().into()),
            counts,
            warnings: plan.warnings().to_vec(),
            ..Self::default()
        }
    }

    pub(crate) fn count(&mut self, kind: Kind, outcome: Outcome) {
        let counts = self.counts.entry(kind).or_default();
        match outcome {
            Outcome::Created => counts.created += 1,
            Outcome::Updated => counts.updated += 1,
            Outcome::Removed => counts.removed += 1,
            Outcome::Kept => counts.kept += 1,
        }
    }
}

impl Counts {
    /// Created, updated or removed.
    #[must_use]
    pub const fn done(&self) -> usize {
        self.created + self.updated + self.removed
    }

    /// What was not begun.
    #[must_use]
    pub const fn not_begun(&self) -> usize {
        let ended = self.done() + self.kept + self.failed + self.skipped;
        self.wanted.saturating_sub(ended)
    }
}

fn seconds<S: Serializer>(took: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(took.as_secs_f64())
}

fn duration<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    let seconds = f64::deserialize(deserializer)?;
    Duration::try_from_secs_f64(seconds).map_err(de::Error::custom)
}
