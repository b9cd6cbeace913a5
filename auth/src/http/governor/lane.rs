//! Which calls are known beforehand to count together.

use std::borrow::Cow;
use std::fmt;

use http::Method;

use crate::Call;

/// Segments by which paths without a template are distinguished: `/api/v1/users`.
const SEGMENTS: usize = 3;

/// Calls that look alike: one method on one path template. A request put together by hand, for a
/// path that no operation has, goes by the first three segments of its path.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Lane {
    method: Option<Method>,
    path: Cow<'static, str>,
}

impl Lane {
    /// Where those go that there is no more room for.
    pub(super) const OVERFLOW: Self = Self {
        method: None,
        path: Cow::Borrowed(""),
    };

    /// The lane of `call`, which is for `path` of the org.
    pub(super) fn of(method: &Method, call: &Call, path: &str) -> Self {
        if call.path.is_empty() {
            return Self {
                method: None,
                path: Cow::Owned(first_segments(path).to_owned()),
            };
        }
        Self {
            method: Some(method.clone()),
            path: Cow::Borrowed(call.path),
        }
    }
}

/// The name by which all clients know it.
impl fmt::Display for Lane {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.method {
            Some(method) => write!(f, "{method} {}", self.path),
            None => write!(f, "{}*", self.path),
        }
    }
}

fn first_segments(path: &str) -> &str {
    let mut slashes = path.match_indices('/').map(|(at, _)| at);
    slashes.nth(SEGMENTS).map_or(path, |end| &path[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_paths_go_by_their_first_three_segments() {
        for (path, segments) in [
            ("/api/v1/things/1/parts/2", "/api/v1/things"),
            ("/api/v1/things/", "/api/v1/things"),
            ("/api/v1/things", "/api/v1/things"),
            ("/", "/"),
            ("", ""),
        ] {
            assert_eq!(first_segments(path), segments, "{path}");
        }
    }
}
