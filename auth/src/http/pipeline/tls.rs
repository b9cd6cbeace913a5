//! Certificates of connections: whom they trust, and what they show.

use std::fmt;

use reqwest::{Certificate, ClientBuilder, Identity};
use rustls::RootCertStore;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;

use crate::{Error, Secret};

/// A certificate by which a client says who it is when a connection is made, with its private key.
/// `Debug` shows neither.
#[derive(Clone)]
pub struct ClientCertificate(Identity);

impl ClientCertificate {
    /// Reads PEM: the certificate, those between it and its authority, and the private key (PKCS#8,
    /// PKCS#1 or SEC 1), in any order.
    ///
    /// # Errors
    /// A configuration error if one of them is missing or cannot be read. It does not repeat them.
    pub fn from_pem(pem: &Secret) -> Result<Self, Error> {
        // The source is left out: it may repeat the text.
        Identity::from_pem(pem.expose().as_bytes())
            .map(Self)
            .map_err(|_| {
                Error::configuration(
                    "the client certificate cannot be used; write PEM with the certificate \
                     (-----BEGIN CERTIFICATE-----) and its private key (-----BEGIN PRIVATE KEY-----)",
                )
            })
    }
}

impl fmt::Debug for ClientCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientCertificate")
    }
}

/// Certificates of authorities that a client trusts, such as a company's own, whose proxy looks into
/// TLS.
#[derive(Clone)]
pub struct RootCertificates(Vec<Certificate>);

impl RootCertificates {
    /// Reads PEM of one or several certificates.
    ///
    /// # Errors
    /// A configuration error if there is none, or one that cannot be read.
    pub fn from_pem(pem: &str) -> Result<Self, Error> {
        roots(pem).map(Self).ok_or_else(|| {
            Error::configuration(
                "the root certificates cannot be used; write PEM, such as the file that your \
                 company gives out, from -----BEGIN CERTIFICATE----- on",
            )
        })
    }
}

/// The certificates in `pem`, if there are some and all of them are ones.
fn roots(pem: &str) -> Option<Vec<Certificate>> {
    let mut store = RootCertStore::empty();
    let read = CertificateDer::pem_slice_iter(pem.as_bytes()).map(|der| {
        let der = der.ok()?;
        store.add(der.clone()).ok()?;
        Certificate::from_der(&der).ok()
    });
    let roots = read.collect::<Option<Vec<_>>>()?;
    (!roots.is_empty()).then_some(roots)
}

impl fmt::Debug for RootCertificates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RootCertificates({})", self.0.len())
    }
}

/// The settings of TLS.
#[derive(Clone, Default)]
pub(super) struct Tls {
    roots: Vec<Certificate>,
    identity: Option<Identity>,
}

impl Tls {
    pub(super) fn trust(&mut self, roots: RootCertificates) {
        self.roots.extend(roots.0);
    }

    pub(super) fn identify(&mut self, certificate: ClientCertificate) {
        self.identity = Some(certificate.0);
    }

    pub(super) fn apply(&self, client: ClientBuilder) -> ClientBuilder {
        let client = match self.roots.is_empty() {
            true => client,
            false => client.tls_certs_merge(self.roots.iter().cloned()),
        };
        match &self.identity {
            Some(identity) => client.identity(identity.clone()),
            None => client,
        }
    }
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls")
            .field("roots", &self.roots.len())
            .field("identity", &self.identity.is_some())
            .finish()
    }
}
