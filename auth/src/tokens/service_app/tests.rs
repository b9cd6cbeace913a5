#![allow(clippy::unwrap_used)]
use super::*;
use crate::jose::{Algorithm, SigningKey};

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

#[test]
fn debug_shows_no_secret() {
    let org = OrgUrl::parse("https://acme.okta.com").unwrap();
    let secret = ClientAuthentication::secret_basic("leak");
    let builder = ServiceApp::builder(&org, "0oa1", secret).scopes(["a"]);
    let app = builder.clone().dpop(true).build().unwrap();
    let text = format!("{builder:?} {app:?}");
    assert!(text.contains("0oa1") && !text.contains("leak"), "{text}");
}
