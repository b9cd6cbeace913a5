#![allow(clippy::unwrap_used)]
use std::time::Duration;

use super::*;
use crate::Dpop;
use crate::SealingKey;
use crate::jose::{Algorithm, SigningKey};
use crate::tokens::{SharedEntry, SharedTokenStore, SharedTokens};

fn builder() -> ServiceAppBuilder {
    let org = OrgUrl::parse("https://acme.okta.com").unwrap();
    let key = SigningKey::generate(Algorithm::Es256).unwrap();
    ServiceApp::builder(&org, "0oa1", ClientAuthentication::private_key(key))
}

#[test]
fn what_is_missing_is_named() {
    let org = OrgUrl::parse("https://acme.okta.com").unwrap();
    let open = ServiceApp::builder(&org, "0oa1", ClientAuthentication::none());
    let secret = ClientAuthentication::secret_post("s3cret");
    let nobody = ServiceApp::builder(&org, " ", secret);
    for (builder, advice) in [
        (builder(), "such as okta.users.read"),
        (
            builder().scopes(["okta.users.read okta.groups.read"]),
            "one name for each",
        ),
        (open.scopes(["a"]), "ClientAuthentication::private_key"),
        (nobody.scopes(["a"]), "the client id"),
    ] {
        let error = builder.build().unwrap_err();
        assert!(error.is_configuration(), "{error}");
        assert!(error.to_string().contains(advice), "{error}");
    }
}

/// A store that has nothing and keeps nothing.
#[derive(Debug)]
struct Nowhere;

impl SharedTokenStore for Nowhere {
    async fn load(&self, _: &str) -> Result<Option<SharedEntry>, Error> {
        Ok(None)
    }

    async fn save(&self, _: &str, _: SharedEntry) -> Result<(), Error> {
        Ok(())
    }

    async fn lock(&self, _: &str, _: &str, _: Duration) -> Result<bool, Error> {
        Ok(true)
    }

    async fn unlock(&self, _: &str, _: &str) -> Result<(), Error> {
        Ok(())
    }
}

#[test]
fn a_key_that_others_do_not_have_is_refused_for_shared_tokens() {
    let shared = SharedTokens::new(Nowhere, SealingKey::new([7; 32]).unwrap());
    let builder = builder().scopes(["a"]).shared_tokens(shared);
    let made_here = builder.clone().dpop_keys(Dpop::new().unwrap());
    for builder in [builder.clone(), made_here.clone()] {
        let error = builder.dpop(true).build().unwrap_err();
        assert!(error.is_configuration(), "{error}");
        assert!(error.to_string().contains("Dpop::with_key"), "{error}");
    }
    let own = Dpop::with_key(SigningKey::generate(Algorithm::Es256).unwrap());
    builder.clone().dpop_keys(own).dpop(true).build().unwrap();
    // Okta need not ask for proofs.
    for builder in [builder, made_here] {
        let app = builder.build().unwrap();
        assert!(format!("{app:?}").contains("Nowhere"));
    }
}

#[test]
fn debug_shows_no_secret() {
    let org = OrgUrl::parse("https://acme.okta.com").unwrap();
    let secret = ClientAuthentication::secret_basic("leak");
    let builder = ServiceApp::builder(&org, "0oa1", secret).scopes(["a"]);
    let app = builder.clone().dpop(true).build().unwrap();
    let text = format!("{builder:?} {app:?}");
    assert!(text.contains("0oa1") && !text.contains("leak"), "{text}");
}
