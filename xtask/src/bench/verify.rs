//! Checking an access token, as `cargo bench -p okta-auth --bench verify` measures it.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, ensure};
use serde_json::Value;

use super::figures::{Verification, rounded};
use super::process;

/// What the chapter calls a benchmark, and the folder that Criterion keeps it in. The first is the
/// measure of the others.
const BENCHMARKS: [(&str, &str); 3] = [
    ("RSA check alone (aws-lc-rs)", "bare aws-lc-rs, parsed key"),
    ("okta-auth", "okta-auth"),
    ("jsonwebtoken 11", "jsonwebtoken"),
];

/// Runs the benchmark and reads the medians that Criterion wrote.
pub fn measure(root: &Path) -> anyhow::Result<Vec<Verification>> {
    let target = root.join("target/bench");
    let mut cargo = process::cargo(root, &target);
    cargo.args(["bench", "--quiet", "-p", "okta-auth", "--bench", "verify"]);
    process::run(&mut cargo)?;
    let results = target.join("criterion/verify");
    let mut verifications: Vec<Verification> = Vec::new();
    for (name, folder) in BENCHMARKS {
        let file = results.join(folder).join("new/estimates.json");
        let text =
            fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        let time = median(&text)? / 1e3;
        let first = verifications.first().map_or(time, |it| it.microseconds);
        verifications.push(Verification {
            name: name.to_owned(),
            microseconds: rounded(time),
            ratio: rounded(time / first),
        });
    }
    Ok(verifications)
}

/// The median of Criterion's estimates, in nanoseconds.
fn median(estimates: &str) -> anyhow::Result<f64> {
    let estimates: Value = serde_json::from_str(estimates)?;
    let median = estimates
        .pointer("/median/point_estimate")
        .and_then(Value::as_f64)
        .context("Criterion's estimates have no median")?;
    ensure!(median > 0.0, "a token was checked in no time");
    Ok(median)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn estimates_have_a_median_above_zero() {
        let estimates = r#"{"mean":{"point_estimate":2.0},"median":{"point_estimate":1.5}}"#;
        assert_eq!(median(estimates).unwrap(), 1.5);
        assert!(median(r#"{"median":{"point_estimate":0.0}}"#).is_err());
        assert!(median("{}").is_err());
    }
}
