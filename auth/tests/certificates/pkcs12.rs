//! Client certificates in files of OpenSSL's.

use std::sync::Arc;

use okta_auth::{ClientCertificate, Secret};
use tokio_rustls::rustls::RootCertStore;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;

use super::clients::{is_taken, refused};

const AES_256: &[u8] = include_bytes!("pkcs12/aes256.p12");
const TRIPLE_DES: &[u8] = include_bytes!("pkcs12/3des.p12");
const NO_PASSWORD: &[u8] = include_bytes!("pkcs12/no_password.p12");
const NO_KEY: &[u8] = include_bytes!("pkcs12/no_key.p12");

fn password() -> Secret {
    "correct horse".into()
}

/// The authority of the one that the files' certificate is by.
fn authority() -> Arc<RootCertStore> {
    let pem = include_bytes!("pkcs12/authority.pem");
    let mut store = RootCertStore::empty();
    store
        .add(CertificateDer::from_pem_slice(pem).unwrap())
        .unwrap();
    store.into()
}

#[tokio::test]
async fn files_old_and_new_are_read_with_those_between_and_the_authority() {
    for (file, password) in [
        (AES_256, password()),
        (TRIPLE_DES, password()),
        (NO_PASSWORD, "".into()),
    ] {
        let certificate = ClientCertificate::from_pkcs12(file, &password).unwrap();
        assert!(is_taken(certificate, authority()).await);
    }
}

#[test]
fn a_file_that_cannot_be_used_is_refused() {
    for password in ["leak", ""] {
        let read = ClientCertificate::from_pkcs12(AES_256, &password.into());
        refused(read, "check the password");
    }
    for file in [&b""[..], b"leak", &AES_256[..AES_256.len() / 2]] {
        let read = ClientCertificate::from_pkcs12(file, &password());
        refused(read, "PKCS#12");
    }
    let read = ClientCertificate::from_pkcs12(NO_KEY, &password());
    refused(read, "no private key or several");
}

#[test]
fn a_byte_that_is_another_one_panics_nowhere() {
    for at in (0..NO_PASSWORD.len()).step_by(7) {
        let mut damaged = NO_PASSWORD.to_vec();
        damaged[at] ^= 0x15;
        if let Err(error) = ClientCertificate::from_pkcs12(&damaged, &"".into()) {
            assert!(error.is_configuration(), "{at}: {error:?}");
        }
    }
}
