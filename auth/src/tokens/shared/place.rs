//! What a token is for.

use std::time::SystemTime;

use crate::dpop::DpopProofs;
use crate::jose::{base64url, sha256};
use crate::oauth::{OAuthClient, Scopes};
use crate::tokens::cache::AccessToken;
use crate::{Error, Secret};

/// Before what is hashed, so that the name is no other hash of the same values.
const DOMAIN: &str = "okta-sdk shared token 1";

/// The place in a store of the tokens of one client with one set of scopes and one key.
pub(super) struct Place<'a> {
    pub(super) client: &'a OAuthClient,
    pub(super) name: String,
}

impl<'a> Place<'a> {
    /// `None` if the client's tokens are bound to a key that this process has alone.
    pub(super) fn of(client: &'a OAuthClient, scopes: &Scopes) -> Option<Self> {
        let dpop = client.dpop();
        if dpop.is_some_and(|dpop| !dpop.has_own_key()) {
            return None;
        }
        let thumbprint = dpop.map(|dpop| dpop.key().thumbprint().to_owned());
        let mut scopes: Vec<_> = scopes.iter().collect();
        scopes.sort_unstable();
        let name = name([
            client.issuer().as_str(),
            client.client_id(),
            &scopes.join(" "),
            &thumbprint.unwrap_or_default(),
        ]);
        Some(Self { client, name })
    }

    /// A token of this place, ready to be sent.
    pub(super) fn access_token(
        &self,
        token: Secret,
        end: SystemTime,
    ) -> Result<AccessToken, Error> {
        let clock = self.client.server_clock().clone();
        let dpop = self.client.dpop().map(|dpop| dpop.bound_to(dpop.key()));
        AccessToken::new(token, DpopProofs::new(dpop, clock), Some(end))
    }
}

/// A hash of all parts. The length goes before each, so that the end of one is not the beginning of
/// the next.
fn name(parts: [&str; 4]) -> String {
    let mut text = DOMAIN.to_owned();
    for part in parts {
        text.push_str(&format!(" {} {part}", part.len()));
    }
    base64url::encode(sha256(text))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::collections::HashSet;

    use super::*;
    use crate::jose::{Algorithm, SigningKey};
    use crate::{Dpop, Issuer};

    fn client(issuer: &str, id: &str, dpop: Option<Dpop>) -> OAuthClient {
        let builder = OAuthClient::builder(Issuer::parse(issuer).unwrap(), id);
        match dpop {
            Some(dpop) => builder.dpop(dpop).build().unwrap(),
            None => builder.build().unwrap(),
        }
    }

    fn name_of(client: &OAuthClient, scopes: &[&str]) -> String {
        let scopes = Scopes::new(scopes).unwrap();
        Place::of(client, &scopes).unwrap().name
    }

    const ISSUER: &str = "https://acme.okta.com";

    #[test]
    fn each_issuer_client_set_of_scopes_and_key_has_a_place_of_its_own() {
        let key = || SigningKey::generate(Algorithm::Es256).unwrap();
        let (one, other) = (Dpop::with_key(key()), Dpop::with_key(key()));
        let plain = client(ISSUER, "0oa1", None);
        let names = [
            name_of(&plain, &["a", "b"]),
            name_of(&plain, &["a"]),
            name_of(&plain, &["ab"]),
            name_of(&client(ISSUER, "0oa12", None), &["a", "b"]),
            name_of(
                &client("https://globex.okta.com", "0oa1", None),
                &["a", "b"],
            ),
            name_of(&client(ISSUER, "0oa1", Some(one.clone())), &["a", "b"]),
            name_of(&client(ISSUER, "0oa1", Some(other)), &["a", "b"]),
        ];
        assert_eq!(HashSet::from(names.clone()).len(), names.len());
        assert_eq!(names[0], name_of(&plain, &["b", "a"]));
        let again = client(ISSUER, "0oa1", Some(one));
        assert_eq!(names[5], name_of(&again, &["b", "a"]));
        assert!(names.iter().all(|name| name.len() == 43));
    }

    #[test]
    fn parts_do_not_run_into_each_other() {
        assert_ne!(name(["a", "b c", "d", ""]), name(["a", "b", "c d", ""]));
        assert_ne!(name(["a", "b", "", ""]), name(["a 1 b", "", "", ""]));
    }

    #[test]
    fn a_key_that_the_process_made_has_no_place() {
        let client = client(ISSUER, "0oa1", Some(Dpop::new().unwrap()));
        assert!(Place::of(&client, &Scopes::new(["a"]).unwrap()).is_none());
    }
}
