//! The nonces that servers want to find in proofs.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use http::{HeaderMap, HeaderName};
use url::Url;

const DPOP_NONCE: HeaderName = HeaderName::from_static("dpop-nonce");

/// The latest nonce of each origin: of its authorization server, and of its resource server,
/// which may have another (RFC 9449, section 9).
#[derive(Default)]
pub(super) struct Nonces(Mutex<HashMap<Server, String>>);

#[derive(PartialEq, Eq, Hash)]
struct Server {
    origin: String,
    /// It is the one that takes access tokens.
    takes_tokens: bool,
}

impl Server {
    fn new(url: &Url, takes_tokens: bool) -> Self {
        Self {
            origin: url.origin().ascii_serialization(),
            takes_tokens,
        }
    }
}

impl Nonces {
    /// The nonce for a proof. Where a server has not told one, that of the other server at its
    /// origin is as good a guess as none.
    pub(super) fn get(&self, url: &Url, takes_tokens: bool) -> Option<String> {
        let known = self.known();
        [takes_tokens, !takes_tokens]
            .into_iter()
            .find_map(|takes_tokens| known.get(&Server::new(url, takes_tokens)))
            .cloned()
    }

    /// Keeps the nonce of a response; true if it is a new one.
    pub(super) fn learn(&self, url: &Url, takes_tokens: bool, headers: &HeaderMap) -> bool {
        let Some(nonce) = in_headers(headers) else {
            return false;
        };
        let before = self
            .known()
            .insert(Server::new(url, takes_tokens), nonce.to_owned());
        before.as_deref() != Some(nonce)
    }

    fn known(&self) -> MutexGuard<'_, HashMap<Server, String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The nonce that a response brings.
pub(super) fn in_headers(headers: &HeaderMap) -> Option<&str> {
    let nonce = headers.get(DPOP_NONCE)?.to_str().ok()?;
    (!nonce.is_empty()).then_some(nonce)
}

impl fmt::Debug for Nonces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Nonces")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::testing::headers;

    #[test]
    fn each_server_has_its_own() {
        let url = |text| Url::parse(text).unwrap();
        let org = url("https://acme.okta.com/oauth2/v1/token");
        let nonce = |text| headers(&[("dpop-nonce", text)]);
        let nonces = Nonces::default();
        assert_eq!(nonces.get(&org, false), None);

        assert!(nonces.learn(&org, false, &nonce("first")));
        assert!(!nonces.learn(&org, false, &nonce("first")));
        let api = url("https://acme.okta.com/api/v1/users");
        assert_eq!(nonces.get(&api, true).unwrap(), "first");
        assert!(nonces.learn(&api, true, &nonce("second")));
        assert_eq!(nonces.get(&api, true).unwrap(), "second");
        assert_eq!(nonces.get(&org, false).unwrap(), "first");
        assert_eq!(nonces.get(&url("https://acme.okta.com:444/"), false), None);

        assert!(!nonces.learn(&org, false, &nonce("")));
        assert!(!nonces.learn(&org, false, &headers(&[])));
        assert_eq!(nonces.get(&org, false).unwrap(), "first");
    }
}
