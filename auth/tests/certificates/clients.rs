//! What a client shows of itself, in all forms that it may have.

use std::sync::Arc;

use okta_auth::{ApiToken, ClientCertificate, Error, OrgUrl, Pipeline, Secret};
use tokio_rustls::rustls::RootCertStore;

use super::server::{Authority, call, server};

/// Whether a server that trusts `clients` takes one that shows `certificate`.
pub async fn is_taken(certificate: ClientCertificate, clients: Arc<RootCertStore>) -> bool {
    let authority = Authority::new();
    let (address, _) = server(&authority, Some(clients)).await;
    let org = OrgUrl::parse(&format!("https://{address}")).unwrap();
    let builder = Pipeline::builder(org, ApiToken::new("00abc").unwrap())
        .max_retries(0)
        .root_certificates(authority.roots())
        .client_certificate(certificate);
    call(&builder.build().unwrap()).await.is_ok()
}

/// The error says `advice`, and nothing of what it is about.
pub fn refused(result: Result<ClientCertificate, Error>, advice: &str) {
    let error = result.unwrap_err();
    let text = format!("{error} {error:?}");
    assert!(error.is_configuration() && text.contains(advice), "{text}");
    assert!(!text.contains("leak") && !text.contains("MII"), "{text}");
}

#[tokio::test]
async fn a_certificate_is_given_as_pem_or_der() {
    let authority = Authority::new();
    let (certificate, key) = authority.certify("client.example.com");
    let (of_pem, of_key) = (certificate.pem(), key.serialize_pem());
    for pem in [format!("{of_pem}{of_key}"), format!("{of_key}{of_pem}")] {
        let read = ClientCertificate::from_pem(&pem.into()).unwrap();
        assert!(is_taken(read, authority.store.clone()).await);
    }
    let read = ClientCertificate::from_der([certificate.der()], &key.serialize_der()).unwrap();
    assert!(is_taken(read.clone(), authority.store).await);
    assert!(!is_taken(read, Authority::new().store).await);
}

#[test]
fn what_is_no_certificate_is_refused_and_not_repeated() {
    for text in [
        "",
        "leak",
        "-----BEGIN CERTIFICATE-----\nleak\n-----END CERTIFICATE-----",
    ] {
        let read = ClientCertificate::from_pem(&text.into());
        refused(read, "-----BEGIN PRIVATE KEY-----");
        let authority = Authority::new();
        let (certificate, key) = authority.certify("client.example.com");
        let read = ClientCertificate::from_der([text], &key.serialize_der());
        refused(read, "the client certificate");
        let read = ClientCertificate::from_der([certificate.der()], text.as_bytes());
        refused(read, "PKCS#8, PKCS#1 or SEC 1");
        let read = ClientCertificate::from_der([""; 0], &key.serialize_der());
        refused(read, "is missing");
    }
}

#[test]
fn a_key_of_another_certificate_is_refused() {
    let authority = Authority::new();
    let (certificate, _) = authority.certify("client.example.com");
    let (_, key) = authority.certify("client.example.com");
    let pem = format!("{}{}", certificate.pem(), key.serialize_pem());
    let advice = "do not belong together";
    refused(ClientCertificate::from_pem(&pem.into()), advice);
    let read = ClientCertificate::from_der([certificate.der()], &key.serialize_der());
    refused(read, advice);
}

#[test]
fn an_encrypted_key_names_the_command_that_decrypts_it() {
    let pem = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMII\n-----END ENCRYPTED PRIVATE KEY-----";
    refused(
        ClientCertificate::from_pem(&Secret::from(pem)),
        "openssl pkcs8",
    );
}
