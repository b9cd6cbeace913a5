//! What changed between two releases of Okta's document, and what of it breaks
//! the programs that use the generated library.
//!
//! A change breaks when code that compiled before no longer does, or now means
//! something else: a method, an argument, a setter, a field, a type or a
//! variant that is gone or has another type. Additions do not break: models
//! and enums of the library are open.

mod operations;
mod refs;
mod schemas;

use std::fmt;
use std::fmt::Write as _;

use serde::Serialize;
use serde_json::Value;

use refs::Refs;

/// What kind of thing changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Subject {
    /// An operation: a method of the library.
    Operation,
    /// A parameter of an operation.
    Parameter,
    /// The body that an operation sends.
    RequestBody,
    /// What an operation answers.
    Response,
    /// A named schema: a type of the library.
    Schema,
    /// A property of a schema.
    Property,
    /// A value of an enumeration.
    EnumValue,
    /// A kind that a discriminator tells apart.
    Discriminator,
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Operation => "operation",
            Self::Parameter => "parameter",
            Self::RequestBody => "request body",
            Self::Response => "response",
            Self::Schema => "schema",
            Self::Property => "property",
            Self::EnumValue => "enum value",
            Self::Discriminator => "discriminator",
        })
    }
}

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[non_exhaustive]
pub struct Change {
    /// What kind of thing changed.
    pub subject: Subject,
    /// Which one: an operation id or a schema's name, and the way from there,
    /// such as `User.profile`.
    pub at: String,
    /// What happened to it, such as `removed` or `type string is now integer`.
    pub change: String,
    /// Whether programs that use the library can break.
    pub breaks: bool,
}

/// All differences of two documents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Report {
    /// Release of the document that we have.
    pub from: String,
    /// Release of the other document.
    pub to: String,
    /// The differences, sorted by subject and place.
    pub changes: Vec<Change>,
}

/// Compares two documents.
///
/// `ours` and `theirs` are OpenAPI 3.0 documents as [`crate::import::facts`]
/// gives them; the report says what it takes to get from ours to theirs.
#[must_use]
pub fn diff(ours: &Value, theirs: &Value) -> Report {
    let mut changes = Changes::default();
    let (old, new) = (Refs::new(ours), Refs::new(theirs));
    operations::compare(&mut changes, &old, &new);
    schemas::compare_components(&mut changes, &old, &new);
    changes.0.sort();
    Report {
        from: release(ours),
        to: release(theirs),
        changes: changes.0,
    }
}

fn release(document: &Value) -> String {
    let version = document.pointer("/info/version").and_then(Value::as_str);
    version.unwrap_or("unknown").to_owned()
}

impl Report {
    /// Whether any of the changes breaks programs that use the library.
    #[must_use]
    pub fn breaks(&self) -> bool {
        self.changes.iter().any(|change| change.breaks)
    }

    /// The report for people.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        let (breaking, compatible): (Vec<&Change>, Vec<&Change>) =
            self.changes.iter().partition(|change| change.breaks);
        let mut text = format!("# {} → {}\n\n", self.from, self.to);
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "{} changes: {} break the public API, {} do not.",
            self.changes.len(),
            breaking.len(),
            compatible.len()
        );
        for (title, changes) in [("Breaking", breaking), ("Compatible", compatible)] {
            if changes.is_empty() {
                continue;
            }
            let _ = writeln!(text, "\n## {title}\n");
            for Change {
                subject,
                at,
                change,
                ..
            } in changes
            {
                let _ = writeln!(text, "- {subject} `{at}`: {change}");
            }
        }
        text
    }

    /// The report for programs: `from`, `to`, and for each change `subject`,
    /// `at`, `change` and `breaks`.
    ///
    /// # Errors
    ///
    /// Those of `serde_json`; a report has nothing that it refuses.
    pub fn to_json(&self) -> serde_json::Result<String> {
        serde_json::to_string_pretty(self)
    }
}

/// The differences found so far.
#[derive(Debug, Default)]
struct Changes(Vec<Change>);

impl Changes {
    fn breaking(&mut self, subject: Subject, at: &str, change: impl Into<String>) {
        self.push(subject, at, change.into(), true);
    }

    fn compatible(&mut self, subject: Subject, at: &str, change: impl Into<String>) {
        self.push(subject, at, change.into(), false);
    }

    fn push(&mut self, subject: Subject, at: &str, change: String, breaks: bool) {
        self.0.push(Change {
            subject,
            at: at.to_owned(),
            change,
            breaks,
        });
    }
}

#[cfg(test)]
mod tests;
