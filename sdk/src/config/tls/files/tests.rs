#![allow(clippy::unwrap_used)]
use std::fs;

use rcgen::{CertificateParams, KeyPair};

use super::*;
use crate::ClientBuilder;
use crate::config::tests::World;

const PKCS12: &[u8] = include_bytes!("../../../../../auth/tests/certificates/pkcs12/aes256.p12");

/// Files of a certificate and its key, and of what is neither.
fn world() -> World {
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(vec!["client.example.com".to_owned()]).unwrap();
    let certificate = params.self_signed(&key).unwrap();
    let world = World::new(&[
        ("one.pem", &certificate.pem()),
        ("key.pem", &key.serialize_pem()),
        ("both.pem", &(certificate.pem() + &key.serialize_pem())),
        ("none", "leak"),
    ]);
    for (name, bytes) in [
        ("one.der", certificate.der().as_ref()),
        ("key.der", &key.serialize_der()),
        ("one.p12", PKCS12),
    ] {
        fs::write(world.0.path().join(name), bytes).unwrap();
    }
    world
}

/// The settings of TLS, where `@` is the folder of the files.
fn load(world: &World, tls: &str) -> Result<Config, Error> {
    let folder = world.0.path();
    let tls = tls.replace('@', &format!("{}/", folder.display()));
    let path = folder.join("okta.yaml");
    fs::write(&path, format!("okta: {{client: {{tls: {{{tls}}}}}}}")).unwrap();
    Config::from_file(path)
}

#[test]
fn files_may_be_pem_or_der() {
    let world = world();
    for tls in [
        "certificate: '@both.pem'",
        "certificate: '@one.pem', privateKey: '@key.pem'",
        "certificate: '@one.der', privateKey: '@key.der'",
        "rootCertificates: '@one.pem'",
        "rootCertificates: ['@one.der', '@both.pem']",
    ] {
        let config = load(&world, tls).unwrap();
        let (roots, client) = (config.root_certificates(), config.client_certificate());
        assert_eq!(client.unwrap().is_some(), tls.contains("certificate:"));
        assert_eq!(roots.unwrap().is_some(), tls.contains("root"), "{tls}");
        assert!(ClientBuilder::from_config(&config).is_ok());
    }
    let config = load(&world, "rootCertificates: ['@one.der', '@both.pem']").unwrap();
    let roots = config.root_certificates().unwrap().unwrap();
    assert_eq!(format!("{roots:?}"), "RootCertificates(2)");
    assert!(config.explain().to_string().contains("one.der, "));
}

#[test]
fn files_that_cannot_be_used_are_named_with_what_to_write() {
    let world = world();
    for (tls, key, advice) in [
        ("certificate: '@no'", "certificate", "no cannot be read"),
        ("certificate: '@none'", "certificate", "tls.privateKey"),
        (
            "certificate: '@one.pem'",
            "certificate",
            "-----BEGIN PRIVATE KEY-----",
        ),
        (
            "certificate: '@one.der'",
            "certificate",
            "set tls.privateKey too",
        ),
        (
            "certificate: '@one.pem', privateKey: '@key.der'",
            "certificate",
            "both as PEM or both as DER",
        ),
        (
            "certificate: '@one.pem', privateKey: '@no'",
            "privateKey",
            "no cannot be read",
        ),
        (
            "certificate: '@both.pem', password: leak",
            "certificate",
            "remove the password",
        ),
        (
            "certificate: '@one.p12', privateKey: '@key.pem'",
            "certificate",
            "remove tls.privateKey",
        ),
        (
            "rootCertificates: ['@none']",
            "rootCertificates",
            "write DER",
        ),
        (
            "rootCertificates: '@key.pem'",
            "rootCertificates",
            "write PEM",
        ),
        (
            "rootCertificates: '@one.p12'",
            "rootCertificates",
            "PEM or DER",
        ),
    ] {
        let config = load(&world, tls).unwrap();
        let error = ClientBuilder::from_config(&config).unwrap_err();
        let text = error.to_string();
        assert!(error.is_configuration(), "{text}");
        assert!(
            text.starts_with(&format!("okta.client.tls.{key} in ")),
            "{text}"
        );
        assert!(
            text.contains(advice) && !text.contains("leak"),
            "{tls}: {text}"
        );
    }
}

#[test]
fn settings_that_cannot_be_are_refused_when_they_are_read() {
    let world = world();
    for (tls, key, advice) in [
        (
            "privateKey: '@key.pem'",
            "privateKey",
            "set tls.certificate too",
        ),
        ("password: leak", "password", "set tls.certificate too"),
        (
            "certificate: '-----BEGIN leak'",
            "certificate",
            "write the path of a file",
        ),
        (
            "rootCertificates: ['-----BEGIN leak']",
            "rootCertificates",
            "write the path of a file",
        ),
        ("certificate: [leak]", "certificate", "a list"),
    ] {
        let text = load(&world, tls).unwrap_err().to_string();
        assert!(
            text.starts_with(&format!("okta.client.tls.{key} in ")),
            "{text}"
        );
        assert!(
            text.contains(advice) && !text.contains("leak"),
            "{tls}: {text}"
        );
    }
}

#[test]
fn the_environment_has_them_too() {
    let world = world();
    let path = |name: &str| world.0.path().join(name).display().to_string();
    let (certificate, key) = (path("one.pem"), path("key.pem"));
    let config = world
        .load(&[
            ("OKTA_CLIENT_TLS_ROOTCERTIFICATES", &certificate),
            ("OKTA_CLIENT_TLS_CERTIFICATE", &certificate),
            ("OKTA_CLIENT_TLS_PRIVATEKEY", &key),
        ])
        .unwrap();
    assert!(config.root_certificates().unwrap().is_some());
    assert!(config.client_certificate().unwrap().is_some());
}

#[test]
fn a_pkcs12_file_is_read_or_names_the_feature() {
    let world = world();
    let config = load(&world, "certificate: '@one.p12', password: correct horse").unwrap();
    match cfg!(feature = "pkcs12") {
        true => assert!(config.client_certificate().unwrap().is_some()),
        false => {
            let text = config.client_certificate().unwrap_err().to_string();
            assert!(text.contains("turn on the feature `pkcs12`"), "{text}");
        }
    }
    let shown = format!("{config:?} {}", config.explain());
    assert!(
        !shown.contains("correct horse") && shown.contains("one.p12"),
        "{shown}"
    );
}

#[test]
fn pkcs12_is_known_by_its_first_number() {
    for (bytes, expected) in [
        (PKCS12, true),
        (&[0x30, 3, 2, 1, 3], true),
        (&[0x30, 0x81, 3, 2, 1, 3], true),
        (&[0x30, 3, 2, 1, 0], false),
        (&[0x30, 3, 0x30, 1, 3], false),
        (&[0x31, 3, 2, 1, 3], false),
        (&[0x30, 0xff, 2, 1, 3], false),
        (&[0x30], false),
        (&[], false),
    ] {
        assert_eq!(is_pkcs12(bytes), expected, "{bytes:?}");
    }
}
