//! Attacks by a file of the current directory, and what is allowed.
#![allow(clippy::unwrap_used)]
use std::fs;

use crate::config::tests::World;

const HOME: &str = "home/.okta/okta.yaml";
const HERE: &str = "here/okta.yaml";
const TOKEN: (&str, &str) = ("OKTA_CLIENT_TOKEN", "00leak");
const URL: (&str, &str) = ("OKTA_CLIENT_ORGURL", "https://mine.okta.com");
const TRUST: (&str, &str) = ("OKTA_CLIENT_TRUSTCURRENTDIRECTORY", "1");

fn client(settings: &str) -> String {
    format!("okta: {{client: {{{settings}}}}}")
}

/// Refused, with each of `parts` in the text and no secret; taken once the directory is trusted.
fn refused_unless_trusted(files: &[(&str, &str)], variables: &[(&str, &str)], parts: &[&str]) {
    let world = World::new(files);
    let error = world.load(variables).unwrap_err();
    let text = error.to_string();
    assert!(error.is_configuration() && !text.contains("leak"), "{text}");
    for part in parts.iter().chain(&["OKTA_CLIENT_TRUSTCURRENTDIRECTORY=1"]) {
        assert!(text.contains(part), "{part} is not in: {text}");
    }
    let trusting: Vec<_> = variables.iter().copied().chain([TRUST]).collect();
    world.load(&trusting).unwrap();
}

#[test]
fn a_strangers_url_gets_no_token_of_the_home_directory_or_the_environment() {
    let stranger = client("orgUrl: 'https://evil.okta.com'");
    let home = client("token: 00leak");
    let parts = ["okta.client.orgUrl in ", HERE];
    refused_unless_trusted(
        &[(HOME, &home), (HERE, &stranger)],
        &[],
        &[&parts[..], &["okta.client.token in "]].concat(),
    );
    refused_unless_trusted(
        &[(HERE, &stranger)],
        &[TOKEN],
        &[&parts[..], &["environment variable OKTA_CLIENT_TOKEN"]].concat(),
    );
    let hidden = [("here/.okta.yaml", stranger.as_str())];
    refused_unless_trusted(&hidden, &[TOKEN], &["here/.okta.yaml"]);
}

#[test]
fn a_strangers_url_gets_no_signature_of_the_users_key() {
    let stranger =
        client("orgUrl: 'https://evil.okta.com', authorizationMode: PrivateKey, clientId: 0oa1");
    let key = ("OKTA_CLIENT_PRIVATEKEY", "leak");
    refused_unless_trusted(
        &[(HERE, &stranger)],
        &[key],
        &["OKTA_CLIENT_PRIVATEKEY", HERE],
    );
}

#[test]
fn a_stranger_opens_no_unencrypted_way_and_no_proxy() {
    let unencrypted = "okta: {testing: {disableHttpsCheck: true}}";
    refused_unless_trusted(
        &[(HERE, unencrypted)],
        &[URL, TOKEN],
        &["okta.testing.disableHttpsCheck in "],
    );
    let proxy = client("proxy: {host: evil.example.com}");
    refused_unless_trusted(
        &[(HERE, &proxy)],
        &[URL, TOKEN],
        &["okta.client.proxy.host in "],
    );
    let home = client("proxy: {username: joe, password: leak}");
    refused_unless_trusted(
        &[(HOME, &home), (HERE, &proxy)],
        &[],
        &["okta.client.proxy.password in "],
    );
}

#[test]
fn a_stranger_names_no_key_elsewhere() {
    let world = World::new(&[("home/key.pem", "leak"), ("here/key.pem", "leak")]);
    let named = |key: &str| {
        let path = world.0.path().join(key);
        let yaml = client(&format!(
            "orgUrl: 'https://evil.okta.com', privateKey: '{}'",
            path.display()
        ));
        fs::write(world.0.path().join(HERE), yaml).unwrap();
        world.load(&[])
    };
    for key in ["home/key.pem", "here/../home/key.pem"] {
        let text = named(key).unwrap_err().to_string();
        assert!(
            text.starts_with("okta.client.privateKey in ") && text.contains("outside"),
            "{text}"
        );
    }
    named("here/key.pem").unwrap();
    let key = client(&format!(
        "privateKey: '{}'",
        world.0.path().join("home/key.pem").display()
    ));
    fs::write(world.0.path().join(HERE), key).unwrap();
    world.load(&[URL]).unwrap();
}

