//! What was measured, as it stands in `guide/src/cost/figures.json`.

use std::path::Path;
use std::{fs, io};

use anyhow::Context as _;
use serde::{Deserialize, Serialize};

/// Where the figures are kept, from the root of the workspace.
pub const FILE: &str = "guide/src/cost/figures.json";

/// All figures of the guide's chapter on cost.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Figures {
    /// Reading a list, by the SDK and by others.
    pub list: List,
    /// Peak memory of reading lists of different lengths with the SDK.
    pub lengths: Vec<Length>,
    /// Checking one access token.
    pub verify: Vec<Verification>,
    /// Compiling okta-sdk alone.
    pub compile: Vec<Compilation>,
}

/// A list that several programs read.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct List {
    /// How many users the list has.
    pub users: usize,
    /// How many of them come on a page.
    pub page: u32,
    /// How often each program ran; its figures are medians.
    pub rounds: u32,
    /// Who read it.
    pub programs: Vec<Program>,
}

/// A program that read the list.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Program {
    /// What it is.
    pub name: String,
    /// Users in a second of wall time.
    pub users_per_second: f64,
    /// User and system time.
    pub cpu_seconds: f64,
    /// Resident memory at its highest.
    pub peak_mib: f64,
    /// CPU time over that of the first program in the same round, which depends little on the machine.
    pub cpu_ratio: Spread,
}

/// A figure over all rounds.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Spread {
    /// The least of them.
    pub least: f64,
    /// The one in the middle.
    pub median: f64,
    /// The most of them.
    pub most: f64,
}

/// A list that the SDK streamed.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Length {
    /// How many users it has.
    pub users: usize,
    /// Resident memory of the program at its highest.
    pub peak_mib: f64,
}

/// A way to check an access token.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Verification {
    /// Which way.
    pub name: String,
    /// Median of wall time for one token.
    pub microseconds: f64,
    /// That time over the time of the signature check alone.
    pub ratio: f64,
}

/// One compilation of okta-sdk, its dependencies being built.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Compilation {
    /// What cargo did.
    pub build: String,
    /// With which features.
    pub features: String,
    /// User and system time.
    pub cpu_seconds: f64,
    /// Resident memory of the largest process at its highest.
    pub peak_mib: f64,
}

impl Figures {
    /// Reads the file; no figures if there is none.
    ///
    /// # Errors
    /// It cannot be read, or has another form.
    pub fn read(root: &Path) -> anyhow::Result<Self> {
        match fs::read_to_string(root.join(FILE)) {
            Ok(text) => serde_json::from_str(&text).context(FILE),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(error).context(FILE),
        }
    }

    /// Writes the file.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn write(&self, root: &Path) -> anyhow::Result<()> {
        let file = root.join(FILE);
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder)?;
        }
        let text = serde_json::to_string_pretty(self)? + "\n";
        fs::write(&file, text).context(FILE)
    }
}

impl Spread {
    /// The spread of some figures.
    pub fn over(figures: impl Iterator<Item = f64>) -> Self {
        let mut figures: Vec<f64> = figures.collect();
        figures.sort_by(f64::total_cmp);
        let at = |index: usize| figures.get(index).copied().map_or(f64::NAN, rounded);
        Self {
            least: at(0),
            median: at(figures.len() / 2),
            most: at(figures.len().saturating_sub(1)),
        }
    }
}

/// Three digits after the point: more than any of the measurements can say.
pub fn rounded(figure: f64) -> f64 {
    (figure * 1e3).round() / 1e3
}

/// Bytes as MiB.
#[expect(clippy::cast_precision_loss, reason = "it is rounded")]
pub fn mib(bytes: u64) -> f64 {
    rounded(bytes as f64 / f64::from(1 << 20))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spread_has_least_median_and_most() {
        let Spread {
            least,
            median,
            most,
        } = Spread::over([3.0, 1.0, 2.0].into_iter());
        assert_eq!([least, median, most], [1.0, 2.0, 3.0]);
    }
}
