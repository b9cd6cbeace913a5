//! What was found and means no setting.

use std::fmt;

use super::Config;
use super::layer::Source;
use super::setting::{self, ALL};

/// A key of a file, or an environment variable, that means no setting: a misspelling, perhaps.
/// `Display` says where it was found.
#[derive(Clone, Copy, Debug)]
pub struct UnknownSetting<'a>(&'a Source);

impl<'a> UnknownSetting<'a> {
    /// The key as it is written there, such as `okta.client.orgUlr` or `OKTA_CLIENT_ORGULR`.
    #[must_use]
    pub fn key(&self) -> &'a str {
        match self.0 {
            Source::File { key, .. } => key,
            Source::Variable(name) => name,
        }
    }
}

impl fmt::Display for UnknownSetting<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Config {
    /// Whether any source has a setting.
    #[must_use]
    pub fn is_configured(&self) -> bool {
        self.layers.has_values()
    }

    /// What was found and means no setting, so that a program can refuse it. Settings that only
    /// Okta's other SDKs have (`client.cache`, `client.logging`) are not among them.
    pub fn unknown(&self) -> impl Iterator<Item = UnknownSetting<'_>> {
        let found = self.layers.ignored().iter().map(UnknownSetting);
        found.filter(|unknown| !setting::is_of_other_sdks(unknown.key()))
    }

    /// The keys of all settings, as files have them: `okta.client.orgUrl`.
    pub fn keys() -> impl Iterator<Item = String> {
        ALL.iter().map(|facts| format!("okta.{}", facts.path))
    }
}
