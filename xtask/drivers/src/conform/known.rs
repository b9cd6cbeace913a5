//! The file of known differences.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, Result};

use super::Differences;

/// The differences that are known.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Known(pub Differences);

/// What is other than the file says.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Differences that are not in the file, or not as often.
    pub new: Vec<String>,
    /// Differences of the file that are gone, or seldomer.
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
    pub fn count(&self) -> u32 {
        self.0.values().flat_map(BTreeMap::values).sum()
    }

    /// Compares what was found with what is known.
    pub fn changes(&self, found: &Differences) -> Changes {
        let mut changes = Changes::default();
        for (more, than, into) in [
            (found, &self.0, &mut changes.new),
            (&self.0, found, &mut changes.gone),
        ] {
            for (operation, places) in more {
                for (place, count) in places {
                    let other = than.get(operation).and_then(|it| it.get(place));
                    if *count > other.copied().unwrap_or_default() {
                        into.push(format!("{operation}: {place}"));
                    }
                }
            }
        }
        changes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn differences(list: &[(&str, &str, u32)]) -> Differences {
        let mut differences = Differences::new();
        for (operation, place, count) in list {
            let places = differences.entry((*operation).to_owned()).or_default();
            places.insert((*place).to_owned(), *count);
        }
        differences
    }

    #[test]
    fn what_is_new_and_what_is_gone_is_told() {
        let known = Known(differences(&[("a", "/x: type", 1), ("b", "/y: enum", 2)]));
        let found = differences(&[("a", "/x: type", 2), ("c", "/z: format", 1)]);
        let changes = known.changes(&found);
        assert_eq!(changes.new, ["a: /x: type", "c: /z: format"]);
        assert_eq!(changes.gone, ["b: /y: enum"]);
        assert_eq!(known.changes(&known.0), Changes::default());
        assert_eq!(known.count(), 3);
    }
}
