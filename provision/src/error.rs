//! Why something did not work.

use std::fmt;
use std::path::PathBuf;

use crate::lifecycle::Offboarded;
use crate::report::Failure;

/// What is wrong in a file, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Problem {
    /// The file.
    pub file: PathBuf,
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1: of a field in a CSV file, of a character in others.
    pub column: usize,
    /// What is wrong, and what to write instead.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            file,
            line,
            column,
            message,
        } = self;
        write!(f, "{}:{line}:{column}: {message}", file.display())
    }
}

/// Why something did not work.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Okta refused a request, or it could not be made.
    #[error(transparent)]
    Okta(#[from] okta_sdk::Error),
    /// Rows of files are bad: all of them.
    #[error("{} of the input cannot be used:\n{}", counted(.0.len(), "place"), lines(.0))]
    BadInput(Vec<Problem>),
    /// A file or folder could not be read or written.
    #[error("cannot use {}: {source}", path.display())]
    File {
        /// The file or folder.
        path: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// A saved plan could not be understood.
    #[error("this is no plan: {0}")]
    Format(#[from] serde_json::Error),
    /// The plan has objections, and nothing was done; see [`Plan::objections`](crate::Plan::objections).
    #[error("the plan is not carried out:\n{}", lines(.0))]
    Objections(Vec<String>),
    /// The org is not as the plan saw it, and nothing was done. Plan again.
    #[error("the org has changed since the plan was made; plan again:\n{}", lines(.0))]
    Changed(Vec<String>),
    /// The journal could not be read or written.
    #[error("the journal cannot be used: {0}")]
    Journal(Box<dyn std::error::Error + Send + Sync>),
    /// Another run has taken over the journal, and this one does nothing more.
    #[error("another run has taken over the journal")]
    Superseded,
    /// The run was cancelled.
    #[error("the run was cancelled")]
    Cancelled,
    /// Something was refused while someone left; what was not is done.
    #[error("{}:\n{}", left(done), lines(failures))]
    Offboarding {
        /// What was done.
        done: Box<Offboarded>,
        /// What was not done, and why.
        failures: Vec<Failure>,
    },
    /// A guard rail stands against it, and it was not done.
    #[error("{0}")]
    Refused(String),
    /// What a plan needs is not there.
    #[error("{0}")]
    Missing(String),
}

impl Error {
    /// Whether every other request would be refused, too: the credentials are no good.
    pub(crate) fn is_hopeless(&self) -> bool {
        match self {
            Self::Okta(error) => {
                error.is_credentials()
                    || error.status().is_some_and(|status| status.as_u16() == 401)
            }
            _ => false,
        }
    }
}

fn left(done: &Offboarded) -> &'static str {
    match (done.is_deleted, done.is_deactivated) {
        (true, _) => "the account is deleted, and something of it was not taken before",
        (_, true) => "the account is deactivated, and something was not taken from it",
        _ => "something was not taken from the account",
    }
}

fn counted(count: usize, noun: &str) -> String {
    match count {
        1 => format!("1 {noun}"),
        _ => format!("{count} {noun}s"),
    }
}

fn lines(all: &[impl fmt::Display]) -> String {
    let lines: Vec<_> = all.iter().map(ToString::to_string).collect();
    lines.join("\n")
}
