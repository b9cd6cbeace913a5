//! What was done and what was not.

use std::collections::BTreeMap;
use std::fmt;

use crate::plan::Kind;

/// How many there are of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Counts {
    created: usize,
    updated: usize,
    kept: usize,
    failed: usize,
}

/// How something was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    Created,
    Updated,
    /// Someone else had done it in the meantime.
    Kept,
}

/// Counts by kind, and the failures in words.
#[derive(Debug, Default)]
pub struct Report {
    counts: BTreeMap<Kind, Counts>,
    failures: Vec<String>,
    /// Steps that were not begun, since someone stopped it.
    not_begun: usize,
}

impl Report {
    /// Starts with what was there already.
    pub fn new(kept: &BTreeMap<Kind, usize>) -> Self {
        let kept = kept.iter().map(|(kind, kept)| {
            (
                *kind,
                Counts {
                    kept: *kept,
                    ..Counts::default()
                },
            )
        });
        Self {
            counts: kept.collect(),
            failures: Vec::new(),
            not_begun: 0,
        }
    }

    pub fn done(&mut self, kind: Kind, done: Done) {
        let counts = self.counts.entry(kind).or_default();
        match done {
            Done::Created => counts.created += 1,
            Done::Updated => counts.updated += 1,
            Done::Kept => counts.kept += 1,
        }
    }

    /// `what` should have been done, but `why`.
    pub fn failed(&mut self, kind: Kind, what: impl fmt::Display, why: impl fmt::Display) {
        self.counts.entry(kind).or_default().failed += 1;
        self.failures.push(format!("{what}: {why}"));
    }

    /// So many steps were not begun.
    pub fn not_begun(&mut self, steps: usize) {
        self.not_begun = steps;
    }

    /// Whether another run has something to do.
    pub fn is_incomplete(&self) -> bool {
        !self.failures.is_empty() || self.not_begun > 0
    }
}

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for failure in &self.failures {
            writeln!(formatter, "failed to {failure}")?;
        }
        writeln!(
            formatter,
            "{:12} {:>8} {:>8} {:>8} {:>8}",
            "", "created", "updated", "kept", "failed"
        )?;
        for kind in Kind::ALL {
            let Counts {
                created,
                updated,
                kept,
                failed,
            } = self.counts.get(&kind).copied().unwrap_or_default();
            writeln!(
                formatter,
                "{kind:12} {created:>8} {updated:>8} {kept:>8} {failed:>8}"
            )?;
        }
        if self.not_begun > 0 {
            writeln!(
                formatter,
                "{} not begun; another run does them",
                self.not_begun
            )?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_counts_by_kind_and_names_failures() {
        let mut report = Report::new(&[(Kind::Groups, 2)].into());
        report.done(Kind::Users, Done::Created);
        report.done(Kind::Users, Done::Updated);
        report.done(Kind::Groups, Done::Kept);
        assert!(!report.is_incomplete());
        report.failed(Kind::Roles, "make ada@x.org APP_ADMIN", "403 Forbidden");
        assert!(report.is_incomplete());
        assert_eq!(
            report.to_string(),
            "failed to make ada@x.org APP_ADMIN: 403 Forbidden\n\
             \x20             created  updated     kept   failed\n\
             groups              0        0        3        0\n\
             apps                0        0        0        0\n\
             users               1        1        0        0\n\
             memberships         0        0        0        0\n\
             assignments         0        0        0        0\n\
             roles               0        0        0        1\n"
        );
    }
}
