//! How long a server's keys may be kept.

use std::time::Duration;

use http::HeaderMap;
use http::header::{AGE, CACHE_CONTROL};

const SHORTEST: Duration = Duration::from_secs(60);
const USUAL: Duration = Duration::from_secs(60 * 60);
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// What `Cache-Control` and `Age` leave (RFC 9111, section 4.2), within bounds: a server that
/// forbids keeping keys would be asked for each token, and keys kept for the weeks that Okta
/// allows would outlive a rotation in an emergency.
pub(super) fn lifetime(headers: &HeaderMap) -> Duration {
    let values = headers.get_all(CACHE_CONTROL).iter();
    let directives = values
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|directive| directive.trim().to_ascii_lowercase());
    let mut stated = None;
    for directive in directives {
        if matches!(directive.as_str(), "no-store" | "no-cache") {
            return SHORTEST;
        }
        if let Some(seconds) = directive.strip_prefix("max-age=") {
            stated = seconds
                .trim_matches('"')
                .parse()
                .ok()
                .map(Duration::from_secs);
        }
    }
    let age = headers
        .get(AGE)
        .and_then(|age| age.to_str().ok()?.trim().parse().ok())
        .map_or(Duration::ZERO, Duration::from_secs);
    stated
        .map_or(USUAL, |stated| stated.saturating_sub(age))
        .clamp(SHORTEST, LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::headers;

    #[test]
    fn the_lifetime_is_what_the_server_says_within_bounds() {
        for (pairs, seconds) in [
            (&[][..], 3600),
            (&[("cache-control", "max-age=600")], 600),
            (
                &[("cache-control", "max-age=3832304, must-revalidate")],
                86400,
            ),
            (&[("cache-control", "public, Max-Age=\"600\"")], 600),
            (
                &[
                    ("cache-control", "public"),
                    ("cache-control", "max-age=700"),
                ],
                700,
            ),
            (&[("cache-control", "max-age=600"), ("age", "100")], 500),
            (&[("cache-control", "max-age=600"), ("age", "1000")], 60),
            (&[("cache-control", "max-age=0")], 60),
            (&[("cache-control", "no-store, max-age=600")], 60),
            (&[("cache-control", "max-age=-5")], 3600),
            (&[("cache-control", "s-maxage=5")], 3600),
        ] {
            assert_eq!(lifetime(&headers(pairs)).as_secs(), seconds, "{pairs:?}");
        }
    }
}
