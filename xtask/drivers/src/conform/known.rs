//! The file of known differences.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context as _, Result};

use super::Differences;

/// The differences that are known.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Known(pub Differences);

/// What is other than the file says.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Differences that are not in the file.
    pub new: Vec<String>,
    /// Differences of the file that are gone.
    pub gone: Vec<String>,
}

impl Known {
    /// Reads the file.
    ///
    /// # Errors
    /// If there is no such file, or it is not JSON of this form.
    pub fn read(file: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
        let known = serde_json::from_str(&text).with_context(|| file.display().to_string())?;
        Ok(Self(known))
    }

    /// Writes the file.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn write(&self, file: &Path) -> Result<()> {
        let text = serde_json::to_string_pretty(&self.0)?;
        std::fs::write(file, text + "\n").with_context(|| file.display().to_string())
    }

    /// How many differences there are.
    pub fn count(&self) -> usize {
        self.0.values().map(BTreeSet::len).sum()
    }

    /// Compares what was found with what is known.
    pub fn changes(&self, found: &Differences) -> Changes {
        let mut changes = Changes::default();
        for (more, than, into) in [
            (found, &self.0, &mut changes.new),
            (&self.0, found, &mut changes.gone),
        ] {
            for (operation, places) in more {
                let others = than.get(operation);
                let own = places.iter();
                let own = own.filter(|place| others.is_none_or(|it| !it.contains(*place)));
                into.extend(own.map(|place| format!("{operation}: {place}")));
            }
        }
        changes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn differences(list: &[(&str, &str)]) -> Differences {
        let mut differences = Differences::new();
        for (operation, place) in list {
            let places = differences.entry((*operation).to_owned()).or_default();
            places.insert((*place).to_owned());
        }
        differences
    }

    #[test]
    fn what_is_new_and_what_is_gone_is_told() {
        let known = Known(differences(&[("a", "/x: type"), ("b", "/y: enum")]));
        let found = differences(&[("a", "/x: type"), ("c", "/z: format")]);
        let changes = known.changes(&found);
        assert_eq!(changes.new, ["c: /z: format"]);
        assert_eq!(changes.gone, ["b: /y: enum"]);
        assert_eq!(known.changes(&known.0), Changes::default());
        assert_eq!(known.count(), 2);
    }
}
