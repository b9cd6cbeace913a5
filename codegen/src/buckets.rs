//! Rate limit buckets that Okta publishes: which operations spend from one.

use serde::Deserialize;

use crate::Error;
use crate::api::{Api, Operation};

const FILE: &str = "rate_limits.yaml";

/// One bucket of `openapi/rate_limits.yaml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Bucket {
    path: String,
    #[serde(default)]
    methods: Vec<String>,
}

/// Names the bucket of each operation that is in a published one.
///
/// # Errors
/// If the text is no such list, or a bucket has no operation. All others are named all the same.
pub fn mark(api: &mut Api, text: &str) -> Result<(), Error> {
    let buckets: Option<Vec<Bucket>> = serde_norway::from_str(text)
        .map_err(|error| Error::unsupported(FILE, error.to_string()))?;
    let buckets = buckets.unwrap_or_default();
    let mut used = vec![false; buckets.len()];
    for operation in &mut api.operations {
        let found = buckets.iter().position(|bucket| bucket.has(operation));
        if let Some(found) = found {
            used[found] = true;
            operation.bucket = Some(buckets[found].name());
        }
    }
    let stale = buckets.iter().zip(used).filter(|(_, used)| !used);
    let stale = stale.map(|(bucket, _)| {
        Error::unsupported(
            format!("{FILE}: {}", bucket.name()),
            "is the bucket of no operation",
        )
    });
    Error::unless_empty(stale.collect())
}

impl Bucket {
    fn name(&self) -> String {
        match self.methods.is_empty() {
            true => self.path.clone(),
            false => format!("{} {}", self.methods.join("|"), self.path),
        }
    }

    fn has(&self, operation: &Operation) -> bool {
        let is_method = self.methods.is_empty() || self.methods.contains(&operation.http_method);
        is_method && self.has_path(&operation.path)
    }

    fn has_path(&self, path: &str) -> bool {
        let (own, or_below) = match self.path.strip_suffix('*') {
            Some(path) => (path, true),
            None => (&*self.path, false),
        };
        let (mut own, mut path) = (own.split('/'), path.split('/'));
        loop {
            match (own.next(), path.next()) {
                (None, None) => return true,
                (None, Some(_)) => return or_below,
                (Some(own), Some(segment)) if is_same(own, segment) => {}
                _ => return false,
            }
        }
    }
}

/// Whether two segments of templates are the same, whatever a parameter is called.
fn is_same(one: &str, other: &str) -> bool {
    one == other || (one.starts_with('{') && other.starts_with('{'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn has_path(pattern: &str, path: &str) -> bool {
        let bucket = Bucket {
            path: pattern.to_owned(),
            methods: Vec::new(),
        };
        bucket.has_path(path)
    }

    #[test]
    fn a_pattern_is_for_its_path_or_for_all_below_it() {
        for (pattern, path, fits) in [
            ("/api/v1/users", "/api/v1/users", true),
            ("/api/v1/users", "/api/v1/users/{id}", false),
            ("/api/v1/users/{id}", "/api/v1/users/{userId}", true),
            ("/api/v1/groups/{id}", "/api/v1/groups/rules", false),
            ("/api/v1/apps*", "/api/v1/apps", true),
            ("/api/v1/apps*", "/api/v1/apps/{appId}/users", true),
            ("/api/v1/apps*", "/api/v1/appsets", false),
            ("/api/v1/apps*", "/api/v1", false),
        ] {
            assert_eq!(has_path(pattern, path), fits, "{pattern} {path}");
        }
    }
}
