//! What a misspelled name was meant to be.

use super::setting::{ALL, plain};

/// How alike two names are, from 0 to 1, for one to be a misspelling of the other.
const ALIKE: f64 = 0.8;

/// No name of a setting is as long, in bytes. Comparing takes time for each letter.
const LONGEST: usize = 80;

/// The setting whose path is most like `key`, which is that of a file or the name of a variable;
/// `None` if none is alike.
pub(super) fn nearest(key: &str) -> Option<&'static str> {
    if key.len() > LONGEST {
        return None;
    }
    let (how, path) = ALL
        .iter()
        .map(|facts| (alike(key, facts.path), facts.path))
        .max_by(|(one, _), (other, _)| one.total_cmp(other))?;
    (how >= ALIKE).then_some(path)
}

/// Compares with and without the group: `orgUrl` at the top of a file was meant as well as
/// `clinet.orgUrl`.
fn alike(key: &str, path: &str) -> f64 {
    let (key, path) = (plain(key), plain(path));
    let key = key.strip_prefix("okta").unwrap_or(&key);
    let whole = strsim::normalized_damerau_levenshtein(key, &path);
    whole.max(strsim::normalized_damerau_levenshtein(
        bare(key),
        bare(&path),
    ))
}

fn bare(name: &str) -> &str {
    name.strip_prefix("client").unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelled_name_leads_to_the_one_that_was_meant() {
        for (name, meant) in [
            ("OKTA_CLIENT_ORGULR", Some("client.orgUrl")),
            ("okta.client.orgUlr", Some("client.orgUrl")),
            ("okta.clinet.orgUrl", Some("client.orgUrl")),
            ("okta.clinet.token", Some("client.token")),
            ("orgUrl", Some("client.orgUrl")),
            ("client.orgUrl", Some("client.orgUrl")),
            ("okta.client.privatKey", Some("client.privateKey")),
            (
                "okta.client.rateLimit.maxRetry",
                Some("client.rateLimit.maxRetries"),
            ),
            ("OKTA_CLIENT_CLIENT_ID", Some("client.clientId")),
            ("OKTA_CLIENT_ID", None),
            ("OKTA_CLIENT_SECRET", None),
            ("OKTA_CLIENT_REDIRECT_URI", None),
            ("okta.client.something", None),
            ("other", None),
            ("", None),
        ] {
            assert_eq!(nearest(name), meant, "{name}");
        }
    }
}
