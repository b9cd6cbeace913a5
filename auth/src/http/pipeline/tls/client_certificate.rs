//! What a client shows of itself when a connection is made.

use std::fmt;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::Identity;
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::sign::CertifiedKey;
use rustls::{Error as TlsError, InconsistentKeys};
use rustls_pki_types::pem::{PemObject, SectionKind};
use rustls_pki_types::{CertificateDer, PrivateKeyDer};

use crate::{Error, Secret};

/// A certificate by which a client says who it is when a connection is made, with its private key.
/// `Debug` shows neither.
#[derive(Clone)]
pub struct ClientCertificate(pub(super) Identity);

impl ClientCertificate {
    /// Reads PEM: the certificate, those between it and its authority, and the private key (PKCS#8,
    /// PKCS#1 or SEC 1, not encrypted). The key may stand anywhere among them.
    ///
    /// # Errors
    /// A configuration error if one of them is missing or cannot be read, or if the key is that of
    /// another certificate. It does not repeat them.
    pub fn from_pem(pem: &Secret) -> Result<Self, Error> {
        if pem
            .expose()
            .contains("-----BEGIN ENCRYPTED PRIVATE KEY-----")
        {
            return Err(refuse(
                "has an encrypted private key; write the key decrypted, as `openssl pkcs8 -in \
                 key.pem -out decrypted.pem` makes it",
            ));
        }
        let (certificates, key) = sections(pem.expose()).ok_or_else(|| {
            refuse(
                "cannot be used; write PEM with the certificate (-----BEGIN CERTIFICATE-----) and \
                 its private key (-----BEGIN PRIVATE KEY-----)",
            )
        })?;
        Self::new(certificates, key)
    }

    /// Takes DER: the certificate, then those between it and its authority, and the private key
    /// (PKCS#8, PKCS#1 or SEC 1, not encrypted).
    ///
    /// # Errors
    /// A configuration error if there is no certificate, if one or the key cannot be read, or if the
    /// key is that of another certificate. It does not repeat them.
    pub fn from_der<C: AsRef<[u8]>>(
        certificates: impl IntoIterator<Item = C>,
        private_key: &[u8],
    ) -> Result<Self, Error> {
        let certificates = certificates.into_iter();
        let certificates = certificates.map(|der| der.as_ref().to_vec().into());
        let key = PrivateKeyDer::try_from(private_key)
            .map_err(|_| refuse("has a private key that is not DER of PKCS#8, PKCS#1 or SEC 1"))?;
        Self::new(certificates.collect(), key.clone_key())
    }

    /// Checks that they belong together.
    pub(super) fn new(
        certificates: Vec<CertificateDer<'static>>,
        key: PrivateKeyDer<'static>,
    ) -> Result<Self, Error> {
        if certificates.is_empty() {
            return Err(refuse(
                "is missing; write it before those of its authorities",
            ));
        }
        let pem = pem(&certificates, &key);
        CertifiedKey::from_der(certificates, key, &provider()).map_err(|error| match error {
            TlsError::InconsistentKeys(InconsistentKeys::KeyMismatch) => refuse(
                "and the private key do not belong together; write the certificate first, before \
                 those of its authorities, and the key that it was made for",
            ),
            _ => refuse("or its private key is not what TLS can use, such as RSA or ECDSA"),
        })?;
        // The source is left out: it may repeat the text.
        let identity = Identity::from_pem(pem.expose().as_bytes());
        identity
            .map(Self)
            .map_err(|_| refuse("cannot be used for TLS"))
    }
}

/// The certificates in their order, and the key.
fn sections(pem: &str) -> Option<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>)> {
    let (mut certificates, mut key) = (Vec::new(), None);
    for section in <(SectionKind, Vec<u8>)>::pem_slice_iter(pem.as_bytes()) {
        let (kind, der) = section.ok()?;
        match kind {
            SectionKind::Certificate => certificates.push(der.into()),
            SectionKind::PrivateKey => key = Some(PrivateKeyDer::Pkcs8(der.into())),
            SectionKind::RsaPrivateKey => key = Some(PrivateKeyDer::Pkcs1(der.into())),
            SectionKind::EcPrivateKey => key = Some(PrivateKeyDer::Sec1(der.into())),
            _ => {}
        }
    }
    let key = key.filter(|_| !certificates.is_empty())?;
    Some((certificates, key))
}

/// The only form that the HTTP library takes.
fn pem(certificates: &[CertificateDer<'_>], key: &PrivateKeyDer<'_>) -> Secret {
    let label = match key {
        PrivateKeyDer::Pkcs1(_) => "RSA PRIVATE KEY",
        PrivateKeyDer::Sec1(_) => "EC PRIVATE KEY",
        _ => "PRIVATE KEY",
    };
    let sections = certificates
        .iter()
        .map(|der| section("CERTIFICATE", der))
        .chain([section(label, key.secret_der())]);
    sections.collect::<String>().into()
}

fn section(label: &str, der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    format!("-----BEGIN {label}-----\n{text}\n-----END {label}-----\n")
}

/// Whoever will make the connections.
fn provider() -> Arc<CryptoProvider> {
    let chosen = CryptoProvider::get_default().map(Arc::clone);
    chosen.unwrap_or_else(|| Arc::new(aws_lc_rs::default_provider()))
}

pub(super) fn refuse(why: &str) -> Error {
    Error::configuration(format!("the client certificate {why}"))
}

impl fmt::Debug for ClientCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientCertificate")
    }
}
