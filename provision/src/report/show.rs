//! A report as text and as Markdown.

use std::fmt::{self, Write as _};

use super::{Counts, Failure, Report};
use crate::meter::Requests;
use crate::text::{markdown, printable};

/// Titles of the columns of numbers.
const TITLES: [&str; 7] = [
    "wanted", "created", "updated", "removed", "kept", "failed", "skipped",
];

impl Report {
    /// The report as Markdown.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = self.write_markdown(&mut text);
        text
    }

    fn write_markdown(&self, text: &mut String) -> fmt::Result {
        writeln!(text, "| | {} |", TITLES.join(" | "))?;
        writeln!(text, "|---{}|", "|---:".repeat(TITLES.len()))?;
        for (kind, counts) in &self.counts {
            let numbers = counts.all().map(|it| it.to_string()).join(" | ");
            writeln!(text, "| {kind} | {numbers} |")?;
        }
        for (title, lines) in [
            ("Failures", self.failure_lines()),
            ("Warnings", self.warnings.clone()),
        ] {
            if !lines.is_empty() {
                writeln!(text, "\n## {title}\n")?;
            }
            for line in lines {
                writeln!(text, "- {}", markdown(&line))?;
            }
        }
        for line in self.closing() {
            writeln!(text, "\n{}", markdown(&line))?;
        }
        Ok(())
    }

    fn failure_lines(&self) -> Vec<String> {
        self.failures.iter().map(Failure::line).collect()
    }

    /// What is to be said in the end.
    fn closing(&self) -> Vec<String> {
        let mut lines = Vec::new();
        if self.not_begun > 0 {
            lines.push(format!(
                "{} not begun; another run does them",
                self.not_begun
            ));
        }
        lines.push(format!("took {:.1} s", self.took.as_secs_f64()));
        lines.extend(self.requests.as_ref().map(ToString::to_string));
        lines
    }
}

impl fmt::Display for Requests {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            sent,
            repeated,
            limited,
            failed,
            ..
        } = self;
        write!(
            f,
            "{sent} requests, {repeated} of them repeated; {limited} hit a rate limit, {failed} failed"
        )
    }
}

impl Failure {
    fn line(&self) -> String {
        let Self { what, why, .. } = self;
        match &self.request_id {
            Some(id) if !why.contains(id.as_str()) => {
                format!("failed to {what}: {why} (request {id})")
            }
            _ => format!("failed to {what}: {why}"),
        }
    }
}

impl Counts {
    const fn all(&self) -> [usize; 7] {
        [
            self.wanted,
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
        write!(f, "{:12}", "")?;
        for title in TITLES {
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
            writeln!(f, "{}", printable(&line))?;
        }
        for warning in &self.warnings {
            writeln!(f, "warning: {}", printable(warning))?;
        }
        self.closing()
            .iter()
            .try_for_each(|line| writeln!(f, "{line}"))
    }
}
