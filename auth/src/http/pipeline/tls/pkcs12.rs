//! Client certificates in a PKCS#12 file (RFC 7292).

use p12_keystore::{CertificateBag, Pkcs12Archive, PrivateKeyBag};
use rustls_pki_types::{CertificateDer, PrivateKeyDer};

use super::client_certificate::{ClientCertificate, refuse};
use crate::{Error, Secret};

impl ClientCertificate {
    /// Reads PKCS#12, as files that end in `.p12` or `.pfx` have it: one private key, its certificate
    /// and those of its authorities. `password` is that of the file; empty if it has none. Working
    /// out the key of an encrypted file takes a part of a second.
    ///
    /// # Errors
    /// A configuration error if it is not PKCS#12, if the password is another one, or if there is
    /// not one key with its certificate. It does not repeat what is in the file.
    ///
    /// Source: <https://www.rfc-editor.org/rfc/rfc7292>
    pub fn from_pkcs12(file: &[u8], password: &Secret) -> Result<Self, Error> {
        // The source is left out: it may repeat the file.
        let archive = Pkcs12Archive::from_pkcs12(file, password.expose()).map_err(|_| {
            refuse(
                "cannot be read from the PKCS#12 file; check the password, and write the whole file, \
                 as `openssl pkcs12 -export` makes it",
            )
        })?;
        let [key] = archive.keys.as_slice() else {
            return Err(refuse(
                "is not clear: the PKCS#12 file has no private key or several; write a file with \
                 one",
            ));
        };
        let der = PrivateKeyDer::Pkcs8(key.key.as_der().to_vec().into());
        Self::new(chain(key, archive.certs), der)
    }
}

/// The certificate of the key first, then the others.
fn chain(
    key: &PrivateKeyBag,
    mut certificates: Vec<CertificateBag>,
) -> Vec<CertificateDer<'static>> {
    certificates.sort_by_key(|certificate| !is_of(key, certificate));
    let chain = certificates.iter().map(|bag| bag.cert.as_der());
    chain.map(|der| der.to_vec().into()).collect()
}

fn is_of(key: &PrivateKeyBag, certificate: &CertificateBag) -> bool {
    match (&key.local_key_id, &certificate.local_key_id) {
        (Some(key), Some(certificate)) => key.as_ref() == certificate.as_slice(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const FILE: &[u8] = include_bytes!("../../../../tests/certificates/pkcs12/aes256.p12");

    #[test]
    fn the_certificate_of_the_key_comes_first_in_whatever_order_they_stand() {
        let Pkcs12Archive { keys, certs, .. } =
            Pkcs12Archive::from_pkcs12(FILE, "correct horse").unwrap();
        let leaf = certs.iter().find(|bag| bag.cert.subject() == "CN=client");
        let leaf = leaf.unwrap().cert.as_der();
        let backwards = certs.iter().rev().cloned().collect();
        for certificates in [certs.clone(), backwards] {
            let chain = chain(&keys[0], certificates);
            assert_eq!((chain.len(), chain[0].as_ref()), (2, leaf));
        }
    }
}
