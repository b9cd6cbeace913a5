#![allow(clippy::unwrap_used)]
use std::fs;

use super::*;
use crate::ClientBuilder;

/// The key of RFC 7515, appendix A.3.1, with an id.
const JWK: &str = r#"{"kty": "EC", "crv": "P-256", "kid": "of-jwk",
    "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
    "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
    "d": "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"}"#;

/// The same key.
const PEM: &str = "-----BEGIN EC PRIVATE KEY-----
MHcCAQEEII6bEJ5xkJi/mASH3x9dd+nLKWBuvtImO19XwhPfhPSyoAoGCCqGSM49
AwEHoUQDQgAEf83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEXH8UTNG72b
focs3+257rn0s2ldbqkLJK2KRiMohYjlrQ==
-----END EC PRIVATE KEY-----
";

/// Settings of a service app in a file, with this key and more.
fn from_yaml(key_and_more: &str) -> Result<Config, Error> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("okta.yaml");
    let client = "orgUrl: 'https://acme.okta.com', authorizationMode: PrivateKey, \
                  clientId: 0oa1, scopes: 'okta.users.read, okta.groups.read'";
    let text = format!("okta:\n  client: {{{client}, {key_and_more}}}\n");
    fs::write(&path, text).unwrap();
    Config::from_file(&path)
}

fn service(key_and_more: &str) -> Result<Service, Error> {
    Ok(from_yaml(key_and_more)?.service()?.unwrap())
}

#[test]
fn a_key_is_written_in_many_ways() {
    let folder = tempfile::tempdir().unwrap();
    let (pem, jwk) = (
        folder.path().join("key.pem"),
        folder.path().join("key.json"),
    );
    fs::write(&pem, PEM).unwrap();
    fs::write(&jwk, JWK).unwrap();
    let one_line = PEM.replace('\n', "\\n");
    for key in [
        format!("'{}'", JWK.replace('\n', " ")),
        JWK.to_owned(),
        format!("\"{one_line}\""),
        format!("'{one_line}'"),
        format!("'{}'", pem.display()),
        format!("'{}'", jwk.display()),
    ] {
        for more in ["", ", privateKeyId: mine", ", keyId: mine"] {
            let service = service(&format!("privateKey: {key}{more}")).unwrap();
            assert_eq!(service.client_id, "0oa1");
            assert_eq!(service.scopes, ["okta.users.read", "okta.groups.read"]);
            assert_eq!(service.authentication.name(), "private_key_jwt");
        }
    }
}

#[test]
fn the_id_of_the_setting_wins_over_that_of_the_key() {
    let key = read_key(&JWK.into()).unwrap();
    assert_eq!(key.key_id(), Some("of-jwk"));
    let config = from_yaml(&format!("privateKey: {JWK}, privateKeyId: mine")).unwrap();
    assert_eq!(
        config.signing_key(&JWK.into()).unwrap().key_id(),
        Some("mine")
    );
}

#[test]
fn a_key_that_cannot_be_read_is_named_and_not_repeated() {
    for (key, why) in [
        ("/no/such/leak.pem", "neither a key nor a file"),
        ("leak", "neither a key nor a file"),
        ("'-----BEGIN leak'", "the private key cannot be used"),
        ("'{\"kty\": \"leak\"}'", "`kty`"),
        (
            "{kty: EC, crv: P-256, x: leak, y: leak}",
            "the private key cannot be used",
        ),
        ("{privateKey}", "placeholder"),
        ("[leak]", "a list"),
    ] {
        let error = service(&format!("privateKey: {key}")).unwrap_err();
        let text = format!("{error} {error:?}");
        assert!(
            error.is_configuration() && text.contains(why),
            "{key}: {text}"
        );
        assert!(text.starts_with("okta.client.privateKey in "), "{text}");
        assert!(!text.contains("leak"), "{text}");
    }
}

#[test]
fn the_credentials_are_those_of_the_service_app() {
    let config = from_yaml(&format!("privateKey: {JWK}, dpopEnabled: true")).unwrap();
    assert_eq!(config.dpop_enabled(), Some(true));
    let shown = format!("{:?}", config.credentials().unwrap().unwrap());
    assert!(shown.contains("0oa1") && !shown.contains("jpsQ"), "{shown}");
    let shown = format!("{config:?} {}", config.explain());
    assert!(!shown.contains("jpsQ"), "{shown}");
    assert!(shown.contains("okta.client.dpopEnabled"), "{shown}");
}

#[test]
fn the_org_of_the_builder_is_the_one_that_tokens_come_from() {
    let config = from_yaml(&format!("privateKey: {JWK}")).unwrap();
    let builder = ClientBuilder::from_config(&config).unwrap();
    let elsewhere = builder.org_url("https://other.okta.com");
    let shown = format!("{:?}", elsewhere.credentials_of_login().unwrap());
    assert!(shown.contains("https://other.okta.com"), "{shown}");
}

#[test]
fn scopes_that_cannot_be_ones_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("okta.yaml");
    let client = "authorizationMode: PrivateKey, clientId: 0oa1, scopes: ['a\"b'], privateKey: x";
    fs::write(&path, format!("okta: {{client: {{{client}}}}}")).unwrap();
    let error = Config::from_file(&path).unwrap().credentials().unwrap_err();
    assert!(
        error.to_string().starts_with("okta.client.scopes in "),
        "{error}"
    );
}

#[test]
fn dpop_settings_are_checked() {
    for (setting, advice) in [
        ("dpopEnabled: perhaps", "true or false"),
        ("dpopKeyRotationInterval: 0", "86400"),
        ("dpopKeyRotationInterval: daily", "86400"),
    ] {
        let error = from_yaml(setting).unwrap_err();
        assert!(error.to_string().contains(advice), "{error}");
    }
    let config = from_yaml("dpopKeyRotationInterval: 604800").unwrap();
    assert_eq!(config.dpop_key_rotation().unwrap().as_secs(), 604_800);
}
