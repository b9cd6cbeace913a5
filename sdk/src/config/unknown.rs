//! What was found and means no setting.

use std::fmt;

use okta_auth::Error;

use super::Config;
use super::layer::{Layers, Source};
use super::nearest::nearest;
use super::setting::{self, ALL};

/// A key of a file, or an environment variable, that means no setting: a misspelling, perhaps.
/// `Display` says where it was found.
#[derive(Clone, Copy, Debug)]
pub struct UnknownSetting<'a>(pub(super) &'a Source);

impl<'a> UnknownSetting<'a> {
    /// The key as it is written there, such as `okta.client.orgUlr` or `OKTA_CLIENT_ORGULR`.
    #[must_use]
    pub fn key(&self) -> &'a str {
        match self.0 {
            Source::File { key, .. } => key,
            Source::Variable(name) => name,
        }
    }

    /// The setting that was meant, if one is spelled like it: as `okta.client.orgUrl` for a file
    /// and as `OKTA_CLIENT_ORGURL` for the environment.
    #[must_use]
    pub fn nearest(&self) -> Option<String> {
        let path = nearest(self.key())?;
        Some(match self.0 {
            Source::File { .. } => format!("okta.{path}"),
            Source::Variable(_) => format!("OKTA_{}", path.replace('.', "_").to_uppercase()),
        })
    }
}

impl fmt::Display for UnknownSetting<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What is said of an unknown name: what was meant, if that can be told.
pub(super) struct Advice<'a>(pub(super) UnknownSetting<'a>);

impl fmt::Display for Advice<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.nearest() {
            Some(meant) => write!(f, "{} is no setting; did you mean {meant}?", self.0),
            None => write!(f, "{} is no setting", self.0),
        }
    }
}

/// Tells of names that mean nothing: a program must not run without a setting because that was
/// misspelled.
///
/// # Errors
/// If the setting that was meant is set nowhere else. Any other is a warning in the log.
pub(super) fn check(layers: &Layers) -> Result<(), Error> {
    for unknown in of(layers) {
        let meant = nearest(unknown.key()).and_then(setting::find);
        match meant {
            Some(meant) if layers.source(meant).is_none() => {
                return Err(Error::configuration(Advice(unknown).to_string()));
            }
            _ => tracing::warn!("{}", Advice(unknown)),
        }
    }
    Ok(())
}

pub(super) fn of(layers: &Layers) -> impl Iterator<Item = UnknownSetting<'_>> {
    let found = layers.ignored().iter().map(UnknownSetting);
    found.filter(|unknown| !setting::is_of_other_sdks(unknown.key()))
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
        of(&self.layers)
    }

    /// The keys of all settings, as files have them: `okta.client.orgUrl`.
    pub fn keys() -> impl Iterator<Item = String> {
        ALL.iter().map(|facts| format!("okta.{}", facts.path))
    }
}
