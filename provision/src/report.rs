//! What a run has done.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::time::Duration;

use serde::{Serialize, Serializer};

use crate::error::Error;
use crate::perform::Outcome;
use crate::step::Kind;

/// What a run has done, and what not. Its [`Display`](fmt::Display) is text for people.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Report {
    /// Numbers by kind.
    pub counts: BTreeMap<Kind, Counts>,
    /// What was refused or went wrong.
    pub failures: Vec<Failure>,
    /// What was not begun, since the run was stopped or Okta refused the credentials.
    pub not_begun: usize,
    /// What the plan has left out, and why.
    pub warnings: Vec<String>,
    /// How long it took.
    #[serde(serialize_with = "seconds", rename = "seconds")]
    pub took: Duration,
}

/// How many there are of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Counts {
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
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

    /// The report as Markdown.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        let mut text = String::from(
            "| | created | updated | removed | kept | failed | skipped |\n\
             |---|---|---|---|---|---|---|\n",
        );
        // Writing to a string cannot fail.
        for (kind, counts) in &self.counts {
            let numbers = counts.all().map(|it| it.to_string()).join(" | ");
            let _ = writeln!(text, "| {kind} | {numbers} |");
        }
        for (title, lines) in [
            ("Failures", self.failure_lines()),
            ("Warnings", self.warnings.clone()),
        ] {
            if !lines.is_empty() {
                let _ = writeln!(text, "\n## {title}\n");
            }
            for line in lines {
                let _ = writeln!(text, "- {}", crate::text::markdown(&line));
            }
        }
        if self.not_begun > 0 {
            let _ = writeln!(text, "\n{} steps were not begun.", self.not_begun);
        }
        text
    }

    fn failure_lines(&self) -> Vec<String> {
        let failures = self.failures.iter();
        failures
            .map(|it| match &it.request_id {
                Some(id) if !it.why.contains(id.as_str()) => {
                    format!("failed to {}: {} (request {id})", it.what, it.why)
                }
                _ => format!("failed to {}: {}", it.what, it.why),
            })
            .collect()
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
    const fn all(&self) -> [usize; 6] {
        [
            self.created,
            self.updated,
            self.removed,
            self.kept,
            self.failed,
            self.skipped,
        ]
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let titles = ["created", "updated", "removed", "kept", "failed", "skipped"];
        write!(f, "{:12}", "")?;
        for title in titles {
            write!(f, "{title:>9}")?;
        }
        writeln!(f)?;
        for (kind, counts) in &self.counts {
            write!(f, "{kind:12}")?;
            for number in counts.all() {
                write!(f, "{number:>9}")?;
            }
            writeln!(f)?;
        }
        for line in self.failure_lines() {
            writeln!(f, "{}", crate::text::printable(&line))?;
        }
        for warning in &self.warnings {
            writeln!(f, "warning: {}", crate::text::printable(warning))?;
        }
        if self.not_begun > 0 {
            writeln!(f, "{} not begun", self.not_begun)?;
        }
        writeln!(f, "took {:.1} s", self.took.as_secs_f64())
    }
}

fn seconds<S: Serializer>(took: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(took.as_secs_f64())
}
