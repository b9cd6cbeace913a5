//! Certificates of connections: whom they trust, and what they show.

mod client_certificate;
#[cfg(feature = "pkcs12")]
mod pkcs12;

use std::fmt;

use reqwest::{Certificate, ClientBuilder, Identity};
use rustls::RootCertStore;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;

pub use self::client_certificate::ClientCertificate;
use crate::Error;

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
        let read = CertificateDer::pem_slice_iter(pem.as_bytes());
        let read = read.map(|der| der.ok().and_then(root));
        let roots = read.collect::<Option<Vec<_>>>();
        let roots = roots.filter(|roots| !roots.is_empty());
        roots.map(Self).ok_or_else(|| {
            Error::configuration(
                "the root certificates cannot be used; write PEM, such as the file that your \
                 company gives out, from -----BEGIN CERTIFICATE----- on",
            )
        })
    }

    /// Takes DER of one certificate, as files that end in `.der` or `.cer` often have it.
    ///
    /// # Errors
    /// A configuration error if it cannot be read.
    pub fn from_der(der: &[u8]) -> Result<Self, Error> {
        let root = root(der.to_vec().into()).ok_or_else(|| {
            Error::configuration(
                "the root certificate cannot be used; write DER of one certificate, or PEM",
            )
        })?;
        Ok(Self(vec![root]))
    }

    /// These and the `others`.
    #[must_use]
    pub fn and(mut self, others: Self) -> Self {
        self.0.extend(others.0);
        self
    }
}

/// The certificate, if that of an authority can be read from it.
fn root(der: CertificateDer<'static>) -> Option<Certificate> {
    let certificate = Certificate::from_der(&der).ok()?;
    RootCertStore::empty().add(der).ok()?;
    Some(certificate)
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
