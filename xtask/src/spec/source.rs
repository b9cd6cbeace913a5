//! Where our document comes from, and how much is in it: `SOURCE.toml`.

use anyhow::Result;
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// Origin and size of a document.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Source {
    title: String,
    release: String,
    upstream_sha256: String,
    facts_sha256: String,
    paths: usize,
    operations: usize,
    tags: usize,
    schemas: usize,
}

impl Source {
    pub(super) fn of(upstream: &str, facts: &str, document: &Value) -> Self {
        let text = |pointer| {
            let text = document.pointer(pointer).and_then(Value::as_str);
            text.unwrap_or_default().to_owned()
        };
        let size = |pointer| match document.pointer(pointer) {
            Some(Value::Object(map)) => map.len(),
            Some(Value::Array(list)) => list.len(),
            _ => 0,
        };
        let paths = document.get("paths").and_then(Value::as_object);
        let operations = paths
            .into_iter()
            .flat_map(|paths| paths.values())
            .filter_map(Value::as_object)
            .flat_map(|item| item.values())
            .filter(|operation| operation.get("operationId").is_some())
            .count();
        Self {
            title: text("/info/title"),
            release: text("/info/version"),
            upstream_sha256: sha256(upstream),
            facts_sha256: sha256(facts),
            paths: size("/paths"),
            operations,
            tags: size("/tags"),
            schemas: size("/components/schemas"),
        }
    }

    /// The text of the file.
    pub(super) fn to_toml(&self) -> Result<String> {
        let header = "# Where document.yaml comes from. Written by `cargo xtask spec import`.\n";
        Ok(format!("{header}{}", toml::to_string(self)?))
    }

    /// Title, release and size, in a line.
    pub(super) fn summary(&self) -> String {
        let Self {
            title,
            release,
            paths,
            operations,
            tags,
            schemas,
            ..
        } = self;
        format!(
            "{title} {release}: {paths} paths, {operations} operations, {tags} tags, \
             {schemas} schemas\n"
        )
    }
}

pub(super) fn sha256(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
