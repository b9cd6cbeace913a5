//! Certificates of settings, as real connections use them.
#![cfg(all(feature = "rustls", feature = "users"))]
#![allow(clippy::unwrap_used)]

#[allow(dead_code)] // these tests use a part of it
#[path = "../../auth/tests/certificates/server.rs"]
mod server;

use std::fs;
use std::sync::Arc;

use okta_sdk::{Client, Config, ConnectFailure};
use server::{Authority, server};

#[tokio::test]
async fn certificates_of_files_open_the_connection() {
    let authority = Authority::new();
    let (address, _) = server(&authority, Some(Arc::clone(&authority.store))).await;
    let (certificate, key) = authority.certify("client.example.com");
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    };
    let roots = write("roots.pem", authority.pem.as_bytes());
    let other = write("other.der", &Authority::new().der);
    let client = write("client.der", certificate.der());
    let key = write("key.der", &key.serialize_der());
    let okta = |tls: &str| {
        let client =
            format!("orgUrl: 'https://{address}', token: 00a, rateLimit: {{maxRetries: 0}}");
        let text = format!("okta: {{client: {{{client}, tls: {{{tls}}}}}}}");
        let file = write("okta.yaml", text.as_bytes());
        Client::from_config(&Config::from_file(file).unwrap()).unwrap()
    };
    let trusted = format!(
        "rootCertificates: ['{}', '{}']",
        other.display(),
        roots.display()
    );
    let shown = format!(
        "certificate: '{}', privateKey: '{}'",
        client.display(),
        key.display()
    );

    okta(&format!("{trusted}, {shown}"))
        .users()
        .get("me")
        .await
        .unwrap();
    assert!(okta(&trusted).users().get("me").await.is_err());
    let error = okta(&shown).users().get("me").await.unwrap_err();
    assert_eq!(
        error.connect_failure(),
        Some(ConnectFailure::UnknownAuthority)
    );
}
