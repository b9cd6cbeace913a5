//! Which requests count together, <https://developer.okta.com/docs/reference/rl-global-mgmt/>.

/// A bucket of Okta's table.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct Bucket {
    /// All methods if there are none.
    methods: &'static [&'static str],
    /// `{id}` is any segment; a star at the end is for all below as well.
    pub(super) path: &'static str,
}

/// The first that a request fits is its bucket.
pub(super) static BUCKETS: [Bucket; 11] = [
    Bucket::all("/api/v1/apps/{id}"),
    Bucket::all("/api/v1/apps*"),
    Bucket::all("/api/v1/groups/{id}"),
    Bucket::all("/api/v1/groups*"),
    Bucket::some(&["GET", "POST"], "/api/v1/users"),
    Bucket::some(&["GET"], "/api/v1/users/{id}"),
    Bucket::some(&["POST", "PUT", "DELETE"], "/api/v1/users/{id}"),
    Bucket::all("/api/v1/logs"),
    Bucket::all("/api/v1/org/email/bounces/remove-list"),
    Bucket::all("/api/v1/devices*"),
    Bucket::all("/oauth2/v1/clients*"),
];

/// The bucket of all other requests.
pub(super) static OTHERS: Bucket = Bucket::all("/api/v1");

/// The bucket of a request.
pub(super) fn of(method: &str, path: &str) -> &'static Bucket {
    let path = path.trim_end_matches('/');
    let found = BUCKETS.iter().find(|bucket| bucket.has(method, path));
    found.unwrap_or(&OTHERS)
}

/// Whether there is a bucket of this name or path.
pub(super) fn is_known(name: &str) -> bool {
    let mut all = BUCKETS.iter().chain([&OTHERS]);
    all.any(|bucket| bucket.path == name || bucket.name() == name)
}

impl Bucket {
    const fn all(path: &'static str) -> Self {
        Self { methods: &[], path }
    }

    const fn some(methods: &'static [&'static str], path: &'static str) -> Self {
        Self { methods, path }
    }

    pub(super) fn name(&self) -> String {
        match self.methods {
            [] => self.path.to_owned(),
            methods => format!("{} {}", methods.join("|"), self.path),
        }
    }

    fn has(&self, method: &str, path: &str) -> bool {
        let is_method = self.methods.is_empty() || self.methods.contains(&method);
        is_method && self.has_path(path)
    }

    fn has_path(&self, path: &str) -> bool {
        let (own, or_below) = match self.path.strip_suffix('*') {
            Some(own) => (own, true),
            None => (self.path, false),
        };
        let (mut own, mut path) = (own.split('/'), path.split('/'));
        loop {
            match (own.next(), path.next()) {
                (None, None) => return true,
                (None, Some(_)) => return or_below,
                (Some(own), Some(segment)) if own == "{id}" || own == segment => {}
                _ => return false,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde::Deserialize;

    use super::*;

    #[derive(Deserialize)]
    struct Row {
        path: String,
        #[serde(default)]
        methods: Vec<String>,
    }

    #[test]
    fn the_table_is_the_one_that_the_sdk_is_generated_from() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../openapi/rate_limits.yaml");
        let text = std::fs::read_to_string(file).unwrap();
        let rows: Vec<Row> = serde_norway::from_str(&text).unwrap();
        let rows: Vec<_> = rows
            .into_iter()
            .map(|row| (row.methods, row.path))
            .collect();
        let own: Vec<_> = BUCKETS
            .iter()
            .map(|bucket| {
                let methods = bucket.methods.iter().map(|method| (*method).to_owned());
                (methods.collect(), bucket.path.to_owned())
            })
            .collect();
        assert_eq!(own, rows);
    }

    #[test]
    fn requests_count_by_method_and_path() {
        for (method, path, expected) in [
            ("GET", "/api/v1/users", "GET|POST /api/v1/users"),
            ("POST", "/api/v1/users/", "GET|POST /api/v1/users"),
            ("GET", "/api/v1/users/00u1", "GET /api/v1/users/{id}"),
            (
                "PUT",
                "/api/v1/users/00u1",
                "POST|PUT|DELETE /api/v1/users/{id}",
            ),
            ("POST", "/api/v1/users/00u1/lifecycle/activate", "/api/v1"),
            ("GET", "/api/v1/apps", "/api/v1/apps*"),
            ("GET", "/api/v1/apps/0oa1", "/api/v1/apps/{id}"),
            ("GET", "/api/v1/apps/0oa1/users", "/api/v1/apps*"),
            ("GET", "/api/v1/groups/rules", "/api/v1/groups/{id}"),
            ("GET", "/api/v1/logs", "/api/v1/logs"),
            ("GET", "/api/v1/iam/roles", "/api/v1"),
            ("GET", "/", "/api/v1"),
        ] {
            assert_eq!(of(method, path).name(), expected, "{method} {path}");
        }
    }
}
