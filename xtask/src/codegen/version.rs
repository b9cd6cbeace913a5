//! The version of `okta-sdk`: that of the workspace, and in its build part the release of Okta's
//! management document.

use anyhow::Context as _;
use toml::Table;

/// Where it stands, from the root of the workspace.
pub const MANIFEST: &str = "sdk/Cargo.toml";

/// The manifest with the version that it should have. `workspace` is the text of the workspace's
/// manifest, `release` that of the document, such as `2026.06.3`.
pub fn with_release(manifest: &str, workspace: &str, release: &str) -> anyhow::Result<String> {
    let workspace: Table = workspace.parse().context("Cargo.toml is not TOML")?;
    let version = workspace
        .get("workspace")
        .and_then(|it| it.get("package")?.get("version")?.as_str())
        .context("Cargo.toml has no version in `[workspace.package]`")?;
    anyhow::ensure!(
        !release.is_empty()
            && release.split('.').all(|part| !part.is_empty())
            && release
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || c == '.' || c == '-'),
        "`{release}` cannot be the build part of a version (Semantic Versioning 2.0.0, section 10)"
    );
    let package = manifest
        .split_inclusive('\n')
        .take_while(|line| !line.starts_with('[') || line.starts_with("[package]"));
    let mut at = 0;
    for line in package {
        if line.starts_with("version") {
            let rest = &manifest[at + line.len()..];
            return Ok(format!(
                "{}version = \"{version}+{release}\"\n{rest}",
                &manifest[..at]
            ));
        }
        at += line.len();
    }
    anyhow::bail!("{MANIFEST} has no line `version` in `[package]`")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const WORKSPACE: &str = "[workspace.package]\nversion = \"0.2.0\"\n";

    #[test]
    fn the_build_part_is_the_release() {
        for version in ["version.workspace = true", "version = \"0.1.0+2026.05.1\""] {
            let text = |version: &str| {
                format!("[package]\nname = \"a\"\n{version}\n\n[dependencies]\nversion = \"1\"\n")
            };
            assert_eq!(
                with_release(&text(version), WORKSPACE, "2026.06.3").unwrap(),
                text("version = \"0.2.0+2026.06.3\"")
            );
        }
    }

    #[test]
    fn what_cannot_be_a_version_is_an_error() {
        let manifest = "[package]\nversion = \"1.0.0\"\n";
        for (manifest, workspace, release) in [
            (manifest, WORKSPACE, ""),
            (manifest, WORKSPACE, "2026..3"),
            (manifest, WORKSPACE, "2026.06 3"),
            (manifest, "", "2026.06.3"),
            (
                "[package]\n[dependencies]\nversion = \"1\"\n",
                WORKSPACE,
                "2026.06.3",
            ),
        ] {
            assert!(with_release(manifest, workspace, release).is_err());
        }
    }
}
