//! What the settings are, and why.

use std::fmt;

use super::layer::{Layers, Raw};
use super::setting::{ALL, Facts};
use super::unknown::UnknownSetting;

/// Prints a line for each setting, then what was not used.
pub(super) struct Explanation<'a>(pub(super) &'a Layers);

impl fmt::Display for Explanation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows: Vec<_> = ALL.iter().map(|facts| self.row(facts)).collect();
        let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max();
        let (keys, values) = (width(0).unwrap_or(0), width(1).unwrap_or(0));
        for [key, value, source] in &rows {
            writeln!(f, "{key:keys$}  {value:values$}  {source}")?;
        }
        for source in self.0.ignored() {
            write!(f, "not used: {source}")?;
            match UnknownSetting(source).nearest() {
                Some(meant) => writeln!(f, " (did you mean {meant}?)")?,
                None => writeln!(f)?,
            }
        }
        Ok(())
    }
}

impl Explanation<'_> {
    fn row(&self, facts: &Facts) -> [String; 3] {
        let key = format!("okta.{}", facts.path);
        let (Some(raw), Some(source)) = (self.0.raw(facts.key), self.0.source(facts.key)) else {
            return [key, facts.default.to_owned(), "default".to_owned()];
        };
        let value = match raw {
            _ if facts.secret => "[redacted]".to_owned(),
            Raw::Text(text) => text.expose().trim().to_owned(),
            Raw::Scalar(value) => value.clone(),
            Raw::List(items) => items
                .iter()
                .map(okta_auth::Secret::expose)
                .collect::<Vec<_>>()
                .join(", "),
            Raw::Mapping(_) => "{…}".to_owned(),
        };
        [key, value, source.to_string()]
    }
}