#[test]
#[cfg(unix)]
fn a_link_leads_a_stranger_to_no_key_elsewhere() {
    let world = World::new(&[("home/key.pem", "leak"), ("here/x", "")]);
    let link = world.0.path().join("here/key.pem");
    std::os::unix::fs::symlink(world.0.path().join("home/key.pem"), &link).unwrap();
    let yaml = client(&format!(
        "orgUrl: 'https://evil.okta.com', privateKey: '{}'",
        link.display()
    ));
    fs::write(world.0.path().join(HERE), yaml).unwrap();
    assert!(world.load(&[]).is_err());
}

#[test]
fn a_token_goes_to_no_other_org_than_the_one_it_stands_beside() {
    let home = client("orgUrl: 'https://home.okta.com', token: 00leak");
    let here = client("orgUrl: 'https://here.okta.com'");
    for (files, variables) in [
        (&[(HOME, home.as_str())][..], &[URL][..]),
        (&[(HOME, &home), (HERE, &here)], &[]),
        (&[(HOME, &home), (HERE, &here)], &[TRUST]),
    ] {
        let text = World::new(files).load(variables).unwrap_err().to_string();
        assert!(
            text.contains("okta.client.token in ") && text.contains("another org"),
            "{text}"
        );
        assert!(!text.contains("leak"), "{text}");
    }
    let same = client("orgUrl: 'https://mine.okta.com/', token: 00leak");
    World::new(&[(HOME, &same)]).load(&[URL]).unwrap();
}

#[test]
fn what_stands_in_one_place_is_used_without_asking() {
    let all = client("orgUrl: 'https://here.okta.com', token: 00leak, proxy: {host: p}");
    World::new(&[(HERE, &all)]).load(&[]).unwrap();
    World::new(&[(HOME, &all)]).load(&[]).unwrap();
    World::new(&[(HERE, &client("rateLimit: {maxRetries: 9}"))])
        .load(&[URL, TOKEN])
        .unwrap();
    // The user's own URL gets a token that somebody else has put there: nothing of the user's.
    World::new(&[(HERE, &client("token: 00leak"))])
        .load(&[URL])
        .unwrap();
}

#[test]
fn a_file_does_not_vouch_for_itself() {
    let here = client("orgUrl: 'https://evil.okta.com', trustCurrentDirectory: true");
    let text = World::new(&[(HERE, &here)])
        .load(&[TOKEN])
        .unwrap_err()
        .to_string();
    assert!(
        text.contains("cannot be set in a file of the current directory"),
        "{text}"
    );
}

#[test]
fn a_strangers_authority_vouches_for_no_server_that_gets_a_secret() {
    let here = client("tls: {rootCertificates: ca.pem}");
    refused_unless_trusted(
        &[(HERE, &here)],
        &[URL, TOKEN],
        &["okta.client.tls.rootCertificates in ", "OKTA_CLIENT_TOKEN"],
    );
    let home = client("proxy: {host: p, username: joe, password: leak}");
    refused_unless_trusted(
        &[(HOME, &home), (HERE, &here)],
        &[],
        &["okta.client.proxy.password in "],
    );
}

#[test]
fn a_strangers_url_is_not_shown_the_users_certificate() {
    let stranger = client("orgUrl: 'https://evil.okta.com'");
    let home = client("tls: {certificate: me.pem, privateKey: leak.pem}");
    refused_unless_trusted(
        &[(HOME, &home), (HERE, &stranger)],
        &[],
        &["okta.client.tls.certificate in "],
    );
    // One certificate may be for several orgs, unlike a token.
    let home = client("orgUrl: 'https://home.okta.com', tls: {certificate: me.pem}");
    World::new(&[(HOME, &home)]).load(&[URL]).unwrap();
}

#[test]
fn a_stranger_names_no_certificate_elsewhere() {
    let world = World::new(&[("home/me.pem", "leak"), (HERE, "")]);
    let path = world.0.path().join("home/me.pem");
    for setting in ["certificate: '@'", "certificate: x, privateKey: '@'"] {
        let setting = setting.replace('@', &path.display().to_string());
        let here = client(&format!(
            "orgUrl: 'https://evil.okta.com', tls: {{{setting}}}"
        ));
        fs::write(world.0.path().join(HERE), here).unwrap();
        let text = world.load(&[]).unwrap_err().to_string();
        assert!(
            text.starts_with("okta.client.tls.") && text.contains("outside"),
            "{text}"
        );
    }
}
