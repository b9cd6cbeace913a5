//! What is wrong with a document, and where.

use std::collections::BTreeMap;
use std::fmt;

/// One thing that is wrong with a document.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Fault {
    /// Line of the file, counted from 1; 0 if it is not known.
    pub line: usize,
    /// Where, as a JSON pointer.
    pub at: String,
    /// What is wrong, and what to write instead.
    pub what: String,
}

impl Fault {
    pub(super) fn new(at: impl Into<String>, what: impl Into<String>) -> Self {
        Self {
            line: 0,
            at: at.into(),
            what: what.into(),
        }
    }

    fn place(&self) -> String {
        match (self.line, self.at.as_str()) {
            (0, "") => "the document".to_owned(),
            (0, at) => at.to_owned(),
            (line, "") => format!("line {line}"),
            (line, at) => format!("line {line}, {at}"),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place(), self.what)
    }
}

/// All that is wrong with a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Faults(pub Vec<Fault>);

impl fmt::Display for Faults {
    /// A line for each fault. Where there are so many that nobody would read them, as in a file
    /// that was cut off, those that say the same share a line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const READABLE: usize = 200;
        const SHOWN: usize = 3;
        let count = self.0.len();
        write!(f, "{count} fault{}", if count == 1 { "" } else { "s" })?;
        if count <= READABLE {
            return self.0.iter().try_for_each(|fault| write!(f, "\n  {fault}"));
        }
        let mut alike = BTreeMap::<&str, Vec<&Fault>>::new();
        for fault in &self.0 {
            alike.entry(&fault.what).or_default().push(fault);
        }
        let mut alike: Vec<_> = alike.into_iter().collect();
        alike.sort_by_key(|(_, faults)| faults.first().map(|fault| fault.line));
        for (what, faults) in alike {
            let places: Vec<String> = faults.iter().take(SHOWN).map(|it| it.place()).collect();
            write!(f, "\n  {}", places.join("; "))?;
            if faults.len() > SHOWN {
                write!(f, "; and {} more places", faults.len() - SHOWN)?;
            }
            write!(f, ": {what}")?;
        }
        Ok(())
    }
}
