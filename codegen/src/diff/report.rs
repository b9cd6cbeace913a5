//! The differences, and how they are told.

use std::collections::BTreeSet;
use std::fmt;
use std::fmt::Write as _;

use serde::{Serialize, Serializer};

/// What a change means for a program that uses the library.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// Code that compiled no longer does.
    Breaks,
    /// Code compiles as before, and may do another thing.
    BehavesOtherwise,
    /// Nothing changes for code that is there.
    Compatible,
}

/// What a change is told under.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// The features of the crate.
    Features,
    /// The operations of a handle, such as `users`.
    Handle(String),
    /// Types that come, go, or have another name.
    Types,
    /// A type, such as `models::User`.
    Type(String),
}

impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Features => f.write_str("features"),
            Self::Handle(handle) => write!(f, "{handle}()"),
            Self::Types => f.write_str("types"),
            Self::Type(ty) => f.write_str(ty),
        }
    }
}

impl Serialize for Group {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[non_exhaustive]
pub struct Change {
    /// What it means.
    pub class: Class,
    /// What it is told under.
    pub group: Group,
    /// What changes, in Rust's terms, such as `users().list()` or `models::User.status`.
    pub at: String,
    /// What happens to it, such as `removed`.
    pub change: String,
}

/// The differences found so far.
#[derive(Debug, Default)]
pub(super) struct Changes(pub(super) BTreeSet<Change>);

impl Changes {
    pub fn breaks(&mut self, group: &Group, at: &str, change: impl Into<String>) {
        self.add(Class::Breaks, group, at, change);
    }

    pub fn behaves(&mut self, group: &Group, at: &str, change: impl Into<String>) {
        self.add(Class::BehavesOtherwise, group, at, change);
    }

    pub fn compatible(&mut self, group: &Group, at: &str, change: impl Into<String>) {
        self.add(Class::Compatible, group, at, change);
    }

    pub fn add(&mut self, class: Class, group: &Group, at: &str, change: impl Into<String>) {
        self.0.insert(Change {
            class,
            group: group.clone(),
            at: at.to_owned(),
            change: change.into(),
        });
    }
}

/// All differences of two documents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Report {
    /// Release of the document that we have.
    pub from: String,
    /// Release of the other document.
    pub to: String,
    /// The differences, by class, group and place.
    pub changes: Vec<Change>,
    /// What somebody has to look at before the other document can be generated from.
    pub review: Vec<String>,
}

impl Report {
    pub(super) fn new(from: &str, to: &str, changes: Changes, review: Vec<String>) -> Self {
        Self {
            from: from.to_owned(),
            to: to.to_owned(),
            changes: changes.0.into_iter().collect(),
            review,
        }
    }

    /// Whether code that compiled no longer does.
    #[must_use]
    pub fn breaks(&self) -> bool {
        self.of(Class::Breaks).next().is_some()
    }

    fn of(&self, class: Class) -> impl Iterator<Item = &Change> {
        self.changes
            .iter()
            .filter(move |change| change.class == class)
    }

    /// The report for people.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        let count = |class| self.of(class).count();
        // Writing to a String cannot fail.
        let mut text = format!("# {} → {}\n\n", self.from, self.to);
        let _ = writeln!(
            text,
            "{} changes: {} break, {} compile but behave otherwise, {} are compatible.",
            self.changes.len(),
            count(Class::Breaks),
            count(Class::BehavesOtherwise),
            count(Class::Compatible),
        );
        for (title, class) in [
            ("Breaks", Class::Breaks),
            ("Compiles, but behaves otherwise", Class::BehavesOtherwise),
            ("Compatible", Class::Compatible),
        ] {
            if count(class) > 0 {
                let _ = writeln!(text, "\n## {title}");
                groups(&mut text, self.of(class));
            }
        }
        if !self.review.is_empty() {
            text.push_str("\n## To review before it can be imported\n\n");
            for note in &self.review {
                let _ = writeln!(text, "- {note}");
            }
        }
        text
    }

    /// The report for programs: `from`, `to`, `changes` with `class`, `group`, `at` and `change`
    /// each, and `review`.
    ///
    /// # Errors
    ///
    /// Those of `serde_json`; a report has nothing that it refuses.
    pub fn to_json(&self) -> serde_json::Result<String> {
        serde_json::to_string_pretty(self)
    }
}

/// Changes of one class, under the name of their group; places of the same change on one line.
fn groups<'a>(text: &mut String, changes: impl Iterator<Item = &'a Change>) {
    let mut group = None;
    let mut lines: Vec<(&str, Vec<&str>)> = Vec::new();
    for change in changes {
        if group != Some(&change.group) {
            write_lines(text, &mut lines);
            group = Some(&change.group);
            let title = match &change.group {
                Group::Features => "Features".to_owned(),
                Group::Types => "Types".to_owned(),
                group => format!("`{group}`"),
            };
            let _ = writeln!(text, "\n### {title}\n");
        }
        match lines.iter_mut().find(|(said, _)| *said == change.change) {
            Some((_, places)) => places.push(&change.at),
            None => lines.push((&change.change, vec![&change.at])),
        }
    }
    write_lines(text, &mut lines);
}

fn write_lines(text: &mut String, lines: &mut Vec<(&str, Vec<&str>)>) {
    for (change, places) in lines.drain(..) {
        let places: Vec<String> = places.iter().map(|at| format!("`{at}`")).collect();
        let _ = writeln!(text, "- {}: {change}", places.join(", "));
    }
}
