//! How servers want `htu` spelled.

use std::collections::HashSet;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::Value;
use url::Url;

use crate::jose::base64url;

/// Most origins that are remembered.
const CAPACITY: usize = 1000;

/// The servers that compare `htu` with the decoded path of the request. RFC 9449 has the URL as it
/// is sent; reports of others' clients say that Okta's API decodes `%40` before it compares.
#[derive(Default)]
pub(super) struct Spellings(Mutex<HashSet<String>>);

impl Spellings {
    /// The claim `htu` of a proof for a request to `url`.
    pub(super) fn htu(&self, url: &Url) -> String {
        let decodes = self.decoding().contains(&origin(url));
        let decoded = decodes.then(|| decoded(url)).flatten();
        decoded.unwrap_or_else(|| as_sent(url))
    }

    /// Learns from a request to `url` whose `proof` was refused; true if another spelling is left
    /// to try.
    pub(super) fn refused(&self, url: &Url, proof: &str) -> bool {
        let Some(decoded) = decoded(url) else {
            return false;
        };
        let mut decoding = self.decoding();
        match htu_of(proof) {
            Some(sent) if sent == as_sent(url) => {
                if decoding.len() >= CAPACITY {
                    decoding.clear();
                }
                decoding.insert(origin(url));
                true
            }
            Some(sent) if sent == decoded => {
                // That was not the reason.
                decoding.remove(&origin(url));
                false
            }
            _ => false,
        }
    }

    fn decoding(&self) -> MutexGuard<'_, HashSet<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Spellings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Spellings")
    }
}

fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}

/// The URL as the request has it, to the letter, up to its query: a server compares text, and
/// `%40` is not `@`.
fn as_sent(url: &Url) -> String {
    let mut url = url.clone();
    url.set_query(None);
    url.set_fragment(None);
    url.into()
}

/// The same with its path decoded; `None` if that makes no difference, or no text.
fn decoded(url: &Url) -> Option<String> {
    let path = url.path();
    if !path.contains('%') {
        return None;
    }
    let plain = percent_encoding::percent_decode_str(path);
    let plain = plain.decode_utf8().ok()?;
    (plain != path).then(|| format!("{}{plain}", origin(url)))
}

/// The claim of a proof that we have made.
fn htu_of(proof: &str) -> Option<String> {
    let claims = base64url::decode(proof.split('.').nth(1)?)?;
    let claims: Value = serde_json::from_slice(&claims).ok()?;
    Some(claims.get("htu")?.as_str()?.to_owned())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    fn proof(htu: &str) -> String {
        let claims = json!({ "htu": htu }).to_string();
        format!("e30.{}.AA", base64url::encode(claims))
    }

    #[test]
    fn the_url_keeps_the_spelling_of_the_request() {
        for (sent, htu) in [
            (
                "https://acme.okta.com/api/v1/users/joe@example.com?x=%40",
                "https://acme.okta.com/api/v1/users/joe@example.com",
            ),
            (
                "https://acme.okta.com/api/v1/users/joe%40example.com#x",
                "https://acme.okta.com/api/v1/users/joe%40example.com",
            ),
            (
                "https://acme.okta.com:443/a%2Fb",
                "https://acme.okta.com/a%2Fb",
            ),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080/"),
        ] {
            assert_eq!(Spellings::default().htu(&url(sent)), htu);
        }
    }

    #[test]
    fn a_refused_path_is_decoded_once() {
        let spellings = Spellings::default();
        let joe = url("https://acme.okta.com/users/joe%40example.com?x=%40");
        let sent = "https://acme.okta.com/users/joe%40example.com";
        let plain = "https://acme.okta.com/users/joe@example.com";
        assert!(spellings.refused(&joe, &proof(sent)));
        assert_eq!(spellings.htu(&joe), plain);
        // Also for others at that origin, and for no other origin.
        let other = url("https://acme.okta.com/a%2Fb%25");
        assert_eq!(spellings.htu(&other), "https://acme.okta.com/a/b%");
        let elsewhere = url("https://other.okta.com/a%2Fb");
        assert_eq!(spellings.htu(&elsewhere), elsewhere.as_str());
        // That does not help either: back to the RFC.
        assert!(!spellings.refused(&joe, &proof(plain)));
        assert_eq!(spellings.htu(&joe), sent);
    }

    #[test]
    fn a_path_of_one_spelling_is_not_tried_again() {
        let spellings = Spellings::default();
        for text in [
            "https://acme.okta.com/users/joe@example.com",
            "https://acme.okta.com/?x=%40",
            "https://acme.okta.com/a%FF",
            "https://acme.okta.com/a%zz",
        ] {
            let url = url(text);
            assert!(!spellings.refused(&url, &proof(&as_sent(&url))), "{text}");
            assert!(!spellings.refused(&url, "garbage"));
        }
    }
}
